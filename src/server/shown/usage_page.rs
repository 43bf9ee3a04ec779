//! The page of usage: what is left, what was spent lately, by model, and what this process has asked for.

use std::fmt::Write;

use litellm_ls_protocol::{CallOutcome, UsageReportResult, UsageSum};

use super::columns::Table;
use crate::{
    figures,
    plain::cell,
    provider::{Glance, minute},
};

/// Stands behind a sum that is the least that was spent.
const AT_LEAST: &str = "+";

/// The page, with aligned columns.
pub(in crate::server) fn page(report: &UsageReportResult, glance: &Glance) -> String {
    let mut page = "# Usage\n".to_owned();
    for budget in &glance.budgets {
        let _ = writeln!(page, "\n{budget}.");
    }
    // A proxy without a database says 0 of every key, whatever was spent.
    if glance.budgets.is_empty()
        && let Some(key) = &report.key
        && let Some(spend) = key.spend
        && (spend > 0.0 || key.max_budget.is_some())
    {
        let limit = key.max_budget.map(|limit| format!(" of ${}", figures::money(limit))).unwrap_or_default();
        let _ =
            writeln!(page, "\nThe key has spent ${}{limit} ({}).", figures::money(spend), minute(&key.as_of));
    }
    if let Some([today, week, month]) = &glance.recorded {
        let mut table = Table::new(["USD", "today", "7 days", "30 days", "calls"]);
        let calls = |sum: &UsageSum| sum.calls.to_string();
        let sums = [today, week, month].map(|span| cost(&span.total));
        let [one, seven, thirty] = sums;
        table.row(["all".to_owned(), one, seven, thirty, calls(&month.total)]);
        // Those of the longest span are all that there are, the dearest first.
        for group in &month.groups {
            let [one, seven] = [today, week].map(|span| {
                let same = span.groups.iter().find(|same| same.model == group.model);
                same.map_or_else(|| "-".to_owned(), |same| cost(&same.sum))
            });
            let model = cell(group.model.as_deref().unwrap_or_default());
            table.row([model, one, seven, cost(&group.sum), calls(&group.sum)]);
        }
        let _ = writeln!(
            page,
            "\n{table}\nAll calls that were recorded on this machine; days are those of {}.",
            month.time_zone
        );
        unpriced(&mut page, &month.total);
    }
    if report.total.calls == 0 {
        if glance.recorded.is_none() {
            page.push_str("\nNothing was asked yet.\n");
        }
        return page;
    }
    let _ = writeln!(page, "\n## Profile {} since {}\n", cell(&report.profile), minute(&report.since));
    let mut table = Table::new(["model", "outcome", "calls", "in", "out", "USD"]);
    let mut line = |model: &str, outcome: &str, sum: &UsageSum| {
        let UsageSum { calls, input_tokens, output_tokens, .. } = sum;
        let numbers = [calls, input_tokens, output_tokens].map(u64::to_string);
        let [calls, input, output] = numbers;
        table.row([cell(model), outcome.to_owned(), calls, input, output, cost(sum)]);
    };
    for row in &report.rows {
        let outcome = match row.outcome {
            CallOutcome::Succeeded => "succeeded",
            CallOutcome::Failed | CallOutcome::Unknown => "failed",
            CallOutcome::Cancelled => "cancelled",
        };
        line(&row.model, outcome, &row.sum);
    }
    line("all", "", &report.total);
    let _ = write!(page, "{table}");
    unpriced(&mut page, &report.total);
    page
}

/// What a sum has cost, as far as that is known.
fn cost(sum: &UsageSum) -> String {
    match sum.cost {
        _ if sum.calls == 0 => "-".to_owned(),
        None => "unknown".to_owned(),
        Some(cost) if sum.unpriced_calls > 0 => format!("{}{AT_LEAST}", figures::money(cost)),
        Some(cost) => figures::money(cost),
    }
}

/// Says what the mark behind a sum means.
fn unpriced(page: &mut String, total: &UsageSum) {
    let calls = match total.unpriced_calls {
        0 => return,
        1 => "1 call".to_owned(),
        calls => format!("{calls} calls"),
    };
    let _ = writeln!(page, "\nThe cost of {calls} is not known; {AT_LEAST} is at least.");
}

#[cfg(test)]
mod tests {
    use litellm_ls_protocol::{KeyBudget, LedgerGroup, UsageLedger, UsageRow};

    use super::*;

    fn sum(calls: u64, cost: Option<f64>, unpriced_calls: u64) -> UsageSum {
        UsageSum {
            calls,
            input_tokens: calls * 100,
            output_tokens: calls,
            cost,
            unpriced_calls,
            ..UsageSum::default()
        }
    }

    fn span(total: UsageSum, models: &[(&str, UsageSum)]) -> UsageLedger {
        let group = |(model, sum): &(&str, UsageSum)| LedgerGroup {
            model: Some((*model).to_owned()),
            sum: *sum,
            ..LedgerGroup::default()
        };
        UsageLedger {
            since: String::new(),
            until: String::new(),
            time_zone: "Europe/Berlin".into(),
            total,
            groups: models.iter().map(group).collect(),
            next_cursor: None,
        }
    }

    fn report() -> UsageReportResult {
        let row = |model: &str, outcome, sum| UsageRow { model: model.into(), outcome, sum };
        UsageReportResult {
            profile: "work".into(),
            since: "2026-11-20T08:00:00Z".into(),
            total: sum(2, Some(0.02), 1),
            rows: vec![
                row("a|b", CallOutcome::Succeeded, sum(1, Some(0.02), 0)),
                row("a|b", CallOutcome::Cancelled, sum(1, None, 1)),
            ],
            key: Some(KeyBudget {
                spend: Some(1.25),
                max_budget: Some(10.0),
                as_of: "2026-11-20T09:30:12Z".into(),
            }),
            ..UsageReportResult::default()
        }
    }

    #[test]
    fn what_is_left_and_what_was_spent_lately_stand_first() {
        let dear = sum(9, Some(1.5), 0);
        let recorded = Some([
            span(sum(1, Some(0.02), 0), &[("a|b", sum(1, Some(0.02), 0))]),
            span(sum(2, Some(0.02), 1), &[("a|b", sum(2, Some(0.02), 1))]),
            span(
                sum(12, Some(1.52), 1),
                &[("dear", dear), ("a|b", sum(2, Some(0.02), 1)), ("new", sum(1, None, 0))],
            ),
        ]);
        let budgets = vec!["$1.25 of $10.00 spent by this key".to_owned()];
        let expected = "\
# Usage

$1.25 of $10.00 spent by this key.

| USD  | today | 7 days | 30 days | calls |
| ---- | ----- | ------ | ------- | ----- |
| all  | 0.02  | 0.02+  | 1.52+   | 12    |
| dear | -     | -      | 1.50    | 9     |
| a\\|b | 0.02  | 0.02+  | 0.02+   | 2     |
| new  | -     | -      | unknown | 1     |

All calls that were recorded on this machine; days are those of Europe/Berlin.

The cost of 1 call is not known; + is at least.

## Profile work since 2026-11-20 08:00 UTC

| model | outcome   | calls | in  | out | USD     |
| ----- | --------- | ----- | --- | --- | ------- |
| a\\|b  | succeeded | 1     | 100 | 1   | 0.02    |
| a\\|b  | cancelled | 1     | 100 | 1   | unknown |
| all   |           | 2     | 200 | 2   | 0.02+   |

The cost of 1 call is not known; + is at least.
";
        assert_eq!(page(&report(), &Glance { recorded, budgets }), expected);
    }

    #[test]
    fn without_a_ledger_it_is_this_process_and_the_key() {
        let told = page(&report(), &Glance::default());
        let begins =
            "# Usage\n\nThe key has spent $1.25 of $10.00 (2026-11-20 09:30 UTC).\n\n## Profile work since";
        assert!(told.starts_with(begins), "{told}");
        let key = Some(KeyBudget { spend: Some(0.0), ..KeyBudget::default() });
        let told = page(&UsageReportResult { key, ..report() }, &Glance::default());
        assert!(!told.contains("The key"), "{told}");
        assert_eq!(
            page(&UsageReportResult::default(), &Glance::default()),
            "# Usage\n\nNothing was asked yet.\n"
        );
    }
}
