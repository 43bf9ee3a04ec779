//! Who made a model, by its name.

use std::sync::LazyLock;

use litellm_ls_protocol::Model;

/// Who made a model of which nothing tells that.
const OTHER: &str = "other";

/// Vendors in the order of a picker, each with the words that names of its models begin with, at the beginning of a
/// name or behind a mark within it.
const VENDORS: [(&str, &[&str]); 20] = [
    ("anthropic", &["claude", "anthropic"]),
    (
        "openai",
        &["gpt", "chatgpt", "o1", "o3", "o4", "codex", "davinci", "babbage", "text-embedding", "openai"],
    ),
    ("google", &["gemini", "gemma", "learnlm", "palm", "google"]),
    ("xai", &["grok", "xai"]),
    ("deepseek", &["deepseek"]),
    (
        "mistral",
        &["mistral", "mixtral", "codestral", "devstral", "magistral", "ministral", "pixtral", "voxtral"],
    ),
    ("meta", &["llama", "codellama", "meta"]),
    ("alibaba", &["qwen", "qwq", "qvq", "alibaba"]),
    ("moonshot", &["kimi", "moonshot"]),
    ("zhipu", &["glm", "chatglm", "zhipu", "zai"]),
    ("minimax", &["minimax", "abab"]),
    ("amazon", &["nova", "titan", "amazon"]),
    ("microsoft", &["phi", "wizardlm", "microsoft"]),
    ("cohere", &["command", "cohere", "aya"]),
    ("nvidia", &["nemotron", "nvidia"]),
    ("ai21", &["jamba", "jurassic", "ai21"]),
    ("ibm", &["granite", "ibm"]),
    ("perplexity", &["sonar", "perplexity"]),
    ("baidu", &["ernie", "baidu"]),
    ("tencent", &["hunyuan", "tencent"]),
];

/// The vendor of a model: that of its backends where their names agree on one, else that of its own name, else its
/// provider's where that is one.
pub(super) fn of(model: &Model) -> &'static str {
    let mut backends = model.backends.iter().filter_map(|backend| named(backend));
    let backend = backends.next();
    if backend.is_some() && backends.any(|other| Some(other) != backend) {
        return OTHER;
    }
    let provider = || model.provider.as_deref().and_then(named);
    backend.or_else(|| named(&model.id)).or_else(provider).unwrap_or(OTHER)
}

/// The place of a vendor in a picker; the others come last.
pub(super) fn rank(vendor: &str) -> usize {
    VENDORS.iter().position(|(name, _)| *name == vendor).unwrap_or(VENDORS.len())
}

/// The vendor that a name tells. The last part of a path says more than what stands before it.
fn named(name: &str) -> Option<&'static str> {
    name.to_ascii_lowercase().rsplit('/').find_map(vendor_of_part)
}

/// The words by their first letter, from `a` on, each with its vendor: a look at all sixty for each beginning within each
/// name took a twentieth of the time of a list.
static BY_LETTER: LazyLock<[Vec<(&str, &str)>; 26]> = LazyLock::new(|| {
    std::array::from_fn(|letter| {
        let words = VENDORS.iter().flat_map(|(vendor, words)| words.iter().map(|word| (*word, *vendor)));
        words.filter(|(word, _)| word.bytes().next() == Some(b'a' + letter as u8)).collect()
    })
});

fn vendor_of_part(part: &str) -> Option<&'static str> {
    let starts = part.char_indices().filter(|(place, letter)| {
        let before = part[..*place].chars().next_back();
        letter.is_alphanumeric() && before.is_none_or(|before| !before.is_alphanumeric())
    });
    starts.map(|(place, _)| &part[place..]).find_map(|rest| {
        let letter = rest.bytes().next()?.checked_sub(b'a')?;
        let begins = |word: &str| {
            let follows = rest.strip_prefix(word)?.chars().next();
            // `o1` is no beginning of `o100`, nor `phi` of `phind`.
            let goes_on = |letter: char| {
                if word.ends_with(|end: char| end.is_ascii_digit()) {
                    letter.is_alphanumeric()
                } else {
                    letter.is_alphabetic()
                }
            };
            (!follows.is_some_and(goes_on)).then_some(())
        };
        let words = BY_LETTER.get(usize::from(letter))?;
        words.iter().find_map(|(word, vendor)| begins(word).map(|()| *vendor))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(id: &str, backends: &[&str], provider: &str) -> Model {
        Model {
            id: id.into(),
            backends: backends.iter().map(|backend| (*backend).to_owned()).collect(),
            provider: (!provider.is_empty()).then(|| provider.into()),
            ..Model::default()
        }
    }

    #[test]
    fn names_tell_vendors() {
        for (id, vendor) in [
            ("claude-opus-4-8", "anthropic"),
            ("bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0", "anthropic"),
            ("openrouter/meta-llama/llama-3.3-70b-instruct", "meta"),
            ("groq/llama3-8b", "meta"),
            ("o3-mini", "openai"),
            ("openai/o1", "openai"),
            ("gpt-4o", "openai"),
            ("ft:gpt-4o-mini:acme::abc", "openai"),
            ("openai/some-finetune", "openai"),
            ("team gpt5", "openai"),
            ("phind-codellama", "meta"),
            ("gemini-2.5-pro", "google"),
            ("groq/deepseek-r1-distill-llama-70b", "deepseek"),
            ("Qwen/Qwen2.5-Coder-32B", "alibaba"),
            ("kimi-k2", "moonshot"),
            ("o100-search", "other"),
            ("local-model", "other"),
            ("模型", "other"),
            ("", "other"),
        ] {
            assert_eq!(of(&model(id, &[], "")), vendor, "{id}");
        }
    }

    #[test]
    fn backends_say_more_than_names_and_names_more_than_providers() {
        for (id, backends, provider, vendor) in [
            ("fast", &["anthropic/claude-haiku-4-5"][..], "anthropic", "anthropic"),
            ("gpt-4o", &["azure/my-deployment"], "azure", "openai"),
            ("smart", &["openai/gpt-5", "anthropic/claude-opus-4-8"], "", "other"),
            ("claude", &["ollama/qwen3"], "ollama", "alibaba"),
            ("fast", &[], "mistral", "mistral"),
            ("fast", &["ollama/x"], "ollama", "other"),
        ] {
            assert_eq!(of(&model(id, backends, provider)), vendor, "{id} {backends:?}");
        }
    }
}
