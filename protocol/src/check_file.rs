//! `provider/checkFile`: whether a file may hold secrets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckFileParams {
    /// Its URI or its path. It need not be open.
    #[serde(default)]
    pub uri: String,
    /// Its text, where the server knows none or another: a buffer without a file, or one that is changed and not open.
    /// Absent: the text of the open document, or else of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Whether a file may hold secrets, by its name, by the settings, which may take a key from it, by a `config.yaml` that is
/// open or lies above it and may take credentials from it, and by its text: keys of a `config.yaml` in plain text, and diffs
/// of other files of secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckFileResult {
    /// True: nothing of it goes to a model by itself, and the user is asked first.
    pub secret: bool,
    /// The pattern that says so, built in or of `secretFiles`. Absent where `secret` is false, or where the settings or its text say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
}
