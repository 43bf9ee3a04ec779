//! Recorded answers of real proxies, replayed: what a peer gets of each, by `tests/cases/litellm/answers.json`.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::support::{
    fake_proxy::{Answer, FakeProxy},
    session::with,
};

#[tokio::test]
async fn each_recorded_answer_is_read_as_it_was_meant() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/litellm");
    let table = fs::read_to_string(folder.join("answers.json")).expect("a table");
    let table: Value = serde_json::from_str(&table).expect("JSON");
    let rows = table["answers"].as_array().expect("a list");
    let files = fs::read_dir(&folder).expect("a folder").map(|file| file.expect("a file").file_name());
    let answers = files
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| ["chat-", "stream-", "completions"].iter().any(|kind| name.starts_with(kind)));
    for file in answers {
        assert!(rows.iter().any(|row| row["answer"] == file.trim_end_matches(".http")), "{file} has no row");
    }
    for row in rows {
        let name = row["answer"].as_str().expect("a name");
        let recorded = fs::read_to_string(folder.join(format!("{name}.http"))).expect(name);
        assert_eq!(replayed(name, &recorded).await, *row, "{name}");
    }
}

/// What a peer gets of an answer, without what is other each time.
async fn replayed(name: &str, recorded: &str) -> Value {
    let recorded = recorded.replace("\r\n", "\n");
    let (head, body) = recorded.split_once("\n\n").expect("a head");
    let headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let kind = headers.clone().find(|(name, _)| *name == "content-type").expect("a type").1;
    let answer = headers
        .filter(|(name, _)| name.starts_with("x-litellm-"))
        .fold(Answer::whole(200, kind, body), |answer, (name, value)| answer.header(name, value));
    let fake = FakeProxy::start().await;
    fake.on("POST /v1/chat/completions").always(answer.clone());
    fake.on("POST /v1/completions").always(answer);
    let mut server = with(&fake.url(), "sk-fake");
    let question =
        if name.starts_with("completions") { json!({"prefix": "a", "suffix": "b"}) } else { Value::Null };
    let mut params = json!({"model": "unlisted", "fim": question, "prompt": "hi"});
    let unasked = if question.is_null() { "fim" } else { "prompt" };
    params.as_object_mut().expect("an object").remove(unasked);
    let streamed = server.stream(params).await;
    let (result, kind) = match &streamed.outcome {
        Ok(result) => (Some(json!(result)), Value::Null),
        Err(error) => (error.partial.as_ref().map(|partial| json!(partial)), json!(error.kind)),
    };
    server.end().await;
    let result = result.unwrap_or_default();
    let mut row = json!({"answer": name});
    for (field, value) in [
        ("error", &kind),
        ("message", &result["message"]),
        ("finishReason", &result["finishReason"]),
        ("servedBy", &result["servedBy"]),
        ("usage", &result["usage"]),
    ] {
        if !value.is_null() {
            row[field] = value.clone();
        }
    }
    row
}
