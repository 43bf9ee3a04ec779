//! A long mixed session at both doors, of which each message fits the published schema with nothing beside it.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

use jsonschema::Validator;
use litellm_ls::Door;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy},
    server::TestServer,
    session::peer,
};

const CHAT: &str = "POST /v1/chat/completions";
/// Messages at each door, at least; 3,000 at both.
const MESSAGES: usize = 1_500;

/// `schema.json` without what it leaves open for newer versions and other members.
struct Closed {
    schema: Value,
    methods: Value,
    validators: BTreeMap<String, Validator>,
}

impl Closed {
    fn read() -> Self {
        let file = |name: &str| -> Value {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("protocol").join(name);
            serde_json::from_str(&fs::read_to_string(path).expect(name)).expect("JSON")
        };
        let mut schema = file("schema.json");
        close(&mut schema["$defs"]);
        Self { schema, methods: file("methods.json"), validators: BTreeMap::new() }
    }

    /// The name of the message that a method's params or result stand in, such as `StatusRequest`.
    fn message(&self, method: &str, carried: &str, message: &str) -> String {
        let target = self.methods["methods"][method][carried]["$ref"].as_str().expect(method);
        let name = target.rsplit('/').next().expect("a name");
        name.replace("Params", message).replace("Result", message)
    }

    fn check(&mut self, name: &str, message: &Value) {
        let validator = self.validators.entry(name.to_owned()).or_insert_with(|| {
            let root = json!({ "$ref": format!("#/$defs/{name}"), "$defs": self.schema["$defs"] });
            jsonschema::validator_for(&root).expect("a valid schema")
        });
        if let Err(error) = validator.validate(message) {
            panic!("no {name} at `{}`: {error}\n{message:#}", error.instance_path());
        }
    }
}

/// Allows nothing but what is written: no other member, no other word.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.get("type") == Some(&json!("object")) && members.contains_key("properties") {
                members.entry("additionalProperties").or_insert(Value::Bool(false));
            }
            if let Some(Value::Array(variants)) = members.get_mut("anyOf") {
                variants.retain(|variant| {
                    !variant["description"].as_str().unwrap_or_default().starts_with("Another, of a newer")
                });
            }
            members.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// A peer that looks at each message.
struct Checked {
    server: TestServer,
    closed: Closed,
    asked: HashMap<String, String>,
    seen: usize,
    kinds: BTreeMap<String, usize>,
}

impl Checked {
    /// Sends a request that fits the schema, and reads up to its answer.
    async fn ask(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let name = self.closed.message(method, "params", "Request");
        self.closed.check(&name, &json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}));
        self.seen += 1;
        self.wrong(method, params).await
    }

    /// Sends a request whatever it is, and reads up to its answer.
    async fn wrong(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = json!(self.server.request(method, params).await);
        self.asked.insert(id.to_string(), method.to_owned());
        loop {
            let mut message = self.read().await;
            if message["id"] == id && message.get("method").is_none() {
                return match message.get_mut("error") {
                    Some(error) => Err(error.take()),
                    None => Ok(message["result"].take()),
                };
            }
        }
    }

    /// Reads a message and looks at it.
    async fn read(&mut self) -> Value {
        let message = self.server.next_message().await;
        let name = match (message["method"].as_str(), message.get("error")) {
            (Some("$/progress"), _) if message["params"]["token"] == "pieces" => {
                "ProgressNotification".into()
            }
            (Some(method), _) if method.starts_with("provider/") || method.starts_with("proxy/") => {
                self.closed.message(method, "params", "Notification")
            }
            // What LSP itself has.
            (Some(_), _) => return message,
            (None, Some(_)) => "ErrorResponse".into(),
            (None, None) => {
                let method = &self.asked[&message["id"].to_string()];
                self.closed.message(method, "result", "Response")
            }
        };
        self.closed.check(&name, &message);
        look(&name, "", &message);
        *self.kinds.entry(name).or_default() += 1;
        self.seen += 1;
        message
    }
}

/// Amounts have at most 12 significant digits, instants milliseconds, and what may be absent is not `null`.
fn look(name: &str, member: &str, value: &Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            let digits = number.to_string();
            let digits =
                digits.split(['e', 'E']).next().unwrap_or_default().trim_start_matches(['-', '0', '.']);
            let count = digits.bytes().filter(u8::is_ascii_digit).count();
            assert!(count <= 12, "{member} of {name} is {number}");
        }
        Value::String(text) if member.ends_with("At") => {
            assert_eq!(text.len(), "2026-11-26T04:30:00.000Z".len(), "{member} of {name} is {text}");
        }
        Value::Null => panic!("{member} of {name} is null"),
        Value::Array(items) => items.iter().for_each(|item| look(name, member, item)),
        Value::Object(members) => members.iter().for_each(|(member, value)| look(name, member, value)),
        _ => {}
    }
}

/// How a proxy answers a chat, well or badly.
fn answers() -> Vec<Answer> {
    let call = json!({"tool_calls": [{"index": 0, "id": "call_1", "function": {"name": "look", "arguments": "{\"at\":1}"}}]});
    let thought = json!({"reasoning_content": "Hm.", "thinking_blocks": [{"type": "thinking", "thinking": "Hm.", "signature": "s"}]});
    let usage =
        json!({"prompt_tokens": 31, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 3}});
    let refusal = |status: u16, message: &str, kind: &str| {
        Answer::json(
            status,
            &json!({"error": {"message": message, "type": kind, "param": null, "code": status.to_string()}}),
        )
    };
    vec![
        Answer::stream().text("Hello").text(" 🦀").finish("stop").usage(usage.clone()).done(),
        Answer::stream().delta(thought).text("Yes.").finish("length").usage(usage.clone()).done(),
        Answer::stream().delta(call).finish("tool_calls").usage(usage).done(),
        Answer::stream().delta(json!({"refusal": "No."})).finish("stop").done(),
        Answer::stream().header("x-litellm-call-id", "c-1").text("Half of").close(),
        refusal(401, "Authentication Error, Invalid proxy server token passed", "auth_error"),
        refusal(404, "The model `gpt` does not exist", "invalid_request_error"),
        refusal(400, "This model's maximum context length is 100 tokens", "invalid_request_error"),
        refusal(400, "Budget has been exceeded! Current cost: 12.5, Max budget: 10.0", "budget_exceeded"),
        Answer::whole(502, "text/html", "<html><title>502 Bad Gateway</title><center>nginx</center></html>"),
        Answer::whole(200, "text/html", "<html>Welcome</html>"),
    ]
}

/// Everything that a client may ask, once.
async fn round(peer: &mut Checked, fake: &FakeProxy, number: usize) {
    let model = ["gpt", "claude"][number % 2];
    let favourite = number.is_multiple_of(3);
    let text = "fn main() {\n    let x = 1;\n}\n";
    let range = json!({"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 14}});
    let document = json!({"uri": "file:///project/main.rs", "languageId": "rust", "text": text});
    let said = json!([
        {"role": "user", "content": [{"type": "text", "text": "Look."}, {"type": "image", "data": "aGk=", "mimeType": "image/png"}]},
        {"role": "assistant", "toolCalls": [{"id": "c", "name": "look", "arguments": "{}"}]},
        {"role": "tool", "toolCallId": "c", "content": "found"},
    ]);
    let tools = json!([{"name": "look", "description": "Looks.", "parameters": {"type": "object"}}]);
    let mut answers = answers();
    let badly = answers.swap_remove(number % answers.len());
    // A failure that is worth another attempt is one for good.
    for _ in 0..3 {
        fake.on(CHAT).answer(badly.clone());
    }
    let question = json!({"prompt": "Hi", "model": model, "maxTokens": 50, "partialResultToken": "pieces"});
    let mut left = 3;
    while left > 0 {
        // What is left of the script must not reach the next question.
        let before = fake.requests().iter().filter(|request| request.route() == CHAT).count();
        peer.ask("provider/complete", question.clone()).await.ok();
        let after = fake.requests().iter().filter(|request| request.route() == CHAT).count();
        left -= (after - before).clamp(1, left);
    }
    let list =
        peer.ask("provider/listModels", json!({"limit": 1, "includeHidden": true})).await.expect("a list");
    let since = list["fetchedAt"].clone();
    let asked = [
        ("provider/discover", json!({"version": 1, "_meta": {"round": number}})),
        ("provider/status", json!({})),
        ("provider/listModels", json!({"order": "picker", "supports": ["tools"], "fields": ["inputPrice"]})),
        ("provider/listModels", json!({"limit": 1, "cursor": list["nextCursor"], "includeHidden": true})),
        ("provider/listModels", json!({"ifChangedSince": since})),
        ("provider/markModel", json!({"model": model, "favourite": favourite})),
        (
            "provider/complete",
            json!({"messages": said, "tools": tools, "model": model, "toolChoice": "auto", "temperature": 0.25}),
        ),
        (
            "provider/complete",
            json!({"prompt": "Hi", "model": model, "thinkingBudget": 100_000, "maxTokens": 10}),
        ),
        (
            "provider/edit",
            json!({"textDocument": document, "range": range, "task": "explain", "dryRun": true}),
        ),
        (
            "provider/edit",
            json!({"textDocument": document, "range": range, "instruction": "shorter", "model": model, "partialResultToken": "pieces"}),
        ),
        ("provider/listPrompts", json!({})),
        ("provider/countTokens", json!({"prompt": "Hi", "model": model})),
        (
            "provider/fit",
            json!({"text": "let y = 2;", "finishReason": "stop", "language": "rust", "selection": "let x = 1;"}),
        ),
        ("provider/fit", json!({"text": "", "finishReason": "length"})),
        ("provider/checkFile", json!({"uri": "file:///project/.env"})),
        ("provider/usage", json!({"watch": true})),
        (
            "provider/configure",
            json!({"profile": "other", "baseUrl": fake.url(), "activate": false, "verify": number.is_multiple_of(2), "timeouts": {"idleMs": 50_000}, "modelOverrides": {"gpt": {"maxTokens": 99, "maxTokensParam": "max_tokens"}}}),
        ),
        ("provider/listProfiles", json!({})),
        ("provider/status", json!({"profile": "other"})),
        ("provider/removeProfile", json!({"profile": "other"})),
        ("provider/status", json!({"profile": "nobody"})),
    ];
    for (method, params) in asked {
        peer.ask(method, params).await.ok();
    }
    let wrong = [
        ("provider/configure", json!({"baseURL": 7, "timeouts": {"idleMs": 0}})),
        ("provider/complete", json!({"messages": [{"role": "usr"}], "prompt": 7, "_meta": {"a": [1]}})),
        ("provider/complete", json!([1])),
        ("provider/listModel", json!({})),
    ];
    for (method, params) in wrong {
        peer.wrong(method, params).await.expect_err("what is wrong");
    }
}

/// An answer that is given up when its first piece is there.
async fn cancelled(peer: &mut Checked, fake: &FakeProxy) {
    fake.on(CHAT).answer(Answer::stream().text("Half of ").held());
    let params = json!({"prompt": "Hi", "model": "gpt", "partialResultToken": "pieces"});
    let id = peer.server.request("provider/complete", params).await;
    peer.asked.insert(json!(id).to_string(), "provider/complete".into());
    while peer.read().await["method"] != "$/progress" {}
    let cancel = json!({"id": id});
    let notification = json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": cancel});
    peer.closed.check("CancelRequestNotification", &notification);
    peer.seen += 1;
    peer.server.notify("$/cancelRequest", cancel).await;
    let error = loop {
        let mut message = peer.read().await;
        if message["id"] == id {
            break message["error"].take();
        }
    };
    assert_eq!(error["data"]["partial"]["message"]["text"], "Half of ");
}

#[tokio::test]
async fn each_message_of_a_long_session_fits_the_closed_schema() {
    for door in [Door::Lsp, Door::Lines] {
        let (fake, server) = peer(door).await;
        let mut peer = Checked {
            server,
            closed: Closed::read(),
            asked: HashMap::new(),
            seen: 0,
            kinds: BTreeMap::new(),
        };
        let mut number = 0;
        while peer.seen < MESSAGES || number < 2 * answers().len() {
            round(&mut peer, &fake, number).await;
            cancelled(&mut peer, &fake).await;
            number += 1;
        }
        // Each request of the protocol was answered, and each kind of notification came but for a changed list.
        assert!(peer.kinds.len() > 16, "{:?}", peer.kinds);
        peer.server.abandon();
    }
}

#[test]
fn the_closed_schema_refuses_another_member_and_another_word() {
    let mut closed = Closed::read();
    let status = json!({"jsonrpc": "2.0", "method": "provider/didChangeStatus", "params": {"profile": "p", "state": "ready", "message": "m"}});
    closed.check("DidChangeStatusNotification", &status);
    let validator = &closed.validators["DidChangeStatusNotification"];
    for (member, value) in [("state", json!("sleepy")), ("new", json!(1)), ("message", json!(null))] {
        let mut other = status.clone();
        other["params"][member] = value;
        assert!(!validator.is_valid(&other), "{member}");
    }
}
