//! `provider/listProfiles` and `provider/removeProfile`: the named servers a user has set up.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::KeySetting;

/// Nothing to say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListProfilesParams {}

/// The profiles of this connection: those of the settings file and those that were configured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListProfilesResult {
    /// The profiles, by name.
    pub profiles: Vec<ProfileSummary>,
    /// The settings file, which need not exist. Absent where the machine has no place for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings_file: Option<String>,
    /// What is wrong in the settings file and the editor's settings. Mostly empty.
    pub warnings: Vec<String>,
}

/// One profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProfileSummary {
    /// Its name.
    pub name: String,
    /// Whether it is the active one.
    pub active: bool,
    /// Whether it stands in the settings file.
    pub persisted: bool,
    /// The base URL, without credentials. Absent where it can't be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The key, as far as it may be shown. Absent where the profile can't be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<KeySetting>,
    /// The model for requests that name none. Absent where none is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

/// Which profile to remove.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RemoveProfileParams {
    /// Its name.
    pub profile: String,
}

/// What is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RemoveProfileResult {
    /// Whether there was one of that name.
    pub removed: bool,
    /// The profile that is active now.
    pub active: String,
}
