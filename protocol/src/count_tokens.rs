//! `provider/countTokens`: how many tokens a question takes, before it is asked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Message, Tool, one_of::unless_one_of};

/// What to count. Exactly one of `messages` and `prompt` must be given.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("not" = unless_one_of(&["messages", "prompt"])))]
pub struct CountTokensParams {
    /// Name of the profile. Default: the active one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The model. Default: the configured one, else the proxy's default model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// System text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// A conversation, of one message at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub messages: Option<Vec<Message>>,
    /// A single user message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// Tools the model may call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Tool>,
}

/// How many tokens a question takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CountTokensResult {
    /// The model.
    pub model: String,
    /// The tokens of the prompt.
    pub tokens: u64,
    /// Who says so.
    pub source: CountSource,
    /// The tokenizer that the proxy used, such as `openai_tokenizer`: some models are counted by one that is only near
    /// to their own. Absent where the proxy does not say, and in an estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokenizer: Option<String>,
    /// The model's context window in tokens. Absent where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_window: Option<u64>,
    /// Why it is an estimate, with what to do. Absent in a count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// Who says how many tokens there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "take it for `estimate`"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum CountSource {
    /// The proxy counted.
    Proxy,
    /// This server estimated: bytes / 4.
    Estimate,
    /// A word of a newer version: take it for `estimate`.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}
