//! Odd input is answered as JSON-RPC says, and survived.

use litellm_ls::Door;
use serde_json::{Value, json};

use super::support::{fake_proxy::FakeProxy, server::TestServer};

async fn peer(door: Door) -> (FakeProxy, TestServer) {
    let fake = FakeProxy::start().await;
    let mut server = TestServer::memory(door, &[("LITELLM_BASE_URL", &fake.url())]);
    if matches!(door, Door::Lsp) {
        server.initialize(json!({})).await;
    }
    (fake, server)
}

fn framed(door: Door, message: &[u8]) -> Vec<u8> {
    match door {
        Door::Lsp => [format!("Content-Length: {}\r\n\r\n", message.len()).as_bytes(), message].concat(),
        Door::Lines => [message, b"\n"].concat(),
    }
}

/// The server still answers, and has nothing else to say.
async fn is_well(server: &mut TestServer) {
    let id = server.request("provider/listProfiles", json!({})).await;
    let answer = server.next_message().await;
    assert_eq!(answer["id"], id, "{answer}");
    assert!(answer["result"]["profiles"].is_array());
}

#[tokio::test]
async fn messages_that_are_none() {
    const METHOD: &str = r#""method":"provider/listProfiles""#;
    let cases: Vec<(Vec<u8>, Option<(Value, i64)>)> = [
        ("{", Some((Value::Null, -32700))),
        ("\u{0}", Some((Value::Null, -32700))),
        ("{}", Some((Value::Null, -32600))),
        ("7", Some((Value::Null, -32600))),
        ("\"text\"", Some((Value::Null, -32600))),
        ("null", Some((Value::Null, -32600))),
        ("[]", Some((Value::Null, -32600))),
        (r#"{"jsonrpc":"2.0","id":1,"method":7}"#, Some((json!(1), -32600))),
        (r#"{"jsonrpc":"2.0","id":{},"method":"x"}"#, Some((Value::Null, -32600))),
        (r#"{"jsonrpc":"2.0","id":"a","method":"$/unknown"}"#, Some((json!("a"), -32601))),
        (r#"{"jsonrpc":"2.0","id":"b","method":"no/such"}"#, Some((json!("b"), -32601))),
        (
            r#"{"jsonrpc":"2.0","id":"c","method":"provider/complete","params":{"messages":7}}"#,
            Some((json!("c"), -32602)),
        ),
        (
            r#"{"jsonrpc":"2.0","id":"d","method":"provider/complete","params":[1]}"#,
            Some((json!("d"), -32602)),
        ),
        (r#"{"jsonrpc":"2.0","method":"$/unknown"}"#, None),
        (r#"{"jsonrpc":"2.0","method":"no/such","params":{"a":1}}"#, None),
        (r#"{"jsonrpc":"2.0","id":"nobody","result":1}"#, None),
        (r#"{"jsonrpc":"2.0","id":7,"error":{"code":1,"message":"x"}}"#, None),
    ]
    .into_iter()
    .map(|(text, answer)| (text.as_bytes().to_vec(), answer))
    .chain([(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}".to_vec(), Some((Value::Null, -32700)))])
    .collect();
    for door in [Door::Lsp, Door::Lines] {
        let (_fake, mut server) = peer(door).await;
        for (message, answer) in &cases {
            server.send_raw(framed(door, message)).await;
            if let Some((id, code)) = answer {
                let shown = String::from_utf8_lossy(message);
                let got = server.next_message().await;
                assert_eq!(
                    (&got["id"], &got["error"]["code"]),
                    (id, &json!(code)),
                    "{shown} at {door:?}: {got}"
                );
            }
            is_well(&mut server).await;
        }
        // Ids of every kind come back as they are; more members than needed do no harm.
        for id in [json!(-1), json!(1.5), json!("ü🦀"), json!(9_007_199_254_740_993_i64), json!("")] {
            let text = format!(r#"{{"jsonrpc":"2.0","id":{id},{METHOD},"extra":[1],"params":{{"more":1}}}}"#);
            server.send_raw(framed(door, text.as_bytes())).await;
            let got = server.next_message().await;
            assert_eq!(got["id"], id);
            assert!(got["result"].is_object(), "{got}");
        }
        server.end().await;
    }
}

#[tokio::test]
async fn an_id_in_use_is_refused() {
    let (fake, mut server) = peer(Door::Lsp).await;
    fake.on("POST /v1/chat/completions")
        .always(super::support::fake_proxy::Answer::stream().held().text("x").finish("stop").done());
    let id = server.request("provider/complete", json!({"model": "gpt", "prompt": "x"})).await;
    let request = fake.next_on("POST /v1/chat/completions").await;
    server.send(&json!({"jsonrpc": "2.0", "id": id, "method": "provider/listProfiles", "params": {}})).await;
    let refused = server.next_message().await;
    assert_eq!((&refused["id"], &refused["error"]["code"]), (&json!(id), &json!(-32600)));
    request.resume(super::support::fake_proxy::Answer::nothing());
    assert!(server.response(id).await.is_ok());
    server.end().await;
}

#[tokio::test]
async fn headers_as_they_may_be_written() {
    let (_fake, mut server) = peer(Door::Lsp).await;
    let message = |id: &str| format!(r#"{{"jsonrpc":"2.0","id":"{id}","method":"provider/listProfiles"}}"#);
    for (id, headers) in [
        ("case", "content-LENGTH: {}\r\n\r\n"),
        ("type", "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: {}\r\n\r\n"),
        ("old", "Content-Length: {}\r\nContent-Type: application/vscode-jsonrpc; charset=utf8\r\n\r\n"),
        ("upper", "Content-Length: {}\r\nContent-Type: application/vscode-jsonrpc; charset=UTF-8\r\n\r\n"),
        ("tight", "Content-Length:{}\r\n\r\n"),
    ] {
        let message = message(id);
        server.send_raw(headers.replace("{}", &message.len().to_string()) + &message).await;
        assert_eq!(server.next_message().await["id"], id);
    }
    server.end().await;
}

#[tokio::test]
async fn a_lost_framing_ends_the_connection_with_a_reason() {
    for headers in ["Content-Length: many\r\n\r\n{}", "no header at all\r\n\r\n{}"] {
        let (_fake, mut server) = peer(Door::Lsp).await;
        server.send_raw(headers).await;
        assert_eq!(server.next_message().await["error"]["code"], -32700, "{headers}");
        assert_eq!(server.exit_code().await, 1);
    }
}

#[tokio::test]
async fn requests_too_early_and_too_late() {
    let mut server = TestServer::memory(Door::Lsp, &[]);
    let early = server.call("provider/listProfiles", json!({})).await.unwrap_err();
    assert_eq!(early["code"], -32002);
    server.initialize(json!({})).await;
    server.call("shutdown", Value::Null).await.unwrap();
    let late = server.call("provider/listProfiles", json!({})).await.unwrap_err();
    assert_eq!(late["code"], -32600);
    server.notify("exit", Value::Null).await;
    assert_eq!(server.exit_code().await, 0);
}

#[tokio::test]
async fn a_batch_is_answered_by_a_batch() {
    let (_fake, mut server) = peer(Door::Lines).await;
    let request = |id: i64, method: &str| json!({"jsonrpc": "2.0", "id": id, "method": method});
    let batch = json!([request(1, "provider/listProfiles"), 7, request(2, "no/such"), {"jsonrpc": "2.0", "method": "x"}]);
    server.send(&batch).await;
    let answers = server.next_message().await;
    let told: Vec<_> =
        answers.as_array().unwrap().iter().map(|answer| (&answer["id"], &answer["error"]["code"])).collect();
    let null = Value::Null;
    assert_eq!(told, [(&json!(1), &null), (&null, &json!(-32600)), (&json!(2), &json!(-32601))]);
    server.send(&json!([{"jsonrpc": "2.0", "method": "x"}])).await;
    is_well(&mut server).await;
    server.end().await;
}
