//! `proxy/*`: a LiteLLM proxy on this machine, looked after for its user.

use std::num::NonZeroU16;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ProgressToken, one_of::unless_one_of};

/// What to start. Exactly one of `config`, `model` and `demo` must be given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("not" = unless_one_of(&["config", "model", "demo"])))]
pub struct StartProxyParams {
    /// A LiteLLM config.yaml, by its URI or its path. What is on the disk is served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<String>,
    /// One model, named as LiteLLM names it, such as `anthropic/claude-sonnet-4-6`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Whether to serve models that need no vendor and no key, for trying things out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub demo: Option<bool>,
    /// Where the key for `model` is: `env:NAME`. Default: the vendor's usual variable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The port to listen on, on this machine alone. Default: a free one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<NonZeroU16>,
    /// Whether the proxy goes on when this connection ends. Default: it ends with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stay: Option<bool>,
    /// Whether LiteLLM may be installed where there is none. Default: the user is asked in a
    /// `window/showMessageRequest`, and where nobody can be asked it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install: Option<bool>,
    /// Reports what is being done as `$/progress` with this token, for an editor's own progress display. Default: the
    /// server makes a display, where the editor has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_done_token: Option<ProgressToken>,
}

/// The proxy that answers now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StartProxyResult {
    /// The proxy.
    pub proxy: LocalProxy,
    /// Whether it was running before, and serves what was asked for.
    pub was_running: bool,
    /// What will be missed, in sentences. Absent where all is well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// Nothing to choose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StopProxyParams {}

/// What was ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StopProxyResult {
    /// Whether a proxy ran.
    pub stopped: bool,
    /// Where it answered. Absent where none ran.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
}

/// How to follow the restart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RestartProxyParams {
    /// Reports what is being done as `$/progress` with this token, as with `proxy/start`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_done_token: Option<ProgressToken>,
}

/// The proxy that answers now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RestartProxyResult {
    /// The proxy.
    pub proxy: LocalProxy,
    /// What will be missed, in sentences. Absent where all is well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// Nothing to choose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProxyStatusParams {}

/// How the proxy of this machine is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProxyStatusResult {
    /// The short answer.
    pub state: ProxyState,
    /// The version of the LiteLLM that would be started. Absent where it would have to be installed first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installed: Option<String>,
    /// The proxy that runs. Absent where none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy: Option<LocalProxy>,
    /// How many models it serves. Absent where it does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_count: Option<u64>,
    /// The models of its configuration file that it does not serve, and why. Absent where it serves all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<MissingModel>,
    /// The models that it serves and its configuration file does not name, at most 50: of an older file, or of a database.
    /// Absent where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unlisted: Vec<String>,
    /// Where its output goes, or the last one's went.
    pub log: String,
}

/// Whether a proxy runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "take it for `unhealthy`, and ask again later"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum ProxyState {
    /// It runs and answers.
    Running,
    /// It runs and does not answer.
    Unhealthy,
    /// It was started and has not answered yet.
    Starting,
    /// None runs.
    Stopped,
    /// A word of a newer version: take it for `unhealthy`, and ask again later.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}

/// A proxy that this program has started on this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LocalProxy {
    /// Where it answers, on this machine alone.
    pub base_url: String,
    /// What it serves, in words.
    pub serves: String,
    /// The URI of its configuration file. Absent where it has none of the user's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<String>,
    /// Whether that file, or one that it includes, has changed since the proxy started: a restart serves it.
    pub edited: bool,
    /// LiteLLM's version.
    pub version: String,
    /// The user's own virtual environment that it runs in. Absent where it is the one that this program installed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Whether it goes on when whoever started it ends.
    pub stays: bool,
    /// Its process.
    pub process_id: u32,
    /// When it was started, in RFC 3339.
    pub started_at: String,
}

/// A model of the configuration file that is not served.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MissingModel {
    /// Its name.
    pub name: String,
    /// Why, in one sentence.
    pub reason: String,
    /// The URI of the file that says it.
    pub uri: String,
    /// Its line there, from 0 as in LSP.
    pub line: u32,
}

/// Which lines to return.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProxyLogsParams {
    /// The `next` of an earlier result, for what was written since. Default: the last lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
}

/// What a proxy has printed, without what looks like a secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProxyLogsResult {
    /// Whole lines, the oldest first; at most 64 KiB of them at a time.
    pub lines: Vec<String>,
    /// Where the next lines begin.
    pub next: u64,
    /// The file that they stand in.
    pub log: String,
}
