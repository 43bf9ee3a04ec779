//! Whole numbers: each member keeps the limits of the published schema, and what is passed on keeps every digit.

use std::fs;

use litellm_ls::Door;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::Answer,
    server::TestServer,
    session::{peer, with_fake},
};

const CHAT: &str = "POST /v1/chat/completions";
/// A number that no 64 bits hold.
const LARGE: &str = "12345678901234567890123";

fn published(name: &str) -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("protocol").join(name);
    serde_json::from_str(&fs::read_to_string(path).expect(name)).expect("JSON")
}

/// A member that is a number: its path, and its schema.
#[derive(Debug)]
struct Member {
    path: Vec<String>,
    schema: Value,
}

/// The numbers in what a schema takes, through objects and maps.
fn numbers(schema: &Value, definitions: &Value, path: &[String], found: &mut Vec<Member>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|target| target.rsplit('/').next()) {
        numbers(&definitions[name], definitions, path, found);
    }
    for union in ["anyOf", "allOf", "oneOf"] {
        let parts = schema[union].as_array().into_iter().flatten();
        parts.for_each(|part| numbers(part, definitions, path, found));
    }
    let is = |kind: &str| {
        let kinds = &schema["type"];
        kinds == kind || kinds.as_array().is_some_and(|kinds| kinds.iter().any(|known| known == kind))
    };
    if is("integer") || is("number") {
        found.push(Member { path: path.to_vec(), schema: schema.clone() });
    }
    let inner = |name: &str| [path, &[name.to_owned()]].concat();
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        numbers(member, definitions, &inner(name), found);
    }
    if schema["additionalProperties"].is_object() {
        numbers(&schema["additionalProperties"], definitions, &inner("m"), found);
    }
}

/// Whether a schema takes a number that is written so. Whole ones have neither a fraction nor an exponent.
fn takes(schema: &Value, literal: &str) -> bool {
    let number: f64 = literal.parse().expect("a number");
    let is_whole = literal.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit());
    let may_be_any = !schema["type"].to_string().contains("integer");
    let is_small = literal.parse::<i64>().is_ok() || !is_whole;
    let is_within = schema["minimum"].as_f64().is_none_or(|least| number >= least)
        && schema["maximum"].as_f64().is_none_or(|most| number <= most);
    (is_whole || may_be_any) && is_small && is_within
}

/// Params that fit a method, with a place for a number.
fn params(method: &str, path: &[String]) -> Value {
    let mut params = match method {
        "provider/configure" => json!({"verify": false, "activate": false}),
        "provider/complete" | "provider/countTokens" => json!({"model": "gpt", "prompt": "x"}),
        "provider/edit" => json!({"model": "gpt", "dryRun": true,
            "textDocument": {"uri": "file:///a.rs", "text": "a"},
            "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}}),
        _ => json!({}),
    };
    let place = path.iter().fold(&mut params, |place, name| &mut place[name]);
    *place = "@".into();
    params
}

/// The answer to a request that is written so.
async fn answer(server: &mut TestServer, method: &str, params: &str) -> Value {
    server
        .send_raw(format!(r#"{{"jsonrpc":"2.0","id":"n","method":"{method}","params":{params}}}"#) + "\n")
        .await;
    loop {
        let message = server.next_message().await;
        if message["id"] == "n" {
            return message;
        }
    }
}

#[tokio::test]
async fn each_member_keeps_the_limits_of_the_schema() {
    let (_fake, mut server) = peer(Door::Lines).await;
    let (methods, definitions) = (published("methods.json"), published("schema.json")["$defs"].take());
    let (mut members, mut refusals) = (0, 0);
    for (method, row) in methods["methods"].as_object().expect("methods") {
        if row["kind"] != "request" {
            continue;
        }
        let mut found = Vec::new();
        numbers(&row["params"], &definitions, &[], &mut found);
        for Member { path, schema } in found {
            members += 1;
            for literal in ["0", "-1", "9007199254740992", "1e300", "1.5", LARGE] {
                let params = params(method, &path).to_string().replace("\"@\"", literal);
                let answer = answer(&mut server, method, &params).await;
                let told = path.join(".");
                let problems = answer["error"]["data"]["problems"].as_array().cloned().unwrap_or_default();
                let is_refused = answer["error"]["code"] == -32602
                    && problems.iter().any(|problem| problem["path"] == *told && problem["remedy"] != "");
                assert_eq!(is_refused, !takes(&schema, literal), "{method} {told} {literal}: {answer}");
                refusals += usize::from(is_refused);
            }
        }
    }
    assert!(members >= 24 && refusals > 70, "{members} members, {refusals} refusals");
    server.abandon();
}

#[tokio::test]
async fn what_is_passed_on_keeps_every_digit() {
    let (fake, mut server) = with_fake().await;
    let refused = json!({"error": {"message": "m does not support parameters: ['top_k']", "param": "top_k",
        "type": "UnsupportedParamsError", "code": "400"}});
    // Refused once, so that the question is written twice.
    fake.on(CHAT).answer(Answer::json(400, &refused));
    let params = format!(
        r#"{{"model":"gpt","_meta":{{"n":[{LARGE},1.10]}},"extraBody":{{"top_k":1,"n":{LARGE},"$number":"1"}},
        "tools":[{{"name":"t","parameters":{{"type":"object","properties":{{"n":{{"const":-{LARGE}}}}}}}}}],
        "responseFormat":{{"type":"json_schema","json_schema":{{"name":"a","schema":{{"maximum":{LARGE}}}}}}},
        "messages":[{{"role":"user","content":"Hi"}},
            {{"role":"assistant","content":"x","reasoningBlocks":[{{"type":"thinking","n":{LARGE}}}]}},
            {{"role":"user","content":"And?"}}]}}"#
    );
    let message =
        format!(r#"{{"jsonrpc":"2.0","id":{LARGE},"method":"provider/complete","params":{params}}}"#);
    server.send_raw(message.replace('\n', " ") + "\n").await;
    for is_first in [true, false] {
        let sent = fake.next_on(CHAT).await.body;
        let sent = String::from_utf8(sent).expect("UTF-8");
        for expected in [
            format!(r#""n":{LARGE},"$number":"1""#),
            format!(r#""const":-{LARGE}"#),
            format!(r#""maximum":{LARGE}"#),
            format!(r#""n":{LARGE}}}]"#),
        ] {
            assert!(sent.contains(&expected), "{expected} in {sent}");
        }
        assert_eq!(sent.contains("top_k"), is_first, "{sent}");
    }
    let raw = server.next_line().await;
    assert!(raw.contains(&format!(r#""id":{LARGE},"#)), "{raw}");
    assert!(raw.contains(&format!(r#""_meta":{{"n":[{LARGE},1.1]}}"#)), "{raw}");
    let wrong = format!(
        r#"{{"jsonrpc":"2.0","id":-{LARGE},"method":"provider/complete","params":{{"seed":{LARGE},"_meta":{LARGE}}}}}"#
    );
    server.send_raw(wrong + "\n").await;
    let raw = server.next_line().await;
    assert!(
        raw.contains(&format!(r#""id":-{LARGE},"#)) && raw.contains(&format!(r#""_meta":{LARGE}"#)),
        "{raw}"
    );
    assert!(raw.contains("give 9223372036854775807 or less"), "{raw}");
    server.end().await;
}
