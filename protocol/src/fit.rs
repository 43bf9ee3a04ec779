//! `provider/fit`: whether an answer may be written into a file, and which part of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An answer, as `provider/complete` gave it or as it stands in the `partial` of an error, and the place that it is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FitParams {
    /// `message.text` of the answer.
    #[serde(default)]
    pub text: String,
    /// `message.refusal` of the answer. Absent where the model did not refuse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// `finishReason` of the answer; `cancelled` where the user stopped it. Absent where it was interrupted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<String>,
    /// The language of the document, by LSP's identifier or the editor's own, such as `rust`. Default: plain text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// The text that the answer takes the place of. Default: none, it goes in at the cursor.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub selection: String,
    /// The text of the document before the selection or the cursor, or its last lines. Default: none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// The text behind it, or its first lines. Default: none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
}

/// What may become of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "leave the document as it is"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum FitResult {
    /// The text may be written in the place of the selection.
    Write {
        /// What to write, with the indentation and the line ends of the place.
        text: String,
    },
    /// The document stays as it is. The answer is to be shown with the reason, and with a way to write it all the same.
    Show {
        /// Why, as a clause without a full stop, such as `the answer was cut off at its length limit`.
        reason: String,
        /// What to write where the user wants it all the same.
        text: String,
    },
    /// The document stays as it is, and there is nothing to show but the reason.
    Nothing {
        /// Why, and what to do, in one sentence.
        reason: String,
    },
    /// Something of a newer version: leave the document as it is.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}
