//! What a provider adds to an answer goes back to the model that wrote it, to the byte, and to no other.

use litellm_ls_protocol::{CompleteResult, Delta};
use serde_json::{Value, json};

use crate::support::{
    fake_proxy::{Answer, FakeProxy},
    server::TestServer,
    session::{with_fake, with_real},
};

const ROUTE: &str = "POST /v1/chat/completions";

/// A call, with what else the piece has.
fn call(more: Value) -> Value {
    let mut call = json!({"index": 0, "id": "call_1", "function": {"name": "look", "arguments": "{}"}});
    merge(&mut call, more);
    json!({"tool_calls": [call]})
}

fn merge(value: &mut Value, more: Value) {
    match (value, more) {
        (Value::Object(known), Value::Object(more)) => {
            for (name, value) in more {
                merge(known.entry(name).or_insert(Value::Null), value);
            }
        }
        (value, more) => *value = more,
    }
}

fn thinking(text: &str, signature: Option<&str>) -> Value {
    let mut block = json!({"type": "thinking", "thinking": text});
    if let Some(signature) = signature {
        block["signature"] = json!(signature);
    }
    block
}

fn blocks(blocks: impl Into<Vec<Value>>) -> Value {
    json!({"thinking_blocks": blocks.into()})
}

/// As LiteLLM streams Claude's thinking: in the reasoning, in blocks, and once more among the provider's fields.
fn litellm(reasoning: &str, block: Value) -> Value {
    json!({"reasoning_content": reasoning, "thinking_blocks": [block], "content": "",
           "provider_specific_fields": {"thinking_blocks": [block]}})
}

fn numbered(mut block: Value, index: u64) -> Value {
    block["index"] = json!(index);
    block
}

fn detail(kind: &str, index: u64, more: Value) -> Value {
    let mut detail = json!({"type": kind, "format": "x", "index": index});
    merge(&mut detail, more);
    detail
}

fn details(details: impl Into<Vec<Value>>) -> Value {
    json!({"reasoning_details": details.into()})
}

/// Deltas, and what they add to the message that goes back; under `call`, to its call.
fn cases() -> Vec<(&'static str, Vec<Value>, Value)> {
    let signed = thinking("Forty and two.", Some("sig"));
    let redacted = json!({"type": "redacted_thinking", "data": "RED=="});
    let sealed = detail("reasoning.encrypted", 1, json!({"data": "ENC", "id": "rs_1"}));
    vec![
        (
            "litellm 1.101.3: the signed piece repeats all",
            vec![
                litellm("Forty ", thinking("Forty ", None)),
                litellm("and two.", thinking("and two.", None)),
                litellm("", signed.clone()),
            ],
            blocks([signed.clone()]),
        ),
        (
            "litellm 1.110.2: the signed piece is empty, and all are numbered",
            vec![
                litellm("Forty ", numbered(thinking("Forty ", None), 0)),
                litellm("and two.", numbered(thinking("and two.", None), 0)),
                litellm("", numbered(thinking("", Some("sig")), 0)),
            ],
            blocks([signed.clone()]),
        ),
        (
            "the signed piece brings the rest",
            vec![
                litellm("Forty ", thinking("Forty ", Some(""))),
                litellm("and two.", thinking("and two.", Some("sig"))),
            ],
            blocks([signed.clone()]),
        ),
        (
            "no reasoning but in blocks, repeated at the end",
            vec![blocks([thinking("Forty ", None)]), blocks([signed.clone()])],
            blocks([signed.clone()]),
        ),
        (
            "no reasoning but in blocks, ended by the rest",
            vec![blocks([thinking("Forty ", None)]), blocks([thinking("and two.", Some("sig"))])],
            blocks([signed.clone()]),
        ),
        (
            "what repeats itself is no repetition",
            vec![litellm("ha", thinking("ha", None)), litellm("ha", thinking("ha", Some("sig")))],
            blocks([thinking("haha", Some("sig"))]),
        ),
        (
            "several blocks, sealed ones between",
            vec![
                litellm("a", thinking("a", None)),
                litellm("", thinking("a", Some("1"))),
                blocks([redacted.clone()]),
                blocks([redacted.clone()]),
                litellm("b", thinking("b", None)),
                litellm("", thinking("b", Some("2"))),
            ],
            blocks([thinking("a", Some("1")), redacted.clone(), redacted.clone(), thinking("b", Some("2"))]),
        ),
        (
            "numbered pieces, interleaved",
            vec![
                blocks([numbered(thinking("a", None), 0), numbered(thinking("b", None), 2)]),
                blocks([numbered(redacted.clone(), 1)]),
                blocks([numbered(thinking("B", None), 2), numbered(thinking("A", None), 0)]),
                blocks([numbered(thinking("", Some("1")), 0)]),
                blocks([numbered(thinking("", Some("2")), 2)]),
            ],
            blocks([thinking("aA", Some("1")), thinking("bB", Some("2")), redacted.clone()]),
        ),
        (
            "a signature alone, after an empty beginning",
            vec![
                blocks([thinking("", Some(""))]),
                blocks([thinking("", Some("S"))]),
                blocks([redacted.clone()]),
            ],
            blocks([thinking("", Some("S")), redacted.clone()]),
        ),
        (
            "two blocks of a signature alone",
            vec![blocks([thinking("", Some("S1"))]), blocks([thinking("", Some("S2"))])],
            blocks([thinking("", Some("S1")), thinking("", Some("S2"))]),
        ),
        ("whole, told twice", vec![litellm("Forty and two.", signed.clone())], blocks([signed.clone()])),
        (
            "whole, among the provider's fields alone",
            vec![
                json!({"provider_specific_fields": {"thinking_blocks": [signed.clone()], "citations": null}}),
            ],
            json!({"thinking_blocks": [signed.clone()], "provider_specific_fields": {"citations": null}}),
        ),
        (
            "a block nobody knows",
            vec![blocks([json!({"type": "dreaming", "index": 3, "x": [1.5]})])],
            blocks([json!({"type": "dreaming", "index": 3, "x": [1.5]})]),
        ),
        (
            "OpenRouter, in pieces",
            vec![
                details([detail("reasoning.text", 0, json!({"text": "I must ", "signature": null}))]),
                details([detail("reasoning.text", 0, json!({"text": "look.", "signature": null}))]),
                details([detail("reasoning.text", 0, json!({"text": "", "signature": "sig"}))]),
                details([sealed.clone()]),
            ],
            details([
                detail("reasoning.text", 0, json!({"text": "I must look.", "signature": "sig"})),
                sealed.clone(),
            ]),
        ),
        (
            "OpenRouter, whole",
            vec![
                json!({"provider_specific_fields": {"reasoning": "Hm.", "reasoning_details": [sealed.clone()]}, "reasoning_content": "Hm."}),
            ],
            details([sealed.clone()]),
        ),
        (
            "OpenRouter, all with one number",
            vec![
                details([detail("reasoning.summary", 0, json!({"summary": "S", "id": "1"}))]),
                details([detail("reasoning.encrypted", 0, json!({"data": "A", "id": "1"}))]),
                details([detail("reasoning.encrypted", 0, json!({"data": "B", "id": "2"}))]),
            ],
            details([
                detail("reasoning.summary", 0, json!({"summary": "S", "id": "1"})),
                detail("reasoning.encrypted", 0, json!({"data": "A", "id": "1"})),
                detail("reasoning.encrypted", 0, json!({"data": "B", "id": "2"})),
            ]),
        ),
        (
            "sealed items of the responses route",
            vec![
                json!({"reasoning_items": [{"id": "rs_1", "encrypted_content": "E1"}]}),
                json!({"reasoning_items": [{"id": "rs_2", "encrypted_content": "E2"}]}),
            ],
            json!({"reasoning_items": [{"id": "rs_1", "encrypted_content": "E1"}, {"id": "rs_2", "encrypted_content": "E2"}]}),
        ),
        (
            "a list that grows by repeating itself",
            vec![json!({"sources": [1]}), json!({"sources": [1, 2]})],
            json!({"sources": [1, 2]}),
        ),
        (
            "members of a message",
            vec![
                json!({"extra_content": {"google": {"thought": true}}, "nothing": null, "empty": [], "none": ""}),
                json!({"extra_content": {"google": {"thought_signature": "SIG"}}, "thought_signature": "SIG2", "flag": false}),
            ],
            json!({
                "extra_content": {"google": {"thought": true, "thought_signature": "SIG"}}, "nothing": null, "empty": [], "none": "",
                "thought_signature": "SIG2", "flag": false,
            }),
        ),
        (
            "the provider's fields",
            vec![
                json!({"provider_specific_fields": {"thought_signatures": ["a"], "refusal": null, "later": [], "never": {}}}),
                json!({"provider_specific_fields": {"thought_signatures": ["b"], "x": {"y": 1}, "later": "L", "$own": null}}),
                json!({"provider_specific_fields": {"x": null, "later": "", "thought_signatures": []}}),
            ],
            json!({"provider_specific_fields": {
                "thought_signatures": ["a", "b"], "x": {"y": 1}, "later": "L", "never": {}, "$own": null,
            }}),
        ),
        (
            "fields of another shape",
            vec![json!({"provider_specific_fields": ["a"]})],
            json!({"provider_specific_fields": ["a"]}),
        ),
        (
            "a refusal of another shape",
            vec![json!({"provider_specific_fields": {"refusal": {"x": 1}}})],
            json!({"provider_specific_fields": {"refusal": {"x": 1}}}),
        ),
        (
            "Gemini's signature beside a call",
            vec![call(json!({"extra_content": {"google": {"thought_signature": "SIG"}}}))],
            json!({"call": {"extra_content": {"google": {"thought_signature": "SIG"}}}}),
        ),
        (
            "a signature in a call",
            vec![call(json!({"thought_signature": "SIG"}))],
            json!({"call": {"thought_signature": "SIG"}}),
        ),
        (
            "a signature in a function",
            vec![call(
                json!({"function": {"thought_signature": "SIG", "provider_specific_fields": {"thought_signature": "SIG"}}}),
            )],
            json!({"call": {"function": {"thought_signature": "SIG", "provider_specific_fields": {"thought_signature": "SIG"}}}}),
        ),
        (
            "a signature among the fields of a call",
            vec![call(json!({"provider_specific_fields": {"thought_signature": "SIG"}}))],
            json!({"call": {"provider_specific_fields": {"thought_signature": "SIG"}}}),
        ),
        (
            "a signature behind its call",
            vec![
                call(json!({})),
                json!({"tool_calls": [{"index": 0, "function": {"arguments": ""}, "extra_content": {"google": {"thought_signature": "SIG"}}}]}),
            ],
            json!({"call": {"extra_content": {"google": {"thought_signature": "SIG"}}}}),
        ),
    ]
}

/// Asks a model, which says `deltas` and calls a tool.
async fn answered(
    fake: &FakeProxy,
    server: &mut TestServer,
    model: &str,
    deltas: &[Value],
) -> (CompleteResult, Vec<Delta>) {
    let mut answer = Answer::stream();
    for delta in deltas {
        answer = answer.delta(delta.clone());
    }
    if deltas.iter().all(|delta| delta["tool_calls"].is_null()) {
        answer = answer.delta(call(json!({})));
    }
    fake.on(ROUTE).answer(answer.finish("tool_calls").done());
    let streamed = server.stream(json!({"model": model, "prompt": "hi", "tools": [{"name": "look"}]})).await;
    (streamed.outcome.expect("an answer"), streamed.deltas)
}

/// The message as a client sends it back, and the result of its call.
fn history(said: &CompleteResult) -> Value {
    let message = json!(said.message);
    let mut assistant = json!({"role": "assistant", "content": said.message.text});
    for member in ["toolCalls", "reasoning", "reasoningBlocks", "providerFields"] {
        if !message[member].is_null() {
            assistant[member] = message[member].clone();
        }
    }
    json!([{"role": "user", "content": "hi"}, assistant, {"role": "tool", "toolCallId": "call_1", "content": "found"}])
}

/// The assistant's message as it went to a model.
async fn sent_back(fake: &FakeProxy, server: &mut TestServer, model: &str, said: &CompleteResult) -> Value {
    let params =
        json!({"model": model, "messages": history(said), "tools": [{"name": "look"}], "promptCache": "off"});
    server.ask("provider/complete", params).await;
    fake.requests_on(ROUTE).last().expect("a request").json()["messages"][1].take()
}

#[tokio::test]
async fn what_a_provider_adds_goes_back_to_the_same_model_and_to_no_other() {
    for (name, deltas, mut added) in cases() {
        let (fake, mut server) = with_fake().await;
        let (said, pieces) = answered(&fake, &mut server, "mine", &deltas).await;
        let mut back = sent_back(&fake, &mut server, "mine", &said).await;
        back.as_object_mut().unwrap().remove("reasoning_content");
        let plain = json!({"role": "assistant", "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}},
        ]});
        let mut expected = plain.clone();
        if let Some(call) = added.as_object_mut().unwrap().remove("call") {
            merge(&mut expected["tool_calls"][0], call);
        }
        merge(&mut expected, added);
        assert_eq!(back, expected, "{name}");

        let carried = pieces.iter().find_map(|delta| match delta {
            Delta::SendBack { reasoning_blocks, provider_fields } => {
                Some((reasoning_blocks, provider_fields))
            }
            _ => None,
        });
        assert_eq!(carried, Some((&said.message.reasoning_blocks, &said.message.provider_fields)), "{name}");
        let fields_of_calls = pieces.iter().rev().find_map(|delta| match delta {
            Delta::ToolCall { provider_fields, .. } => provider_fields.clone(),
            _ => None,
        });
        assert_eq!(fields_of_calls, said.message.tool_calls[0].provider_fields, "{name}");

        let to_other = sent_back(&fake, &mut server, "other", &said).await;
        assert_eq!(to_other, plain, "{name}");
        server.end().await;
    }
}

/// Some tell a thought in both forms, by turns, and some sign it twice.
#[tokio::test]
async fn a_thought_in_two_forms_is_put_together_in_each() {
    let (fake, mut server) = with_fake().await;
    let both = |text: &str, signature: Option<&str>| {
        let mut delta = blocks([thinking(text, signature)]);
        let signature = signature.map_or(json!({}), |signature| json!({"signature": signature}));
        merge(
            &mut delta,
            json!({"reasoning_details": [{"type": "reasoning.text", "text": text, "index": 0}]}),
        );
        merge(&mut delta["reasoning_details"][0], signature);
        delta
    };
    fake.on(ROUTE).answer(
        Answer::stream()
            .delta(both("I ", None))
            .delta(both("think.", None))
            .delta(both("", Some("s")))
            .delta(blocks([thinking("", Some("s"))]))
            .delta(call(json!({})))
            .finish("tool_calls")
            .done(),
    );
    let tools = json!([{"name": "look"}]);
    let streamed = server.stream(json!({"model": "mine", "prompt": "hi", "tools": tools})).await;
    let back = sent_back(&fake, &mut server, "mine", &streamed.outcome.expect("an answer")).await;
    assert_eq!(back["thinking_blocks"], json!([thinking("I think.", Some("s"))]));
    let detail = json!([{"type": "reasoning.text", "text": "I think.", "index": 0, "signature": "s"}]);
    assert_eq!(back["reasoning_details"], detail);
    server.end().await;
}

/// What nobody knows goes back where it came from.
#[tokio::test]
async fn details_of_any_shape_go_back_as_they_came() {
    let (fake, mut server) = with_fake().await;
    for details in
        [json!("abc"), json!({"a": 1}), json!([{"type": "custom", "z": 1}]), json!([{"text": "t"}])]
    {
        let answer = Answer::stream().delta(json!({"reasoning_details": details})).delta(call(json!({})));
        fake.on(ROUTE).answer(answer.finish("tool_calls").done());
        let tools = json!([{"name": "look"}]);
        let streamed = server.stream(json!({"model": "mine", "prompt": "hi", "tools": tools})).await;
        let back = sent_back(&fake, &mut server, "mine", &streamed.outcome.expect("an answer")).await;
        assert_eq!((&back["reasoning_details"], back.get("thinking_blocks")), (&details, None));
    }
    server.end().await;
}

#[tokio::test]
async fn a_fallback_is_the_model_that_made_the_message() {
    let (fake, mut server) = with_fake().await;
    let block = thinking("t", Some("s"));
    for (fallbacks, group, home, other) in
        [("1", "spare", "spare", "asked"), ("0", "alias", "asked", "alias")]
    {
        fake.on(ROUTE).answer(
            Answer::stream()
                .header("x-litellm-model-group", group)
                .header("x-litellm-attempted-fallbacks", fallbacks)
                .delta(blocks([block.clone()]))
                .delta(call(json!({})))
                .finish("tool_calls")
                .done(),
        );
        let tools = json!([{"name": "look"}]);
        let streamed = server.stream(json!({"model": "asked", "prompt": "hi", "tools": tools})).await;
        let said = streamed.outcome.expect("an answer");
        let back = sent_back(&fake, &mut server, home, &said).await;
        assert_eq!(back["thinking_blocks"], json!([block]), "{fallbacks}");
        let back = sent_back(&fake, &mut server, other, &said).await;
        assert_eq!(back.get("thinking_blocks"), None, "{fallbacks}");
    }
    server.end().await;
}

#[tokio::test]
async fn numbers_that_no_client_could_hold_go_back_as_they_were() {
    let (fake, mut server) = with_fake().await;
    let seal = r#"{"id":123456789012345678901234567890,"cost":1.10,"exponent":1E+4,"zero":-0,"plain":1.5}"#;
    let event = format!(
        r#"{{"choices":[{{"delta":{{"seal":{seal},"thinking_blocks":[{{"type":"dreaming","seal":{seal}}}],"tool_calls":[{{"index":0,"id":"call_1","function":{{"name":"look","arguments":"{{}}"}},"seal":{seal}}}]}}}}]}}"#
    );
    let tools = json!([{"name": "look"}]);
    fake.on(ROUTE).answer(Answer::stream().piece(format!("data: {event}\n\n")).finish("tool_calls").done());
    let streamed = server.stream(json!({"model": "mine", "prompt": "hi", "tools": tools})).await;
    let said = streamed.outcome.expect("an answer");
    sent_back(&fake, &mut server, "mine", &said).await;
    let body =
        String::from_utf8(fake.requests_on(ROUTE).last().expect("a request").body.clone()).expect("UTF-8");
    assert_eq!(body.matches(&format!(r#""seal":{seal}"#)).count(), 3, "{body}");
    assert!(!body.contains('$'), "{body}");
    server.end().await;
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn claude_goes_on_thinking_behind_the_real_proxy() {
    let (_, mut server) = with_real().await;
    let tools = json!([{"name": "look", "parameters": {"type": "object"}}]);
    let question = json!({"model": "up-claude", "prompt": "hi", "tools": tools, "thinkingBudget": 1024, "maxTokens": 4000});
    let said = server.stream(question).await.outcome.expect("an answer");
    assert_eq!(said.message.reasoning_blocks.len(), 3, "{:?}", said.message);
    let mut messages = history(&said);
    messages[2]["toolCallId"] = json!(said.message.tool_calls[0].id);
    let mut next = json!({"model": "up-claude", "messages": messages, "tools": tools, "thinkingBudget": 1024, "maxTokens": 4000});
    let done = server.ask("provider/complete", next.clone()).await;
    assert_eq!((&done["message"]["text"], &done["warnings"]), (&json!("It is done."), &Value::Null));

    // A turn whose reasoning is lost, or another model's.
    for lost in ["reasoningBlocks", "providerFields"] {
        match lost {
            "providerFields" => messages[1][lost]["$madeBy"]["model"] = json!("another"),
            lost => drop(messages[1].as_object_mut().expect("a message").remove(lost)),
        }
        next["messages"] = messages.clone();
        let done = server.ask("provider/complete", next.clone()).await;
        assert_eq!(done["message"]["text"], "It is done.");
        let warnings = done["warnings"].to_string();
        assert!(warnings.contains("thinking was left out"), "{warnings}");
        messages = history(&said);
        messages[2]["toolCallId"] = json!(said.message.tool_calls[0].id);
    }
    server.end().await;
}

/// The proxy's refusal of a request.
fn refusal(message: &str, param: Option<&str>) -> Answer {
    let error = json!({"message": message, "type": "invalid_request_error", "param": param, "code": "400"});
    Answer::json(400, &json!({"error": error}))
}

#[tokio::test]
async fn a_model_without_a_system_role_gets_the_text_from_the_user() {
    let (fake, mut server) = with_fake().await;
    let message = "Unsupported value: 'messages[0].role' does not support 'system' with this model.";
    fake.on(ROUTE).answer(refusal(message, Some("messages[0].role")));
    let question = json!({"model": "gpt", "system": "Be brief.", "prompt": "hi"});
    let done = server.ask("provider/complete", question.clone()).await;
    assert!(done["warnings"][0].as_str().expect("a warning").contains("system text"), "{done}");
    // The next question needs no refusal.
    server.ask("provider/complete", question).await;
    let sent: Vec<Value> = fake
        .requests_on(ROUTE)
        .iter()
        .filter(|request| request.route() == ROUTE)
        .map(|request| request.json()["messages"].take())
        .collect();
    let told = json!([{"role": "user", "content": "Be brief.\n\nhi"}]);
    assert_eq!(sent.len(), 3);
    assert_eq!((&sent[1], &sent[2]), (&told, &told));
    server.end().await;
}

#[tokio::test]
async fn reasoning_that_is_not_believed_is_left_out_once() {
    let (fake, mut server) = with_fake().await;
    let block = thinking("t", Some("s"));
    let (said, _) = answered(&fake, &mut server, "claude", &[blocks([block.clone()])]).await;
    fake.on(ROUTE).answer(refusal("messages.1.content.0: Invalid `signature` in `thinking` block", None));
    let question = json!({"model": "claude", "messages": history(&said), "thinkingBudget": 1024});
    let done = server.ask("provider/complete", question.clone()).await;
    assert!(done["warnings"][0].as_str().expect("a warning").contains("thinking was left out"), "{done}");
    let again = fake.requests_on(ROUTE).last().expect("a request").json();
    assert_eq!((again.get("thinking"), again["messages"][1].get("thinking_blocks")), (None, None));
    // Another conversation may well be believed.
    server.ask("provider/complete", question).await;
    let other = fake.requests_on(ROUTE).last().expect("a request").json();
    assert_eq!(other["messages"][1]["thinking_blocks"], json!([block]));
    server.end().await;
}
