//! Thought signatures, without which Gemini refuses the tool calls of a history.

use litellm_ls_protocol::Compatibility;
use serde_json::{Map, Value};

use super::tool_ids;

/// Google's placeholder for a call whose signature is lost: base64 of `skip_thought_signature_validator`.
const PLACEHOLDER: &str = "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I=";

/// The `provider_specific_fields` to send with a call to a Gemini: the placeholder fills in for a signature that is
/// neither among the fields nor in the call's id. Roo overwrites real ones (R27).
pub fn signed(call_id: &str, fields: Option<&Value>, compatibility: Compatibility) -> Option<Value> {
    let mut fields = match fields {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(fields)) => fields.clone(),
        Some(other) => return Some(other.clone()),
    };
    let is_signed =
        fields.iter().any(|(name, value)| has_signature(name, value)) || tool_ids::is_signed(call_id);
    if !is_signed || compatibility == Compatibility::Roo {
        fields.insert("thought_signature".into(), PLACEHOLDER.into());
    }
    (!fields.is_empty()).then_some(fields.into())
}

/// Whether a member is a thought signature or holds one, as in Google's own `extra_content`.
fn has_signature(name: &str, value: &Value) -> bool {
    match value {
        Value::String(text) => name == "thought_signature" && !text.is_empty(),
        Value::Object(members) => members.iter().any(|(name, value)| has_signature(name, value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_real_signature_is_kept_wherever_it_is() {
        let fields = json!({"thought_signature": "", "x": 1});
        let filled = json!({"thought_signature": PLACEHOLDER, "x": 1});
        assert_eq!(signed("call_1", Some(&fields), Compatibility::Default), Some(filled));
        // The proxy reads the fields before the id: a placeholder would hide the real one.
        assert_eq!(signed("call_1__thought__REAL", None, Compatibility::Default), None);
        assert_eq!(
            signed("call_1__thought__", None, Compatibility::Default),
            Some(json!({"thought_signature": PLACEHOLDER}))
        );
    }
}
