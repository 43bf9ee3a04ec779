//! A key is seen by nobody: put in by every way there is, it shows in no message, log, error, argument or file.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use litellm_ls::Door;
use litellm_ls_protocol::ErrorKind;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy, Request},
    home as users,
    server::TestServer,
};

/// A program that prints a file, and what it is given before that.
const CAT: &str = if cfg!(windows) { "cmd /c type" } else { "cat" };
const CANARY: &str = "sk-canary-2f9d7c41e8b6a305";

/// A way for a key to come in.
struct Way {
    name: &'static str,
    /// What holds it: variables of the `environment`, the settings `file`, initialization `options`, settings that the
    /// editor `pushed`, and a call of `configure`.
    by: Value,
    /// Whether the key gets to the proxy. What is wrong with a setting must show no key either.
    arrives: bool,
}

/// Every way. `$KEY` is the key, `$FILE` a file whose text is the key, `$HOST` the proxy's host and port, and `$BASIC` a
/// user's name and the key as a basic header has them.
fn ways() -> Vec<Way> {
    let good = |name, by| Way { name, by, arrives: true };
    let bad = |name, by| Way { name, by, arrives: false };
    vec![
        good("the environment", json!({"environment": {"LITELLM_API_KEY": "$KEY"}})),
        good("a variable", json!({"environment": {"MY_KEY": "$KEY"}, "options": {"apiKey": "env:MY_KEY"}})),
        good(
            "a variable in LiteLLM's words",
            json!({"environment": {"MY_KEY": "$KEY"}, "options": {"apiKey": "os.environ/MY_KEY"}}),
        ),
        good("a file", json!({"options": {"apiKey": "file:$FILE"}})),
        good("a command", json!({"options": {"apiKey": "cmd:$CAT $FILE"}})),
        good("initialization options", json!({"options": {"apiKey": "$KEY"}})),
        // It is asked of the user, and nobody answers.
        bad("pushed settings", json!({"pushed": {"apiKey": "$KEY"}})),
        good("configure", json!({"configure": {"apiKey": "$KEY"}})),
        good("the settings file", json!({"file": "[profiles.default]\napiKey = 'file:$FILE'\n"})),
        good("another header", json!({"options": {"auth": "x-litellm-api-key", "apiKey": "$KEY"}})),
        good("a header", json!({"options": {"headers": {"x-team-secret": "$KEY"}}})),
        good("a basic header", json!({"options": {"headers": {"authorization": "Basic $BASIC"}}})),
        good("the base URL's password", json!({"options": {"baseUrl": "http://ann:$KEY@$HOST"}})),
        good("the base URL's query", json!({"options": {"baseUrl": "http://$HOST?code=$KEY"}})),
        good(
            "a company's proxy",
            json!({"options": {"baseUrl": "http://elsewhere.invalid", "proxyUrl": "http://ann:$KEY@$HOST"}}),
        ),
        good(
            "a company's proxy of the environment",
            json!({
                "options": {"baseUrl": "http://elsewhere.invalid"},
                "environment": {"HTTP_PROXY": "http://ann:$KEY@$HOST"},
            }),
        ),
        good(
            "a wrong setting",
            json!({"environment": {"LITELLM_API_KEY": "$KEY"}, "configure": {"apiKey": "$KEY\n$KEY"}}),
        ),
        bad(
            "a setting of the wrong kind",
            json!({"configure": {"apiKey": ["$KEY"], "model": {"a": "$KEY"}}}),
        ),
        bad("a misspelt setting", json!({"configure": {"apikey": "$KEY"}})),
        bad("a command that is none", json!({"configure": {"apiKey": "cmd:no-such-program $KEY"}})),
        bad("a broken settings file", json!({"file": "[profiles.default]\napiKey = \"$KEY\n"})),
    ]
}

/// Answers that repeat what they were sent, as hostile and careless gateways do.
fn hostile(request: &Request, number: usize) -> Answer {
    let told: Vec<_> = request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let told = told.join(", ");
    // It can repeat only what it was told.
    let told = format!("{} {told}", request.path);
    let key = if told.contains(CANARY) { CANARY } else { "nothing" };
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
        let number = Arc::new(AtomicUsize::new(0));
        for route in
            ["POST /v1/chat/completions", "GET /v1/model/info", "GET /v1/models", "GET /model_group/info"]
        {
            let number = number.clone();
            fake.on(route)
                .always_with(move |request| hostile(request, number.fetch_add(1, Ordering::Relaxed)));
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        fs::write(&file, CANARY).unwrap();
        let filled = |part: &str| -> Value {
            let text = way.by[part]
                .to_string()
                .replace("$KEY", CANARY)
                .replace("$FILE", &file.display().to_string().replace('\\', r"\\"))
                .replace("$CAT", CAT)
                .replace("$BASIC", &BASE64.encode(format!("ann:{CANARY}")))
                .replace("$HOST", &fake.url().replace("http://", ""));
            serde_json::from_str(&text).unwrap()
        };
        let object = |part| if filled(part).is_null() { json!({}) } else { filled(part) };
        let config = folder.path().join("settings.toml");
        if let Some(settings) = filled("file").as_str() {
            fs::write(&config, settings).unwrap();
        }
        let config = config.display().to_string();
        let url = fake.url();
        let mut variables = vec![
            ("LITELLM_BASE_URL", url.as_str()),
            ("LITELLM_LS_LOG", "trace"),
            ("RUST_BACKTRACE", "1"),
            ("LITELLM_LS_SETTINGS", &config),
        ];
        let environment = object("environment");
        variables.extend(
            environment.as_object().unwrap().iter().map(|(name, value)| (&**name, value.as_str().unwrap())),
        );
        let mut server = TestServer::process(Door::Lsp, &variables);
        let pid = server.pid().unwrap();
        let params = json!({
            "processId": null, "rootUri": null, "capabilities": {}, "initializationOptions": object("options"),
        });
        let mut heard = vec![server.call("initialize", params).await.unwrap()];
        server.notify("initialized", json!({})).await;
        let pushed = json!({"settings": {"litellm": object("pushed")}});
        server.notify("workspace/didChangeConfiguration", pushed).await;
        for (method, params) in session(&object("configure")) {
            let outcome = server.call(method, params).await;
            heard.push(outcome.unwrap_or_else(|error| error));
        }
        assert!(!arguments(pid).contains(CANARY), "{}: in the arguments", way.name);
        let sent =
            |request: &Request| leaks(&request.path) || request.headers.iter().any(|(_, value)| leaks(value));
        assert_eq!(fake.requests().iter().any(sent), way.arrives, "{}: at the proxy", way.name);
        let rest = server.end_and_log().await;
        heard.extend(rest.0);
        for message in heard {
            assert!(!leaks(&message.to_string()), "{}: in a message: {message}", way.name);
        }
        assert!(rest.1.contains("TRACE hyper_util"), "{}: what libraries log is looked at too", way.name);
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
    let login = format!("{}/login?next=%2Fv1%2Fmodels", other.url());
    for route in ["GET /v1/model/info", "GET /v1/models"] {
        fake.on(route).always(Answer::redirect(302, &login));
    }
    fake.on("POST /v1/chat/completions")
        .answer(Answer::redirect(307, &format!("{}/v1/chat/completions", other.url())))
        .always(Answer::redirect(307, &login));
    let mut server = super::support::session::with(&fake.url(), CANARY);
    // The same route elsewhere may be that of the proxy; a login is none, and is no address for a key.
    for is_proxy in [true, false] {
        let error =
            server.call("provider/complete", json!({"model": "gpt", "prompt": "x"})).await.unwrap_err();
        assert_eq!(error["data"]["kind"], "badResponse");
        let remedy = error["data"]["remedy"].as_str().unwrap();
        assert_eq!(remedy.ends_with(&other.url()), is_proxy, "{error}");
        assert!(is_proxy || !error.to_string().contains("login?"), "{error}");
    }
    server.call("provider/listModels", json!({})).await.unwrap_err();
    assert!(other.requests().is_empty());
    server.abandon();
}

#[tokio::test]
async fn the_command_line_shows_no_key_either() {
    let fake = FakeProxy::start().await;
    let number = Arc::new(AtomicUsize::new(0));
    for route in
        ["POST /v1/chat/completions", "GET /v1/model/info", "GET /v1/models", "GET /model_group/info"]
    {
        let number = number.clone();
        fake.on(route).always_with(move |request| hostile(request, number.fetch_add(1, Ordering::Relaxed)));
    }
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("key");
    fs::write(&file, CANARY).unwrap();
    for key in
        ["env:MY_KEY".to_owned(), format!("file:{}", file.display()), format!("cmd:{CAT} {}", file.display())]
    {
        for command in
            [&["status"][..], &["models"], &["complete", "-m", "gpt", "hello"], &["config", "show"]]
        {
            // Each hostile answer in turn.
            for _ in 0..if command[0] == "complete" { 7 } else { 1 } {
                let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_litellm-ls"));
                program
                    .args(command)
                    .env_clear()
                    .envs(users::variables(home.path()))
                    .env("PATH", "/usr/bin:/bin");
                program
                    .env("MY_KEY", CANARY)
                    .env("LITELLM_LS_LOG", "trace")
                    .env("LITELLM_BASE_URL", fake.url());
                if command[0] != "config" {
                    program.args(["--api-key", &key]);
                }
                let output = program.output().await.unwrap();
                for said in [output.stdout, output.stderr] {
                    let said = String::from_utf8(said).unwrap();
                    assert!(!leaks(&said), "{command:?} with {key}: {said}");
                }
            }
        }
    }
    let chats = fake.requests().into_iter().filter(|request| request.method == "POST");
    let keys: Vec<_> = chats.map(|request| request.header("authorization").map(str::to_owned)).collect();
    assert!(keys.len() >= 21 && keys.iter().all(|key| *key == Some(format!("Bearer {CANARY}"))), "{keys:?}");
    let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_litellm-ls"));
    let refused = program.args(["status", "--api-key", CANARY]).output().await.unwrap();
    let said = String::from_utf8([refused.stdout, refused.stderr].concat()).unwrap();
    assert!(said.contains("reference") && !leaks(&said), "{said}");
}

#[tokio::test]
async fn no_secret_is_written_to_the_settings_file() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("settings.toml");
    let config = file.display().to_string();
    let mut server = TestServer::process(Door::Lines, &[("LITELLM_LS_SETTINGS", &config)]);
    let with_password = format!("http://ann:{CANARY}@127.0.0.1:9");
    for settings in [
        json!({"apiKey": CANARY}),
        json!({"headers": {"x-key": CANARY}}),
        json!({"baseUrl": with_password}),
        json!({"baseUrl": format!("http://127.0.0.1:9?code={CANARY}")}),
        json!({"proxyUrl": with_password}),
    ] {
        let mut params = settings;
        params["persist"] = true.into();
        let error = server.fails("provider/configure", params, ErrorKind::InvalidParams).await;
        assert!(!leaks(&format!("{error:?}")), "{error:?}");
    }
    server.ask("provider/configure", json!({"model": "gpt", "persist": true, "verify": false})).await;
    assert_eq!(
        fs::read_to_string(file).unwrap(),
        "active = \"default\"\n\n[profiles.default]\nmodel = \"gpt\"\n"
    );
    server.end().await;
}
