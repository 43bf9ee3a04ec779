//! Guesses how many tokens a prompt takes, to keep prompt and answer within a context window.

use litellm_ls_protocol::AssistantMessage;
use serde_json::{Map, Value};

/// What an image, a sound or a document is taken for; their bytes say nothing about their tokens.
const BYTES_OF_A_BINARY_PART: u64 = 4_000;

/// Tokens of what a body asks: its bytes / 4, rounded up.
pub(in crate::provider) fn tokens(fields: &Map<String, Value>) -> u64 {
    ["messages", "tools", "prompt", "suffix"]
        .iter()
        .filter_map(|name| fields.get(*name))
        .map(bytes)
        .sum::<u64>()
        .div_ceil(4)
}

/// Tokens of what a model said, shown or not: its bytes / 4, rounded up.
pub(in crate::provider) fn tokens_of_answer(message: &AssistantMessage) -> u64 {
    let texts = [Some(&message.text), message.reasoning.as_ref(), message.refusal.as_ref()];
    let calls = message.tool_calls.iter().map(|call| (call.name.len() + call.arguments.len()) as u64);
    let said = texts.into_iter().flatten().map(|text| text.len() as u64);
    said.chain(calls).sum::<u64>().div_ceil(4)
}

fn bytes(value: &Value) -> u64 {
    match value {
        Value::String(text) => text.len() as u64,
        Value::Array(items) => items.iter().map(bytes).sum(),
        Value::Object(fields) => match fields.get("type").and_then(Value::as_str) {
            Some("image_url" | "file" | "input_audio") => BYTES_OF_A_BINARY_PART,
            _ => fields.iter().map(|(name, value)| name.len() as u64 + bytes(value)).sum(),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => 4,
    }
}
