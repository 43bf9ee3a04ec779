//! `provider/status`: can the provider be used, and if not, what to do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ErrorKind;

/// Which profile to check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusParams {
    /// Name of the profile. Default: the active one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
}

/// The state of a profile, as just checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusResult {
    /// The profile that was checked.
    pub profile: String,
    /// The short answer.
    pub state: State,
    /// The base URL, without credentials. Absent where the settings can't be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Whether a server answered there.
    pub reachable: bool,
    /// Whether it took the key. Absent where that could not be found out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authenticated: Option<bool>,
    /// Version of LiteLLM. Absent where the server does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// How many models are listed, hidden ones not counted. Absent where they could not be listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_count: Option<u64>,
    /// When the list of models was fetched, in RFC 3339: earlier than `checkedAt` where an older one has to do. Absent
    /// where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub models_fetched_at: Option<String>,
    /// The model for requests that name none. Absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_model: Option<String>,
    /// What was checked, in order; a check that a failure made pointless is `skipped`.
    pub checks: Vec<Check>,
    /// When, in RFC 3339.
    pub checked_at: String,
}

impl StatusResult {
    /// What to tell of it first: the first check that failed, else the first that warns. None where all is well.
    pub fn worst(&self) -> Option<&Check> {
        let first = |outcome| self.checks.iter().find(|check| check.outcome == outcome);
        first(Outcome::Failed).or_else(|| first(Outcome::Warning))
    }
}

/// The short answer of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "take it for `degraded`, and show the message"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// Everything works.
    Ready,
    /// Chats should work, but a check warns; or a budget is spent, and only models that cost nothing work.
    Degraded,
    /// No server, or not the right one, answers at the base URL.
    Unreachable,
    /// The server refuses the key.
    Unauthorized,
    /// The server answers, but can't be used; or the settings, such as a broken settings file, can't be.
    Failed,
    /// A word of a newer version: take it for `degraded`, and show the message.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// Which.
    pub name: CheckName,
    /// How it went.
    pub outcome: Outcome,
    /// What was found, in one sentence.
    pub message: String,
    /// What to do. Absent where there is nothing to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// The kind of error behind a failure. Absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ErrorKind>,
    /// How long it took. Absent where nothing was waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
}

/// The checks, in the order they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "show what it says under this name"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum CheckName {
    /// The settings: failed where the settings file is broken or what they lead to can't be used; a warning for a single
    /// setting that is left out, a key withheld, a key over plain http, certificates not checked.
    Settings,
    /// The host of the base URL, or of the HTTP proxy before it, has an address.
    Dns,
    /// Somebody takes a connection there.
    Connect,
    /// The certificate is trusted. Skipped over plain http.
    Tls,
    /// Something answers HTTP at the base URL. A warning where one of `fallbackUrls` has to stand in for it.
    Reachable,
    /// It is LiteLLM, or what `kind` says. Failed where it neither answers as LiteLLM does nor lists models, so that
    /// nothing was set up there.
    Server,
    /// It takes the key.
    Key,
    /// It lists models.
    Models,
    /// The model for requests that name none is among them.
    DefaultModel,
    /// The budgets of the key, its user and its team are not spent, nor is the user's own. A warning where that is and
    /// questions go on. Absent where nobody says anything of budgets.
    Budget,
    /// A word of a newer version: show what it says under this name.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "take it for `warning`"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// Fine.
    Ok,
    /// Works, but not as it should.
    Warning,
    /// Does not work.
    Failed,
    /// Not made, for an earlier failure made it pointless.
    Skipped,
    /// A word of a newer version: take it for `warning`.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}

/// A change of state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DidChangeStatusParams {
    /// The profile.
    pub profile: String,
    /// Its state now.
    pub state: State,
    /// What happened, in one sentence.
    pub message: String,
    /// What to do. Absent where there is nothing to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// A change of the list of models.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DidChangeModelsParams {
    /// The profile.
    pub profile: String,
    /// How many models are listed now, hidden ones not counted.
    pub model_count: u64,
    /// Ids that are new, at most 50.
    pub added: Vec<String>,
    /// Ids that are gone, at most 50.
    pub removed: Vec<String>,
}
