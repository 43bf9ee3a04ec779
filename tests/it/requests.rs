//! What goes on the wire for a request, and which requests are refused.
#![allow(clippy::unwrap_used)]

use litellm_ls::provider::request::{self, Body, ModelFacts, Route};
use litellm_ls_protocol::{Compatibility, CompleteParams, MaxTokensParam};
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

/// A model behind these, at a proxy.
fn behind(backends: &[&str]) -> ModelFacts {
    ModelFacts {
        backends: backends.iter().map(|backend| (*backend).to_owned()).collect(),
        proxies: vec!["http://here".into(), "http://there".into()],
        ..ModelFacts::default()
    }
}

#[test]
fn a_message_is_at_home_with_the_model_that_made_it() {
    let message = |made_by: Value| {
        json!({"role": "assistant", "content": "a", "reasoning": "r", "reasoningBlocks": [{"type": "thinking"}],
            "providerFields": {"x": 1, "$madeBy": made_by}})
    };
    let claude = &["anthropic/claude"][..];
    for (made_by, backends, home) in [
        (json!({"model": "m", "proxy": "http://here", "vendor": "anthropic"}), claude, true),
        // Another address of the same deployment.
        (json!({"model": "m", "proxy": "http://there", "vendor": "anthropic"}), claude, true),
        (json!({"model": "other", "proxy": "http://here", "vendor": "anthropic"}), claude, false),
        (json!({"model": "m", "proxy": "http://elsewhere", "vendor": "anthropic"}), claude, false),
        // The name now stands for another vendor's model, or for one more.
        (json!({"model": "m", "proxy": "http://here", "vendor": "openai"}), claude, false),
        (json!({"model": "m", "vendor": "anthropic"}), &["anthropic/claude", "bedrock/claude"][..], false),
        (
            json!({"model": "m", "vendor": "anthropic bedrock"}),
            &["bedrock/b", "anthropic/a", "bedrock/c"][..],
            true,
        ),
        // What one side does not know is not compared.
        (json!({"model": "m"}), claude, true),
        (json!({"model": "m", "vendor": "anthropic"}), &[][..], true),
        (json!({}), claude, true),
        (json!("m"), claude, true),
    ] {
        let wish = json!({"messages": [message(made_by.clone())]});
        let sent = body(wish, &behind(backends), Compatibility::Default).fields["messages"][0].take();
        let added = ["reasoning_content", "thinking_blocks", "provider_specific_fields"];
        for name in added {
            assert_eq!(sent.get(name).is_some(), home, "{name} of {made_by} to {backends:?}: {sent}");
        }
        assert_eq!(sent["content"], "a");
        assert!(!sent.to_string().contains('$'), "{sent}");
    }
}

#[test]
fn what_stood_beside_never_takes_the_place_of_what_everybody_knows() {
    let beside = json!({"role": "system", "content": "evil", "tool_calls": [], "extra": 1});
    let of_call = json!({"id": "evil", "function": {"name": "evil", "extra": 2}, "extra": 3});
    let sent = messages(
        json!([{"role": "assistant", "content": "a", "providerFields": {"$beside": beside}, "toolCalls":
            [{"id": "c", "name": "f", "arguments": "{}", "providerFields": {"$beside": of_call}}]}]),
        Compatibility::Default,
    );
    let expected = json!([{"role": "assistant", "content": "a", "extra": 1, "tool_calls":
        [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}", "extra": 2}, "extra": 3}]}]);
    assert_eq!(sent, expected);
}

#[test]
fn a_signature_in_an_id_stays_with_the_gemini_that_wrote_it() {
    let history = |made_by: &str| {
        json!({"messages": [
            {"role": "assistant", "toolCalls": [{"id": "c__thought__SIG", "name": "f", "arguments": "{}"}],
             "providerFields": {"$madeBy": {"model": made_by}}},
            {"role": "tool", "toolCallId": "c__thought__SIG", "content": "x"},
        ]})
    };
    for (made_by, id, placeholder) in [("m", "c__thought__SIG", false), ("other", "c", true)] {
        let sent = body(history(made_by), &behind(&["gemini/gemini-3-pro"]), Compatibility::Default).fields
            ["messages"]
            .take();
        let call = &sent[0]["tool_calls"][0];
        assert_eq!((&call["id"], &sent[1]["tool_call_id"]), (&json!(id), &json!(id)));
        assert_eq!(call.get("provider_specific_fields").is_some(), placeholder, "{sent}");
    }
}

#[test]
fn thinking_is_left_out_where_claude_could_not_read_the_last_turn() {
    let calls = json!([{"id": "c", "name": "f", "arguments": "{}"}]);
    let user = json!({"role": "user", "content": "u"});
    let result = json!({"role": "tool", "toolCallId": "c", "content": "x"});
    let turn = |blocks: Value, made_by: &str| {
        json!({"role": "assistant", "toolCalls": calls, "reasoningBlocks": blocks,
            "providerFields": {"$madeBy": {"model": made_by}}})
    };
    let signed = json!([{"type": "thinking", "thinking": "t", "signature": "s"}]);
    let blind = turn(json!([]), "m");
    let claude = &["anthropic/claude-sonnet-4-5"][..];
    for (name, history, backends, thinks) in [
        ("no blocks", json!([user, blind, result]), claude, false),
        ("asked again after the result", json!([user, blind, result, user]), claude, false),
        ("signed", json!([user, turn(signed.clone(), "m"), result]), claude, true),
        ("signed by another", json!([user, turn(signed.clone(), "other"), result]), claude, false),
        (
            "sealed",
            json!([user, turn(json!([{"type": "redacted_thinking", "data": "d"}]), "m"), result]),
            claude,
            true,
        ),
        (
            "not signed",
            json!([user, turn(json!([{"type": "thinking", "thinking": "t"}]), "m"), result]),
            claude,
            false,
        ),
        (
            "OpenRouter's",
            json!([user, turn(json!([{"type": "reasoning.text", "text": "t"}]), "m"), result]),
            claude,
            false,
        ),
        ("no calls", json!([user, {"role": "assistant", "content": "a"}, user]), claude, true),
        (
            "a later turn without calls",
            json!([blind, result, {"role": "assistant", "content": "a"}, user]),
            claude,
            true,
        ),
        ("the first turn", json!([user]), claude, true),
        ("not known to be none", json!([user, blind, result]), &["openai/my-gateway"][..], false),
        ("nothing known", json!([user, blind, result]), &[][..], false),
        (
            "a model that is not particular",
            json!([user, blind, result]),
            &["gemini/gemini-2.5-pro"][..],
            true,
        ),
        (
            "one that is not particular, by a gateway",
            json!([user, blind, result]),
            &["openrouter/deepseek/deepseek-r1"][..],
            true,
        ),
        (
            "Claude by a gateway",
            json!([user, blind, result]),
            &["openrouter/anthropic/claude-sonnet"][..],
            false,
        ),
    ] {
        let wish = json!({"messages": history, "thinkingBudget": 2000, "tools": [{"name": "f"}]});
        let Body { fields, warnings, .. } = body(wish, &behind(backends), Compatibility::Default);
        assert_eq!(fields.contains_key("thinking"), thinks, "{name}");
        assert_eq!(warnings.is_empty(), thinks, "{name}: {warnings:?}");
    }
    // An effort becomes a budget for Claude; to others it is only a word.
    for (effort, backends, sent) in [
        ("high", claude, false),
        ("none", claude, true),
        ("high", &["openai/gpt-5"][..], true),
        ("high", &[][..], true),
    ] {
        let wish = json!({"messages": [user, blind, result], "reasoningEffort": effort});
        let Body { fields, warnings, .. } = body(wish, &behind(backends), Compatibility::Default);
        assert_eq!(
            (fields.contains_key("reasoning_effort"), warnings.is_empty()),
            (sent, sent),
            "{effort} {backends:?}"
        );
    }
}

#[test]
fn a_message_that_only_calls_tools_has_the_content_that_its_model_takes() {
    let calls = json!([{"id": "c", "name": "f", "arguments": "{}"}]);
    let none = None;
    for (message, backends, compatibility, content) in [
        (json!({"toolCalls": calls}), &["anthropic/claude"][..], Compatibility::Default, none.clone()),
        (json!({"toolCalls": calls, "content": ""}), &["bedrock/x"][..], Compatibility::Strict, none.clone()),
        (json!({"toolCalls": calls, "content": []}), &[][..], Compatibility::Default, none.clone()),
        (
            json!({"toolCalls": calls, "content": [{"type": "text", "text": ""}]}),
            &[][..],
            Compatibility::Default,
            none,
        ),
        (
            json!({"toolCalls": calls}),
            &["deepseek/deepseek-chat"][..],
            Compatibility::Default,
            Some(Value::Null),
        ),
        (json!({"toolCalls": calls}), &["ollama_chat/llama3"][..], Compatibility::Default, Some(json!(""))),
        (json!({"toolCalls": calls}), &["lm_studio/qwen"][..], Compatibility::Default, Some(json!(""))),
        (json!({"toolCalls": calls}), &["anthropic/claude"][..], Compatibility::Roo, Some(json!(""))),
        (json!({"toolCalls": calls, "content": "a"}), &[][..], Compatibility::Default, Some(json!("a"))),
        (json!({}), &["anthropic/claude"][..], Compatibility::Default, Some(json!(""))),
    ] {
        let mut assistant = message.clone();
        assistant["role"] = json!("assistant");
        let sent =
            body(json!({"messages": [assistant]}), &behind(backends), compatibility).fields["messages"][0]
                .take();
        assert_eq!(sent.get("content"), content.as_ref(), "{message} to {backends:?}");
    }
}

#[test]
fn no_limit_is_sent_to_a_model_that_takes_none() {
    let facts = ModelFacts {
        max_tokens: Some(8192),
        max_tokens_param: Some(MaxTokensParam::None),
        ..ModelFacts::default()
    };
    for (wish, warned) in [
        (json!({"prompt": "a"}), false),
        (json!({"prompt": "a", "maxTokens": 5}), true),
        (json!({"fim": {"prefix": "a"}, "maxTokens": 5}), true),
    ] {
        let Body { fields, warnings, .. } = body(wish, &facts, Compatibility::Default);
        assert!(
            !fields.contains_key("max_tokens") && !fields.contains_key("max_completion_tokens"),
            "{fields:?}"
        );
        assert_eq!(!warnings.is_empty(), warned, "{warnings:?}");
    }
    // Who writes the body by hand knows better.
    let wish = json!({"prompt": "a", "extraBody": {"max_tokens": 5}});
    assert_eq!(body(wish, &facts, Compatibility::Default).fields["max_tokens"], 5);
}
