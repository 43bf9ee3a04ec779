//! `provider/usage`: what was spent through this server, and what the key may still spend.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whose spending to tell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageReportParams {
    /// Name of the profile. Default: the active one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Whether to be told from now on when it changes, by `provider/didChangeUsage`. Absent leaves that as it is; at
    /// first nothing is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watch: Option<bool>,
    /// Whether to ask the proxy what was spent in the last 30 days, which takes a moment. Default: false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<bool>,
}

/// What was spent, after one more call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DidChangeUsageParams {
    /// The profile.
    pub profile: String,
    /// All that was spent with its proxy and key since this process began.
    pub total: UsageSum,
    /// What the proxy said of the key. Absent where it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyBudget>,
}

/// What was spent with the profile's proxy and key since this process began, by all editors that it serves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageReportResult {
    /// The profile.
    pub profile: String,
    /// Since when it was counted.
    pub since: String,
    /// All of it.
    pub total: UsageSum,
    /// The same by model and outcome, in the order of the first call.
    pub rows: Vec<UsageRow>,
    /// What the proxy said of the key. Absent before the first answer, and where the proxy says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyBudget>,
    /// What was spent on the days gone by, through whatever client. Absent where it was not asked for, and where the
    /// proxy does not tell this key: it tells keys that belong to a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<UsageHistory>,
}

/// What was spent on the days gone by, as the proxy keeps it: some seconds late, and never reset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageHistory {
    /// The user whose calls are counted, with all keys. Absent: all calls of the proxy, which an administrator is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The first day that was asked for, `YYYY-MM-DD`.
    pub first_day: String,
    /// The last one: today, by UTC.
    pub last_day: String,
    /// The days with calls, oldest first.
    pub days: Vec<UsageDay>,
    /// When the proxy said so.
    pub as_of: String,
}

/// What was spent on one day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageDay {
    /// `YYYY-MM-DD`, by UTC.
    pub date: String,
    /// By model and outcome. Tokens and cost of a model stand with its calls that were answered.
    pub rows: Vec<UsageRow>,
}

/// What was spent on calls of one model that ended alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageRow {
    /// The model that was asked for.
    pub model: String,
    /// How the calls ended.
    pub outcome: CallOutcome,
    /// What they took.
    pub sum: UsageSum,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "take it for `failed`"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum CallOutcome {
    /// With its end.
    Succeeded,
    /// With an error, in mid-stream too.
    Failed,
    /// The client gave it up.
    Cancelled,
    /// A word of a newer version: take it for `failed`.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}

/// What calls took, as far as the proxy said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageSum {
    /// Calls; one that was sent again counts once.
    pub calls: u64,
    /// Tokens of the prompts, cached ones included.
    pub input_tokens: u64,
    /// Tokens of the answers, reasoning included.
    pub output_tokens: u64,
    /// Prompt tokens read from the cache.
    pub cache_read_tokens: u64,
    /// Prompt tokens written to the cache.
    pub cache_write_tokens: u64,
    /// Tokens of reasoning, a part of `outputTokens`.
    pub reasoning_tokens: u64,
    /// USD. Absent where no call's cost is known.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "crate::money::rounded")]
    pub cost: Option<f64>,
    /// Calls that may have cost something that nobody says, such as cancelled ones. Where there are any, tokens and
    /// cost are the least that was spent.
    pub unpriced_calls: u64,
}

/// What the proxy said of the key with its last answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyBudget {
    /// USD that the key has spent, through whatever client. The proxy counts streams late. Absent where it does not
    /// say.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "crate::money::rounded")]
    pub spend: Option<f64>,
    /// USD that the key may spend. Absent where there is no limit, or the proxy does not say.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "crate::money::rounded")]
    pub max_budget: Option<f64>,
    /// When it said so.
    pub as_of: String,
}
