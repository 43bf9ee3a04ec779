//! What the real proxy shows: keys, models, completions whole and streamed, tools, reasoning, and its errors.

use litellm_ls_protocol::{Delta, ErrorKind};
use serde_json::{Value, json};

use super::support::{
    real_proxy::RealProxy,
    session::{with, with_real},
};

fn ids(list: &Value) -> Vec<&str> {
    list["models"].as_array().unwrap().iter().filter_map(|model| model["id"].as_str()).collect()
}

fn model<'a>(list: &'a Value, id: &str) -> &'a Value {
    list["models"].as_array().unwrap().iter().find(|model| model["id"] == id).unwrap_or(&Value::Null)
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn models_are_what_the_proxy_says_of_them() {
    let (_, mut server) = with_real().await;
    let list = server.ask("provider/listModels", json!({})).await;
    assert_eq!((&list["source"], &list["stale"]), (&json!("modelInfo"), &json!(false)));
    let described = model(&list, "described");
    for (field, value) in [
        ("provider", json!("anthropic")),
        ("contextWindow", json!(200_000)),
        ("maxTokens", json!(64_000)),
        ("inputPrice", json!(3.0)),
        ("outputPrice", json!(15.0)),
        ("cacheWritesPrice", json!(3.75)),
        ("cacheReadsPrice", json!(0.3)),
        ("supportsImages", json!(true)),
        ("supportsPromptCache", json!(true)),
        ("supportsComputerUse", json!(true)),
        ("supportsReasoning", json!(true)),
        ("description", json!("everything is said of this one")),
    ] {
        assert_eq!(described[field], value, "{field}");
    }
    let ids = ids(&list);
    assert_eq!(ids.iter().filter(|id| **id == "pair").count(), 1, "deployments of one name are one model");
    assert_eq!(model(&list, "pair")["maxTokens"], 1000, "with the strictest limits");
    assert_eq!(model(&list, "pair")["supportsImages"], false);
    assert!(ids.contains(&"alias-shown") && !ids.contains(&"alias-hidden"), "{ids:?}");
    assert!(!ids.contains(&"embed") && !ids.iter().any(|id| id.contains('*')), "{ids:?}");
    assert!(ids.iter().any(|id| id.starts_with("deepseek/")), "a wildcard is expanded: {ids:?}");
    let all = server.ask("provider/listModels", json!({"includeHidden": true})).await;
    assert_eq!(model(&all, "embed")["hidden"], "mode");
    server.end().await;
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn keys_that_the_proxy_takes_and_refuses() {
    let proxy = RealProxy::shared().await;
    for key in ["", "sk-wrong-key-000"] {
        let mut server = with(&proxy.url, key);
        let error = server.fails("provider/listModels", json!({}), ErrorKind::Unauthorized).await;
        assert!(error.remedy.unwrap().contains("apiKey"));
        assert_eq!(server.told_state().await, "unauthorized");
        let chat = json!({"model": "plain", "prompt": "hello"});
        server.fails("provider/complete", chat, ErrorKind::Unauthorized).await;
        let status = server.ask("provider/status", json!({})).await;
        assert_eq!((&status["state"], &status["authenticated"]), (&json!("unauthorized"), &json!(false)));
        server.end().await;
    }
    let (_, mut server) = with_real().await;
    let status = server.ask("provider/status", json!({})).await;
    assert_eq!((&status["state"], &status["version"]), (&json!("ready"), &json!("1.101.3")), "{status}");
    server.end().await;
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn an_answer_is_the_same_streamed_and_whole() {
    let (_, mut server) = with_real().await;
    let chat = json!({"model": "long", "messages": [{"role": "user", "content": "hello"}]});
    let streamed = server.stream(chat.clone()).await;
    let whole = server.ask("provider/complete", chat).await;
    let result = streamed.outcome.unwrap();
    assert_eq!(whole["message"]["text"], result.message.text);
    assert!(result.message.text.contains("日本語 🦀🚀 — ünïcödé."));
    assert_eq!(result.finish_reason.as_deref(), Some("stop"));
    let usage = result.usage.unwrap();
    assert!(usage.input_tokens > Some(0) && usage.output_tokens > Some(0) && usage.cost > Some(0.0));
    assert!(streamed.deltas.len() > 1);
    server.end().await;
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn reasoning_tools_and_usage_come_from_the_vendor_behind_the_proxy() {
    let (_, mut server) = with_real().await;
    let thought = server.stream(json!({"model": "up", "prompt": "reasoning please"})).await;
    let result = thought.outcome.unwrap();
    assert_eq!(
        (result.message.reasoning.as_deref(), result.message.text.as_str()),
        (Some("Let me think."), "42")
    );
    let first = thought.deltas.first();
    assert!(matches!(first, Some(Delta::Reasoning { .. })), "{first:?}");
    let usage = result.usage.unwrap();
    assert_eq!((usage.input_tokens, usage.output_tokens), (Some(100), Some(20)));
    assert_eq!((usage.cache_read_tokens, usage.reasoning_tokens), (60, 5));

    let tool = json!({"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}});
    let called = server.stream(json!({"model": "up", "prompt": "tools please", "tools": [tool]})).await;
    let result = called.outcome.unwrap();
    let calls: Vec<_> =
        result.message.tool_calls.iter().map(|call| (call.name.as_str(), call.arguments.as_str())).collect();
    assert_eq!(calls, [("get_weather", r#"{"city":"Rome"}"#), ("get_time", r#"{"zone":"CET"}"#)]);
    assert_eq!(result.finish_reason.as_deref(), Some("toolCalls"));
    server.end().await;
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn nothing_is_sent_that_nobody_asked_for() {
    let (proxy, mut server) = with_real().await;
    server.ask("provider/complete", json!({"model": "up", "prompt": "plain mark-stray"})).await;
    let body = proxy.upstream_request("mark-stray").await["body"].clone();
    let mut names: Vec<&String> = body.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["messages", "model", "stream", "stream_options"], "{body}");
    let asked = json!({"model": "up", "prompt": "plain mark-asked", "temperature": 0, "maxTokens": 5,
        "stop": ["x"], "extraBody": {"logit_bias": {"1": 2}}});
    server.ask("provider/complete", asked).await;
    let body = proxy.upstream_request("mark-asked").await["body"].clone();
    assert_eq!(
        (&body["temperature"], &body["stop"], &body["logit_bias"]),
        (&json!(0.0), &json!(["x"]), &json!({"1": 2})),
        "{body}"
    );
    assert!(body["max_tokens"] == 5 || body["max_completion_tokens"] == 5, "{body}");
    server.end().await;
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn the_errors_of_the_proxy_have_their_kinds() {
    let (_, mut server) = with_real().await;
    for (model, prompt, kind) in [
        ("error-rate-limit", "x", ErrorKind::RateLimited),
        ("error-context", "x", ErrorKind::ContextWindowExceeded),
        ("error-filter", "x", ErrorKind::ContentFiltered),
        ("error-internal", "x", ErrorKind::Upstream),
        ("error-refused", "x", ErrorKind::Upstream),
        ("plan", "x", ErrorKind::ModelNotFound),
        ("up", "refuse400", ErrorKind::InvalidRequest),
        ("up", "refuse401", ErrorKind::UpstreamUnauthorized),
        ("up", "error", ErrorKind::Upstream),
    ] {
        let chat = json!({"model": model, "prompt": prompt});
        let error = server.fails("provider/complete", chat, kind).await;
        if kind == ErrorKind::ModelNotFound {
            assert_eq!(error.nearest.first().map(String::as_str), Some("plain"));
        }
        if prompt == "error" {
            assert_eq!(error.partial.unwrap().message.text, "Half an ");
        }
    }
    let fallen = server.ask("provider/complete", json!({"model": "falls-back", "prompt": "x"})).await;
    assert_eq!(fallen["message"]["text"], "Hello from the mock.");
    server.abandon();
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn a_cancelled_completion_is_closed_up_to_the_vendor() {
    let (proxy, mut server) = with_real().await;
    let id = server
        .request(
            "provider/complete",
            json!({"model": "up", "prompt": "hang mark-cancel", "partialResultToken": 1}),
        )
        .await;
    let request = proxy.upstream_request("mark-cancel").await;
    server.notification("$/progress").await;
    server.notify("$/cancelRequest", json!({"id": id})).await;
    assert_eq!(server.response(id).await.unwrap_err()["code"], -32800);
    proxy.upstream_hung_up(&request).await;
    server.abandon();
}
