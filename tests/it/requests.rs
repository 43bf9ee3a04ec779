//! What goes on the wire for a request, and which requests are refused.
#![allow(clippy::unwrap_used)]

use litellm_ls::provider::request::{self, Body, ModelFacts, Route};
use litellm_ls_protocol::{Compatibility, CompleteParams};
use serde_json::{Value, json};

fn params(value: Value) -> CompleteParams {
    serde_json::from_value(value).unwrap()
}

fn body(value: Value, facts: &ModelFacts, compatibility: Compatibility) -> Body {
    request::body(&params(value), "m", facts, compatibility).unwrap()
}

/// The body of a request to a model of which nothing is known.
fn plain(value: Value) -> Value {
    body(value, &ModelFacts::default(), Compatibility::Default).fields.into()
}

fn messages(messages: Value, compatibility: Compatibility) -> Value {
    body(json!({"messages": messages}), &ModelFacts::default(), compatibility).fields["messages"].take()
}

#[test]
fn nothing_is_sent_that_nobody_asked_for() {
    let sent = json!({
        "model": "m",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": true,
        "stream_options": {"include_usage": true},
    });
    assert_eq!(plain(json!({"prompt": "hi"})), sent);
    assert_eq!(
        plain(json!({"messages": [{"role": "user", "content": "hi"}], "tools": [], "stop": [], "tags": []})),
        sent
    );
}

#[test]
fn what_is_asked_for_is_sent() {
    let sent = plain(json!({
        "system": "S", "prompt": "hi", "maxTokens": 4000, "temperature": 0.5, "topP": 0.9, "stop": ["x"], "seed": -1,
        "responseFormat": {"type": "json_object"}, "reasoningEffort": "low", "thinkingBudget": 2000,
        "tags": ["a"], "sessionId": "s", "user": "u", "toolChoice": {"name": "f"},
        "tools": [{"name": "f", "description": "d", "parameters": {"type": "object"}, "strict": true}],
        "extraBody": {"parallel_tool_calls": false, "seed": 7, "stream": true},
    }));
    let expected = json!({
        "model": "m",
        "messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "hi"}],
        "tools": [{"type": "function", "function":
            {"name": "f", "description": "d", "parameters": {"type": "object"}, "strict": true}}],
        "tool_choice": {"type": "function", "function": {"name": "f"}},
        "stream": true, "stream_options": {"include_usage": true},
        "max_tokens": 4000, "temperature": 0.5, "top_p": 0.9, "stop": ["x"], "seed": 7,
        "response_format": {"type": "json_object"}, "reasoning_effort": "low",
        "thinking": {"type": "enabled", "budget_tokens": 2000},
        "user": "u", "metadata": {"tags": ["a"], "session_id": "s"}, "parallel_tool_calls": false,
    });
    assert_eq!(sent, expected);
}

#[test]
fn a_gap_is_filled_as_text() {
    let facts = ModelFacts { max_tokens: Some(50), ..ModelFacts::default() };
    let wish = json!({"fim": {"prefix": "a", "suffix": "b"}, "temperature": 0.0});
    let Body { route, fields, .. } =
        request::body(&params(wish), "gpt-5", &facts, Compatibility::Default).unwrap();
    assert_eq!(route, Route::Text);
    let expected = json!({
        "model": "gpt-5", "prompt": "a", "suffix": "b", "stream": true, "stream_options": {"include_usage": true},
        "max_tokens": 50, "temperature": 0.0,
    });
    assert_eq!(Value::from(fields), expected);
    assert_eq!(plain(json!({"fim": {"prefix": "a"}})).get("suffix"), None);
}

#[test]
fn every_refusal_names_the_field() {
    for (wish, path) in [
        (json!({}), "messages"),
        (json!({"messages": []}), "messages"),
        (json!({"prompt": "a", "fim": {"prefix": "a"}}), "fim"),
        (json!({"messages": [{"role": "user", "content": "a"}], "prompt": "a"}), "prompt"),
        (json!({"fim": {"prefix": "a"}, "system": "S"}), "system"),
        (json!({"fim": {"prefix": "a"}, "tools": [{"name": "f"}]}), "tools"),
        (json!({"fim": {"prefix": "a"}, "toolChoice": "none"}), "toolChoice"),
        (json!({"messages": [{"role": "user"}]}), "messages[0].content"),
        (json!({"messages": [{"role": "tool", "content": "a"}]}), "messages[0].toolCallId"),
        (
            json!({"messages": [{"role": "user", "content": "a", "toolCallId": "c"}]}),
            "messages[0].toolCallId",
        ),
        (json!({"messages": [{"role": "user", "content": "a", "reasoning": "r"}]}), "messages[0].reasoning"),
        (
            json!({"messages": [{"role": "assistant"}, {"role": "system", "content": "a",
                "toolCalls": [{"id": "c", "name": "f", "arguments": ""}]}]}),
            "messages[1].toolCalls",
        ),
        (
            json!({"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image"}]}]}),
            "messages[0].content[1]",
        ),
        (
            json!({"messages": [{"role": "user", "content": [{"type": "image", "data": "AA", "mimeType": "image/png", "url": "u"}]}]}),
            "messages[0].content[0]",
        ),
        (
            json!({"messages": [{"role": "user", "content": [{"type": "document", "data": "AA"}]}]}),
            "messages[0].content[0].mimeType",
        ),
        (
            json!({"messages": [{"role": "tool", "toolCallId": "c", "content": [{"type": "image"}]}]}),
            "messages[0].content[0]",
        ),
        (json!({"prompt": "a", "thinkingBudget": 1023}), "thinkingBudget"),
        (json!({"prompt": "a", "thinkingBudget": 2000, "maxTokens": 2000}), "thinkingBudget"),
        (json!({"prompt": "a", "extraBody": {"stream": false}}), "extraBody.stream"),
    ] {
        let refused =
            request::body(&params(wish.clone()), "m", &ModelFacts::default(), Compatibility::Default);
        assert_eq!(refused.map_err(|invalid| invalid.path), Err(path.to_owned()), "{wish}");
    }
}

#[test]
fn a_known_limit_is_cut_to_what_the_prompt_leaves() {
    let facts = ModelFacts { max_tokens: Some(800), context_window: Some(1000), ..ModelFacts::default() };
    let limit =
        |wish: Value| body(wish, &facts, Compatibility::Default).fields["max_tokens"].as_u64().unwrap();
    assert_eq!(limit(json!({"prompt": "x"})), 800);
    let cut = limit(json!({"prompt": "x".repeat(2000)}));
    assert!((450..=500).contains(&cut), "{cut}");
    assert_eq!(limit(json!({"prompt": "x".repeat(8000)})), 1);
    // Tools are a part of the prompt; the bytes of an image say nothing about its tokens.
    let tool = json!({"name": "f", "description": "x".repeat(2000)});
    assert!(limit(json!({"prompt": "x", "tools": [tool]})) <= 500);
    let image = json!({"type": "image", "mimeType": "image/png", "data": "A".repeat(100_000)});
    let wide = ModelFacts { context_window: Some(10_000), ..facts.clone() };
    let wish = json!({"messages": [{"role": "user", "content": [image]}]});
    assert_eq!(body(wish, &wide, Compatibility::Default).fields["max_tokens"], 800);
}

#[test]
fn a_limit_of_the_extra_body_stands_alone() {
    let facts = ModelFacts { max_tokens: Some(800), ..ModelFacts::default() };
    let wish = json!({"prompt": "a", "extraBody": {"max_completion_tokens": 5}});
    let fields = body(wish, &facts, Compatibility::Default).fields;
    assert_eq!((fields.get("max_tokens"), &fields["max_completion_tokens"]), (None, &json!(5)));
}

#[test]
fn parts_become_those_of_openai_and_litellm() {
    let sent = messages(
        json!([{"role": "user", "content": [
            {"type": "text", "text": ""},
            {"type": "text", "text": "a"},
            {"type": "image", "data": "AA", "mimeType": "image/png"},
            {"type": "image", "url": "https://x/y.png", "mimeType": "image/png"},
            {"type": "document", "data": "AA", "mimeType": "application/pdf", "name": "a.pdf"},
            {"type": "document", "url": "https://x/y.pdf"},
            {"type": "audio", "data": "AA", "format": "wav"},
        ]}, {"role": "user", "content": [{"type": "text", "text": ""}]}]),
        Compatibility::Default,
    );
    let expected = json!([{"role": "user", "content": [
        {"type": "text", "text": "a"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}},
        {"type": "image_url", "image_url": {"url": "https://x/y.png"}},
        {"type": "file", "file": {"file_data": "data:application/pdf;base64,AA", "filename": "a.pdf"}},
        {"type": "file", "file": {"file_id": "https://x/y.pdf"}},
        {"type": "input_audio", "input_audio": {"data": "AA", "format": "wav"}},
    ]}, {"role": "user", "content": ""}]);
    assert_eq!(sent, expected);
}

#[test]
fn an_assistant_gets_back_what_it_sent() {
    let block = json!({"type": "thinking", "thinking": "t", "signature": "s", "unknown": [1, null]});
    let sent = messages(
        json!([
            {"role": "assistant", "reasoning": "r", "reasoningBlocks": [block], "toolCalls":
                [{"id": "a.b", "name": "f", "arguments": "{ }", "providerFields": {"x": 1}}]},
            {"role": "tool", "toolCallId": "a.b", "content": ""},
            {"role": "assistant", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
        ]),
        Compatibility::Default,
    );
    let expected = json!([
        {"role": "assistant", "reasoning_content": "r", "thinking_blocks": [block], "tool_calls":
            [{"id": "a_b", "type": "function", "function": {"name": "f", "arguments": "{ }"},
              "provider_specific_fields": {"x": 1}}]},
        {"role": "tool", "tool_call_id": "a_b", "content": "(empty)"},
        {"role": "assistant", "content": "a\nb"},
    ]);
    assert_eq!(sent, expected);
}

#[test]
fn images_of_tools_follow_after_all_their_results() {
    let result = |id: &str| {
        json!({"role": "tool", "toolCallId": id, "content":
            [{"type": "text", "text": id}, {"type": "image", "url": format!("https://x/{id}")}]})
    };
    let history = json!([result("a"), result("b"), {"role": "user", "content": "u"}, result("c")]);
    let tool = |id: &str| json!({"role": "tool", "tool_call_id": id, "content": format!("{id}\n(see following user message for image)")});
    let image = |id: &str| json!({"type": "image_url", "image_url": {"url": format!("https://x/{id}")}});
    let user = json!({"role": "user", "content": "u"});
    assert_eq!(
        messages(history.clone(), Compatibility::Default),
        json!([
            tool("a"), tool("b"), {"role": "user", "content": [image("a"), image("b")]},
            user, tool("c"), {"role": "user", "content": [image("c")]},
        ])
    );
    assert_eq!(messages(history, Compatibility::Roo), json!([tool("a"), tool("b"), user, tool("c")]));
}

#[test]
fn a_history_with_calls_has_a_tool() {
    let history = json!([
        {"role": "assistant", "toolCalls": [{"id": "c", "name": "f", "arguments": "{}"}]},
        {"role": "tool", "toolCallId": "c", "content": "42"},
    ]);
    let tools = |wish: Value, compatibility| {
        body(wish, &ModelFacts::default(), compatibility)
            .fields
            .get("tools")
            .map(|tools| tools[0]["function"]["name"].clone())
    };
    assert_eq!(tools(json!({"messages": history}), Compatibility::Default), Some(json!("no_tool")));
    assert_eq!(tools(json!({"messages": history}), Compatibility::Roo), None);
    assert_eq!(
        tools(json!({"messages": history, "tools": [{"name": "g"}]}), Compatibility::Strict),
        Some(json!("g"))
    );
    assert_eq!(tools(json!({"messages": [{"role": "user", "content": "a"}]}), Compatibility::Default), None);
}

#[test]
fn the_last_tool_is_marked_but_not_for_roo() {
    let facts = ModelFacts { supports_prompt_cache: true, ..ModelFacts::default() };
    let wish = json!({"prompt": "a", "tools": [{"name": "f"}, {"name": "g"}]});
    let marked = |compatibility| {
        let tools = body(wish.clone(), &facts, compatibility).fields["tools"].take();
        (0..2).map(|index| tools[index].get("cache_control").is_some()).collect::<Vec<_>>()
    };
    assert_eq!(marked(Compatibility::Default), [false, true]);
    assert_eq!(marked(Compatibility::Roo), [false, false]);
}
