//! Budgets in a sentence.

use litellm_ls_protocol::{Budget, BudgetScope};

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
    Some(format!("{spend} of {limit} are spent of {}{}", whose(budget), reset(budget)))
}

fn whose(budget: &Budget) -> String {
    match budget.scope {
        BudgetScope::Own => format!("your own budget{}", window(budget)),
        _ => format!("the budget of {}{}", budget_owner(budget), window(budget)),
    }
}

fn window(budget: &Budget) -> String {
    let the = if budget.scope == BudgetScope::Own { "the " } else { "" };
    budget.window.as_ref().map(|window| format!(" for {the}{window}")).unwrap_or_default()
}

fn reset(budget: &Budget) -> String {
    budget.resets_at.as_ref().map(|at| format!("; it starts anew on {}", day(at))).unwrap_or_default()
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

/// Day and minute of an instant in RFC 3339, in UTC.
fn day(instant: &str) -> String {
    match instant.parse::<jiff::Timestamp>() {
        Ok(instant) => instant.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => instant.to_owned(),
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
            "the budget of team blue for 30d is spent: $0.05 of $0.04; it starts anew on 2026-12-01 00:00 UTC"
        );
        (budget.scope, budget.name, budget.window) = (BudgetScope::Own, None, Some("day".into()));
        assert_eq!(
            spent(&budget),
            "your own budget for the day is spent: $0.05 of $0.04; it starts anew on 2026-12-01 00:00 UTC"
        );
        assert_eq!(budget_owner(&budget), "your own for the day");
        assert_eq!(
            (money(1.5e-5), money(3.0), money(1.234_567_8)),
            ("$0.000015".into(), "$3.00".into(), "$1.234568".into())
        );
    }
}
