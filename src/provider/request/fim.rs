//! How a gap in a text is put to a model: by `suffix`, or by the marks that its family was trained on.

use litellm_ls_protocol::FillInTheMiddle;
use serde_json::{Map, Value, json};

use super::ModelFacts;

/// A family of models that fill gaps by marks in their prompt.
struct Marks {
    /// Words that a model's name holds, all of them.
    words: &'static [&'static str],
    /// The prompt; `{prefix}` and `{suffix}` once each.
    template: &'static str,
    /// What ends the answer: without it some servers go on with the next file.
    stop: &'static [&'static str],
    /// Providers that have a route of their own with `suffix` for it.
    native_at: &'static [&'static str],
}

/// In the order of looking: the more special first.
const MARKS: [Marks; 8] = [
    Marks {
        words: &["codestral"],
        template: "[SUFFIX]{suffix}[PREFIX]{prefix}",
        stop: &["</s>"],
        native_at: &["text-completion-codestral", "codestral", "mistral"],
    },
    Marks {
        words: &["deepseek"],
        template: "<｜fim▁begin｜>{prefix}<｜fim▁hole｜>{suffix}<｜fim▁end｜>",
        stop: &["<｜end▁of▁sentence｜>"],
        native_at: &["deepseek"],
    },
    Marks {
        words: &["qwen", "coder"],
        template: "<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>",
        stop: &["<|endoftext|>", "<|file_sep|>"],
        native_at: &[],
    },
    Marks {
        words: &["codegemma"],
        template: "<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>",
        stop: &["<|file_separator|>"],
        native_at: &[],
    },
    Marks {
        words: &["codellama"],
        template: "<PRE> {prefix} <SUF>{suffix} <MID>",
        stop: &["<EOT>"],
        native_at: &[],
    },
    Marks {
        words: &["starcoder"],
        template: "<fim_prefix>{prefix}<fim_suffix>{suffix}<fim_middle>",
        stop: &["<|endoftext|>", "<file_sep>"],
        native_at: &[],
    },
    Marks {
        words: &["stable-code"],
        template: "<fim_prefix>{prefix}<fim_suffix>{suffix}<fim_middle>",
        stop: &["<|endoftext|>"],
        native_at: &[],
    },
    Marks {
        words: &["granite", "code"],
        template: "<fim_prefix>{prefix}<fim_suffix>{suffix}<fim_middle>",
        stop: &["<|endoftext|>"],
        native_at: &[],
    },
];

/// Adds the gap to a body, and returns what must end the answer beside the caller's own.
///
/// Marks are for a model whose family is known and whose provider has no form of its own: vLLM and its like refuse a
/// `suffix`. Where the provider is not known either, a family with a native form at its maker is asked that way.
pub(super) fn set(
    gap: &FillInTheMiddle,
    model: &str,
    facts: &ModelFacts,
    fields: &mut Map<String, Value>,
) -> &'static [&'static str] {
    match family(model, facts) {
        Some(family) if !gap.suffix.is_empty() => {
            fields.insert("prompt".into(), prompt(family.template, gap).into());
            family.stop
        }
        _ => {
            fields.insert("prompt".into(), json!(gap.prefix));
            if !gap.suffix.is_empty() {
                fields.insert("suffix".into(), json!(gap.suffix));
            }
            &[]
        }
    }
}

/// Whether a model has learnt to fill gaps, as far as its names tell.
pub fn fills_gaps(model: &str, facts: &ModelFacts) -> bool {
    named(model, facts).is_some()
}

/// The family that a model's names tell of.
fn named(model: &str, facts: &ModelFacts) -> Option<&'static Marks> {
    let holds = |name: &str, words: &[&str]| {
        let name = name.to_ascii_lowercase();
        words.iter().all(|word| name.contains(word))
    };
    MARKS.iter().find(|family| facts.names(model).any(|name| holds(name, family.words)))
}

/// The family whose marks are to be used.
fn family(model: &str, facts: &ModelFacts) -> Option<&'static Marks> {
    let family = named(model, facts)?;
    let is_native = |backend: &String| {
        let provider = backend.split_once('/').map_or("", |(provider, _)| provider);
        provider == "ollama" || family.native_at.contains(&provider)
    };
    let native = if facts.backends.is_empty() {
        !family.native_at.is_empty()
    } else {
        facts.backends.iter().any(is_native)
    };
    (!native).then_some(family)
}

fn prompt(template: &str, gap: &FillInTheMiddle) -> String {
    // Split before anything is put in, for a text may hold `{prefix}` itself.
    let (before, rest) = template.split_once('{').unwrap_or((template, ""));
    let (first, rest) = rest.split_once('}').unwrap_or((rest, ""));
    let (between, rest) = rest.split_once('{').unwrap_or((rest, ""));
    let (second, after) = rest.split_once('}').unwrap_or((rest, ""));
    let text = |name: &str| if name == "prefix" { &gap.prefix } else { &gap.suffix };
    [before, text(first), between, text(second), after].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(model: &str, backends: &[&str]) -> (Value, Option<Value>) {
        let gap = FillInTheMiddle { prefix: "{suffix}a".into(), suffix: "b".into() };
        let facts = ModelFacts {
            backends: backends.iter().map(|name| (*name).to_owned()).collect(),
            ..ModelFacts::default()
        };
        let mut fields = Map::new();
        set(&gap, model, &facts, &mut fields);
        (fields["prompt"].clone(), fields.get("suffix").cloned())
    }

    #[test]
    fn each_family_has_its_marks() {
        for (model, backend, prompt) in [
            ("c", "hosted_vllm/codestral-22b", "[SUFFIX]b[PREFIX]{suffix}a"),
            ("Qwen2.5-Coder", "hosted_vllm/x", "<|fim_prefix|>{suffix}a<|fim_suffix|>b<|fim_middle|>"),
            ("x", "together_ai/deepseek-coder-6.7b", "<｜fim▁begin｜>{suffix}a<｜fim▁hole｜>b<｜fim▁end｜>"),
            ("x", "huggingface/bigcode/starcoder2", "<fim_prefix>{suffix}a<fim_suffix>b<fim_middle>"),
            ("codellama", "openai_like/y", "<PRE> {suffix}a <SUF>b <MID>"),
        ] {
            assert_eq!(asked(model, &[backend]), (json!(prompt), None), "{model} {backend}");
        }
    }

    #[test]
    fn a_native_form_is_preferred_and_an_unknown_family_has_no_other() {
        for (model, backends) in [
            ("gpt", &["openai/gpt-4o"][..]),
            ("qwen3", &["hosted_vllm/qwen3"]),
            ("code", &["text-completion-codestral/codestral-latest"]),
            ("x", &["deepseek/deepseek-coder"]),
            ("x", &["ollama/qwen2.5-coder"]),
            ("codestral", &[]),
        ] {
            assert_eq!(
                asked(model, backends),
                (json!("{suffix}a"), Some(json!("b"))),
                "{model} {backends:?}"
            );
        }
        assert_eq!(asked("qwen2.5-coder", &[]).1, None);
    }

    #[test]
    fn who_fills_gaps_is_known_by_name() {
        assert!(fills_gaps("codestral-latest", &ModelFacts::default()));
        assert!(!fills_gaps("gpt-4o", &ModelFacts::default()));
    }

    #[test]
    fn without_a_suffix_there_is_no_gap_to_mark() {
        let gap = FillInTheMiddle { prefix: "a".into(), suffix: String::new() };
        let mut fields = Map::new();
        assert!(set(&gap, "starcoder", &ModelFacts::default(), &mut fields).is_empty());
        assert_eq!(json!(fields), json!({"prompt": "a"}));
    }
}
