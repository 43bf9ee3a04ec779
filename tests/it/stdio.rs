//! Nothing but the protocol is ever on standard output, however the process is started and whatever it logs.
//!
//! [`TestServer`] fails on any byte there that is not of a message.

use litellm_ls::Door;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy},
    server::{TestServer, Variables},
};

/// What editors add to the command line.
const ARGUMENTS: &[&[&str]] =
    &[&[], &["--stdio"], &["--stdio", "--clientProcessId=1"], &["--transport", "stdio"]];
/// What people set to see more or less, and what they mistype.
const LEVELS: &[&str] = &["", "off", "trace", "litellm_ls=debug,warn", "no such level", "=,=,="];

/// A session in which much is said: a stream, a refusal, a defect of the proxy, and input that is no message.
async fn session(server: &mut TestServer, fake: &FakeProxy, door: Door) {
    if matches!(door, Door::Lsp) {
        server.initialize(json!({})).await;
    }
    let chat = json!({"model": "gpt", "prompt": "x"});
    let answered = server.stream(chat.clone()).await.outcome.unwrap();
    assert_eq!(answered.message.text, "Hello there");
    fake.on("POST /v1/chat/completions").answer(Answer::stream().text("half").reset());
    server.stream(chat).await.outcome.unwrap_err();
    server.call("provider/complete", json!({"messages": 7})).await.unwrap_err();
    server.call("no/such", Value::Null).await.unwrap_err();
    let frame = match door {
        Door::Lsp => "Content-Length: 1\r\n\r\n{",
        Door::Lines => "{\n",
    };
    server.send_raw(frame).await;
    assert_eq!(server.response(Value::Null).await.unwrap_err()["code"], -32700);
}

async fn runs(door: Door, arguments: &[&str], variables: Variables<'_>) -> String {
    let fake = FakeProxy::start().await;
    let url = fake.url();
    let variables = [&[("LITELLM_BASE_URL", url.as_str())], variables].concat();
    let mut server = TestServer::process_with(door, arguments, &variables);
    session(&mut server, &fake, door).await;
    let (_news, log) = server.end_and_log().await;
    log
}

#[tokio::test]
async fn however_it_is_started() {
    for arguments in ARGUMENTS {
        assert_eq!(runs(Door::Lsp, arguments, &[]).await, "", "{arguments:?}: nothing to warn of");
    }
}

#[tokio::test]
async fn whatever_it_logs() {
    for door in [Door::Lsp, Door::Lines] {
        for level in LEVELS {
            let log = runs(door, &[], &[("LITELLM_LS_LOG", level)]).await;
            assert_eq!(log.lines().count() > 10, *level == "trace", "{level}: {log}");
        }
    }
}

/// An editor that closes our standard error is no reason to stop.
#[tokio::test]
async fn though_nobody_takes_the_log() {
    let fake = FakeProxy::start().await;
    let url = fake.url();
    let variables = [("LITELLM_BASE_URL", url.as_str()), ("LITELLM_LS_LOG", "trace")];
    let mut server = TestServer::process_with(Door::Lsp, &[], &variables);
    server.close_log().await;
    session(&mut server, &fake, Door::Lsp).await;
    server.notify("exit", Value::Null).await;
    assert_eq!(server.exit_code().await, 1);
    server.abandon();
}
