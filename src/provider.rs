//! What a peer drives: profiles, their models, and questions to them.

mod advice;
mod asker;
mod carried;
pub mod catalog;
mod completion;
mod connections;
mod count;
mod error;
mod instant;
mod key;
mod models;
mod opaque;
mod pem;
mod ready;
pub mod request;
mod settings;
mod status;
mod usage;

pub use crate::litellm::Mark;
pub use advice::Advice;
pub use asker::Asker;
use completion::Refusals;
pub use completion::{Answer, MAX_PARTIAL};
pub use error::{Error, MOST_FOUND, Result, complaint};
pub use instant::{has_come, minute, now};
pub use key::{KEY_SCHEMES, Key, command_words, shown_key};
pub use models::{Change, Freshness, Listed, Listing};
pub use settings::{
    ChosenSettings, Configured, Settings, Write,
    layers::WORKSPACE_ASKS,
    local::LocalProxy,
    profile::{Profile, Route},
    shape,
};
pub use status::{state_after, unusable as unusable_status};
pub use usage::{budget::sentence::budget_owner, cost, glance::Glance, price_before::PriceBefore};

use crate::lock::lock;
use connections::Connections;
use models::Lists;
use ready::Readiness;
use usage::{ledger::Ledger, own_budget::OwnBudgets, recorded::Records};

/// What all peers of this process share: connections to proxies, the lists of their models, what these did not take,
/// what was spent, and what was found of addresses and key commands. Never a current profile.
#[derive(Default)]
pub struct Provider {
    connections: Connections,
    lists: Lists,
    refusals: Refusals,
    ledger: Ledger,
    records: Records,
    own_budgets: OwnBudgets,
    readiness: Readiness,
}
