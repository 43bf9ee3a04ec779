//! What is really known of a model when a request is built for it.

use std::sync::Arc;

use litellm_ls_protocol::{Compatibility, ListedModel, MaxTokensParam, Model};

/// What is really known of a model: what the proxy says or the user overrides, never an assumed default.
///
/// The default value is that of a model of which nothing is known, such as an unlisted one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ModelFacts {
    /// The underlying `litellm_params.model` of each deployment. Empty where not known.
    pub backends: Vec<String>,
    /// Most output tokens.
    pub max_tokens: Option<u64>,
    /// Most context tokens.
    pub context_window: Option<u64>,
    /// Whether it is known to take cache marks.
    pub supports_prompt_cache: bool,
    /// Its levels of reasoning. Empty where they are not known.
    pub reasoning_efforts: Vec<String>,
    /// OpenAI parameters it takes. Absent where the proxy does not say.
    pub supported_params: Option<Arc<[String]>>,
    /// Base URLs of the proxy, the one that is asked first. Empty where not known.
    pub proxies: Vec<String>,
    /// `maxTokensParam` of the user's `modelOverrides`, which no [`Model`] carries.
    pub max_tokens_param: Option<MaxTokensParam>,
}

impl ModelFacts {
    /// What a listed model's record really says: a field that is merely assumed is not known.
    pub fn of(model: &Model) -> Self {
        let known = |field: &str| model.states(field);
        Self {
            backends: model.backends.clone(),
            max_tokens: model
                .max_tokens
                .and_then(|limit| limit.try_into().ok())
                .filter(|_| known("maxTokens")),
            context_window: model
                .context_window
                .and_then(|window| window.try_into().ok())
                .filter(|_| known("contextWindow")),
            supports_prompt_cache: model.supports_prompt_cache == Some(true) && known("supportsPromptCache"),
            reasoning_efforts: match known("reasoningEfforts") {
                true => model.reasoning_efforts.clone(),
                false => Vec::new(),
            },
            supported_params: model.supported_params.clone(),
            proxies: Vec::new(),
            max_tokens_param: None,
        }
    }

    /// The id and the underlying ids, by which rules about model families go.
    pub(super) fn names<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a str> {
        std::iter::once(id).chain(self.backends.iter().map(String::as_str))
    }
}

/// The model that Roo Code sends in the place of one that is not listed (R2, R19).
const ROO_DEFAULT_MODEL: &str = "claude-3-7-sonnet-20250219";

/// The model to send for `asked`: always `asked`, but in `roo` the built-in default for one that is not in `listed`
/// (D19, R19). An empty `listed` means that no list is at hand, and replaces nothing.
pub fn wire_model<'a>(asked: &'a str, listed: &[Arc<ListedModel>], compatibility: Compatibility) -> &'a str {
    let replaced = compatibility == Compatibility::Roo
        && !listed.is_empty()
        && listed.iter().all(|model| model.id != asked);
    if replaced { ROO_DEFAULT_MODEL } else { asked }
}

#[cfg(test)]
mod tests {
    use litellm_ls_protocol::Filler;

    use super::*;

    #[test]
    fn what_is_assumed_by_default_is_not_known_and_what_is_overridden_is() {
        let mut model = Model {
            max_tokens: Some(8192),
            context_window: Some(200_000),
            supports_prompt_cache: Some(true),
            ..Model::default()
        };
        assert_eq!(ModelFacts::of(&model).max_tokens, Some(8192));
        for field in ["maxTokens", "contextWindow", "supportsPromptCache"] {
            model.assumed.insert(field.into(), Filler::Default);
        }
        assert_eq!(ModelFacts::of(&model), ModelFacts::default());
        for filler in model.assumed.values_mut() {
            *filler = Filler::Override;
        }
        let facts = ModelFacts::of(&model);
        assert_eq!((facts.max_tokens, facts.context_window), (Some(8192), Some(200_000)));
        assert!(facts.supports_prompt_cache);
    }
}
