//! How a model is shown: one set of words for every editor and the command line.

use std::{borrow::Cow, sync::Arc};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A model in words, to be printed as they are.
///
/// What is not known is `unknown`. A `~` marks what the proxy does not say and LiteLLM's public price list does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelSummary {
    /// Most context tokens, such as `200k`, `~1M` or `unknown`.
    pub context: String,
    /// Most output tokens, in the same way.
    pub output: String,
    /// USD per 1,000,000 tokens of input and of output, such as `$3 / $15`; `free` where the proxy says that both are 0,
    /// `varies` where deployments differ, else `unknown`.
    pub price: String,
    /// What the model can do: of `tools`, `vision`, `reasoning`, `cache`, `computer`, `audio`, `pdf` and `schema` those
    /// that are known, in this order, each with a `~` in front where only the public price list says so.
    pub abilities: Arc<[Cow<'static, str>]>,
    /// Who made the model, such as `anthropic` or `openai`; `other` where its name does not tell.
    pub vendor: Cow<'static, str>,
    /// What to know before choosing it, such as `retires in 16 d`, `retires 2027-12-31` or `retired 2026-02-19`. Absent
    /// where there is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// The most important of this in one line, such as `1M context · $3 / $15 · tools vision reasoning`.
    pub line: String,
}
