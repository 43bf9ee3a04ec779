//! A proxy that chooses its words to harm whoever reads them, seen at every surface of an editor.

use litellm_ls::Door;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy},
    read_page,
    server::TestServer,
};

/// A name, an error or an answer with all that a text could carry against its reader.
const CANARY: &str = "gpt\u{1b}[2J\u{202e}\u{200b}\u{2066}\u{e0041}\u{9b}|\n| forged | row |\n# head\n\
    [click](command:evil) [x]\u{200b}(command:evil) ![i](https://evil.example/i.png) <img src=x> <command:evil>\n[r]: command:evil";

const URI: &str = "file:///home/ann/main.rs";

/// Members whose texts stay as they are to the byte, for they are written into files or name a model to the proxy.
const EXACT: &[&str] = &[
    "newText",
    "insertText",
    "arguments",
    "id",
    "uri",
    "text",
    "model",
    "defaultModel",
    "name",
    "backends",
    "servedBy",
    "toolCalls",
    "body",
];

struct Session {
    fake: FakeProxy,
    server: TestServer,
    /// What the server said, with where it was said.
    surfaces: Vec<(String, Value)>,
}

impl Session {
    async fn open() -> Self {
        let fake = FakeProxy::start().await;
        let row = |name: &str| {
            json!({"model_name": name, "litellm_params": {"model": name},
                "model_info": {"id": "x", "mode": "chat", "litellm_provider": CANARY, "max_input_tokens": 1000}})
        };
        let list = json!({"data": [row(CANARY), row("plain"), row(&"w".repeat(300))]});
        fake.on("GET /v1/model/info").always(Answer::json(200, &list));
        let names = json!({"data": [{"id": CANARY}, {"id": "plain"}, {"id": "w".repeat(300)}]});
        fake.on("GET /v1/models").always(Answer::json(200, &names));
        let mut server = TestServer::memory(
            Door::Lsp,
            &[("LITELLM_BASE_URL", &fake.url()), ("LITELLM_API_KEY", "sk-fake"), ("LITELLM_MODEL", CANARY)],
        );
        let capabilities = json!({"window": {"workDoneProgress": true}});
        let params = json!({"processId": null, "rootUri": null, "capabilities": capabilities,
            "initializationOptions": {"features": {"completion": true}}});
        server.call("initialize", params).await.expect("an answer");
        server.notify("initialized", json!({})).await;
        let text = json!({"uri": URI, "languageId": "rust", "version": 1, "text": "fn one() {\n    1\n}\n"});
        server.notify("textDocument/didOpen", json!({"textDocument": text})).await;
        Self { fake, server, surfaces: Vec::new() }
    }

    /// Asks, answers whatever the server asks meanwhile, and keeps all that it says until one message has come that
    /// says what was waited for.
    async fn until(&mut self, surface: &str, method: &str, params: Value, wanted: &str) {
        let id = self.server.request(method, params).await;
        let mut answered = false;
        let mut found = wanted == "result";
        while !(answered && found) {
            let message = self.server.next_message().await;
            let method = message["method"].as_str().unwrap_or_default().to_owned();
            found |= method == wanted;
            answered |= method.is_empty() && message["id"] == id;
            if message.get("id").is_some() && !method.is_empty() {
                let result = match method.as_str() {
                    "window/showDocument" => {
                        self.surfaces.push((format!("{surface}: page"), page(&message).into()));
                        json!({"success": true})
                    }
                    "workspace/applyEdit" => json!({"applied": true}),
                    _ => Value::Null,
                };
                self.server.send(&json!({"jsonrpc": "2.0", "id": message["id"], "result": result})).await;
            }
            self.surfaces.push((format!("{surface}: {method}"), message));
        }
    }

    async fn command(&mut self, name: &str, arguments: Value, wanted: &str) {
        let params = json!({"command": format!("litellm-ls.{name}"), "arguments": arguments});
        self.until(name, "workspace/executeCommand", params, wanted).await;
    }
}

fn page(question: &Value) -> String {
    read_page(question["params"]["uri"].as_str().expect("an address"))
}

fn says(text: &str) -> Answer {
    Answer::stream()
        .text(text)
        .finish("stop")
        .usage(json!({"prompt_tokens": 5, "completion_tokens": 3}))
        .done()
}

/// What is wrong with a text that people see. None where nothing is.
fn harm(text: &str, surface: &str) -> Option<&'static str> {
    let is_page = surface.ends_with("page");
    // What is between marks is code, in which nothing is a link.
    let text = &if is_page { text.split('`').step_by(2).collect() } else { text.to_owned() };
    let unseen = |character: char| {
        (character.is_control() && !['\n', '\t'].contains(&character))
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{e0000}'..='\u{e0fff}')
    };
    let forged = |line: &str| line.starts_with("| forged") || line.starts_with("# head");
    if text.contains(unseen) {
        Some("characters that are not seen")
    } else if surface.ends_with("documentation.value") {
        // The proposal itself, which says of itself that it is plain text.
        None
    } else if text.contains("](command:") || text.contains("]: command:") || text.contains("<command:") {
        Some("a link to a command")
    } else if text.contains("<img") || text.contains("![") {
        Some("HTML or a picture")
    } else if surface.ends_with("message") && text.contains('\n') {
        Some("a line of its own")
    } else if is_page && text.lines().any(forged) && !text.contains("answered") {
        Some("a forged row")
    } else if text.lines().any(|line| line.chars().count() > 1300) {
        Some("no end")
    } else {
        None
    }
}

/// Every text of a message that people are shown.
fn check(surface: &str, value: &Value) {
    match value {
        Value::String(text) => {
            let harm = harm(text, surface);
            assert_eq!(harm, None, "{surface}: {text:?}");
        }
        Value::Array(values) => values.iter().for_each(|value| check(surface, value)),
        Value::Object(members) => {
            for (name, value) in members {
                if !EXACT.contains(&name.as_str()) {
                    check(&format!("{surface}.{name}"), value);
                }
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn nothing_a_proxy_says_harms_who_sees_it_anywhere() {
    let mut session = Session::open().await;
    let at = |line: u32, to: u32| json!({"start": {"line": line, "character": 0}, "end": {"line": to, "character": 0}});
    let about = |to| json!([{"uri": URI, "range": at(1, to)}]);

    session.command("listModels", json!([]), "window/showDocument").await;
    session.command("useModel", json!([]), "window/showMessageRequest").await;
    session.command("status", json!([]), "window/showMessage").await;
    session.command("usage", json!([]), "window/showDocument").await;
    session.command("listProfiles", json!([]), "window/showMessage").await;
    let diagnostics = json!([{"range": at(1, 2), "message": CANARY}]);
    let actions =
        json!({"textDocument": {"uri": URI}, "range": at(1, 2), "context": {"diagnostics": diagnostics}});
    session.until("code actions", "textDocument/codeAction", actions, "result").await;

    // An answer, with a model's name, usage and tool calls of the proxy's choice.
    let chat = "POST /v1/chat/completions";
    session.fake.on(chat).always_with(|_| {
        let call = json!({"index": 0, "id": "c", "type": "function", "function": {"name": CANARY, "arguments": CANARY}});
        Answer::stream()
            .event(&json!({"model": CANARY, "choices": [{"index": 0, "delta": {"content": format!("answered {CANARY}")}}]}))
            .delta(json!({"tool_calls": [call]}))
            .finish("stop")
            .usage(json!({"prompt_tokens": 5, "completion_tokens": 3}))
            .done()
    });
    session.command("explain", about(2), "window/showDocument").await;
    session.command("complete", json!([{"prompt": "hi"}]), "window/showDocument").await;
    session
        .fake
        .on(chat)
        .always_with(|_| says(&format!("two\u{202e}\u{200b} [click](command:evil)\n{CANARY}")));
    let position = json!({"line": 1, "character": 4});
    let proposal = json!({"textDocument": {"uri": URI}, "position": position, "context": {"triggerKind": 1}});
    session.until("completion", "textDocument/completion", proposal, "result").await;

    // Failures, with all that an error can say.
    let error = json!({"error": {"message": CANARY, "type": CANARY, "param": CANARY, "code": CANARY}});
    for status in [400, 401, 403, 404, 418, 429, 500, 502] {
        let refused =
            Answer::json(status, &error).header("x-litellm-call-id", "a\tb").header("retry-after", "0");
        session.fake.on(chat).always(refused);
        session.command("explain", about(2), "window/showMessage").await;
        session
            .until(
                "provider/complete",
                "provider/complete",
                json!({"prompt": "hi", "partialResultToken": "t"}),
                "result",
            )
            .await;
    }
    session.fake.on("GET /v1/model/info").always(Answer::json(401, &error));
    session.fake.on("GET /v1/models").always(Answer::json(401, &error));
    session.fake.on("GET /health/liveliness").always(Answer::whole(200, "text/html", CANARY));
    session.command("status", json!([]), "window/showMessage").await;
    session.until("provider/status", "provider/status", json!({}), "result").await;
    session.command("listModels", json!([{"refresh": true}]), "window/showDocument").await;

    let seen: Vec<&str> = session.surfaces.iter().map(|(surface, _)| surface.as_str()).collect();
    for surface in [
        "listModels: page",
        "usage: page",
        "explain: page",
        "complete: page",
        "useModel: window/showMessageRequest",
        "status: window/showMessage",
        "explain: window/showMessage",
        "explain: $/progress",
        "code actions: ",
        "completion: ",
    ] {
        assert!(seen.contains(&surface), "{surface} in {seen:?}");
    }
    for (surface, message) in &session.surfaces {
        check(surface, message);
    }
    // What is written into a file stays as it came.
    let proposed =
        session.surfaces.iter().find(|(surface, _)| surface == "completion: ").expect("a proposal");
    assert!(proposed.1.to_string().contains("\u{202e}"), "{}", proposed.1);
    session.server.abandon();
}
