//! Budgets, as people are told of them.

use litellm_ls_protocol::{Budget, BudgetScope, ProviderKind};

use super::{Error, Profile, Provider, models::instant};
use crate::{
    litellm::{KnownBudget, fault::Scope},
    plain,
};

/// Widest name that is told, in columns.
const NAME: usize = 80;

impl Provider {
    /// The budgets that all calls of a profile depend on. None where the proxy does not tell.
    pub async fn budgets(&self, profile: &Profile) -> Option<Vec<Budget>> {
        if profile.kind() != ProviderKind::Litellm {
            return None;
        }
        let known = self.client(profile).await.ok()?.budgets(&profile.endpoint).await?;
        let account = self.ledger.account(profile);
        let budgets: Vec<Budget> = known.iter().map(told).collect();
        match known.iter().position(KnownBudget::is_spent) {
            Some(spent) => account.is_spent(&budgets[spent]),
            // Another budget may be spent than those that are told.
            None => {
                let is_told = |spent: &Budget| budgets.iter().any(|budget| budget.scope == spent.scope);
                if account.spent().is_some_and(|spent| is_told(&spent)) {
                    account.is_open();
                }
            }
        }
        Some(budgets)
    }

    /// Adds to an error what the proxy tells of the budget that is spent: its amount, and when it starts anew.
    pub(super) async fn explain_budget(&self, profile: &Profile, error: &mut Error) {
        let Some(mut spent) = error.data.budget.clone() else { return };
        let budgets = self.budgets(profile).await.unwrap_or_default();
        let is_meant = |known: &&Budget| {
            known.scope == spent.scope && (spent.window.is_none() || known.window == spent.window)
        };
        if let Some(known) = budgets.iter().find(is_meant) {
            spent.spend = spent.spend.or(known.spend);
            spent.limit = spent.limit.or(known.limit);
            spent.window = spent.window.or_else(|| known.window.clone());
            spent.resets_at.clone_from(&known.resets_at);
        }
        self.ledger.account(profile).is_spent(&spent);
        error.message = plain::sentence(&sentence(&spent));
        error.data.budget = Some(spent);
    }
}

fn told(known: &KnownBudget) -> Budget {
    Budget {
        scope: match known.scope {
            Scope::User => BudgetScope::User,
            Scope::Team => BudgetScope::Team,
            _ => BudgetScope::Key,
        },
        name: known.name.as_ref().map(|name| plain::label(name, NAME)),
        spend: known.spend.map(rounded),
        limit: Some(rounded(known.limit)),
        window: known.window.as_ref().map(|window| plain::label(window, NAME)),
        resets_at: known.resets_at.as_ref().and_then(|at| Some(instant(at.parse::<jiff::Timestamp>().ok()?))),
    }
}

/// An amount without the dust that adding floats leaves: in millionths of a dollar.
pub(super) fn rounded(amount: f64) -> f64 {
    (amount * 1e6).round() / 1e6
}

/// Whose budget is spent, of what amount, and when it starts anew: in one sentence.
pub(super) fn sentence(budget: &Budget) -> String {
    let amount = match (budget.spend, budget.limit) {
        (Some(spend), Some(limit)) => format!(": {} of {}", money(spend), money(limit)),
        (None, Some(limit)) => format!(": {}", money(limit)),
        _ => String::new(),
    };
    format!("the budget of {}{} is spent{amount}{}", budget_owner(budget), window(budget), reset(budget))
}

/// How much of a budget is spent, in one sentence. None where that is not known.
pub(super) fn rest(budget: &Budget) -> Option<String> {
    let (spend, limit) = (money(budget.spend?), money(budget.limit?));
    Some(format!(
        "{spend} of {limit} are spent of the budget of {}{}{}",
        budget_owner(budget),
        window(budget),
        reset(budget)
    ))
}

fn window(budget: &Budget) -> String {
    budget.window.as_ref().map(|window| format!(" for {window}")).unwrap_or_default()
}

fn reset(budget: &Budget) -> String {
    budget.resets_at.as_ref().map(|at| format!("; it starts anew on {}", day(at))).unwrap_or_default()
}

/// Whose budget it is, in words.
pub fn budget_owner(budget: &Budget) -> String {
    let what = match budget.scope {
        BudgetScope::Key => return "this key".to_owned(),
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
        assert_eq!(sentence(&budget), "the budget of this key is spent: $0.05 of $0.04");
        budget.window = Some("30d".into());
        budget.resets_at = Some("2026-12-01T00:00:00Z".into());
        budget.scope = BudgetScope::Team;
        budget.name = Some("blue".into());
        assert_eq!(
            sentence(&budget),
            "the budget of team blue for 30d is spent: $0.05 of $0.04; it starts anew on 2026-12-01 00:00 UTC"
        );
        assert_eq!(
            (money(1.5e-5), money(3.0), money(1.234_567_8)),
            ("$0.000015".into(), "$3.00".into(), "$1.234568".into())
        );
    }
}
