//! `provider/usage`: what was spent through this server, and what the key may still spend.

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Budget;

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
    /// What to tell of the ledger: of all calls that were recorded on this machine, by whatever program, profile and process
    /// of this user. Default: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ledger: Option<LedgerParams>,
    /// Whether to tell all of it as a page, too, for which the proxy is asked what is left of budgets. Default: false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<bool>,
}

/// Which calls of the ledger to tell, and by what they are put together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LedgerParams {
    /// What the calls of one group have in common; at most one of `hour`, `day`, `week` and `month`. Default, and where
    /// empty: nothing, so that all calls are one group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<LedgerBy>,
    /// The first day, `YYYY-MM-DD`, or instant, in RFC 3339; an instant counts from the quarter of an hour that it is in.
    /// Default: 30 days, today within.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The last day, `YYYY-MM-DD`, which is within, or the instant of the end, in RFC 3339, which is not; it counts to the
    /// end of its quarter of an hour. Default: now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Where days begin: a name such as `Europe/Berlin`, or an offset such as `+05:30`. Default: as the machine has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Most groups of one result; `nextCursor` of the result leads on. Default, and at most: 1,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<NonZeroU32>,
    /// Where to go on: `nextCursor` of an earlier result, asked in the same way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// What calls have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum LedgerBy {
    /// The hour in which they ended.
    Hour,
    /// The day.
    Day,
    /// The week, which begins on Monday.
    Week,
    /// The month.
    Month,
    /// The model that was asked for.
    Model,
    /// The program that asked.
    Client,
    /// The folder that it had open.
    Workspace,
    /// The profile.
    Profile,
    /// How they ended.
    Outcome,
}

impl LedgerBy {
    /// Every word.
    pub const ALL: [Self; 9] = [
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Model,
        Self::Client,
        Self::Workspace,
        Self::Profile,
        Self::Outcome,
    ];
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
    /// What is spent of the user's own budgets for the profile, by all programs on this machine. Absent where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<Budget>,
    /// What was spent on the days gone by, through whatever client. Absent where it was not asked for, and where the
    /// proxy does not tell this key: it tells keys that belong to a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<UsageHistory>,
    /// What the ledger says. Absent where it was not asked for, and where this machine keeps none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ledger: Option<UsageLedger>,
    /// The same for people, in Markdown: what was recorded on this machine today, in 7 and in 30 days, by model, and what is
    /// left of budgets. Absent where it was not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

/// What was spent by all programs on this machine, as the ledger has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageLedger {
    /// The beginning of the time that is told.
    pub since: String,
    /// Its end, which is not within.
    pub until: String,
    /// Where days begin: the name of the zone, or its offset.
    pub time_zone: String,
    /// All of it.
    pub total: UsageSum,
    /// The same by what was asked for: by time, the earliest first, then those that cost most. Times without a call are left
    /// out.
    pub groups: Vec<LedgerGroup>,
    /// Where the next result begins. Absent where this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// Calls that have in common what was asked for; the members that were not asked for are absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LedgerGroup {
    /// When it begins: an hour in RFC 3339 with its offset, a day or the Monday of a week as `YYYY-MM-DD`, a month as
    /// `YYYY-MM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The model that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The program that asked. Empty where it did not say; `lines` where it did not at the line door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The folder that it had open. Empty where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
    /// The profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// How the calls ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<CallOutcome>,
    /// What they took.
    pub sum: UsageSum,
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
