//! `provider/configure`: settings in, effective settings out.

use std::{collections::BTreeMap, marker::PhantomData};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::{
    StatusResult,
    whole::{LARGEST_WHOLE, LONGEST_MS},
};

/// Parameters that the server reads field by field, so that one error can name every problem at once.
///
/// On the wire it is a `T`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Unchecked<T> {
    /// The object as it came.
    pub object: Map<String, Value>,
    kind: PhantomData<fn() -> T>,
}

impl<T> From<Map<String, Value>> for Unchecked<T> {
    fn from(object: Map<String, Value>) -> Self {
        Self { object, kind: PhantomData }
    }
}

impl<'de, T> Deserialize<'de> for Unchecked<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self::from)
    }
}

impl<T: JsonSchema> JsonSchema for Unchecked<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }
    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// Any part of the settings. Absent leaves a field as it is, `null` puts it back to what the weaker layers say,
/// and an unknown field is an error that names the nearest known one.
///
/// Layers, weakest first: built-in default, a proxy started by `litellm-ls proxy start`, the settings file,
/// environment (`LITELLM_BASE_URL`, `LITELLM_API_KEY`, `LITELLM_MODEL`), initialization options,
/// `didChangeConfiguration`, `provider/configure`. The environment and the editor speak of the profile that is active
/// when the server starts; any other stands on the settings file and `provider/configure` alone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfigureParams {
    /// Name of the profile to change; it is made where there is none of that name. Default: the active one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// What answers at the base URL. Default `litellm`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ProviderKind>,
    /// Where the proxy is. Default `http://localhost:4000`, also for a blank text. May end in `/`, `/v1`, a sub-path
    /// or a full endpoint path. Without a scheme only a loopback host is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Other addresses of the same deployment, which get the same key: each is asked where those before it, the base URL
    /// first, can't be reached, or a gateway answers for them (502 to 504); these are passed over for 30 seconds then.
    /// Default: none; 32 at most. They hold only for the base URL that they were given for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_urls: Option<Vec<String>>,
    /// The key for the proxy, as a literal, which is kept in memory only, or as a reference: `env:NAME`,
    /// `os.environ/NAME`, `file:PATH`, `cmd:COMMAND` or `keyring:NAME`. Optional: without one, `dummy-key` is sent, as key-less proxies
    /// accept. A command is run without a shell when its key is first needed, for ten seconds at most; what it prints is
    /// kept until the proxy refuses it, and then it is run once more. The same holds for the platform's keyring, where
    /// `litellm-ls config store-key NAME` puts a key.
    ///
    /// A key belongs to the origin it was given for. When a later base URL names another host, the key is withheld
    /// until it is given again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
    /// How the key is sent: `bearer` (`Authorization: Bearer …`), `x-litellm-api-key`, or the name of another
    /// header, which then carries the bare key; none that says something else, as `User-Agent` does. Default `bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth: Option<String>,
    /// Extra headers for every request, discovery too: 100 at most. Values are treated as secrets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<BTreeMap<String, String>>,
    /// The model to use where a request names none. Sent as it is, listed or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What the user knows better than the proxy, by model id: of 10,000 at most. A name is one of three, and one override
    /// holds for a model, the first of these: that of its whole id; that of the longest beginning, written `gpt-5*`; that
    /// of a regular expression found in the id, written `/^gpt-[5-9]/`, of which the first in alphabetical order.
    /// A server that can't list its models is taken to have those whose whole ids stand here, and `model`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_overrides: Option<BTreeMap<String, ModelOverride>>,
    /// Time limits; none of them caps a stream as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeouts: Option<Timeouts>,
    /// Trust and client certificates, beside the trust store of the operating system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// HTTP or SOCKS proxy on the way to the base URL. Never used for a loopback host. Default: the system's
    /// (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_url: Option<String>,
    /// Whose rules hold where the proxy leaves gaps. Default `default`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compatibility: Option<Compatibility>,
    /// Which files hold secrets beside those that are known to, such as `.env` and `*.pem`: their texts go to a model only
    /// where the user says so each time. A pattern fits the name of a file or the end of its path; `*` stands for any
    /// letters, `?` for one, and a `/` at its end means a folder. One behind `!` takes files out, built-in ones too, and
    /// the last that fits decides. The patterns of all layers add up; pushed settings, which a workspace could have set,
    /// only add. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_files: Option<Vec<String>>,
    /// What may be spent with the profile on this machine, by all programs together: a budget of the user's own, beside those
    /// of the proxy. Pushed settings, which a workspace could have set, only lower it. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<OwnBudget>,
    /// Whether the profile becomes the active one. Default true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activate: Option<bool>,
    /// Whether to write what this call says into the settings file, for every editor and for good. Default false.
    /// A literal key is never written: give a reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub persist: Option<bool>,
    /// Whether to contact the proxy and return its status. Default true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify: Option<bool>,
}

/// What answers at a base URL.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "show it as it is"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum ProviderKind {
    /// A LiteLLM proxy. LiteLLM only.
    #[default]
    Litellm,
    /// Any server with `/v1/models` and `/v1/chat/completions`; the routes that only LiteLLM has are not asked.
    OpenaiCompatible,
    /// A word of a newer version: show it as it is.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}

/// Whose rules hold where the proxy leaves gaps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "show it as it is"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum Compatibility {
    /// The documented defaults, each listed in the model's `assumed`.
    #[default]
    Default,
    /// Nothing beyond the two limits: an unknown price is absent, an unknown ability false (tools true).
    Strict,
    /// What Roo Code 3.52.1 does: its lists, its requests, its costs and its URLs. LiteLLM only.
    Roo,
    /// A word of a newer version: show it as it is.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}

/// Time limits. Those whose names end in `Ms` are milliseconds, from 1 to a day; absent leaves one as it is.
///
/// Only what adds to an answer counts: comments, empty pieces and single bytes that keep a connection alive do not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Timeouts {
    /// To connect, TLS included. Default 10,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = LONGEST_MS))]
    pub connect_ms: Option<u64>,
    /// From the request to the first piece of an answer; local models load slowly. Default 300,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = LONGEST_MS))]
    pub first_token_ms: Option<u64>,
    /// Between two pieces of a stream. Default 120,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = LONGEST_MS))]
    pub idle_ms: Option<u64>,
    /// Fewest bytes of text, reasoning and tool calls that a stream must bring in a minute, once it began. Default 0:
    /// any pace will do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 1_000_000_000))]
    pub min_bytes_per_minute: Option<u64>,
    /// For a whole model list; large proxies take seconds to write one. Default 30,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = LONGEST_MS))]
    pub discovery_ms: Option<u64>,
}

/// What may be spent, in USD, as the ledger counts it; absent leaves one as it is. The user is told once at 80 percent of
/// each, and once at 95.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OwnBudget {
    /// In a day, from midnight where the user is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub day: Option<f64>,
    /// In a week, from Monday.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub week: Option<f64>,
    /// In a month, from its first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub month: Option<f64>,
    /// Whether questions are refused once one of these is spent, but to models that cost nothing. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<bool>,
}

/// Trust and client certificates. Files are PEM.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("dependentRequired" = {"clientCertFile": ["clientKeyFile"], "clientKeyFile": ["clientCertFile"]}))]
pub struct Tls {
    /// Certificates to trust beside the operating system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<String>,
    /// Client certificate; goes with `clientKeyFile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_cert_file: Option<String>,
    /// Private key of the client certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_key_file: Option<String>,
    /// Accept any certificate. Default false; shown as a warning in the status where true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insecure: Option<bool>,
}

/// What the user knows better than the proxy about some models. An overridden value is listed in `assumed`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ModelOverride {
    /// Most output tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = LARGEST_WHOLE))]
    pub max_tokens: Option<u64>,
    /// Most context tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = LARGEST_WHOLE))]
    pub context_window: Option<u64>,
    /// Takes images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_images: Option<bool>,
    /// Knows cache marks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_prompt_cache: Option<bool>,
    /// Does well at computer use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_computer_use: Option<bool>,
    /// Calls tools.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_tools: Option<bool>,
    /// Reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_reasoning: Option<bool>,
    /// USD per 1,000,000 input tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub input_price: Option<f64>,
    /// USD per 1,000,000 output tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub output_price: Option<f64>,
    /// USD per 1,000,000 tokens written to the prompt cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub cache_writes_price: Option<f64>,
    /// USD per 1,000,000 tokens read from the prompt cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub cache_reads_price: Option<f64>,
    /// Name of the parameter that limits the output; `none` where no limit is to be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens_param: Option<MaxTokensParam>,
}

/// Name of the parameter that limits the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "show it as it is"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "snake_case")]
pub enum MaxTokensParam {
    /// What most models know.
    MaxTokens,
    /// What OpenAI's reasoning models demand.
    MaxCompletionTokens,
    /// For a model that takes no limit: none is sent, not even one that a request gives.
    None,
    /// A word of a newer version: show it as it is.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}

/// The settings as they hold after a `provider/configure`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConfigureResult {
    /// The profile that was configured.
    pub profile: String,
    /// Whether it is the active one.
    pub active: bool,
    /// The settings in effect, redacted.
    pub settings: EffectiveSettings,
    /// Where they lead.
    pub urls: Urls,
    /// What holds but is not as the user may think: a key withheld, a key over plain http, certificates not checked.
    /// Empty where there is nothing to say.
    pub warnings: Vec<String>,
    /// What the proxy said. Absent where `verify` was false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusResult>,
}

/// The settings in effect, each with the layer that won. Absent: not set, and without a default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EffectiveSettings {
    /// What answers at the base URL.
    pub kind: Setting<ProviderKind>,
    /// The base URL, without credentials.
    pub base_url: Setting<String>,
    /// The other addresses of the same deployment, without credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_urls: Option<Setting<Vec<String>>>,
    /// The key, as far as it may be shown.
    pub api_key: KeySetting,
    /// How the key is sent.
    pub auth: Setting<String>,
    /// Names of the extra headers; their values are never shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<Setting<Vec<String>>>,
    /// The model for requests that name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<Setting<String>>,
    /// What the user says of models.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_overrides: Option<Setting<BTreeMap<String, ModelOverride>>>,
    /// Time limits; the origin is that of the strongest layer that set one.
    pub timeouts: Setting<Timeouts>,
    /// Trust and client certificates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Setting<Tls>>,
    /// The proxy on the way, without credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_url: Option<Setting<String>>,
    /// Whose rules hold where the proxy leaves gaps.
    pub compatibility: Setting<Compatibility>,
    /// Which files hold secrets beside the built-in ones, or hold none: the patterns of all layers, weakest first; the
    /// origin is that of the strongest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_files: Option<Setting<Vec<String>>>,
    /// What may be spent with the profile on this machine; the origin is that of the strongest layer that set a part of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<Setting<OwnBudget>>,
}

/// A value and the layer it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Setting{T}")]
pub struct Setting<T> {
    /// The value in effect.
    pub value: T,
    /// The layer that won.
    pub origin: Layer,
}

/// Where a setting came from, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "show it as it is"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum Layer {
    /// Built in.
    Default,
    /// The record of a proxy started by `litellm-ls proxy start` that still runs.
    LocalProxy,
    /// The settings file.
    SettingsFile,
    /// `LITELLM_BASE_URL`, `LITELLM_API_KEY`, `LITELLM_MODEL`.
    Environment,
    /// `initializationOptions` of `initialize`, or the options of a command line.
    InitializationOptions,
    /// `workspace/didChangeConfiguration`, or the answer to `workspace/configuration`.
    DidChangeConfiguration,
    /// `provider/configure`.
    Configure,
    /// A word of a newer version: show it as it is.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}

/// What may be shown of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeySetting {
    /// Whether there is a key. False: `dummy-key` is sent.
    pub present: bool,
    /// The reference it came by, such as `env:LITELLM_API_KEY`, or `literal`. Absent without a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The layer that gave it. Absent without a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<Layer>,
    /// The last four characters, after an ellipsis. Absent for a key of fewer than 16 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// True where the key is not sent, because it was given for another host than the base URL's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withheld: bool,
}

/// Where the settings lead, without credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Urls {
    /// Where models are described. Absent for `openaiCompatible`. LiteLLM only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_info: Option<String>,
    /// Where model names are listed.
    pub models: String,
    /// Where chats go.
    pub chat: String,
}

/// One thing wrong with params, or with settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Where, from the params down, such as `timeouts.connectMs` or `messages[2].content[0].type`: names of members, as they
    /// are, with `.` between them, and places in lists from 0 in brackets. Empty for the params themselves.
    pub path: String,
    /// What is wrong; never quotes a value that could be a secret.
    pub reason: String,
    /// What to do.
    pub remedy: String,
    /// The nearest known name. Present for an unknown field or word that resembles one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
    /// Line of the settings file, from 1. Present for a problem in that file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub line: Option<u32>,
    /// Column of that line, in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub column: Option<u32>,
}

impl Problem {
    /// A problem with a field, and what to do about it.
    pub fn new(path: impl Into<String>, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            reason: reason.into(),
            remedy: remedy.into(),
            nearest: None,
            line: None,
            column: None,
        }
    }
}
