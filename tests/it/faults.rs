//! Bytes that no decent proxy sends: each is told as what it is, and the next question is answered.

use litellm_ls_protocol::{ErrorKind, TimeoutPhase};
use serde_json::{Value, json};

use crate::support::{
    fake_proxy::{Answer, Body, FakeProxy},
    session::{with, with_fake},
};

const ROUTE: &str = "POST /v1/chat/completions";
const TEXT: &str = "naïve 日本語 🦀";

/// A chunk with a text, as its line of an event.
fn line(text: &str) -> String {
    format!("data: {}\n\n", json!({"choices": [{"index": 0, "delta": {"content": text}}]}))
}

const END: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

#[tokio::test]
async fn odd_ways_to_send_a_whole_answer_make_no_difference() {
    let (fake, mut server) = with_fake().await;
    let chunk = line(TEXT);
    let (before, after) = chunk.as_bytes().split_at(chunk.find('日').unwrap() + 1);
    let with_returns = (chunk.clone() + END).replace('\n', "\r\n");
    for (name, answer) in [
        ("byte by byte", Answer::stream().bytewise(&chunk).piece(END).done()),
        ("cut in a character", Answer::stream().piece(before).piece(after).piece(END).done()),
        ("without [DONE]", Answer::stream().piece(chunk.clone()).piece(END)),
        ("without a reason to end", Answer::stream().piece(chunk.clone()).done()),
        ("without the last empty line", Answer::stream().piece(chunk.clone()).piece(END.trim_end())),
        ("lines that end in CRLF", Answer::stream().piece(with_returns)),
        (
            "comments",
            Answer::stream().piece(": ping\n\n").piece(chunk.clone()).piece(": ping\n\n").piece(END),
        ),
        ("a byte order mark", Answer::stream().piece(format!("\u{feff}{chunk}")).piece(END)),
        (
            "nonsense behind the end",
            Answer::stream().piece(chunk.clone()).piece(END).piece("data: {oops\n\n"),
        ),
        (
            "a whole answer where a stream was asked for",
            Answer::json(200, &json!({"choices": [{"message": {"content": TEXT}, "finish_reason": "stop"}]})),
        ),
    ] {
        fake.on(ROUTE).answer(answer);
        let streamed = server.stream(json!({"model": "gpt", "prompt": "hi"})).await;
        let result = streamed.outcome.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(result.message.text, TEXT, "{name}");
    }
    server.end().await;
}

#[tokio::test]
async fn what_is_no_answer_is_an_error_and_the_next_question_is_answered() {
    let (fake, mut server) = with_fake().await;
    let long = "x".repeat(1 << 20);
    let begun = || Answer::stream().piece(line("Half"));
    for (name, answer, partial) in [
        (
            "bytes that are no UTF-8",
            begun().piece(b"data: {\"choices\":[{\"delta\":{\"content\":\"\xff\"}}]}\n\n"),
            "Half\u{FFFD}",
        ),
        ("garbage", begun().piece(b"\x00\x01\x02data: \xfe\xfe\n\n"), "Half"),
        (
            "a line without an end",
            (0..33).fold(begun(), |answer, _| answer.piece(long.clone())).held(),
            "Half",
        ),
        ("JSON that is no chunk", begun().piece("data: [1,2]\n\n"), "Half"),
        ("a bad chunk size", begun().raw("zz\r\n"), "Half"),
    ] {
        fake.on(ROUTE).answer(answer);
        let streamed = server.stream(json!({"model": "gpt", "prompt": "hi"})).await;
        let error = streamed.outcome.expect_err(name);
        assert_eq!(error.kind, ErrorKind::StreamInterrupted, "{name}: {error:?}");
        assert_eq!(error.partial.map(|partial| partial.message.text).as_deref(), Some(partial), "{name}");
        assert!(error.remedy.is_some(), "{name}");
        let next = server.ask("provider/complete", json!({"model": "gpt", "prompt": "hi"})).await;
        assert_eq!(next["message"]["text"], "Hello there", "after {name}");
    }
    server.end().await;
}

#[tokio::test]
async fn lists_that_are_none_have_their_kinds() {
    let (fake, mut server) = with_fake().await;
    let page = "<html><title>Log in</title></html>";
    let refusal = |kind: &str| json!({"error": {"message": "No connected db.", "type": kind, "code": "400"}});
    for (name, answer, kind) in [
        ("a page", Answer::whole(200, "text/html", page), ErrorKind::BadResponse),
        ("half of JSON", Answer::whole(200, "application/json", "{\"data\": ["), ErrorKind::BadResponse),
        ("another JSON", Answer::json(200, &json!({"data": "none"})), ErrorKind::BadResponse),
        ("a wrong key", Answer::json(400, &refusal("no_db_connection")), ErrorKind::Unauthorized),
        ("a page of an error", Answer::whole(502, "text/html", page), ErrorKind::Upstream),
        ("too many requests", Answer::json(429, &refusal("throttling_error")), ErrorKind::RateLimited),
        ("a reset", Answer::nothing().reset(), ErrorKind::Unreachable),
        (
            "a body shorter than it says",
            Answer::head(200, Body::Length(4096))
                .header("content-type", "application/json")
                .piece("{")
                .close(),
            ErrorKind::StreamInterrupted,
        ),
        ("silence", Answer::nothing().held(), ErrorKind::Timeout),
        ("half, then silence", Answer::stream().piece("{\"data\": [").held(), ErrorKind::Timeout),
    ] {
        fake.on("GET /v1/model/info").always(answer);
        // Only where it must pass is the limit short.
        let limit = if kind == ErrorKind::Timeout { json!(200) } else { Value::Null };
        server.ask("provider/configure", json!({"timeouts": {"discoveryMs": limit}, "verify": false})).await;
        let id = server.request("provider/listModels", json!({"refresh": true})).await;
        let error = server.response(id).await.expect_err(name);
        assert_eq!(error["data"]["kind"], json!(kind), "{name}: {error}");
        assert!(error["data"]["remedy"].is_string(), "{name}: {error}");
        if kind == ErrorKind::Timeout {
            assert_eq!(error["data"]["phase"], json!(TimeoutPhase::Discovery), "{name}");
        }
    }
    server.abandon();
}

#[tokio::test]
async fn a_refused_key_is_told_as_such_and_no_database_is_mentioned() {
    let (fake, mut server) = with_fake().await;
    let body = json!({"error": {"message": "No connected db.", "type": "no_db_connection", "code": "400"}});
    fake.on(ROUTE).always(Answer::json(400, &body));
    let error = server.call("provider/complete", json!({"model": "gpt", "prompt": "hi"})).await.unwrap_err();
    assert_eq!(error["message"], "the proxy rejected the key");
    assert_eq!(error["data"]["detail"], "No connected db.");
    assert_eq!(server.told_state().await, "unauthorized");
    server.end().await;
}

#[tokio::test]
async fn a_dead_port_is_told_and_another_base_url_is_used_at_once() {
    let fake = FakeProxy::start().await;
    let mut server = with("http://127.0.0.1:9", "sk-fake");
    let error = server.fails("provider/listModels", json!({}), ErrorKind::Unreachable).await;
    assert!(error.url.is_some_and(|url| url.starts_with("http://127.0.0.1:9/")));
    assert_eq!(server.told_state().await, "unreachable");
    server.ask("provider/configure", json!({"baseUrl": fake.url(), "verify": false})).await;
    let list = server.ask("provider/listModels", json!({})).await;
    assert_eq!(list["models"].as_array().map(Vec::len), Some(2));
    assert_eq!(server.told_state().await, "ready");
    server.end().await;
}
