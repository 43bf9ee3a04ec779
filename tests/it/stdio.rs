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
            assert_eq!(log.lines().count() > 20, *level == "trace", "{level}: {log}");
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

/// Who starts it by hand, or takes it for another server, is told what was met and what to do.
#[tokio::test]
async fn what_is_no_message_is_told() {
    let json = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"provider/status\"}";
    let cases = [
        (format!("{json}\n"), "--transport lines"),
        (format!("\u{feff}{json}"), "--transport lines"),
        (format!("[{json}]\n"), "--transport lines"),
        ("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(), "HTTP"),
        ("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}".to_owned(), "HTTP"),
        ("GET / HTTP/1.1\r\n".to_owned(), "HTTP"),
        ("what can you do?\n".to_owned(), "Content-Length"),
        ("Content-Length: 9\r\n\r\n{".to_owned(), "1 of the 9 bytes"),
        (String::new(), "before a message came"),
        ("\r\n".to_owned(), "before a message came"),
    ];
    for (input, told) in cases {
        let mut server = TestServer::process(Door::Lsp, &[]);
        server.send_raw(&input).await;
        server.close_input();
        if !input.trim().is_empty() {
            let error = server.response(Value::Null).await.unwrap_err();
            assert_eq!(error["code"], -32700, "{input:?}");
            assert!(error["message"].as_str().unwrap().contains(told), "{input:?}: {error}");
        }
        assert_eq!(server.exit_code().await, 1, "{input:?}");
        let log = server.log().await;
        assert!(log.contains(told), "{input:?}: {log}");
    }
}

/// A script must not take half of its answers for all of them.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_the_output_is_a_failure() {
    use std::{io::Write, process};

    let home = tempfile::tempdir().unwrap();
    let mut child = process::Command::new(env!("CARGO_BIN_EXE_litellm-ls"))
        .args(["--transport", "lines"])
        .env_clear()
        .env("HOME", home.path())
        .stdin(process::Stdio::piped())
        .stdout(std::fs::File::options().write(true).open("/dev/full").unwrap())
        .stderr(process::Stdio::piped())
        .spawn()
        .unwrap();
    let request = b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"provider/listProfiles\"}\n";
    child.stdin.take().unwrap().write_all(request).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("the output takes no more"));
}
