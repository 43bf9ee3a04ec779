//! A key is seen by nobody: put in by every way there is, it shows in no message, log, error, argument or file.

use std::{fs, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use litellm_ls::Door;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy, Request},
    server::TestServer,
};

const CANARY: &str = "sk-canary-2f9d7c41e8b6a305";

/// How a key comes in: environment variables beside the base URL, initialization options, and a call of configure.
struct Way {
    name: &'static str,
    environment: &'static [(&'static str, &'static str)],
    options: Value,
    configure: Value,
}

impl Way {
    /// Whether the key gets to the proxy; what is wrong with a setting must show no key either.
    fn is_usable(&self) -> bool {
        !["a company's proxy", "a setting of the wrong kind", "a misspelt setting"].contains(&self.name)
    }
}

/// Every way. `$FILE` is a file whose text is the key, `$PROXY` the proxy's URL with a user and the key before the host.
fn ways() -> Vec<Way> {
    let way = |name, environment, options, configure| Way { name, environment, options, configure };
    let none = || json!({});
    vec![
        way("the environment", &[("LITELLM_API_KEY", CANARY)], none(), none()),
        way("a variable", &[("MY_KEY", CANARY)], json!({"apiKey": "env:MY_KEY"}), none()),
        way(
            "a variable in LiteLLM's words",
            &[("MY_KEY", CANARY)],
            json!({"apiKey": "os.environ/MY_KEY"}),
            none(),
        ),
        way("a file", &[], json!({"apiKey": "file:$FILE"}), none()),
        way("initialization options", &[], json!({"apiKey": CANARY}), none()),
        way("configure", &[], none(), json!({"apiKey": CANARY})),
        way("another header", &[], json!({"auth": "x-litellm-api-key", "apiKey": CANARY}), none()),
        way("a header", &[], json!({"headers": {"x-team-secret": CANARY}}), none()),
        way("a basic header", &[], json!({"headers": {"authorization": "$BASIC"}}), none()),
        way("the base URL's password", &[], json!({"baseUrl": "$PROXY"}), none()),
        way("a company's proxy", &[], json!({"apiKey": "env:NO_SUCH", "proxyUrl": "$OUTER"}), none()),
        way(
            "a wrong setting",
            &[("LITELLM_API_KEY", CANARY)],
            none(),
            json!({"apiKey": format!("{CANARY}\n{CANARY}")}),
        ),
        way("a setting of the wrong kind", &[], none(), json!({"apiKey": [CANARY], "model": {"a": CANARY}})),
        way("a misspelt setting", &[], none(), json!({"apikey": CANARY})),
    ]
}

/// Answers that repeat what they were sent, as hostile and careless gateways do.
fn hostile(request: &Request, number: usize) -> Answer {
    let told: Vec<_> = request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let told = told.join(", ");
    // It can repeat only what it was told.
    let key = if told.contains(CANARY) { CANARY } else { "nothing" };
    let told = format!("{} {told} {key}", request.path);
    match number % 7 {
        0 => Answer::json(
            401,
            &json!({"error": {"message": told, "type": told, "param": told, "code": "401"}}),
        ),
        1 => Answer::json(500, &json!({"detail": told})),
        2 => Answer::whole(200, "text/html", format!("<title>{told}</title>")),
        3 => Answer::redirect(307, &format!("http://127.0.0.1:9/{key}?key={key}")),
        4 => Answer::stream().text("ok").event(&json!({"error": {"message": told, "code": 500}})),
        5 => Answer::whole(502, &told, told.clone()),
        _ => Answer::stream().text("ok").header("x-litellm-call-id", &told).finish("stop").done(),
    }
}

#[tokio::test]
async fn a_key_shows_nowhere() {
    for way in ways() {
        let fake = FakeProxy::start().await;
        let counter = std::sync::atomic::AtomicUsize::new(0);
        let number = std::sync::Arc::new(counter);
        for route in
            ["POST /v1/chat/completions", "GET /v1/model/info", "GET /v1/models", "GET /model_group/info"]
        {
            let number = number.clone();
            fake.on(route).always_with(move |request| {
                hostile(request, number.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
            });
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        fs::write(&file, CANARY).unwrap();
        let filled = |value: &Value| -> Value {
            let host = fake.url().replace("http://", "");
            let text = value
                .to_string()
                .replace("$FILE", &file.display().to_string())
                .replace("$BASIC", &format!("Basic {}", BASE64.encode(format!("ann:{CANARY}"))))
                .replace("$PROXY", &format!("http://ann:{CANARY}@{host}"))
                .replace("$OUTER", &format!("http://ann:{CANARY}@127.0.0.1:9"));
            serde_json::from_str(&text).unwrap()
        };
        let url = fake.url();
        let mut variables =
            vec![("LITELLM_BASE_URL", url.as_str()), ("LITELLM_LS_LOG", "trace"), ("RUST_BACKTRACE", "1")];
        variables.extend(way.environment);
        let mut server = TestServer::process(Door::Lsp, &variables);
        let pid = server.pid().unwrap();
        let options = filled(&way.options);
        let params =
            json!({"processId": null, "rootUri": null, "capabilities": {}, "initializationOptions": options});
        let mut heard = vec![server.call("initialize", params).await.unwrap()];
        server.notify("initialized", json!({})).await;
        for (method, params) in session(&filled(&way.configure)) {
            let outcome = server.call(method, params).await;
            heard.push(outcome.unwrap_or_else(|error| error));
        }
        server.notify("workspace/didChangeConfiguration", json!({"settings": {"litellm": options}})).await;
        heard.push(server.call("provider/listProfiles", json!({})).await.unwrap());
        assert!(!arguments(pid).contains(CANARY), "{}: in the arguments", way.name);
        let sent = |request: &Request| request.headers.iter().any(|(_, value)| leaks(value));
        assert_eq!(fake.requests().iter().any(sent), way.is_usable(), "{}: at the proxy", way.name);
        let rest = server.end_and_log().await;
        heard.extend(rest.0);
        for message in heard {
            assert!(!leaks(&message.to_string()), "{}: in a message: {message}", way.name);
        }
        let line = rest.1.lines().find(|line| leaks(line)).map(str::to_owned);
        assert_eq!(line, None, "{}: in the log", way.name);
    }
}

/// Everything that a peer may ask, twice, so that every hostile answer comes up.
fn session(configure: &Value) -> Vec<(&'static str, Value)> {
    let chat = json!({"model": "gpt", "prompt": "hello", "partialResultToken": "t"});
    let mut calls = vec![("provider/configure", configure.clone())];
    for _ in 0..7 {
        calls.push(("provider/complete", chat.clone()));
    }
    for _ in 0..3 {
        calls.push(("provider/listModels", json!({"refresh": true})));
        calls.push(("provider/status", json!({})));
    }
    calls.push(("provider/listProfiles", json!({})));
    calls.push(("workspace/executeCommand", json!({"command": "litellm-ls.status"})));
    calls
}

/// Whether a text has the key, plain, half, or as it goes out in a basic header.
fn leaks(text: &str) -> bool {
    let basic = BASE64.encode(format!("ann:{CANARY}"));
    text.contains(&CANARY[3..]) || text.contains(&CANARY[3..16]) || text.contains(&basic)
}

fn arguments(pid: u32) -> String {
    let path = format!("/proc/{pid}/cmdline");
    if Path::new(&path).exists() { fs::read_to_string(path).unwrap() } else { String::new() }
}

#[tokio::test]
async fn a_redirect_gets_no_key() {
    let (fake, other) = (FakeProxy::start().await, FakeProxy::start().await);
    for route in ["POST /v1/chat/completions", "GET /v1/model/info", "GET /v1/models"] {
        fake.on(route).always(Answer::redirect(307, &other.url()));
    }
    let mut server = super::support::session::with(&fake.url(), CANARY);
    let error = server.call("provider/complete", json!({"model": "gpt", "prompt": "x"})).await.unwrap_err();
    assert_eq!(error["data"]["kind"], "badResponse");
    assert!(error["data"]["remedy"].as_str().unwrap().contains(&other.url()), "{error}");
    server.call("provider/listModels", json!({})).await.unwrap_err();
    assert!(other.requests().is_empty());
    server.abandon();
}
