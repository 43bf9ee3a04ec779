//! `provider/edit`: a question about a place in a text, and what its answer does there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{CompleteResult, Message, ProgressToken, one_of::both};

/// What to ask about which place. At most one of `task` and `prompt` is given; without them and without an
/// `instruction`, an empty range is completed and any other is rewritten.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("not" = both("task", "prompt")))]
pub struct EditParams {
    /// The text.
    pub text_document: EditDocument,
    /// The selection, or the empty range at the cursor. Its columns count what `initialize` agreed on, else UTF-16
    /// units.
    /// An empty one is the cursor's line where that is rewritten, fixed or documented, and the whole text of a prompt that
    /// names `{selection}` and replaces it; a text that is completed is so at the range's end. `range` of the result says it.
    pub range: TextRange,
    /// What to do, in the user's words. Without a `task` an empty range is completed so, and any other rewritten so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instruction: Option<String>,
    /// One of the tasks that this server knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<EditTask>,
    /// The name of one of the prompts of `provider/listPrompts`; `instruction` takes the place of its `{input}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// What tools complain of at this place. The first 20 are sent, 500 characters of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<String>,
    /// The model. Default: that of the prompt, else the configured one, else the proxy's default model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Name of the profile. Default: the active one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Whether to say only what would be asked and what it would cost. Default false.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
    /// Streams the answer, as the model gives it, as `$/progress` with this token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial_result_token: Option<ProgressToken>,
    /// Reports begin and end as `$/progress` with this token, as with `provider/complete`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_done_token: Option<ProgressToken>,
}

/// A text to ask about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditDocument {
    /// Its URI. Only the name of the file is sent to a model.
    pub uri: String,
    /// Its language, by LSP's identifier or the editor's own. Default: that of the open document, else plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language_id: Option<String>,
    /// The whole text. Default: the open document of this URI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A range of a text, as in LSP.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TextRange {
    /// Where it begins.
    pub start: TextPosition,
    /// Where it ends: behind its last character.
    pub end: TextPosition,
}

/// A position in a text, as in LSP.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TextPosition {
    /// The line, from 0 on.
    pub line: u32,
    /// The column, from 0 on.
    pub character: u32,
}

/// What a model can be asked to do with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum EditTask {
    /// Write what belongs at the cursor.
    Complete,
    /// Explain the selection.
    Explain,
    /// Rewrite the selection.
    Rewrite,
    /// Fix the selection.
    Fix,
    /// Add documentation to the selection.
    Document,
    /// Write tests of the selection.
    Test,
    /// Answer the question that `instruction` is.
    Ask,
}

/// The answer, and what it does at the place. It has all that the result of `provider/complete` has.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditResult {
    /// The answer as `provider/complete` gives it. In a `dryRun` it is blank but for the model.
    #[serde(flatten)]
    pub answer: CompleteResult,
    /// What to do with `newText`.
    pub place: EditPlace,
    /// Where it goes; for `page` and `none`, where it would go.
    pub range: TextRange,
    /// What to write or to show: for the text without what models put around code, and with the indentation and the line
    /// ends of the place.
    pub new_text: String,
    /// Why an answer that was meant for the text is to be shown, or why there is nothing. One clause or sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether the prompt wants the change to be shown before it is written (`diff`), or at once (`replace`, `insert`).
    /// Absent where the editor's own setting decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview: Option<bool>,
    /// The version of the open document that was asked about. Absent where the text came with the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// What would be asked. Given in a `dryRun` alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Message>,
    /// About how many tokens that is: bytes / 4. Given in a `dryRun` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_input_tokens: Option<u64>,
    /// About what it would cost in USD, with an answer as long as the selection, or of 500 tokens to read. Given in a
    /// `dryRun` alone, and absent where the proxy states no price.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "crate::money::rounded")]
    pub estimated_cost: Option<f64>,
}

/// What to do with the text of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "take it for `page`"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum EditPlace {
    /// Put it in the place of the range.
    Replace,
    /// Put it in at the range, which is empty.
    Insert,
    /// Show it beside the text.
    Page,
    /// Do nothing but say the reason.
    #[default]
    None,
    /// A word of a newer version: take it for `page`.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}
