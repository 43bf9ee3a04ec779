//! What of a question reaches the proxy, and what of an answer reaches the peer, beside plain text.

use litellm_ls_protocol::{Delta, ErrorKind};
use serde_json::{Value, json};

use crate::support::{
    fake_proxy::{Answer, FakeProxy},
    session::{with_fake, with_real},
};

const ROUTE: &str = "POST /v1/chat/completions";

/// A proxy with one model.
fn lists(fake: &FakeProxy, model_info: Value) {
    let row =
        json!({"model_name": "gpt", "litellm_params": {"model": "openai/gpt"}, "model_info": model_info});
    fake.on("GET /v1/model/info").always(Answer::json(200, &json!({"data": [row]})));
}

#[tokio::test]
async fn all_that_a_model_makes_beside_text_is_in_the_result() {
    let (fake, mut server) = with_fake().await;
    let image = json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}});
    fake.on(ROUTE).answer(
        Answer::stream()
            .delta(json!({"content": "See ", "provider_specific_fields": {}}))
            .delta(json!({"images": [image], "annotations": [{"type": "url_citation"}]}))
            .delta(json!({"audio": {"id": "audio_1", "data": "AAAA", "transcript": "he"}}))
            .delta(json!({"audio": {"data": "BBBB", "transcript": "re"}, "images": 7, "annotations": "none"}))
            .delta(json!({"provider_specific_fields": {"citation": {"url": "a"}}}))
            .delta(json!({"content": "here", "provider_specific_fields": {"citation": {"url": "b"}, "refusal": null}}))
            .finish("stop")
            .done(),
    );
    let message =
        server.ask("provider/complete", json!({"model": "gpt", "prompt": "hi"})).await["message"].take();
    let expected = json!({
        "text": "See here",
        "images": [{"type": "image", "data": "AAAA", "mimeType": "image/png"}],
        "audio": {"id": "audio_1", "data": "AAAABBBB", "transcript": "here"},
        "annotations": [{"type": "url_citation"}],
        "providerFields": {
            "citations": [{"url": "a"}, {"url": "b"}], "$madeBy": {"model": "gpt", "proxy": fake.url()},
        },
    });
    assert_eq!(message, expected);
    server.end().await;
}

#[tokio::test]
async fn reasoning_and_provider_fields_go_back_unchanged() {
    let (fake, mut server) = with_fake().await;
    let block = json!({"type": "thinking", "thinking": "Hm.", "signature": "c2ln"});
    fake.on(ROUTE).answer(
        Answer::stream()
            .delta(json!({"reasoning_content": "H", "thinking_blocks": [{"type": "thinking", "thinking": "H", "signature": ""}]}))
            .delta(json!({"reasoning_content": "m.", "thinking_blocks": [{"type": "thinking", "thinking": "m.", "signature": "c2ln"}]}))
            .delta(json!({"provider_specific_fields": {"thought_signatures": ["x"]}}))
            .delta(json!({"tool_calls": [{"index": 4, "id": "call_1", "function": {"name": "f", "arguments": "{"}}]}))
            .delta(json!({"tool_calls": [{"index": 4, "function": {"arguments": "}"}}]}))
            .delta(json!({"tool_calls": [{"index": 9, "id": "call_2", "function": {"name": "g", "arguments": "{}"}}]}))
            .finish("tool_calls")
            .done(),
    );
    let tools = json!([{"name": "f"}, {"name": "g"}]);
    let streamed = server.stream(json!({"model": "claude", "prompt": "hi", "tools": tools})).await;
    let said = streamed.outcome.expect("an answer").message;
    assert_eq!(said.reasoning_blocks, std::slice::from_ref(&block));
    // Numbers with gaps are the vendor's; ours have none.
    let numbers: Vec<u32> = streamed
        .deltas
        .iter()
        .filter_map(|delta| match delta {
            Delta::ToolCall { index, .. } => Some(*index),
            _ => None,
        })
        .collect();
    assert!(numbers.is_sorted() && numbers.last() == Some(&1), "{numbers:?}");

    let assistant = json!({
        "role": "assistant", "content": said.text, "reasoning": said.reasoning,
        "reasoningBlocks": said.reasoning_blocks, "toolCalls": said.tool_calls, "providerFields": said.provider_fields,
    });
    let results = ["call_1", "call_2"].map(|id| json!({"role": "tool", "toolCallId": id, "content": "done"}));
    let messages = json!([{"role": "user", "content": "hi"}, assistant, results[0], results[1]]);
    // The tools are not given again: providers refuse a history with calls and no tools.
    server
        .ask("provider/complete", json!({"model": "claude", "messages": messages, "promptCache": "off"}))
        .await;
    let sent = fake.requests()[1].json();
    let back = &sent["messages"][1];
    assert_eq!((&back["thinking_blocks"], &back["reasoning_content"]), (&json!([block]), &json!("Hm.")));
    assert_eq!(back["provider_specific_fields"], json!({"thought_signatures": ["x"]}));
    assert_eq!(back["tool_calls"][1]["function"], json!({"name": "g", "arguments": "{}"}));
    assert_eq!(sent["tools"].as_array().map(Vec::len), Some(1));
    server.end().await;
}

#[tokio::test]
async fn a_caller_is_known_by_tags_session_user_and_trace() {
    let (fake, mut server) = with_fake().await;
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    server
        .ask(
            "provider/complete",
            json!({"model": "gpt", "prompt": "hi", "tags": ["t"], "sessionId": "s", "user": "u", "traceparent": trace}),
        )
        .await;
    let request = fake.next_on(ROUTE).await;
    assert_eq!(request.header("traceparent"), Some(trace));
    let sent = request.json();
    assert_eq!((&sent["metadata"], &sent["user"]), (&json!({"tags": ["t"], "session_id": "s"}), &json!("u")));
    for wrong in
        ["", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", "00-x\r\ny: z-b7ad6b7169203331-01"]
    {
        let params = json!({"model": "gpt", "prompt": "hi", "traceparent": wrong});
        let data = server.fails("provider/complete", params, ErrorKind::InvalidParams).await;
        assert_eq!(data.problems[0].path, "traceparent");
    }
    server.end().await;
}

#[tokio::test]
async fn a_question_longer_than_the_window_is_warned_of_before_it_is_sent() {
    let (fake, mut server) = with_fake().await;
    lists(&fake, json!({"mode": "chat", "max_input_tokens": 100, "max_output_tokens": 50}));
    server.ask("provider/listModels", json!({})).await;
    let fits = server.stream(json!({"model": "gpt", "prompt": "hi"})).await.outcome.expect("an answer");
    assert_eq!(fits.warnings, [""; 0]);
    let streamed = server.stream(json!({"model": "gpt", "prompt": "x".repeat(1000)})).await;
    let Some(Delta::Warning { message }) = streamed.deltas.first() else { panic!("{:?}", streamed.deltas) };
    assert!(message.contains("context window of gpt has 100"), "{message}");
    assert_eq!(streamed.outcome.expect("an answer").warnings, std::slice::from_ref(message));
    server.end().await;
}

#[tokio::test]
async fn an_effort_that_the_model_does_not_have_is_refused_here() {
    let (fake, mut server) = with_fake().await;
    lists(
        &fake,
        json!({"mode": "chat", "supports_reasoning": true, "supports_xhigh_reasoning_effort": false,
        "supports_minimal_reasoning_effort": false}),
    );
    server.ask("provider/listModels", json!({})).await;
    let ask = |effort: &str| json!({"model": "gpt", "prompt": "hi", "reasoningEffort": effort});
    let data = server.fails("provider/complete", ask("minimal"), ErrorKind::InvalidParams).await;
    assert_eq!(data.problems[0].path, "reasoningEffort");
    assert_eq!(data.remedy.as_deref(), Some("use one of: low, medium, high"));
    for effort in ["low", "none"] {
        server.ask("provider/complete", ask(effort)).await;
    }
    let sent: Vec<_> = fake.requests().iter().filter(|request| request.route() == ROUTE).cloned().collect();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].json()["reasoning_effort"], "low");
    server.end().await;
}

#[tokio::test]
async fn a_gap_is_filled_with_the_marks_of_the_family() {
    let (fake, mut server) = with_fake().await;
    let row = json!({"model_name": "coder", "litellm_params": {"model": "hosted_vllm/Qwen2.5-Coder-7B"}});
    fake.on("GET /v1/model/info").always(Answer::json(200, &json!({"data": [row]})));
    fake.on("GET /v1/models").always(Answer::json(200, &json!({"data": [{"id": "coder"}]})));
    server.ask("provider/listModels", json!({})).await;
    let choice =
        |text: &str, reason: Value| json!({"choices": [{"index": 0, "text": text, "finish_reason": reason}]});
    fake.on("POST /v1/completions").always(
        Answer::stream().event(&choice("fill", Value::Null)).event(&choice("ed", json!("stop"))).done(),
    );
    let gap = json!({"prefix": "a(", "suffix": ")"});
    let result = server.ask("provider/complete", json!({"model": "coder", "fim": gap, "stop": ["\n"]})).await;
    assert_eq!(result["message"]["text"], "filled");
    server.ask("provider/complete", json!({"model": "gpt", "fim": gap})).await;
    let marked = fake.next_on("POST /v1/completions").await.json();
    assert_eq!(marked["prompt"], "<|fim_prefix|>a(<|fim_suffix|>)<|fim_middle|>");
    assert_eq!(
        (marked.get("suffix"), &marked["stop"]),
        (None, &json!(["\n", "<|endoftext|>", "<|file_sep|>"]))
    );
    let plain = fake.next_on("POST /v1/completions").await.json();
    assert_eq!((&plain["prompt"], &plain["suffix"], plain.get("stop")), (&json!("a("), &json!(")"), None));
    server.end().await;
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn the_real_proxy_prices_and_counts_what_it_answers() {
    let (proxy, mut server) = with_real().await;
    let result =
        server.ask("provider/complete", json!({"model": "up", "prompt": "tools usage-of-tools"})).await;
    assert_eq!(result["finishReason"], "toolCalls");
    assert_eq!(result["message"]["toolCalls"][0]["arguments"], r#"{"city":"Rome"}"#);
    let usage = &result["usage"];
    assert_eq!((&usage["inputTokens"], &usage["cacheReadTokens"]), (&json!(100), &json!(60)));
    // Nobody knows the price of that model; a mock of a priced one has its cost from the proxy.
    assert_eq!((usage.get("cost"), usage.get("costSource")), (None, None));
    let priced = server.ask("provider/complete", json!({"model": "plain", "prompt": "hi"})).await;
    assert_eq!(priced["usage"]["costSource"], "proxy");
    assert!(priced["usage"]["cost"].as_f64().is_some_and(|cost| cost > 0.0), "{priced}");
    let sent = proxy.upstream_request("usage-of-tools").await;
    assert_eq!(sent["body"].get("temperature"), None);
    server.end().await;
}

#[tokio::test]
async fn every_tool_call_has_an_id_of_its_own() {
    let (fake, mut server) = with_fake().await;
    let call = |name: &str| json!({"id": "", "function": {"name": name, "arguments": "{}"}});
    let calls = json!([call("f"), call("g")]);
    let choice = json!({"finish_reason": "tool_calls", "message": {"tool_calls": calls}});
    fake.on(ROUTE)
        .answer(Answer::json(200, &json!({"choices": [choice]})))
        .answer(Answer::stream().delta(json!({"tool_calls": calls})).finish("tool_calls").done());
    let mut ids = std::collections::BTreeSet::new();
    for _ in ["whole", "streamed"] {
        let streamed = server.stream(json!({"model": "gpt", "prompt": "hi", "tools": [{"name": "f"}]})).await;
        let calls = streamed.outcome.expect("an answer").message.tool_calls;
        let said: Vec<_> = calls.iter().map(|call| (call.name.as_str(), call.arguments.as_str())).collect();
        assert_eq!(said, [("f", "{}"), ("g", "{}")]);
        for (number, call) in (0..).zip(&calls) {
            let told = streamed.deltas.iter().any(|delta| {
                matches!(delta, Delta::ToolCall { index, id, .. } if *index == number && id.as_ref() == Some(&call.id))
            });
            assert!(told && !call.id.is_empty(), "{call:?} in {:?}", streamed.deltas);
        }
        ids.extend(calls.into_iter().map(|call| call.id));
    }
    assert_eq!(ids.len(), 4, "{ids:?}");
    server.end().await;
}
