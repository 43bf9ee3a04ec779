//! Budgets, as people are told of them.

use litellm_ls_protocol::{Budget, BudgetScope, ProviderKind};

pub(in crate::provider) mod sentence;

use crate::{
    litellm::{KnownBudget, fault::Scope},
    plain,
    provider::{Error, Profile, Provider, instant::instant},
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
    pub(in crate::provider) async fn explain_budget(&self, profile: &Profile, error: &mut Error) {
        let Some(mut spent) = error.data.budget.clone() else { return };
        // The proxy tells nothing of its accounts at providers.
        if spent.scope == BudgetScope::Provider {
            return;
        }
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
        error.message = plain::sentence(&sentence::spent(&spent));
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
        spend: known.spend.map(sentence::rounded),
        limit: Some(sentence::rounded(known.limit)),
        window: known.window.as_ref().map(|window| plain::label(window, NAME)),
        resets_at: known.resets_at.as_ref().and_then(|at| Some(instant(at.parse::<jiff::Timestamp>().ok()?))),
    }
}
