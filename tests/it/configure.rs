//! `provider/configure`: all or nothing, by layers, and without a secret in what it says.

use litellm_ls::Door;
use litellm_ls_protocol::ErrorKind;
use serde_json::{Value, json};

use super::support::{fake_proxy::FakeProxy, server::TestServer, session::with};

/// A peer whose proxy is nowhere; nothing here asks one.
fn peer() -> TestServer {
    with("http://127.0.0.1:9", "sk-from-environment")
}

async fn configured(server: &mut TestServer, mut params: Value) -> Value {
    params["verify"] = false.into();
    server.ask("provider/configure", params).await
}

#[tokio::test]
async fn every_problem_is_named_with_its_path_its_reason_and_what_to_do() {
    let mut server = peer();
    let wrong = json!({
        "baseUrl": "ftp://example.com", "apiKey": "env:NO_SUCH_VARIABLE", "auth": "host", "baseURL": "x",
        "headers": {"content length": "1"}, "kind": "openai", "compatibility": "rooo",
        "timeouts": {"connectMs": 0, "idleMS": 5}, "tls": {"caFile": "/no/such/file"}, "proxyUrl": "::",
        "activate": "yes", "modelOverrides": {"m": {"maxTokens": "many"}},
    });
    let error = server.fails("provider/configure", wrong, ErrorKind::InvalidParams).await;
    let paths: Vec<&str> = error.problems.iter().map(|problem| problem.path.as_str()).collect();
    for path in [
        "baseUrl",
        "apiKey",
        "auth",
        "baseURL",
        "headers.content length",
        "kind",
        "compatibility",
        "timeouts.connectMs",
        "timeouts.idleMS",
        "tls.caFile",
        "proxyUrl",
        "activate",
        "modelOverrides.m.maxTokens",
    ] {
        assert!(paths.contains(&path), "{path} in {paths:?}");
    }
    assert!(error.problems.iter().all(|problem| !problem.reason.is_empty() && !problem.remedy.is_empty()));
    let nearest =
        |path: &str| error.problems.iter().find(|problem| problem.path == path).unwrap().nearest.clone();
    assert_eq!(nearest("baseURL").as_deref(), Some("baseUrl"));
    assert_eq!(nearest("timeouts.idleMS").as_deref(), Some("idleMs"));
    server.end().await;
}

#[tokio::test]
async fn more_headers_than_a_request_carries_are_refused() {
    let mut server = peer();
    let headers = |count: usize| {
        let headers: serde_json::Map<String, Value> =
            (0..count).map(|number| (format!("x-{number}"), json!("v"))).collect();
        json!({"headers": headers, "verify": false})
    };
    configured(&mut server, headers(100)).await;
    for count in [101, 30_000] {
        let error = server.fails("provider/configure", headers(count), ErrorKind::InvalidParams).await;
        assert_eq!(error.problems[0].path, "headers", "{count}");
    }
    server.end().await;
}

#[tokio::test]
async fn one_wrong_field_changes_nothing() {
    let mut server = peer();
    let before = configured(&mut server, json!({"model": "first"})).await;
    server
        .fails(
            "provider/configure",
            json!({"model": "second", "timeouts": {"connectMs": -1}}),
            ErrorKind::InvalidParams,
        )
        .await;
    assert_eq!(configured(&mut server, json!({})).await, before);
    server.end().await;
}

#[tokio::test]
async fn the_strongest_layer_wins_and_null_gives_way() {
    let mut server = TestServer::memory(
        Door::Lsp,
        &[("LITELLM_BASE_URL", "http://127.0.0.1:9"), ("LITELLM_MODEL", "of-environment")],
    );
    let options = json!({"processId": null, "rootUri": null, "capabilities": {},
        "initializationOptions": {"timeouts": {"idleMs": 7}}});
    server.call("initialize", options).await.unwrap();
    let model = |settings: &Value| settings["settings"]["model"].clone();
    let says = |value, origin| json!({"value": value, "origin": origin});
    let first = configured(&mut server, json!({})).await;
    assert_eq!(model(&first), says("of-environment", "environment"));
    assert_eq!(first["settings"]["timeouts"]["value"]["idleMs"], 7);
    let pushed = json!({"settings": {"litellm": {"model": "of-editor"}}});
    server.notify("workspace/didChangeConfiguration", pushed).await;
    assert_eq!(model(&configured(&mut server, json!({})).await), says("of-editor", "didChangeConfiguration"));
    let set = configured(&mut server, json!({"model": "of-call", "timeouts": {"connectMs": 9}})).await;
    assert_eq!(model(&set), says("of-call", "configure"));
    assert_eq!(set["settings"]["timeouts"]["value"]["connectMs"], 9);
    assert_eq!(set["settings"]["timeouts"]["value"]["idleMs"], 7, "a part leaves the others as they are");
    let back = configured(&mut server, json!({"model": null})).await;
    assert_eq!(model(&back), says("of-editor", "didChangeConfiguration"));
    server.end().await;
}

#[tokio::test]
async fn a_key_is_shown_by_its_end_and_its_origin_alone() {
    let mut server = peer();
    let key = &configured(&mut server, json!({})).await["settings"]["apiKey"];
    assert_eq!(
        key,
        &json!({"present": true, "origin": "env:LITELLM_API_KEY", "layer": "environment", "hint": "…ment"})
    );
    let key = &configured(&mut server, json!({"apiKey": "sk-0123456789abcdef"})).await["settings"]["apiKey"];
    assert_eq!((&key["hint"], &key["layer"]), (&json!("…cdef"), &json!("configure")));
    let headers =
        &configured(&mut server, json!({"headers": {"X-Team": "secret"}})).await["settings"]["headers"];
    assert_eq!(headers["value"], json!(["X-Team"]));
    server.end().await;
}

#[tokio::test]
async fn a_key_stays_with_the_host_it_was_given_for() {
    let (own, other) = (FakeProxy::start().await, FakeProxy::start().await);
    let mut server = with(&own.url(), "sk-own-key-0001");
    let moved = configured(&mut server, json!({"baseUrl": other.url()})).await;
    assert_eq!(moved["settings"]["apiKey"]["withheld"], true);
    assert!(moved["warnings"][0].as_str().unwrap().contains("give apiKey again"), "{moved}");
    server.ask("provider/listModels", json!({})).await;
    let sent = other.next_request().await;
    assert_eq!(sent.header("authorization"), Some("Bearer dummy-key"));
    let given = configured(&mut server, json!({"apiKey": "sk-other-key-1"})).await;
    assert_eq!(given["settings"]["apiKey"].get("withheld"), None);
    server.ask("provider/listModels", json!({"refresh": true})).await;
    let sent = other.requests().pop().unwrap();
    assert_eq!(sent.header("authorization"), Some("Bearer sk-other-key-1"));
    server.end().await;
}

#[tokio::test]
async fn an_unreachable_proxy_is_no_error_of_configure() {
    let mut server = peer();
    let result = server.ask("provider/configure", json!({"model": "kept"})).await;
    assert_eq!(
        (&result["status"]["state"], &result["settings"]["model"]["value"]),
        (&json!("unreachable"), &json!("kept"))
    );
    assert_eq!(server.told_state().await, "unreachable");
    server.end().await;
}

#[tokio::test]
async fn the_result_says_where_a_base_url_leads() {
    let mut server = peer();
    for (base_url, chat) in [
        ("http://localhost:4000", "http://localhost:4000/v1/chat/completions"),
        ("http://localhost:4000/v1/", "http://localhost:4000/v1/chat/completions"),
        ("http://localhost:4000/v1/chat/completions", "http://localhost:4000/v1/chat/completions"),
        ("https://gateway.example/llm/", "https://gateway.example/llm/v1/chat/completions"),
        ("localhost:4000", "http://localhost:4000/v1/chat/completions"),
    ] {
        let result = configured(&mut server, json!({"baseUrl": base_url})).await;
        assert_eq!(result["urls"]["chat"], chat, "{base_url}");
    }
    server.end().await;
}

#[tokio::test]
async fn a_broken_settings_file_is_shown_though_nobody_asks_anything() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    let mut server = TestServer::process(Door::Lsp, &[("LITELLM_LS_SETTINGS", &file.display().to_string())]);
    server.initialize(json!({})).await;
    std::fs::write(&file, "[profiles.default]\nbaseUrl = \n").unwrap();
    let shown = server.notification("window/showMessage").await;
    assert!(shown["message"].as_str().unwrap().contains("line 2, column 11"), "{shown}");
    server.end().await;
}
