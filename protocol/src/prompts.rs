//! `provider/listPrompts`: the user's own prompts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Nothing to choose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListPromptsParams {}

/// All prompts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListPromptsResult {
    /// Those of the settings file by name, then the built-in ones that it does not replace.
    pub prompts: Vec<Prompt>,
}

/// A question that a user asks again and again, as `[prompts.NAME]` of the settings file has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Prompt {
    /// Its name.
    pub name: String,
    /// What menus show. Default: the name.
    pub title: String,
    /// The question. `{selection}` (the whole text where nothing is selected), `{before}`, `{after}`, `{file}`,
    /// `{language}`, `{diagnostics}` and `{input}` stand for what they say; without `{selection}`, `{before}` and
    /// `{after}` the place goes along in front of the question, as with every task.
    pub template: String,
    /// The model. Default: the one that is in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Where the answer goes. Default `page`.
    pub output: PromptOutput,
    /// Whether it came with this server.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub built_in: bool,
}

/// Where the answer to a prompt goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "take it for `page`"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum PromptOutput {
    /// In the place of the selection, once the user has seen the change.
    Diff,
    /// In the place of the selection.
    Replace,
    /// Behind the selection.
    Insert,
    /// Beside the text.
    #[default]
    Page,
    /// A word of a newer version: take it for `page`.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}
