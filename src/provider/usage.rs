//! What calls cost: before they are made, as they end, by account and by day, and what budgets leave.

pub(super) mod budget;
pub mod cost;
pub(super) mod glance;
mod history;
pub(super) mod ledger;
pub(super) mod own_budget;
pub(super) mod price_before;
pub(super) mod recorded;
mod report;
