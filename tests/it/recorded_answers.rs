//! Reads what real proxies answered to chats and checks, byte for byte.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;

use litellm_ls_protocol::{CompleteResult, ErrorKind};
use serde_json::{Map, Value, json};

use crate::support::{
    fake_proxy::Answer,
    session::{parsed, with, with_fake},
};

fn folder() -> String {
    format!("{}/tests/cases/litellm", env!("CARGO_MANIFEST_DIR"))
}

fn recorded(file: &str) -> Vec<u8> {
    fs::read(format!("{}/{file}", folder())).unwrap()
}

/// What `answers.json` says of each recording.
fn expectations() -> Map<String, Value> {
    serde_json::from_slice(&recorded("answers.json")).unwrap()
}

/// What an answer came to, in the words of `answers.json`; what is absent is left out.
fn told(result: &CompleteResult) -> Map<String, Value> {
    let message = &result.message;
    let usage = result.usage.as_ref();
    let calls: Vec<Value> =
        message.tool_calls.iter().map(|call| json!([call.id, call.name, call.arguments])).collect();
    let all = json!({
        "text": message.text,
        "reasoning": message.reasoning,
        "toolCalls": if calls.is_empty() { Value::Null } else { calls.into() },
        "finishReason": result.finish_reason,
        "servedBy": result.served_by,
        "inputTokens": usage.and_then(|usage| usage.input_tokens),
        "outputTokens": usage.and_then(|usage| usage.output_tokens),
        "cacheReadTokens": usage.map(|usage| usage.cache_read_tokens).filter(|count| *count > 0),
        "reasoningTokens": usage.map(|usage| usage.reasoning_tokens).filter(|count| *count > 0),
        "cost": usage.and_then(|usage| usage.cost),
    });
    parsed::<Map<String, Value>>(all).into_iter().filter(|(_, value)| !value.is_null()).collect()
}

#[tokio::test]
async fn chats_and_texts() {
    let expected = expectations();
    let (fake, mut server) = with_fake().await;
    let mut found = Map::new();
    for file in expected.keys() {
        let (route, question) = if file.starts_with("completions") {
            ("POST /v1/completions", json!({"fim": {"prefix": "a"}, "model": "m"}))
        } else {
            ("POST /v1/chat/completions", json!({"prompt": "hi", "model": "m"}))
        };
        fake.on(route).answer(Answer::nothing().raw(recorded(file)).close());
        let told = match server.stream(question).await.outcome {
            Ok(result) => told(&result),
            Err(error) => {
                assert_eq!(error.kind, ErrorKind::Upstream, "{file}: {error:?}");
                let mut told = told(error.partial.as_deref().unwrap());
                told.insert("error".into(), json!(error.kind));
                told
            }
        };
        found.insert(file.clone(), told.into());
    }
    let difference = expected.iter().find(|(file, told)| found[*file] != **told);
    assert_eq!(difference.map(|(file, _)| (file, &found[file])), None, "found other than {difference:?}");
    server.end().await;
}

#[tokio::test]
async fn what_a_proxy_says_of_itself() {
    for (readiness, details, version) in [
        ("health-readiness.http", Some("health-readiness-details.http"), Some("1.101.3")),
        ("health-readiness-1.82.6.http", None, Some("1.82.6")),
        ("health-readiness.http", None, None),
    ] {
        let (fake, mut server) = with_fake().await;
        let answer = |file| Answer::nothing().raw(recorded(file)).close();
        fake.on("GET /health/liveliness").always(answer("health-liveliness.http"));
        fake.on("GET /health/readiness").always(answer(readiness));
        if let Some(details) = details {
            fake.on("GET /health/readiness/details").always(answer(details));
        }
        let status = server.ask("provider/status", json!({})).await;
        assert_eq!(status["version"].as_str(), version, "{status}");
        assert_eq!(status["state"], "ready");
        server.end().await;
    }
}

#[tokio::test]
async fn one_name_and_a_count_are_no_lists() {
    for file in ["auth-other-header.http", "token-counter.http"] {
        let (fake, _) = with_fake().await;
        let mut server = with(&fake.url(), "");
        fake.on("GET /v1/model/info").always(Answer::nothing().raw(recorded(file)).close());
        server.fails("provider/listModels", json!({}), ErrorKind::BadResponse).await;
        assert_eq!(server.told_state().await, "unreachable");
        server.end().await;
    }
}

#[test]
fn no_recording_is_left_out() {
    let sources = fs::read_dir(format!("{}/tests/it", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut readers: Vec<String> = sources
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    readers.extend(["answers.json", "faults.json"].map(|file| String::from_utf8(recorded(file)).unwrap()));
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let stem = name.trim_end_matches(".http");
        let names = [format!("\"{name}\""), format!("\"{stem}\"")];
        let is_read = readers.iter().any(|reader| names.iter().any(|name| reader.contains(name)));
        assert!(is_read, "no test reads {name}");
    }
}
