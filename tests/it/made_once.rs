//! A call under a key is made once, also where its server was killed in between.

use litellm_ls::Door;
use litellm_ls_protocol::ErrorKind;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy},
    server::TestServer,
    session::with_fake,
};

const CHAT: &str = "POST /v1/chat/completions";

fn question(key: &str) -> Value {
    json!({"model": "gpt", "prompt": "Hi", "partialResultToken": "pieces", "idempotencyKey": key})
}

/// What a repeat of a call is told of the first.
async fn told(server: &mut TestServer, key: &str) -> Value {
    // A token belongs to one request at a time.
    let repeat = json!({"model": "gpt", "prompt": "Hi", "idempotencyKey": key});
    let error = server.fails("provider/complete", repeat, ErrorKind::AlreadyCalled).await;
    json!(error.earlier_call.expect("an earlier call").state)
}

#[tokio::test]
async fn a_key_is_taken_before_anything_is_sent_and_stays_taken_when_the_server_is_killed() {
    let fake = FakeProxy::start().await;
    let home = tempfile::tempdir().expect("a folder");
    let (url, home) = (fake.url(), home.path().to_str().expect("a path"));
    let variables = [("LITELLM_BASE_URL", url.as_str()), ("HOME", home)];
    fake.on(CHAT).answer(Answer::nothing().held());
    let mut server = TestServer::process(Door::Lines, &variables);
    server.request("provider/complete", question("one")).await;
    fake.next_on(CHAT).await;
    server.kill().await;
    server.abandon();

    let mut server = TestServer::process(Door::Lines, &variables);
    assert_eq!(told(&mut server, "one").await, "begun");
    assert_eq!(fake.requests().iter().filter(|request| request.route() == CHAT).count(), 1);
    server.stream(question("two")).await.outcome.expect("an answer");
    assert_eq!(told(&mut server, "two").await, "answered");
    server.end().await;
}

#[tokio::test]
async fn a_repeat_is_refused_while_the_call_runs_and_after_it_was_cancelled() {
    let (fake, mut server) = with_fake().await;
    fake.on(CHAT).answer(Answer::stream().text("Half").held());
    let id = server.request("provider/complete", question("one")).await;
    server.notification("$/progress").await;
    assert_eq!(told(&mut server, "one").await, "begun");
    server.notify("$/cancelRequest", json!({"id": id})).await;
    let error = server.response(id).await.expect_err("a cancelled request");
    assert_eq!(error["data"]["partial"]["message"]["text"], "Half", "{error}");
    assert_eq!(told(&mut server, "one").await, "failed");
    for key in [String::new(), "x".repeat(201)] {
        let error = server.fails("provider/complete", question(&key), ErrorKind::InvalidParams).await;
        assert_eq!(error.problems[0].path, "idempotencyKey");
    }
    server.end().await;
}
