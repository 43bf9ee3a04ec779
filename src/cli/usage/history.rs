//! What was spent on the days gone by: three sums, a column a day, and the models that took most.

use std::collections::BTreeMap;

use litellm_ls_protocol::{CallOutcome, UsageDay, UsageHistory};

use crate::{
    cli::output::{Text, Tone, padded, said, shown, words},
    figures::money,
};

/// The spans that are told, in days.
const SPANS: [(&str, usize); 3] = [("today", 1), ("7 days", 7), ("30 days", 30)];
/// The days of the chart.
const CHART: usize = 30;
/// How far it is indented.
const INDENT: usize = 2;
/// How many models are told.
const MODELS: usize = 5;
/// The heights of a day.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// What calls took.
#[derive(Clone, Copy, Default)]
pub(super) struct Sum {
    pub(super) cost: f64,
    /// Calls of which nobody knows what they cost.
    pub(super) unpriced: u64,
    calls: u64,
    failed: u64,
}

impl Sum {
    fn of<'a>(days: impl IntoIterator<Item = &'a UsageDay>) -> Self {
        days.into_iter().flat_map(|day| &day.rows).fold(Self::default(), |sum, row| Self {
            cost: sum.cost + row.sum.cost.unwrap_or_default(),
            unpriced: sum.unpriced + row.sum.unpriced_calls,
            calls: sum.calls + row.sum.calls,
            failed: sum.failed + if row.outcome == CallOutcome::Succeeded { 0 } else { row.sum.calls },
        })
    }
}

/// The days gone by, as lines.
pub(super) fn text(history: Option<&UsageHistory>, width: usize) -> Text {
    let Some(history) = history else {
        let why = "This key belongs to no user, so the proxy does not report past days.";
        return Text::new(Tone::Usual, format!("{}\n", said(why)));
    };
    let whose = match &history.user {
        Some(user) => format!("all calls of {}, with every key and program", shown(user)),
        None => "all calls of the proxy".to_owned(),
    };
    days(history, width, true, &whose)
}

/// The same of what was recorded on this machine. Nothing where no call was.
pub(super) fn recorded(history: Option<&UsageHistory>, width: usize) -> Text {
    match history {
        Some(history) if !history.days.is_empty() => {
            days(history, width, false, "all calls that were recorded on this machine")
        }
        _ => Text::default(),
    }
}

/// What calls took today, in 7 and in 30 days.
pub(super) fn sums(history: &UsageHistory) -> [(&'static str, Sum); 3] {
    SPANS.map(|(name, days)| (name, Sum::of(last(history, days))))
}

fn days(history: &UsageHistory, width: usize, is_utc: bool, whose: &str) -> Text {
    let sums = sums(history);
    let dollars = sums.map(|(_, sum)| format!("${}", money(sum.cost)));
    let widest = dollars.iter().map(String::len).max().unwrap_or_default();
    let mut text = Text::default();
    for ((name, sum), dollars) in sums.iter().zip(&dollars) {
        text.push(Tone::Usual, format!("  {}  {dollars:>widest$}", padded(&words(name), 8)));
        let calls = match (sum.calls, sum.failed) {
            (1, 0) => "1 call".to_owned(),
            (1, failed) => format!("1 call, {failed} failed"),
            (calls, 0) => format!("{calls} calls"),
            (calls, failed) => format!("{calls} calls, {failed} failed"),
        };
        text.push(Tone::Faint, format!("  {}\n", words(&calls)));
    }
    if sums[2].1.calls > 0 {
        // Where there is no room for all of them, those gone by last.
        let days = CHART.min(width - INDENT);
        let first = dates(history, days).into_iter().next().unwrap_or_else(|| history.first_day.clone());
        text.push(Tone::Usual, format!("  {}", chart(history, days)));
        let last = &history.last_day;
        let span = if is_utc { format!("{first} to {last}, by UTC") } else { format!("{first} to {last}") };
        text.push(Tone::Faint, format!("  {}\n", words(&span)));
    }
    for (model, cost) in dearest(history) {
        let dollars = format!("${}", money(cost));
        text.append(Text::new(Tone::Usual, format!("  {dollars:>widest$}  {}", shown(model))).fitted(width));
        text.end_line();
    }
    text.push(Tone::Faint, format!("  {}\n", said(whose)));
    text
}

/// The last days, today within.
fn last(history: &UsageHistory, days: usize) -> impl Iterator<Item = &UsageDay> {
    let first = dates(history, days).into_iter().next().unwrap_or_else(|| history.first_day.clone());
    history.days.iter().filter(move |day| day.date >= first)
}

/// The last days, those without calls within.
fn dates(history: &UsageHistory, days: usize) -> Vec<String> {
    let Ok(today) = history.last_day.parse::<jiff::civil::Date>() else { return Vec::new() };
    let before = |days: usize| today.checked_sub(jiff::Span::new().days(days as i64)).ok();
    (0..days).rev().filter_map(before).map(|date| date.to_string()).collect()
}

/// A column a day; one without calls is a dot.
fn chart(history: &UsageHistory, days: usize) -> String {
    let by_date: BTreeMap<&str, Sum> =
        history.days.iter().map(|day| (day.date.as_str(), Sum::of([day]))).collect();
    let highest = by_date.values().fold(0.0, |highest: f64, sum| highest.max(sum.cost));
    let column = |date: &String| match by_date.get(date.as_str()) {
        None => '·',
        Some(sum) if highest > 0.0 => {
            let height = (sum.cost / highest * HEIGHTS.len() as f64).ceil() as usize;
            HEIGHTS[height.clamp(1, HEIGHTS.len()) - 1]
        }
        Some(_) => HEIGHTS[0],
    };
    dates(history, days).iter().map(column).collect()
}

/// The models that took most, with what they took.
fn dearest(history: &UsageHistory) -> Vec<(&str, f64)> {
    let mut by_model: BTreeMap<&str, f64> = BTreeMap::new();
    for row in history.days.iter().flat_map(|day| &day.rows) {
        *by_model.entry(&row.model).or_default() += row.sum.cost.unwrap_or_default();
    }
    let mut models: Vec<_> = by_model.into_iter().filter(|(_, cost)| *cost > 0.0).collect();
    models.sort_by(|a, b| b.1.total_cmp(&a.1));
    models.truncate(MODELS);
    models
}

#[cfg(test)]
mod tests {
    use litellm_ls_protocol::{UsageRow, UsageSum};

    use super::*;

    fn day(date: &str, rows: &[(&str, f64, u64, u64)]) -> UsageDay {
        let row = |&(model, cost, calls, failed): &(&str, f64, u64, u64)| {
            let row = |outcome, sum| UsageRow { model: model.to_owned(), outcome, sum };
            let answered = UsageSum { calls, cost: Some(cost), ..UsageSum::default() };
            let failed = UsageSum { calls: failed, ..UsageSum::default() };
            [row(CallOutcome::Succeeded, answered), row(CallOutcome::Failed, failed)]
        };
        UsageDay { date: date.to_owned(), rows: rows.iter().flat_map(row).collect() }
    }

    #[test]
    fn sums_a_chart_and_the_dearest_models() {
        let history = UsageHistory {
            user: Some("ada".into()),
            first_day: "2026-10-28".into(),
            last_day: "2026-11-26".into(),
            days: vec![
                day("2026-10-28", &[("opus", 8.0, 4, 0)]),
                day("2026-11-20", &[("gpt", 1.0, 10, 2)]),
                day("2026-11-26", &[("gpt", 0.5, 1, 0)]),
            ],
            as_of: "2026-11-26T08:00:00.000Z".into(),
        };
        assert_eq!(
            text(Some(&history), 80).to_string(),
            "  today     $0.50  1 call\n  7 days    $1.50  13 calls, 2 failed\n  30 days   $9.50  17 calls, 2 failed\n\
             \u{20} █······················▁·····▁  2026-10-28 to 2026-11-26, by UTC\n\
             \u{20} $8.00  opus\n  $1.50  gpt\n  all calls of ada, with every key and program\n"
        );
        let quiet = UsageHistory { user: None, days: Vec::new(), ..history };
        assert_eq!(
            text(Some(&quiet), 80).to_string(),
            "  today     $0.00  0 calls\n  7 days    $0.00  0 calls\n  30 days   $0.00  0 calls\n  all calls of the proxy\n"
        );
        assert!(text(None, 80).to_string().contains("belongs to no user"));
    }
}
