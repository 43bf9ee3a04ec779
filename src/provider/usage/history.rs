//! What was spent on the days gone by, as the proxy keeps it.

use std::sync::Arc;

use jiff::{ToSpan, tz::TimeZone};
use litellm_ls_protocol::{CallOutcome, ProviderKind, UsageDay, UsageHistory, UsageRow, UsageSum};

use crate::{
    litellm::{HistoryDay, ModelDay},
    plain,
    provider::{Profile, Provider, now},
};

/// How many days are looked back on, today within.
const DAYS: i32 = 30;
/// Widest name that is told, in columns.
const NAME: usize = 200;
/// Most models of a day that are told.
const MODELS: usize = 1_000;

impl Provider {
    /// What was spent on the last days. None where the proxy does not tell.
    pub async fn history(&self, profile: Arc<Profile>) -> Option<UsageHistory> {
        if profile.kind() != ProviderKind::Litellm {
            return None;
        }
        let today = TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
        let first_day = today.checked_sub((DAYS - 1).days()).ok()?.to_string();
        let last_day = today.to_string();
        let profile = self.unlocked(profile).await.ok()?;
        let client = self.client(&profile).await.ok()?;
        let known = client.history(&profile.endpoint, &first_day, &last_day).await?;
        let is_asked = |day: &&HistoryDay| (&first_day..=&last_day).contains(&&day.date);
        let mut days: Vec<UsageDay> = known.days.iter().filter(is_asked).map(told).collect();
        days.sort_by(|a, b| a.date.cmp(&b.date));
        Some(UsageHistory {
            user: known.user.map(|user| plain::label(&user, NAME)),
            first_day,
            last_day,
            days,
            as_of: now(),
        })
    }
}

fn told(day: &HistoryDay) -> UsageDay {
    UsageDay { date: day.date.clone(), rows: day.models.iter().take(MODELS).flat_map(rows).collect() }
}

/// What a model took: the proxy tells tokens and cost of all its calls at once.
fn rows(day: &ModelDay) -> Vec<UsageRow> {
    let row = |outcome, sum| UsageRow { model: plain::label(&day.model, NAME), outcome, sum };
    let answered = UsageSum {
        calls: day.succeeded,
        input_tokens: day.input_tokens,
        output_tokens: day.output_tokens,
        cache_read_tokens: day.cache_read_tokens,
        cache_write_tokens: day.cache_write_tokens,
        cost: Some(day.spend),
        ..UsageSum::default()
    };
    let failed = UsageSum { calls: day.failed, ..UsageSum::default() };
    [(CallOutcome::Succeeded, answered), (CallOutcome::Failed, failed)]
        .into_iter()
        .filter(|(_, sum)| sum.calls > 0)
        .map(|(outcome, sum)| row(outcome, sum))
        .collect()
}
