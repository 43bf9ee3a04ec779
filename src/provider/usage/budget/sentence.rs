//! Budgets in a sentence.

use litellm_ls_protocol::{Budget, BudgetScope};

use crate::provider::minute;

/// An amount without the dust that adding floats leaves: in millionths of a dollar.
pub(in crate::provider) fn rounded(amount: f64) -> f64 {
    (amount * 1e6).round() / 1e6
}

/// Whose budget is spent, of what amount, and when it starts anew: in one sentence.
pub(in crate::provider) fn spent(budget: &Budget) -> String {
    let amount = match (budget.spend, budget.limit) {
        (Some(spend), Some(limit)) => format!(": {} of {}", money(spend), money(limit)),
        (None, Some(limit)) => format!(": {}", money(limit)),
        _ => String::new(),
    };
    format!("{} is spent{amount}{}", whose(budget), reset(budget))
}

/// How much of a budget is spent, in one sentence. None where that is not known.
pub(in crate::provider) fn rest(budget: &Budget) -> Option<String> {
    let (spend, limit) = (money(budget.spend?), money(budget.limit?));
    let of = match (budget.scope, &budget.name) {
        (BudgetScope::Own, _) => format!("of {}", whose(budget)),
        (BudgetScope::TeamMember, None) => "of your share in the team".to_owned(),
        _ => format!("by {}", budget_owner(budget)),
    };
    let resets = match (&budget.resets_at, &budget.window) {
        (Some(at), _) => format!(", resets on {}", minute(at)),
        (None, Some(window)) => span(window)
            .map(|span| format!(", resets every {}", span.trim_start_matches("1 ")))
            .unwrap_or_default(),
        (None, None) => String::new(),
    };
    Some(format!("{spend} of {limit} spent {of}{resets}"))
}

fn whose(budget: &Budget) -> String {
    match budget.scope {
        BudgetScope::Own => format!("your own budget{}", window(budget)),
        _ => format!("the budget of {}{}", budget_owner(budget), window(budget)),
    }
}

fn window(budget: &Budget) -> String {
    let the = if budget.scope == BudgetScope::Own { "the " } else { "" };
    let told = |window: &String| format!(" for {the}{}", span(window).unwrap_or_else(|| window.clone()));
    budget.window.as_ref().map(told).unwrap_or_default()
}

/// A window as LiteLLM writes it, such as `30d`, in words. None where it is written in another way.
fn span(window: &str) -> Option<String> {
    let unit = window.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let count = window.strip_suffix(unit).filter(|count| !count.is_empty())?;
    let [one, more] = match unit {
        "s" => ["second", "seconds"],
        "m" => ["minute", "minutes"],
        "h" => ["hour", "hours"],
        "d" => ["day", "days"],
        "w" => ["week", "weeks"],
        "mo" => ["month", "months"],
        _ => return None,
    };
    Some(format!("{count} {}", if count == "1" { one } else { more }))
}

fn reset(budget: &Budget) -> String {
    budget.resets_at.as_ref().map(|at| format!("; it starts anew on {}", minute(at))).unwrap_or_default()
}

/// Whose budget it is, in words.
pub fn budget_owner(budget: &Budget) -> String {
    let what = match budget.scope {
        BudgetScope::Key => return "this key".to_owned(),
        BudgetScope::Own => return format!("your own{}", window(budget)),
        BudgetScope::User => "user",
        BudgetScope::Team => "team",
        BudgetScope::TeamMember => "your share in team",
        BudgetScope::Organization => "organization",
        BudgetScope::Project => "project",
        BudgetScope::Model => "model",
        BudgetScope::ModelGroup => "model group",
        BudgetScope::EndUser => "end user",
        BudgetScope::Tag => "tag",
        BudgetScope::Provider => "provider",
        BudgetScope::Unknown => "budget",
    };
    match (budget.scope, &budget.name) {
        (BudgetScope::TeamMember, None) => "your share in the team".to_owned(),
        (BudgetScope::TeamMember, Some(name)) => format!("the team's member {name}"),
        (BudgetScope::Provider, _) => "the proxy at its provider".to_owned(),
        (_, Some(name)) => format!("{what} {name}"),
        (_, None) => format!("the {what}"),
    }
}

fn money(amount: f64) -> String {
    let cents = (amount * 100.0).round() / 100.0;
    match (amount - cents).abs() < 1e-9 {
        true => format!("${amount:.2}"),
        false => format!("${}", rounded(amount)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_whose_budget_of_what_amount_and_when_it_starts_anew() {
        let mut budget = Budget {
            scope: BudgetScope::Key,
            name: None,
            spend: Some(0.05),
            limit: Some(0.04),
            window: None,
            resets_at: None,
        };
        assert_eq!(spent(&budget), "the budget of this key is spent: $0.05 of $0.04");
        budget.window = Some("30d".into());
        budget.resets_at = Some("2026-12-01T00:00:00Z".into());
        budget.scope = BudgetScope::Team;
        budget.name = Some("blue".into());
        assert_eq!(
            spent(&budget),
            "the budget of team blue for 30 days is spent: $0.05 of $0.04; it starts anew on 2026-12-01 00:00 UTC"
        );
        (budget.scope, budget.name, budget.window) = (BudgetScope::Own, None, Some("day".into()));
        assert_eq!(
            spent(&budget),
            "your own budget for the day is spent: $0.05 of $0.04; it starts anew on 2026-12-01 00:00 UTC"
        );
        assert_eq!(budget_owner(&budget), "your own for the day");
        assert_eq!(
            rest(&budget).as_deref(),
            Some("$0.05 of $0.04 spent of your own budget for the day, resets on 2026-12-01 00:00 UTC")
        );
        assert_eq!(
            (money(1.5e-5), money(3.0), money(1.234_567_8)),
            ("$0.000015".into(), "$3.00".into(), "$1.234568".into())
        );
    }

    #[test]
    fn what_is_left_says_how_often_it_starts_anew() {
        let mut budget = Budget {
            scope: BudgetScope::Key,
            name: None,
            spend: Some(4.2),
            limit: Some(5.0),
            window: None,
            resets_at: None,
        };
        for (window, resets) in [
            (None, ""),
            (Some("30d"), ", resets every 30 days"),
            (Some("1d"), ", resets every day"),
            (Some("1h"), ", resets every hour"),
            (Some("90m"), ", resets every 90 minutes"),
            (Some("1mo"), ", resets every month"),
            (Some("2w"), ", resets every 2 weeks"),
            (Some("12345s"), ", resets every 12345 seconds"),
            (Some("monthly"), ""),
        ] {
            budget.window = window.map(str::to_owned);
            assert_eq!(rest(&budget), Some(format!("$4.20 of $5.00 spent by this key{resets}")));
        }
        (budget.scope, budget.window) = (BudgetScope::TeamMember, None);
        assert_eq!(rest(&budget).as_deref(), Some("$4.20 of $5.00 spent of your share in the team"));
    }
}
