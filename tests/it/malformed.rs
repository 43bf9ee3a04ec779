//! Odd input is answered as JSON-RPC says, and survived.

use litellm_ls::Door;
use litellm_ls_protocol::{METHODS, MethodKind};
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy},
    server::TestServer,
    session::peer,
};

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
        (r#"{"jsonrpc":"2.0","id":6,"method":"no/such"}{"jsonrpc":"2.0"}"#, Some((json!(6), -32700))),
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
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}".to_vec(), Some((json!(1), -32700))),
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

/// What is wrong, and where: every refusal of params says so, at both doors and of commands too.
#[tokio::test]
async fn every_refusal_of_params_has_problems_with_paths() {
    let shapes = [json!(true), json!(-1), json!("\u{7}"), json!([7]), json!({"a": [1]})];
    let place = json!({"line": 0, "character": 0});
    let range = json!({"start": place, "end": place});
    let edit = |more: Value| {
        let mut params = json!({"textDocument": {"uri": "file:///a.rs", "text": "a"}, "range": range});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        params
    };
    let schema: Value = {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("protocol/schema.json");
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let mut refused = 0;
    for door in [Door::Lsp, Door::Lines] {
        let fake = FakeProxy::start().await;
        // A file in the place of a folder: nothing can be written there.
        let file = tempfile::NamedTempFile::new().unwrap();
        let settings = file.path().join("settings.toml").display().to_string();
        let variables = [("LITELLM_BASE_URL", &*fake.url()), ("LITELLM_LS_SETTINGS", &settings)];
        let mut server = TestServer::memory(door, &variables);
        if door == Door::Lsp {
            server.initialize(json!({})).await;
        }
        let mut asked = vec![
            ("provider/edit", edit(json!({"prompt": "none of that name"}))),
            ("provider/edit", edit(json!({"prompt": "commit", "task": "fix"}))),
            ("provider/edit", json!({"textDocument": {"uri": "file:///.env", "text": "a"}, "range": range})),
            ("provider/edit", json!({"textDocument": {"uri": "file:///b"}, "range": range})),
            ("provider/markModel", json!({"model": " "})),
            ("provider/markModel", json!({"model": "gpt", "favourite": true})),
            ("provider/configure", json!({"model": "gpt", "persist": true, "verify": false})),
            ("provider/listModels", json!({"cursor": "no cursor"})),
            ("provider/complete", json!({"prompt": "x", "model": ""})),
            ("provider/complete", json!({"prompt": "x", "reasoningEffort": " "})),
            ("provider/complete", json!({"prompt": "x", "messages": [{"role": "user", "content": "x"}]})),
            ("provider/complete", json!({"prompt": "x", "idempotencyKey": ""})),
            ("provider/complete", json!({"prompt": "x", "traceparent": "0"})),
            ("provider/complete", json!({"prompt": "x", "extraBody": {"stream": false}})),
        ];
        for method in METHODS.iter().filter(|method| method.kind == MethodKind::Request) {
            let name = method.method.rsplit('/').next().unwrap();
            let name = format!("{}{}Params", name[..1].to_uppercase(), &name[1..]);
            let members = schema["$defs"][&name]["properties"].as_object();
            for (member, shape) in members
                .into_iter()
                .flatten()
                .flat_map(|(member, _)| shapes.iter().map(move |shape| (member, shape)))
            {
                asked.push((method.method, json!({member: shape})));
            }
            asked.push((method.method, json!([1])));
        }
        if door == Door::Lsp {
            let run = |command: &str, argument: Value| json!({"command": command, "arguments": [argument]});
            asked.extend([
                ("workspace/executeCommand", json!({})),
                ("workspace/executeCommand", run("litellm-ls.none", json!({}))),
                ("workspace/executeCommand", run("litellm-ls.fix", json!(7))),
                (
                    "workspace/executeCommand",
                    run("litellm-ls.prompt", json!({"uri": "file:///a", "range": range})),
                ),
                ("workspace/executeCommand", run("litellm-ls.useModel", json!(7))),
                ("workspace/executeCommand", run("litellm-ls.status", json!([7]))),
                ("textDocument/codeAction", json!({"textDocument": 7})),
                ("textDocument/completion", json!({"position": "x"})),
                ("textDocument/inlineCompletion", json!({"position": "x"})),
            ]);
        }
        for (method, params) in asked {
            let id = server.request(method, params.clone()).await;
            let answer = loop {
                let message = server.next_message().await;
                match (message.get("id"), message.get("method")) {
                    (Some(answered), None) if *answered == json!(id) => break message,
                    // Whatever the user is asked, nobody answers.
                    (Some(asked), Some(_)) => {
                        server.send(&json!({"jsonrpc": "2.0", "id": asked, "result": null})).await;
                    }
                    _ => {}
                }
            };
            if answer["error"]["code"] != -32602 {
                continue;
            }
            refused += 1;
            let problems = answer["error"]["data"]["problems"].as_array().cloned().unwrap_or_default();
            let is_told = |problem: &Value| {
                let has = |name: &str| problem[name].as_str().is_some_and(|text| !text.trim().is_empty());
                problem["path"].is_string() && has("reason") && has("remedy")
            };
            assert!(!problems.is_empty() && problems.iter().all(is_told), "{method} {params}: {answer}");
        }
        server.abandon();
    }
    assert!(refused > 300, "{refused}");
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
        ("line feeds", "Content-Length: {}\n\n"),
        ("mixed", "Content-Type: x\nContent-Length: {}\r\n\n"),
        ("an empty line before", "\r\nContent-Length: {}\r\n\r\n"),
        ("marked", "\u{feff}Content-Length: {}\r\n\r\n"),
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
        // Nobody waits for what no machine holds, and nothing behind it is taken for a part of it.
        "Content-Length: 67108865\r\n\r\n{}",
        "Content-Length: 99999999999\r\n\r\n{}",
        "Content-Length: 99999999999999999999999999\r\n\r\n{}",
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
    server.send_raw(format!("\u{feff}\n\n  \r\n{}\r\n\t{} \n\n", line("windows"), line("blanks"))).await;
    // As PowerShell writes the first line, and what was put together of several files has it anywhere.
    server.send_raw(format!("\u{feff}{}\r\n\u{feff}[{}]\n", line("marked"), line("batch"))).await;
    for id in ["windows", "blanks", "marked"] {
        assert_eq!(server.next_message().await["id"], id);
    }
    assert_eq!(server.next_message().await[0]["id"], "batch");
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

/// Whoever asked must not wait for ever, and must be told what to mend.
#[tokio::test]
async fn what_is_wrong_is_told_under_the_id_where_that_can_be_read() {
    let head = br#"{"jsonrpc":"2.0","id":"r","method":"provider/complete","params":{"prompt":"#.as_slice();
    let deep = [head, &b"[".repeat(100_000), &b"]".repeat(100_000), b"}}"].concat();
    let deeper = [head, &b"[".repeat(200), &b"]".repeat(200), b"}}"].concat();
    let utf16: Vec<u8> = str::from_utf8(head).unwrap().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let many = [head, b"[", &b"1,".repeat(1 << 20), b"1]}}"].concat();
    let cases: &[(&[u8], Value, i64, &str)] = &[
        (
            &[head, b"\"caf\xe9\"}}"].concat(),
            json!("r"),
            -32700,
            "not UTF-8, but perhaps Latin-1: its byte 78 is 0xE9",
        ),
        (
            b"{\"params\":\"\xff\",\"id\":-7,\"method\":\"x\",\"jsonrpc\":\"2.0\"}",
            json!(-7),
            -32700,
            "not UTF-8",
        ),
        (&deep, json!("r"), -32700, "nested too deep"),
        (&deeper, json!("r"), -32700, "nested too deep"),
        (&many, json!("r"), -32600, "has more than 1048576 values: send less at once"),
        (head, json!("r"), -32700, "ends before its JSON does"),
        (&[head, b"1}}}"].concat(), json!("r"), -32700, "goes on behind its JSON"),
        (&[head, b"nul}}"].concat(), json!("r"), -32700, "is not JSON: expected ident at line 1 column 78"),
        (&[head, b"1,}}"].concat(), json!("r"), -32700, "is not JSON: trailing comma"),
        (&utf16, Value::Null, -32700, "is UTF-16: send UTF-8"),
        (b"hello", Value::Null, -32700, "is not JSON: expected value"),
        (br#"{"jsonrpc":"2.0","id":5,"method":"#, json!(5), -32700, "ends before its JSON does"),
        (
            br#"{"jsonrpc":"2.0","id":"\ud800","method":"provider/listProfiles"}"#,
            Value::Null,
            -32600,
            "the id holds half a character",
        ),
    ];
    for door in [Door::Lsp, Door::Lines] {
        let (_fake, mut server) = peer(door).await;
        for (message, id, code, told) in cases {
            let shown = String::from_utf8_lossy(&message[..message.len().min(200)]);
            server.send_raw(framed(door, message)).await;
            let got = server.next_message().await;
            assert_eq!((&got["id"], &got["error"]["code"]), (id, &json!(code)), "{shown}: {got}");
            let text = got["error"]["message"].as_str().unwrap();
            assert!(text.contains(told) && text.len() < 200, "{shown}: {text}");
            is_well(&mut server).await;
        }
        // A mark before the message is no reason at all, nor is a bad notification one to answer somebody.
        let marked = "\u{feff}{\"jsonrpc\":\"2.0\",\"id\":\"m\",\"method\":\"provider/listProfiles\"}";
        server.send_raw(framed(door, marked.as_bytes())).await;
        assert!(server.response("m").await.is_ok());
        server.end().await;
    }
}

/// In a batch, a message that is valid JSON and can't be read is answered for itself.
#[tokio::test]
async fn one_bad_message_spoils_no_batch() {
    let (_fake, mut server) = peer(Door::Lines).await;
    let deep = "[".repeat(200) + &"]".repeat(200);
    let good = r#"{"jsonrpc":"2.0","id":2,"method":"provider/listProfiles"}"#;
    let bad =
        format!(r#"{{"jsonrpc":"2.0","id":1,"method":"provider/listProfiles","params":{{"x":{deep}}}}}"#);
    server.send_raw(format!("[{bad},{good}]\n")).await;
    let answers = server.next_message().await;
    assert_eq!((&answers[0]["id"], &answers[0]["error"]["code"]), (&json!(1), &json!(-32700)));
    assert!(answers[1]["result"].is_object(), "{answers}");
    server.end().await;
}

#[tokio::test]
async fn a_method_that_is_not_there_has_one_answer_at_both_doors() {
    let cases = [
        ("provider/lisModels", Some("provider/listModels")),
        ("provider/Status", Some("provider/status")),
        ("listModels", Some("provider/listModels")),
        ("textDocument/moniker", None),
        ("textDocument/signatureHelp", None),
        ("completionItem/resolve", None),
        ("$/unknown", None),
        ("no/such", None),
        ("rpc.discover", Some("provider/discover")),
        ("", None),
    ];
    let odd = [
        json!(null),
        json!({}),
        json!({"textDocument": 7}),
        json!([]),
        json!([1]),
        json!({"position": {"line": "x"}}),
    ];
    for door in [Door::Lsp, Door::Lines] {
        let (_fake, mut server) = peer(door).await;
        for (method, meant) in cases {
            let hint = meant.map(|meant| format!(": did you mean {meant:?}?")).unwrap_or_default();
            let mut expected = json!({
                "code": -32601,
                "message": format!("there is no method {method:?} here{hint}"),
                "data": {"kind": "methodNotFound", "remedy": "use a method that `provider/discover` lists"},
            });
            if let Some(meant) = meant {
                expected["data"]["nearest"] = json!([meant]);
            }
            for params in &odd {
                assert_eq!(server.call(method, params.clone()).await, Err(expected.clone()), "{door:?}");
            }
        }
        server.end().await;
    }
}

#[tokio::test]
async fn params_have_names() {
    for door in [Door::Lsp, Door::Lines] {
        let (_fake, mut server) = peer(door).await;
        for method in
            ["provider/listProfiles", "provider/listModels", "provider/complete", "provider/configure"]
        {
            let refused = server.call(method, json!(["default"])).await.unwrap_err();
            assert_eq!(
                (&refused["code"], &refused["data"]["kind"]),
                (&json!(-32602), &json!("invalidParams"))
            );
            assert_eq!(refused["message"], format!("{method}: expected an object, found a list"));
            assert_eq!(refused["data"]["problems"][0]["path"], "");
        }
        // None at all, as some clients write it.
        for params in ["", r#","params":null"#, r#","params":[]"#, r#","params":{}"#] {
            let text = format!(r#"{{"jsonrpc":"2.0","id":"p","method":"provider/listProfiles"{params}}}"#);
            server.send_raw(framed(door, text.as_bytes())).await;
            assert!(server.response("p").await.is_ok(), "{params}");
        }
        server.end().await;
    }
}

/// What an editor says of itself in another shape than LSP has it is passed over, and what stands beside it is read.
#[tokio::test]
async fn an_editor_is_let_in_whatever_it_says() {
    let capabilities = json!({
        "general": {"positionEncodings": [7, "utf-8"], "staleRequestSupport": "yes"},
        "workspace": {"configuration": [], "workspaceEdit": "all", "symbol": 1},
        "textDocument": {"completion": {"completionItem": [null]}, "codeAction": {"codeActionLiteralSupport": {}}},
        "window": 7,
    });
    for (params, encoding) in [
        (Value::Null, "utf-16"),
        (json!([]), "utf-16"),
        (json!({}), "utf-16"),
        (json!({"capabilities": capabilities}), "utf-8"),
        (
            json!({"processId": "7", "rootUri": 7, "workspaceFolders": {}, "trace": 1, "clientInfo": [], "locale": {}, "rootPath": false, "capabilities": capabilities}),
            "utf-8",
        ),
        (
            json!({"processId": -1, "rootUri": "no uri", "workspaceFolders": [{"uri": ""}], "clientInfo": {}, "capabilities": []}),
            "utf-16",
        ),
    ] {
        let mut server = TestServer::memory(Door::Lsp, &[]);
        let result = server.call("initialize", params.clone()).await.unwrap();
        assert_eq!(result["capabilities"]["positionEncoding"], encoding, "{params}");
        server.end().await;
    }
}

#[tokio::test]
async fn commands_need_no_arguments() {
    let (_fake, mut server) = peer(Door::Lsp).await;
    for arguments in [json!(null), json!([]), json!([null]), json!([{}])] {
        let params = json!({"command": "litellm-ls.listProfiles", "arguments": arguments});
        assert!(server.call("workspace/executeCommand", params).await.is_ok(), "{arguments}");
        server.notification("window/showMessage").await;
    }
    for arguments in [json!("x"), json!({"profile": "x"}), json!(7)] {
        let params = json!({"command": "litellm-ls.listProfiles", "arguments": arguments});
        assert_eq!(server.call("workspace/executeCommand", params).await.unwrap_err()["code"], -32602);
        server.notification("window/showMessage").await;
    }
    server.end().await;
}
