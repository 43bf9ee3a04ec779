//! The fake proxy plays its scripts byte by byte.

use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncReadExt;

use super::{read_to_end, read_until, request};
use crate::support::{
    fake_proxy::{Answer, Body, FakeProxy, gzip},
    within,
};

const CHAT: &str = "POST /v1/chat/completions HTTP/1.1\nauthorization: Bearer sk-1";

#[tokio::test]
async fn without_a_script_it_is_a_small_proxy() {
    let fake = FakeProxy::start().await;
    let body = json!({"model": "gpt", "stream": true, "stream_options": {"include_usage": true}});
    let mut stream = request(&fake.url(), CHAT, &body.to_string()).await;
    let answer = read_until(&mut stream, "\r\n0\r\n\r\n").await;
    let places = ["Hello", " there", "\"finish_reason\":\"stop\"", "\"prompt_tokens\":10", "[DONE]"];
    let places = places.map(|text| answer.find(text).expect(text));
    assert!(places.is_sorted(), "{answer}");

    let seen = fake.next_request().await;
    assert_eq!(seen.route(), "POST /v1/chat/completions");
    assert_eq!(seen.header("authorization"), Some("Bearer sk-1"));
    assert_eq!(seen.json(), body);

    let mut other = request(&fake.url(), "GET /v1/models?x=1 HTTP/1.1", "").await;
    read_until(&mut other, "]}").await;
    assert_eq!(fake.next_on("GET /v1/models").await.path, "/v1/models?x=1");
    assert_eq!((fake.requests().len(), fake.connections()), (2, 2));
    drop(stream);
    fake.closed(&seen).await;
}

#[tokio::test]
async fn answers_come_from_the_queue_first() {
    let fake = FakeProxy::start().await;
    fake.on("GET /a")
        .answer(Answer::redirect(307, "/b"))
        .answer(Answer::whole(502, "text/html", "<p>"))
        .always_with(|request| Answer::json(200, &json!(request.connection)).header("x-a", "b"));
    let mut answers = Vec::new();
    for _ in 0..3 {
        let mut stream = request(&fake.url(), "GET /a HTTP/1.1", "").await;
        answers.push(read_until(&mut stream, "\r\n\r\n").await);
    }
    assert_eq!(answers[0], "HTTP/1.1 307 \r\nlocation: /b\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(answers[1], "HTTP/1.1 502 \r\ncontent-type: text/html\r\ncontent-length: 3\r\n\r\n");
    assert_eq!(
        answers[2],
        "HTTP/1.1 200 \r\ncontent-type: application/json\r\nx-a: b\r\ncontent-length: 1\r\n\r\n"
    );
}

#[tokio::test]
async fn the_test_says_when_a_held_answer_goes_on() {
    let fake = FakeProxy::start().await;
    fake.on("GET /a").answer(Answer::stream().piece("one").held().piece("three"));
    let mut stream = request(&fake.url(), "GET /a HTTP/1.1", "").await;
    read_until(&mut stream, "3\r\none\r\n").await;
    let seen = fake.next_request().await;
    seen.resume(Answer::nothing().bytewise("two"));
    assert_eq!(
        read_until(&mut stream, "0\r\n\r\n").await,
        "1\r\nt\r\n1\r\nw\r\n1\r\no\r\n5\r\nthree\r\n0\r\n\r\n"
    );
}

#[tokio::test]
async fn a_connection_ends_as_the_script_says() {
    let fake = FakeProxy::start().await;
    fake.on("GET /fin").always(Answer::stream().raw("5\r\nab").close());
    fake.on("GET /reset").always(Answer::stream().piece("ab").held().reset());
    fake.on("GET /until-close").always(Answer::head(200, Body::UntilClose).piece("abc"));

    let mut fin = request(&fake.url(), "GET /fin HTTP/1.1", "").await;
    assert!(read_to_end(&mut fin).await.expect("a clean end").ends_with("\r\n\r\n5\r\nab"));
    let mut until_close = request(&fake.url(), "GET /until-close HTTP/1.1", "").await;
    assert!(read_to_end(&mut until_close).await.expect("a clean end").ends_with("\r\n\r\nabc"));

    let mut reset = request(&fake.url(), "GET /reset HTTP/1.1", "").await;
    read_until(&mut reset, "2\r\nab\r\n").await;
    fake.next_on("GET /reset").await.resume(Answer::nothing());
    let error = read_to_end(&mut reset).await.expect_err("a reset");
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn the_end_of_a_client_is_noticed_in_the_midst_of_an_answer() {
    let fake = FakeProxy::start().await;
    fake.on("GET /hold").always(Answer::nothing().held());
    fake.on("GET /forever").always(Answer::stream().forever("tick", Duration::ZERO));
    for path in ["/hold", "/forever"] {
        let stream = request(&fake.url(), &format!("GET {path} HTTP/1.1"), "").await;
        let seen = fake.next_request().await;
        drop(stream);
        fake.closed(&seen).await;
    }
}

#[tokio::test]
async fn many_small_events_are_quick() {
    let fake = FakeProxy::start().await;
    fake.on("GET /a").answer((0..200_000).fold(Answer::stream(), |answer, _| answer.piece("data: {}\n\n")));
    let mut stream = request(&fake.url(), "GET /a HTTP/1.1", "").await;
    let mut buffer = vec![0; 1 << 16];
    let mut end = Vec::new();
    while !end.ends_with(b"\r\n0\r\n\r\n") {
        let read = within("more events", stream.read(&mut buffer)).await.expect("to read");
        end = buffer[..read].to_vec();
    }
}

#[test]
#[cfg_attr(wine, ignore = "Wine has no Python")]
fn gzip_is_what_other_programs_unpack() {
    let text = "data ".repeat(20_000);
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), gzip(text.as_bytes())).expect("to write");
    let script = "import gzip, sys; sys.stdout.write(gzip.open(sys.argv[1], 'rt').read())";
    let unpacked = crate::support::cached::run(
        std::process::Command::new("python3").args(["-c", script]).arg(file.path()),
    );
    assert_eq!(unpacked, text);
}
