//! The real proxies start, know their keys, and have a vendor behind them.

use serde_json::json;

use super::{read_to_end, read_until, request};
use crate::support::real_proxy::{MASTER_KEY, RealProxy};

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn it_lists_the_models_of_its_configuration() {
    let proxy = RealProxy::shared().await;
    let head = format!(
        "GET /v1/models HTTP/1.1\nhost: proxy\nconnection: close\nauthorization: Bearer {MASTER_KEY}"
    );
    let mut stream = request(&proxy.url, &head, "").await;
    let answer = read_to_end(&mut stream).await.expect("an answer");
    for model in ["plain", "pair", "alias-shown", "deepseek/deepseek-chat", "up"] {
        assert!(answer.contains(&format!("\"id\":\"{model}\"")), "{model}: {answer}");
    }
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn the_upstream_tells_what_reached_it_and_when_the_proxy_left() {
    let proxy = RealProxy::shared().await;
    let head = format!("POST /v1/chat/completions HTTP/1.1\nhost: proxy\nauthorization: Bearer {MASTER_KEY}");
    let body =
        json!({"model": "up", "stream": true, "messages": [{"role": "user", "content": "hang mark-1"}]});
    let mut stream = request(&proxy.url, &head, &body.to_string()).await;
    read_until(&mut stream, "moment").await;
    let seen = proxy.upstream_request("mark-1").await;
    assert_eq!(seen["body"]["model"], "up-model");
    drop(stream);
    proxy.upstream_hung_up(&seen).await;
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn virtual_keys_have_limits() {
    let proxy = RealProxy::with_keys().await;
    for (key, model, error) in [
        ("sk-limited", "other", "key_model_access_denied"),
        ("sk-expired", "plain", "expired_key"),
        ("sk-nobody", "plain", "token_not_found_in_db"),
        ("sk-limited", "plain", "Hello from the mock."),
    ] {
        let head = format!(
            "POST /v1/chat/completions HTTP/1.1\nhost: proxy\nconnection: close\nauthorization: Bearer {key}"
        );
        let body = json!({"model": model, "messages": [{"role": "user", "content": "hello"}]});
        let mut stream = request(&proxy.url, &head, &body.to_string()).await;
        let answer = read_to_end(&mut stream).await.expect("an answer");
        assert!(answer.contains(error), "{key}: {answer}");
    }
}
