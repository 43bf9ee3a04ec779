//! Several addresses of one deployment: each is asked where those before it are away, with the same key.

use litellm_ls::Door;
use litellm_ls_protocol::{Delta, ErrorKind};
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy},
    server::TestServer,
};

/// Nobody listens there.
const AWAY: &str = "http://127.0.0.1:9";
const AWAY_TOO: &str = "http://127.0.0.1:10";

async fn proxy(says: &str) -> FakeProxy {
    let fake = FakeProxy::start().await;
    let models = json!({"data": [{"model_name": "gpt", "model_info": {"mode": "chat"}}]});
    fake.on("GET /v1/model/info").always(Answer::json(200, &models));
    fake.on("POST /v1/chat/completions").always(Answer::stream().text(says).finish("stop").done());
    fake
}

async fn server(base: &str, fallbacks: &[&str]) -> TestServer {
    let mut server = TestServer::memory(Door::Lines, &[]);
    let settings =
        json!({"baseUrl": base, "fallbackUrls": fallbacks, "apiKey": "sk-shared", "verify": false});
    server.ask("provider/configure", settings).await;
    server
}

fn chat() -> Value {
    json!({"model": "gpt", "prompt": "hello"})
}

#[tokio::test]
async fn what_is_away_is_passed_over_by_all_requests() {
    let second = proxy("second").await;
    let third = proxy("third").await;
    let mut server = server(AWAY, &[&second.url(), &third.url()]).await;

    let streamed = server.stream(chat()).await;
    let retries: Vec<_> =
        streamed.deltas.iter().filter(|delta| matches!(delta, Delta::Retry { .. })).collect();
    assert!(matches!(
        retries[..],
        [Delta::Retry { attempt: 2, after_ms: 0, kind: ErrorKind::Unreachable, .. }]
    ));
    assert_eq!(streamed.outcome.unwrap().message.text, "second");
    // The next one does not even try the first.
    let streamed = server.stream(chat()).await;
    assert_eq!(streamed.outcome.unwrap().timing.retries, 0);
    assert_eq!(server.ask("provider/listModels", json!({})).await["models"][0]["id"], "gpt");
    let keys: Vec<_> = second
        .requests()
        .into_iter()
        .map(|request| request.header("authorization").map(str::to_owned))
        .collect();
    assert!(keys.len() >= 3 && keys.iter().all(|key| key.as_deref() == Some("Bearer sk-shared")), "{keys:?}");
    assert!(third.requests().is_empty());
}

#[tokio::test]
async fn a_gateway_that_answers_for_a_proxy_is_passed_over_and_errors_of_the_proxy_are_not() {
    let (first, second) = (FakeProxy::start().await, proxy("second").await);
    let gone = || Answer::whole(502, "text/html", "<h1>Bad Gateway</h1>");
    first.on("POST /v1/chat/completions").answer(gone());
    let mut gateway = server(&first.url(), &[&second.url()]).await;
    assert_eq!(gateway.stream(chat()).await.outcome.unwrap().message.text, "second");

    let wrong = json!({"error": {"message": "no", "type": "invalid_request_error", "code": "400"}});
    first.on("POST /v1/chat/completions").always(Answer::json(400, &wrong));
    let mut refused = server(&first.url(), &[&second.url()]).await;
    assert_eq!(refused.stream(chat()).await.outcome.unwrap_err().kind, ErrorKind::InvalidRequest);
    assert_eq!(second.requests().len(), 1);
}

#[tokio::test]
async fn status_says_who_stands_in() {
    let second = proxy("second").await;
    let mut server = server(AWAY, &[&second.url()]).await;
    let status = server.ask("provider/status", json!({})).await;
    assert_eq!(status["state"], "degraded");
    assert_eq!(status["baseUrl"], second.url());
    let checks = status["checks"].as_array().unwrap();
    let reachable = checks.iter().find(|check| check["name"] == "reachable").unwrap();
    assert_eq!(reachable["outcome"], "warning");
    assert_eq!(reachable["message"], format!("the base URL can't be reached, so {} is used", second.url()));
    server.notification("provider/didChangeStatus").await;
}

#[tokio::test]
async fn where_all_are_away_the_error_says_so() {
    let mut server = server(AWAY, &[AWAY_TOO]).await;
    let outcome = server.stream(chat()).await.outcome;
    assert_eq!(outcome.unwrap_err().kind, ErrorKind::Unreachable);
}

#[tokio::test]
async fn those_of_another_base_url_are_not_used() {
    let second = proxy("second").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    let settings = format!(
        "[profiles.default]\nbaseUrl = \"http://elsewhere.invalid\"\nfallbackUrls = [\"{}\"]\n",
        second.url()
    );
    std::fs::write(&file, settings).unwrap();
    let mut server =
        TestServer::process(Door::Lines, &[("LITELLM_LS_SETTINGS", &file.display().to_string())]);
    let configured = server.ask("provider/configure", json!({"baseUrl": AWAY, "verify": false})).await;
    assert!(
        configured["warnings"][0].as_str().unwrap().starts_with("fallbackUrls are not used"),
        "{configured}"
    );
    assert_eq!(server.stream(chat()).await.outcome.unwrap_err().kind, ErrorKind::Unreachable);
    assert!(second.requests().is_empty());
    server.end().await;
}
