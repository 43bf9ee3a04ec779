//! What a peer drives: profiles, their models, and questions to them.

mod advice;
mod budget;
mod carried;
pub mod catalog;
mod completion;
mod connections;
pub mod cost;
mod count;
mod error;
mod history;
mod instant;
mod key;
mod layers;
mod ledger;
mod models;
mod opaque;
mod pem;
mod price_before;
mod profile;
mod prompts;
mod ready;
pub mod request;
mod settings;
mod status;

pub use advice::Advice;
pub use budget::sentence::budget_owner;
use completion::Refusals;
pub use completion::{Answer, MAX_PARTIAL};
pub use error::{Error, Result, complaint};
pub use instant::{has_come, now};
pub use key::{KEY_SCHEMES, Key, command_words, shown_key};
pub use layers::WORKSPACE_ASKS;
pub use models::{Change, Freshness, Listed, Listing};
pub use price_before::PriceBefore;
pub use profile::Profile;
pub use settings::{Configured, Settings, Write, shape};
pub use status::{state_after, unusable as unusable_status};

use crate::lock::lock;
use connections::Connections;
use ledger::Ledger;
use models::Lists;
use ready::Readiness;

/// What all peers of this process share: connections to proxies, the lists of their models, what these did not take,
/// what was spent, and what was found of addresses and key commands. Never a current profile.
#[derive(Default)]
pub struct Provider {
    connections: Connections,
    lists: Lists,
    refusals: Refusals,
    ledger: Ledger,
    readiness: Readiness,
}
