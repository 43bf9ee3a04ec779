//! Thought signatures, without which Gemini refuses the tool calls of a history.

use litellm_ls_protocol::Compatibility;
use serde_json::{Map, Value};

use super::{ModelFacts, tool_ids};

/// Google's placeholder for a call whose signature is lost: base64 of `skip_thought_signature_validator`.
const PLACEHOLDER: &str = "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I=";

/// A family of models, as far as a history is written differently for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// A Gemini that wants signatures: 2.5, or 3 and up.
    Gemini,
    /// One of Mistral's, which takes short ids only.
    Mistral,
    /// Any other model.
    Other,
}

/// The family by the id and the underlying ids (D27). Roo looks at the id alone and takes `gemini-30` for a Gemini
/// that wants signatures too (R27).
pub fn family(model: &str, facts: &ModelFacts, compatibility: Compatibility) -> Family {
    let is_gemini = match compatibility {
        Compatibility::Roo => {
            let model = model.to_lowercase();
            ["gemini-3", "gemini-2.5", "gemini 3", "gemini 2.5"].iter().any(|family| model.contains(family))
        }
        Compatibility::Default | Compatibility::Strict | Compatibility::Unknown => {
            facts.names(model).any(is_thinking_gemini)
        }
    };
    let is_mistral = || compatibility != Compatibility::Roo && facts.names(model).any(is_mistral);
    match is_gemini {
        true => Family::Gemini,
        false if is_mistral() => Family::Mistral,
        false => Family::Other,
    }
}

fn is_mistral(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["mistral", "mixtral", "codestral", "devstral", "magistral", "ministral", "pixtral"]
        .iter()
        .any(|family| name.contains(family))
}

fn is_thinking_gemini(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.match_indices("gemini").any(|(at, family)| {
        let rest = &name[at + family.len()..];
        let version = rest.strip_prefix(['-', '_', ' ']).unwrap_or(rest);
        let after =
            version.strip_prefix("2.5").or_else(|| version.strip_prefix(|digit| matches!(digit, '3'..='9')));
        after.is_some_and(|after| !after.starts_with(|next: char| next.is_ascii_digit()))
    })
}

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
    fn families_are_told_by_id_or_underlying_id() {
        for name in [
            "gemini-3-pro",
            "gemini_2.5",
            "Gemini 4",
            "gemini3",
            "gemini2.5-flash",
            "x/gemini-3.1",
            "gemini-gemini-3",
        ] {
            assert_eq!(
                family(name, &ModelFacts::default(), Compatibility::Default),
                Family::Gemini,
                "{name}"
            );
        }
        for name in
            ["gemini", "gemini-2", "gemini-2.0", "gemini-30", "gemini--3", "gem-3", "gemini-pro-3", ""]
        {
            assert_eq!(family(name, &ModelFacts::default(), Compatibility::Default), Family::Other, "{name}");
        }
        assert_eq!(
            family("x/Devstral-small", &ModelFacts::default(), Compatibility::Default),
            Family::Mistral
        );
        let alias = ModelFacts { backends: vec!["vertex_ai/gemini-2.5-pro".into()], ..ModelFacts::default() };
        assert_eq!(family("smart", &alias, Compatibility::Strict), Family::Gemini);
        assert_eq!(family("smart", &alias, Compatibility::Roo), Family::Other);
    }

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
