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

/// An answer with the key in all that is not its words.
fn said_beside(words: &str) -> Answer {
    let address = format!("http://x/{CANARY}");
    let delta = json!({
        "role": CANARY, "name": CANARY, "content": words, "provider_specific_fields": {"a": CANARY, CANARY: [CANARY]},
        "tool_calls": [{
            "index": 0, "id": CANARY, "type": CANARY, "function": {"name": CANARY, "arguments": "{}"},
            "extra_content": {"a": {"b": CANARY}},
        }],
        "annotations": [{"type": "url_citation", "url_citation": {"url": address, "title": CANARY}}],
        "images": [{"type": "image_url", "image_url": {"url": address}}],
        "audio": {"id": CANARY},
        "vendors_own": {"a": CANARY},
    });
    [
        "x-litellm-call-id",
        "x-litellm-model-id",
        "x-litellm-model-group",
        "x-litellm-attempted-fallbacks",
        "x-litellm-version",
        "server",
    ]
    .into_iter()
    .fold(Answer::stream(), |answer, name| answer.header(name, CANARY))
    .event(&json!({
        "id": CANARY, "model": CANARY, "system_fingerprint": CANARY, "provider": CANARY,
        "choices": [{"index": 0, "delta": delta}],
    }))
    .finish(CANARY)
    .event(&json!({
        "choices": [], "citations": [CANARY], "usage": {"prompt_tokens": 1, "completion_tokens": 1, "x": CANARY},
    }))
    .done()
}

/// A proxy that repeats the key in everything that it tells of itself.
async fn talkative() -> FakeProxy {
    let fake = FakeProxy::start().await;
    let model = |name: &str| {
        json!({
            "model_name": name,
            "litellm_params": {"model": format!("openai/{CANARY}"), "custom_llm_provider": CANARY},
            "model_info": {
                "id": CANARY, "mode": "chat", "litellm_provider": CANARY, "team_id": CANARY, "access_groups": [CANARY],
                "supported_openai_params": [CANARY], "base_model": CANARY, "description": CANARY, "tier": CANARY,
                "deprecation_date": CANARY, "max_tokens": 100,
            },
        })
    };
    let row = json!({"metrics": {"spend": 1, "total_tokens": 3}});
    for (route, told) in [
        ("GET /v1/model/info", json!({"data": [model("gpt"), model(&format!("x-{CANARY}")), model(CANARY)]})),
        ("GET /v1/models", json!({"data": [{"id": "gpt", "owned_by": CANARY}, {"id": CANARY}]})),
        ("GET /health/readiness", json!({"status": CANARY, "litellm_version": CANARY})),
        ("GET /health/readiness/details", json!({"status": CANARY, "litellm_version": CANARY})),
        (
            "GET /key/info",
            json!({"key": CANARY, "info": {
                "key_name": CANARY, "spend": 1.0, "max_budget": 10.0, "budget_duration": CANARY,
                "budget_reset_at": CANARY, "user_id": CANARY, "team_id": CANARY, "models": [CANARY],
            }}),
        ),
        ("GET /v2/user/info", json!({"spend": 1, "max_budget": 1, "user_alias": CANARY})),
        ("GET /team/info", json!({"team_info": {"team_alias": CANARY, "spend": 2, "max_budget": 2}})),
        (
            "GET /user/daily/activity/aggregated",
            json!({"results": [{"date": "2026-11-27", "metrics": {"spend": 1}, "breakdown": {"models": {CANARY: row}}}]}),
        ),
        (
            "POST /utils/token_counter",
            json!({"total_tokens": 5, "request_model": CANARY, "model_used": CANARY, "tokenizer_type": CANARY}),
        ),
    ] {
        fake.on(route).always(Answer::json(200, &told));
    }
    fake.on("POST /v1/chat/completions").always(said_beside("hi"));
    fake
}

/// What a proxy tells in a success goes into lists, files and the ledger: the key is in none of them. What a user sends in
/// the place of a name is the same.
#[tokio::test]
async fn a_key_that_a_proxy_repeats_in_a_success_shows_nowhere() {
    let fake = talkative().await;
    let url = fake.url();
    for door in [Door::Lsp, Door::Lines] {
        let variables =
            [("LITELLM_BASE_URL", url.as_str()), ("LITELLM_API_KEY", CANARY), ("LITELLM_LS_LOG", "trace")];
        let mut server = TestServer::process(door, &variables);
        let home = server.home();
        let mut heard = Vec::new();
        if matches!(door, Door::Lsp) {
            let params = json!({"processId": null, "rootUri": null, "capabilities": {}});
            heard.push(server.call("initialize", params).await.unwrap());
            server.notify("initialized", json!({})).await;
        }
        let named = format!("provider/{CANARY}");
        let asked = json!({"model": "gpt", "prompt": "hello", "partialResultToken": "t"});
        for (method, params, is_answered) in [
            ("provider/status", json!({}), true),
            ("provider/listModels", json!({"includeHidden": true}), true),
            ("provider/complete", asked, true),
            ("provider/countTokens", json!({"model": "gpt", "prompt": "hello"}), true),
            ("provider/usage", json!({}), true),
            ("provider/usage", json!({"ledger": {"by": ["model"]}}), true),
            ("provider/listProfiles", json!({}), true),
            (&named, json!({}), false),
            ("provider/complete", json!({"model": CANARY, "prompt": "hello"}), false),
            ("provider/countTokens", json!({"model": format!("openai/{CANARY}"), "prompt": "hello"}), false),
            ("provider/markModel", json!({"model": CANARY, "favourite": true}), false),
            ("provider/configure", json!({"model": CANARY, "verify": false}), false),
        ] {
            let outcome = server.call(method, params).await;
            assert_eq!(outcome.is_ok(), is_answered, "{method}: {outcome:?}");
            heard.push(outcome.unwrap_or_else(|error| error));
        }
        let (rest, log) = server.end_and_log().await;
        heard.extend(rest);
        for message in heard {
            assert!(!leaks(&message.to_string()), "in a message: {message}");
        }
        assert_eq!(log.lines().find(|line| leaks(line)), None, "in the log");
        for command in [
            &["models", "--all"][..],
            &["models", "--json"],
            &["status"],
            &["status", "--json"],
            &["complete", "-m", "gpt", "hello"],
            &["complete", "-m", "gpt", "--json", "hello"],
            &["count", "-m", "gpt", "hello"],
            &["usage"],
            &["usage", "--json"],
            &["usage", "--by", "model", "--csv"],
            &["doctor", "--report"],
            &["config", "show"],
        ] {
            let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_litellm-ls"));
            program.args(command).env_clear().env("HOME", home.path()).current_dir(home.path());
            program.envs(variables).stdin(std::process::Stdio::null());
            let output = program.output().await.unwrap();
            for said in [output.stdout, output.stderr] {
                let said = String::from_utf8(said).unwrap();
                assert!(!leaks(&said), "{command:?}: {said}");
            }
        }
        let mut folders = vec![home.path().to_owned()];
        let mut looked_at = 0;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                // A socket is no file.
                let Ok(bytes) = fs::read(&path) else { continue };
                looked_at += 1;
                assert!(!leaks(&String::from_utf8_lossy(&bytes)), "in {}", path.display());
            }
        }
        assert!(looked_at >= 3, "the ledger, a conversation and the models: {looked_at}");
    }
    let posts = fake.requests().into_iter().filter(|request| request.method == "POST");
    assert!(posts.into_iter().all(|request| !leaks(&request.json().to_string())), "in a question");
}

/// Whoever sends a key to a model may be told it: the words of an answer are as they came.
#[tokio::test]
async fn the_words_of_an_answer_may_hold_a_key() {
    let fake = FakeProxy::start().await;
    let words = format!("export KEY={CANARY}");
    let arguments = json!({"command": words}).to_string();
    let thought = json!([{"type": "thinking", "thinking": words, "signature": "abc"}]);
    fake.on("POST /v1/chat/completions").always(
        Answer::stream()
            .delta(json!({"content": words, "reasoning_content": words, "thinking_blocks": thought}))
            .delta(json!({"tool_calls": [
                {"index": 0, "id": CANARY, "function": {"name": "run", "arguments": arguments}},
            ]}))
            .finish("tool_calls")
            .done(),
    );
    let mut server = super::support::session::with(&fake.url(), CANARY);
    let answer = server.ask("provider/complete", json!({"model": "gpt", "prompt": words})).await;
    let message = &answer["message"];
    assert_eq!([&message["text"], &message["reasoning"]], [&words, &words]);
    assert_eq!(message["reasoningBlocks"], thought);
    let call = &message["toolCalls"][0];
    assert_eq!(
        call["arguments"].as_str().map(str::to_owned).unwrap_or_else(|| call["arguments"].to_string()),
        arguments
    );
    assert!(!leaks(&call["id"].to_string()) && call["name"] == "run", "{call}");
    server.end().await;
}
