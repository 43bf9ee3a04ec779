//! `provider/markModel`: a user's favourite models.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which model is a favourite, or is none any more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MarkModelParams {
    /// The model's id. The proxy need not list it.
    #[serde(default)]
    pub model: String,
    /// Whether it is a favourite from now on.
    #[serde(default)]
    pub favourite: bool,
    /// Name of the profile. Default: the active one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
}

/// How the model is marked now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MarkModelResult {
    /// The model's id.
    pub model: String,
    /// Whether it is a favourite.
    pub favourite: bool,
}
