//! What calls took since this process began: by proxy and key, model and outcome.
//!
//! Kept in memory; [`recorded`](super::recorded) has the same entries written down.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use litellm_ls_protocol::{
    Budget, BudgetScope, CallOutcome, KeyBudget, LARGEST_WHOLE, UsageReportResult, UsageRow, UsageSum,
};

use crate::{
    litellm::Mark,
    provider::{Profile, Provider, instant::instant, lock, now, request::Route},
};

/// Most proxies and keys that are kept apart; one more drops the oldest.
const MAX_ACCOUNTS: usize = 64;
/// Most rows of an account: what comes after counts for [`OTHERS`], for a client may invent names of models.
const MAX_ROWS: usize = 1_000;
/// The model of a row that stands for all that had no room.
const OTHERS: &str = "(others)";

/// The accounts of this process.
pub(in crate::provider) struct Ledger {
    since: jiff::Timestamp,
    accounts: Mutex<Vec<Arc<Account>>>,
}

impl Default for Ledger {
    fn default() -> Self {
        Self { since: jiff::Timestamp::now(), accounts: Mutex::default() }
    }
}

/// What one key spent at one proxy. It has no `Debug`, for what is spent is nobody's business.
pub(in crate::provider) struct Account {
    endpoint: Mark,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    rows: Vec<UsageRow>,
    key: Option<KeyBudget>,
    /// The budget that the proxy said was spent, and no answer since then belies.
    spent: Option<Budget>,
}

/// What one call took.
pub(in crate::provider) struct Entry<'a> {
    pub(in crate::provider) model: &'a str,
    /// The model that answered, as the proxy calls it. None where it did not say.
    pub(in crate::provider) served_by: Option<String>,
    pub(in crate::provider) route: Route,
    pub(in crate::provider) outcome: CallOutcome,
    /// None where the proxy did not say.
    pub(in crate::provider) usage: Option<litellm_ls_protocol::Usage>,
    /// Whether it may have cost something: the model was reached, or nobody knows.
    pub(in crate::provider) billable: bool,
    /// From the question to the end.
    pub(in crate::provider) duration: Duration,
    /// From the question to the first piece of the answer.
    pub(in crate::provider) first_token: Option<Duration>,
}

impl Entry<'_> {
    /// Whether it may have cost something that nobody says.
    pub(in crate::provider) fn is_unpriced(&self) -> bool {
        self.billable && self.usage.is_none_or(|usage| usage.cost.is_none())
    }
}

impl Ledger {
    pub(in crate::provider) fn account(&self, profile: &Profile) -> Arc<Account> {
        let mark = profile.endpoint.mark();
        let mut accounts = lock(&self.accounts);
        if let Some(account) = accounts.iter().find(|account| account.endpoint == mark) {
            return account.clone();
        }
        if accounts.len() == MAX_ACCOUNTS {
            accounts.remove(0);
        }
        let account = Arc::new(Account { endpoint: mark, book: Mutex::default() });
        accounts.push(account.clone());
        account
    }
}

impl Account {
    /// Books a call that has ended.
    pub(in crate::provider) fn book(&self, entry: &Entry<'_>) {
        let mut book = lock(&self.book);
        let sum = book.sum(entry.model, entry.outcome);
        let mut one = UsageSum { calls: 1, ..UsageSum::default() };
        if let Some(usage) = &entry.usage {
            one.input_tokens = usage.input_tokens.unwrap_or_default();
            one.output_tokens = usage.output_tokens.unwrap_or_default();
            one.cache_read_tokens = usage.cache_read_tokens;
            one.cache_write_tokens = usage.cache_write_tokens;
            one.reasoning_tokens = usage.reasoning_tokens;
            one.cost = usage.cost;
        }
        one.unpriced_calls = u64::from(entry.is_unpriced());
        *sum = added(sum, &one);
    }

    /// Keeps what the proxy said of the key, unless it said nothing.
    pub(in crate::provider) fn told(&self, spend: Option<f64>, max_budget: Option<f64>) {
        if spend.is_some() || max_budget.is_some() {
            lock(&self.book).key = Some(KeyBudget { spend, max_budget, as_of: now() });
        }
    }
}

impl Account {
    /// Keeps that a budget is spent on which all calls depend; those of a tag, a model or an end user are not such.
    pub(in crate::provider) fn is_spent(&self, budget: &Budget) {
        use BudgetScope as S;
        let concerns_all = [S::Key, S::User, S::Team, S::TeamMember, S::Organization, S::Project];
        if concerns_all.contains(&budget.scope) {
            lock(&self.book).spent = Some(budget.clone());
        }
    }

    /// A call was answered, so nothing is spent.
    pub(in crate::provider) fn is_open(&self) {
        lock(&self.book).spent = None;
    }

    /// The budget that is spent as far as is known: one that has started anew since is not.
    pub(in crate::provider) fn spent(&self) -> Option<Budget> {
        let mut book = lock(&self.book);
        book.spent.take_if(|spent| has_started_anew(spent));
        book.spent.clone()
    }
}

fn has_started_anew(budget: &Budget) -> bool {
    let at = budget.resets_at.as_ref().and_then(|at| at.parse::<jiff::Timestamp>().ok());
    at.is_some_and(|at| at <= jiff::Timestamp::now())
}

impl Book {
    fn sum(&mut self, model: &str, outcome: CallOutcome) -> &mut UsageSum {
        let place = |rows: &[UsageRow], model: &str| {
            rows.iter().position(|row| row.model == model && row.outcome == outcome)
        };
        let model = match place(&self.rows, model) {
            None if self.rows.len() >= MAX_ROWS => OTHERS,
            _ => model,
        };
        let place = place(&self.rows, model).unwrap_or_else(|| {
            self.rows.push(UsageRow { model: model.to_owned(), outcome, sum: UsageSum::default() });
            self.rows.len() - 1
        });
        &mut self.rows[place].sum
    }
}

impl Provider {
    /// What was spent with a profile's proxy and key, and what is known of the key.
    pub fn usage(&self, profile: &Profile) -> UsageReportResult {
        let account = self.ledger.account(profile);
        let book = lock(&account.book);
        UsageReportResult {
            profile: profile.name.clone(),
            since: instant(self.ledger.since),
            total: total(&book.rows),
            rows: book.rows.clone(),
            key: book.key.clone(),
            budgets: Vec::new(),
            history: None,
            ledger: None,
            page: None,
        }
    }
}

fn total(rows: &[UsageRow]) -> UsageSum {
    rows.iter().fold(UsageSum::default(), |total, row| added(&total, &row.sum))
}

/// Two sums together. What a proxy counts may be anything: a sum stays within what JSON carries.
fn added(one: &UsageSum, other: &UsageSum) -> UsageSum {
    let count = |one: u64, other: u64| one.saturating_add(other).min(LARGEST_WHOLE);
    let cost = match (one.cost, other.cost) {
        (Some(one), Some(other)) => Some((one + other).min(f64::MAX)),
        (one, other) => one.or(other),
    };
    UsageSum {
        calls: count(one.calls, other.calls),
        input_tokens: count(one.input_tokens, other.input_tokens),
        output_tokens: count(one.output_tokens, other.output_tokens),
        cache_read_tokens: count(one.cache_read_tokens, other.cache_read_tokens),
        cache_write_tokens: count(one.cache_write_tokens, other.cache_write_tokens),
        reasoning_tokens: count(one.reasoning_tokens, other.reasoning_tokens),
        cost,
        unpriced_calls: count(one.unpriced_calls, other.unpriced_calls),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_end_take_no_room_without_end() {
        let mut book = Book::default();
        for number in 0..2 * MAX_ROWS {
            book.sum(&format!("m{number}"), CallOutcome::Succeeded).calls += 1;
        }
        assert_eq!(book.rows.len(), MAX_ROWS + 1);
        assert_eq!(total(&book.rows).calls, 2 * MAX_ROWS as u64);
        assert_eq!(book.rows[MAX_ROWS].model, OTHERS);
    }

    #[test]
    fn sums_stay_within_what_json_carries() {
        let most = UsageSum { input_tokens: u64::MAX, cost: Some(1.7e308), ..UsageSum::default() };
        let sum = added(&added(&most, &most), &most);
        assert_eq!((sum.input_tokens, sum.cost), (LARGEST_WHOLE, Some(f64::MAX)));
    }

    #[test]
    fn a_sum_without_any_cost_is_unknown_and_not_free() {
        let row = |cost| UsageRow {
            model: "m".into(),
            outcome: CallOutcome::Succeeded,
            sum: UsageSum { calls: 1, cost, ..UsageSum::default() },
        };
        assert_eq!(total(&[row(None), row(None)]).cost, None);
        assert_eq!(total(&[row(None), row(Some(0.5)), row(None), row(Some(0.25))]).cost, Some(0.75));
        assert_eq!(total(&[row(Some(0.0))]).cost, Some(0.0));
    }
}
