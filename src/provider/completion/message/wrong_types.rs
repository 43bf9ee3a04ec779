//! Every field of an answer × every type that it is not: nothing else is lost, and no text in silence.

use serde_json::{Value, json};

use super::{Deltas, Message};
use crate::{
    litellm::read_pieces,
    provider::{carried::Maker, request::ModelFacts},
};

/// Values of all types. What is `x` or contains it could be a text of the model's.
const VALUES: [&str; 20] = [
    "null",
    "true",
    "false",
    "0",
    "7",
    "-1.5",
    "1e999",
    "NaN",
    "-Infinity",
    r#""""#,
    r#""x""#,
    "[]",
    "[7]",
    r#"["x"]"#,
    r#"[{"text":"x"}]"#,
    "[null]",
    "{}",
    r#"{"k":"y"}"#,
    r#"{"text":"x"}"#,
    "[[[]]]",
];

/// A field, which fields of the result it may change, and whether it carries what a model says.
const FIELDS: [(&str, &[&str], bool); 35] = [
    ("/id", &[], false),
    ("/object", &[], false),
    ("/created", &[], false),
    ("/model", &[], false),
    ("/system_fingerprint", &[], false),
    ("/usage", &[], false),
    ("/usage/prompt_tokens", &[], false),
    ("/usage/prompt_tokens_details", &[], false),
    ("/usage/completion_tokens_details/reasoning_tokens", &[], false),
    ("/citations", &["providerFields"], false),
    ("/choices", &["*"], true),
    ("/choices/0", &["*"], true),
    ("/choices/0/index", &["*"], false),
    ("/choices/0/logprobs", &[], false),
    ("/choices/0/finish_reason", &[], false),
    ("/choices/0/DELTA", &["*"], true),
    ("/choices/0/DELTA/role", &[], false),
    ("/choices/0/DELTA/content", &["text", "reasoning", "refusal"], true),
    ("/choices/0/DELTA/reasoning_content", &["reasoning"], true),
    ("/choices/0/DELTA/reasoning", &[], false),
    ("/choices/0/DELTA/refusal", &["refusal"], true),
    ("/choices/0/DELTA/thinking_blocks", &["reasoningBlocks"], false),
    ("/choices/0/DELTA/images", &["images"], false),
    ("/choices/0/DELTA/audio", &["audio"], false),
    ("/choices/0/DELTA/annotations", &["annotations"], false),
    ("/choices/0/DELTA/provider_specific_fields", &["providerFields", "refusal"], false),
    ("/choices/0/DELTA/tool_calls", &["toolCalls"], true),
    ("/choices/0/DELTA/tool_calls/0", &["toolCalls"], true),
    ("/choices/0/DELTA/tool_calls/0/index", &[], false),
    ("/choices/0/DELTA/tool_calls/0/id", &["toolCalls"], false),
    ("/choices/0/DELTA/tool_calls/0/type", &[], false),
    ("/choices/0/DELTA/tool_calls/0/provider_specific_fields", &["toolCalls"], false),
    ("/choices/0/DELTA/tool_calls/0/function/name", &["toolCalls"], true),
    ("/choices/0/DELTA/tool_calls/0/function", &["toolCalls"], true),
    ("/choices/0/DELTA/tool_calls/0/function/arguments", &["toolCalls"], true),
];

fn answer() -> Value {
    let call = json!({"index": 0, "id": "call", "type": "function", "function": {"name": "f", "arguments": "{}"},
        "provider_specific_fields": null});
    json!({
        "id": "c", "object": "o", "created": 1, "model": "m", "system_fingerprint": "f", "citations": null,
        "usage": {
            "prompt_tokens": 1, "completion_tokens": 1,
            "prompt_tokens_details": {}, "completion_tokens_details": {"reasoning_tokens": 0},
        },
        "choices": [{
            "index": 0, "logprobs": null, "finish_reason": null,
            "DELTA": {
                "role": "assistant", "content": "text", "reasoning_content": "reason", "reasoning": null, "refusal": "no",
                "thinking_blocks": [{"type": "thinking", "thinking": "reason"}],
                "images": [{"image_url": {"url": "https://i.example"}}],
                "audio": {"data": "AAAA"}, "annotations": [{"a": 1}], "provider_specific_fields": {"p": 1},
                "tool_calls": [call],
            },
        }],
    })
}

/// The message and whether there was a warning.
fn read(body: &str) -> (Value, bool) {
    let (mut message, mut deltas) = (Message::default(), Deltas::default());
    let (outcome, odd) = read_pieces([body.as_bytes()], |chunk| message.absorb(chunk, &mut deltas));
    assert_eq!(outcome, Ok(()), "{body}");
    let mut whole = json!(message.whole(&Maker::of("m", &ModelFacts::default())));
    whole["finish"] = json!(message.finish_reason);
    (whole, !odd.is_empty())
}

/// A stream whose first chunk is the one given, and goes on.
fn streamed(chunk: &str) -> String {
    let rest = [
        json!({"choices": [{"index": 0, "delta": {"content": " goes on"}}]}),
        json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}),
    ];
    let rest: String = rest.iter().map(|chunk| format!("data: {chunk}\n\n")).collect();
    format!("data: {chunk}\n\n{rest}data: [DONE]\n\n")
}

#[test]
fn a_field_of_another_type_costs_itself_at_most_and_no_text_in_silence() {
    let mut checked = 0;
    for delta in ["delta", "message"] {
        let written = |answer: &Value| {
            let text = answer.to_string().replace("DELTA", delta);
            if delta == "delta" { streamed(&text) } else { text }
        };
        let (as_it_should_be, _) = read(&written(&answer()));
        for (path, changes, carries_text) in FIELDS {
            for value in VALUES {
                let mut chunk = answer();
                *chunk.pointer_mut(path).unwrap() = json!("@");
                let body = written(&chunk).replace("\"@\"", value);
                let (came, warned) = read(&body);
                if delta == "delta" {
                    assert!(came["text"].as_str().unwrap().ends_with(" goes on"), "{path} {value}");
                }
                for (name, expected) in as_it_should_be.as_object().unwrap() {
                    let may_change =
                        changes.iter().any(|change| ["*", name].contains(change)) || name == "finish";
                    assert!(
                        may_change || came[name] == *expected,
                        "{path} {value}: {name} is {}",
                        came[name]
                    );
                }
                // An object is a right one there, whose members are not known.
                let is_object = value.starts_with('{') && !changes.contains(&"text");
                let says = carries_text
                    && !is_object
                    && value.contains('x')
                    && !came.to_string().replace("text", "").contains('x');
                assert!(!says || warned, "{path} {value} was lost in silence: {came}");
                checked += 1;
            }
        }
    }
    assert_eq!(checked, 2 * FIELDS.len() * VALUES.len());
}
