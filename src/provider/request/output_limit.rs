//! The most tokens an answer may have: how many, and under which name.

use litellm_ls_protocol::{Compatibility, LARGEST_WHOLE, MaxTokensParam};

use super::{ModelFacts, Route};

/// What the limit may be called.
pub(in crate::provider) const NAMES: [&str; 2] = ["max_tokens", "max_completion_tokens"];

/// D23: the caller's limit, else the model's known one, cut so that prompt and answer fit the known context window.
/// `None`, and so not sent, where there is none of 1 or more that JSON readers keep as it is (D13), or the user says that
/// the model takes none. Roo does not cut (R23).
///
/// `prompt_tokens` is asked only where it matters.
pub(super) fn value(
    asked: Option<u64>,
    facts: &ModelFacts,
    compatibility: Compatibility,
    prompt_tokens: impl FnOnce() -> u64,
) -> Option<u64> {
    if facts.max_tokens_param == Some(MaxTokensParam::None) {
        return None;
    }
    let limit = asked.or(facts.max_tokens).filter(|limit| (1..=LARGEST_WHOLE).contains(limit))?;
    match facts.context_window {
        Some(window) if compatibility != Compatibility::Roo => {
            Some(limit.min(window.saturating_sub(prompt_tokens()).max(1)))
        }
        _ => Some(limit),
    }
}

/// D24: the name that the model takes the limit by. `/v1/completions` knows `max_tokens` only.
pub(super) fn parameter(
    model: &str,
    facts: &ModelFacts,
    compatibility: Compatibility,
    route: Route,
) -> &'static str {
    let parameter = match (route, compatibility) {
        (Route::Text, _) => MaxTokensParam::MaxTokens,
        (Route::Chat, Compatibility::Roo) if is_gpt_5_for_roo(model) => MaxTokensParam::MaxCompletionTokens,
        (Route::Chat, Compatibility::Roo) => MaxTokensParam::MaxTokens,
        (Route::Chat, Compatibility::Default | Compatibility::Strict | Compatibility::Unknown) => facts
            .max_tokens_param
            .or_else(|| only_supported(facts.supported_params.as_deref()?))
            .unwrap_or_else(|| by_name(model, facts)),
    };
    let [max_tokens, max_completion_tokens] = NAMES;
    match parameter {
        // Without a limit the name is not sent either.
        MaxTokensParam::MaxTokens | MaxTokensParam::None | MaxTokensParam::Unknown => max_tokens,
        MaxTokensParam::MaxCompletionTokens => max_completion_tokens,
    }
}

/// The one of the two that a list names, if it names exactly one.
fn only_supported(params: &[String]) -> Option<MaxTokensParam> {
    match NAMES.map(|name| params.iter().any(|param| param == name)) {
        [true, false] => Some(MaxTokensParam::MaxTokens),
        [false, true] => Some(MaxTokensParam::MaxCompletionTokens),
        _ => None,
    }
}

fn by_name(model: &str, facts: &ModelFacts) -> MaxTokensParam {
    if facts.names(model).any(is_reasoning_family) {
        MaxTokensParam::MaxCompletionTokens
    } else {
        MaxTokensParam::MaxTokens
    }
}

/// Whether a name holds, at its start or after a separator, `gpt` with one digit from 5 up, or `o1`, `o3` or `o4`.
fn is_reasoning_family(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    starts_of_words(&name, |byte| byte.is_ascii_alphanumeric()).any(|rest| match rest.strip_prefix("gpt") {
        Some(version) => matches!(
            version.strip_prefix('-').unwrap_or(version).as_bytes(),
            [b'5'..=b'9'] | [b'5'..=b'9', b'\0'..=b'/' | b':'.., ..]
        ),
        None => matches!(rest.as_bytes(), [b'o', b'1' | b'3' | b'4', after @ ..]
            if !after.first().is_some_and(u8::is_ascii_alphanumeric)),
    })
}

/// R24: `gpt-5` or `gpt5` at the start of a word, of which `_` is a part, and not before a digit.
fn is_gpt_5_for_roo(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    starts_of_words(&name, |byte| byte.is_ascii_alphanumeric() || byte == b'_').any(|rest| {
        let after = rest.strip_prefix("gpt-5").or_else(|| rest.strip_prefix("gpt5"));
        after.is_some_and(|after| !after.starts_with(|next: char| next.is_ascii_digit()))
    })
}

/// What follows from each place where no byte of a word stands before.
fn starts_of_words(name: &str, in_word: impl Fn(u8) -> bool) -> impl Iterator<Item = &str> {
    name.char_indices()
        .filter(move |(at, _)| !at.checked_sub(1).is_some_and(|before| in_word(name.as_bytes()[before])))
        .map(|(at, _)| &name[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_openai_models_are_told_by_their_name() {
        for name in [
            "gpt-5",
            "gpt5",
            "GPT-6-mini",
            "my_gpt-5.1",
            "azure/gpt-9",
            "x.o1",
            "o3",
            "o4-mini",
            "O1-preview",
            "o3:latest",
            "模型o3",
            "gpt-5é",
        ] {
            assert!(is_reasoning_family(name), "{name}");
        }
        for name in [
            "gpt-4o",
            "gpt-50",
            "gpt-4.5",
            "gpt--5",
            "gpt_5",
            "chatgpt-5",
            "o2",
            "o1x",
            "o30",
            "foo1",
            "gpt-oss-5",
            "",
            "gpt",
            "gpt-",
            "o",
        ] {
            assert!(!is_reasoning_family(name), "{name}");
        }
    }

    #[test]
    fn roo_knows_gpt_5_only() {
        for name in ["gpt-5", "x-GPT5.1", "gpt-5o", "gpt-5_x"] {
            assert!(is_gpt_5_for_roo(name), "{name}");
        }
        for name in ["gpt-50", "o3", "x_gpt-5", "gpt-6", "chatgpt-5"] {
            assert!(!is_gpt_5_for_roo(name), "{name}");
        }
    }

    #[test]
    fn the_answer_fits_beside_the_prompt() {
        let facts =
            ModelFacts { max_tokens: Some(8192), context_window: Some(10_000), ..ModelFacts::default() };
        let value = |asked, prompt, compatibility| value(asked, &facts, compatibility, || prompt);
        assert_eq!(value(None, 1_808, Compatibility::Default), Some(8192));
        assert_eq!(value(None, 1_809, Compatibility::Default), Some(8191));
        assert_eq!(value(Some(9_500), 1_000, Compatibility::Strict), Some(9_000));
        assert_eq!(value(Some(100), 1_000, Compatibility::Default), Some(100));
        assert_eq!(value(None, 20_000, Compatibility::Default), Some(1));
        assert_eq!(value(None, 20_000, Compatibility::Roo), Some(8192));
    }

    #[test]
    fn an_unusable_limit_is_not_sent() {
        let facts = ModelFacts { max_tokens: Some(8192), ..ModelFacts::default() };
        for asked in [0, 1 << 53, u64::MAX] {
            assert_eq!(value(Some(asked), &facts, Compatibility::Default, || 0), None, "{asked}");
        }
        assert_eq!(value(None, &ModelFacts::default(), Compatibility::Default, || 0), None);
    }

    #[test]
    fn no_limit_is_sent_where_the_user_says_so() {
        let facts = ModelFacts {
            max_tokens: Some(8192),
            max_tokens_param: Some(MaxTokensParam::None),
            ..ModelFacts::default()
        };
        for compatibility in [Compatibility::Default, Compatibility::Strict, Compatibility::Roo] {
            for asked in [None, Some(5)] {
                assert_eq!(value(asked, &facts, compatibility, || 0), None, "{asked:?} {compatibility:?}");
            }
        }
    }

    #[test]
    fn a_text_completion_knows_one_name() {
        let facts = ModelFacts {
            max_tokens_param: Some(MaxTokensParam::MaxCompletionTokens),
            ..ModelFacts::default()
        };
        assert_eq!(parameter("gpt-5", &facts, Compatibility::Default, Route::Text), "max_tokens");
        assert_eq!(parameter("gpt-4o", &facts, Compatibility::Default, Route::Chat), "max_completion_tokens");
    }
}
