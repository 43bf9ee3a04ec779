//! Odd input is answered as JSON-RPC says, and survived.

use litellm_ls::Door;
use serde_json::{Value, json};

use super::support::{fake_proxy::Answer, server::TestServer, session::peer};

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
    /// A message, and the id and code of its answer.
    type Case = (Vec<u8>, Option<(Value, i64)>);
    let cases: Vec<Case> = [
        ("{", Some((Value::Null, -32700))),
        ("\u{0}", Some((Value::Null, -32700))),
        ("{}", Some((Value::Null, -32600))),
        ("7", Some((Value::Null, -32600))),
        ("\"text\"", Some((Value::Null, -32600))),
        ("null", Some((Value::Null, -32600))),
        ("[]", Some((Value::Null, -32600))),
        (r#"{"jsonrpc":"2.0","id":1,"method":7}"#, Some((json!(1), -32600))),
        (r#"{"jsonrpc":"2.0","id":{},"method":"x"}"#, Some((Value::Null, -32600))),
        (r#"{"jsonrpc":"2.0","id":true,"method":"x"}"#, Some((Value::Null, -32600))),
        (r#"{"id":2,"method":"provider/listProfiles"}"#, Some((json!(2), -32600))),
        (r#"{"jsonrpc":"1.0","id":3,"method":"provider/listProfiles"}"#, Some((json!(3), -32600))),
        (r#"{"jsonrpc":"2.0","id":4}"#, Some((json!(4), -32600))),
        (r#"{"jsonrpc":"2.0","id":5,"method":"provider/listProfiles","params":7}"#, Some((json!(5), -32600))),
        (r#"{"jsonrpc":"2.0","id":null,"method":"no/such"}"#, Some((Value::Null, -32601))),
        (r#"{"jsonrpc":"2.0","id":6,"method":"no/such"}{"jsonrpc":"2.0"}"#, Some((Value::Null, -32700))),
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
    .chain([
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}".to_vec(), Some((Value::Null, -32700))),
        // So deep that reading it by recursion would end the process.
        (vec![b'['; 100_000], Some((Value::Null, -32700))),
    ])
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
        for id in [
            json!(-1),
            json!(1.5),
            json!(u64::MAX),
            json!(i64::MIN),
            json!(1e300),
            json!(9_007_199_254_740_993_i64),
            json!("ü🦀"),
            json!(""),
            Value::Null,
        ] {
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
    for door in [Door::Lsp, Door::Lines] {
        let (fake, mut server) = peer(door).await;
        fake.on("POST /v1/chat/completions").always(Answer::stream().held().text("x").finish("stop").done());
        let id = server.request("provider/complete", json!({"model": "gpt", "prompt": "x"})).await;
        let request = fake.next_on("POST /v1/chat/completions").await;
        let again = |id: Value| json!({"jsonrpc": "2.0", "id": id, "method": "provider/listProfiles"});
        server.send(&again(json!(id))).await;
        let refused = server.next_message().await;
        assert_eq!((&refused["id"], &refused["error"]["code"]), (&json!(id), &json!(-32600)));
        // The same digits as a text are another id.
        server.send(&again(json!(id.to_string()))).await;
        assert!(server.response(id.to_string()).await.is_ok());
        request.resume(Answer::nothing());
        assert!(server.response(id).await.is_ok());
        // Answered, it is free.
        server.send(&again(json!(id))).await;
        assert!(server.response(id).await.is_ok());
        server.end().await;
    }
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
    let endless = "x".repeat(9 << 10);
    for headers in [
        "Content-Length: many\r\n\r\n{}",
        "Content-Length: \r\n\r\n{}",
        "Content-Length: -2\r\n\r\n{}",
        "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "no header at all\r\n\r\n{}",
        "\r\n\r\n",
        &endless,
    ] {
        let (_fake, mut server) = peer(Door::Lsp).await;
        server.send_raw(headers).await;
        assert_eq!(server.next_message().await["error"]["code"], -32700, "{headers}");
        assert_eq!(server.exit_code().await, 1);
    }
}

/// No machine holds so much: it is not waited for, and not stored.
#[tokio::test]
async fn a_length_that_never_comes_ends_with_the_input() {
    for length in ["99999999999", "99999999999999999999999999"] {
        let (_fake, mut server) = peer(Door::Lsp).await;
        server.send_raw(format!("Content-Length: {length}\r\n\r\n{{}}")).await;
        server.close_input();
        assert_eq!(server.exit_code().await, 1);
    }
}

#[tokio::test]
async fn requests_too_early_and_too_late() {
    let mut server = TestServer::memory(Door::Lsp, &[]);
    let early = server.call("provider/listProfiles", json!({})).await.unwrap_err();
    assert_eq!(early["code"], -32002);
    server.initialize(json!({})).await;
    let again = server.call("initialize", json!({"capabilities": {}})).await.unwrap_err();
    assert_eq!(again["code"], -32600);
    // LSP gives it no params, and some clients send some.
    server.call("shutdown", json!({})).await.unwrap();
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
    // One of nothing but notifications has no answer.
    server.send(&json!([{"jsonrpc": "2.0", "method": "x"}])).await;
    is_well(&mut server).await;
    // Pieces come as they are there, and before the answers.
    let chat = json!({"model": "gpt", "prompt": "x", "partialResultToken": "t"});
    let complete = json!({"jsonrpc": "2.0", "id": "c", "method": "provider/complete", "params": chat});
    server.send(&json!([complete, request(3, "provider/listProfiles")])).await;
    let mut text = String::new();
    let answers = loop {
        let message = server.next_message().await;
        if message.is_array() {
            break message;
        }
        text += message["params"]["value"]["text"].as_str().unwrap_or_default();
    };
    let answer = |id: Value| answers.as_array().unwrap().iter().find(|answer| answer["id"] == id).unwrap();
    assert_eq!(answer(json!("c"))["result"]["message"]["text"], text);
    assert!(answer(json!(3))["result"].is_object());
    server.end().await;
}

#[tokio::test]
async fn lsp_knows_no_batch() {
    let (_fake, mut server) = peer(Door::Lsp).await;
    server.send(&json!([{"jsonrpc": "2.0", "id": 1, "method": "provider/listProfiles"}])).await;
    let refused = server.next_message().await;
    assert_eq!((&refused["id"], &refused["error"]["code"]), (&Value::Null, &json!(-32600)));
    is_well(&mut server).await;
    server.end().await;
}

#[tokio::test]
async fn lines_as_they_may_be_written() {
    let (_fake, mut server) = peer(Door::Lines).await;
    let line = |id: &str| format!(r#"{{"jsonrpc":"2.0","id":"{id}","method":"provider/listProfiles"}}"#);
    server.send_raw(format!("\n  \r\n{}\r\n\t{} \n\n", line("windows"), line("blanks"))).await;
    for id in ["windows", "blanks"] {
        assert_eq!(server.next_message().await["id"], id);
    }
    // The last needs no end.
    server.send_raw(line("last")).await;
    server.close_input();
    assert_eq!(server.next_message().await["id"], "last");
    assert_eq!(server.exit_code().await, 0);
}

#[tokio::test]
async fn half_a_character_is_no_reason_to_refuse_a_text() {
    for door in [Door::Lsp, Door::Lines] {
        let (fake, mut server) = peer(door).await;
        let text = r#"{"jsonrpc":"2.0","id":77,"method":"provider/complete","params":{"model":"gpt","prompt":"a\ud83e b\ud83e\udd80"}}"#;
        server.send_raw(framed(door, text.as_bytes())).await;
        server.response(77).await.unwrap();
        let sent = fake.next_on("POST /v1/chat/completions").await;
        assert!(String::from_utf8_lossy(&sent.body).contains("a\u{fffd} b🦀"), "{sent:?}");
        server.end().await;
    }
}
