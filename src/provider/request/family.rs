//! Families of models that want a history written in their own way.

use litellm_ls_protocol::Compatibility;

use super::ModelFacts;

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

#[cfg(test)]
mod tests {
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
}
