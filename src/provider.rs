//! What a peer drives: profiles, their models, and questions to them.

mod budget;
mod carried;
pub mod catalog;
mod completion;
pub mod cost;
mod count;
mod error;
mod key;
mod layers;
mod ledger;
mod models;
mod opaque;
mod profile;
mod ready;
pub mod request;
mod settings;
mod status;

pub use completion::Answer;
use completion::Refusals;
pub use error::{Error, Result};
pub use key::KEY_SCHEMES;
pub use layers::WORKSPACE_ASKS;
pub use models::{Change, Freshness, Listed, Listing, has_come};
pub use profile::Profile;
pub use settings::{Configured, Settings, Write, complaint, shape};
pub use status::{state_after, unusable as unusable_status};

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{
    apart::apart,
    litellm::{Client, Transport},
};
use ledger::Ledger;
use models::Lists;
use ready::Readiness;

/// Most connection pools kept; one more drops the oldest.
const MAX_CLIENTS: usize = 8;

/// What all peers of this process share: connections to proxies, the lists of their models, what these did not take,
/// what was spent, and what was found of addresses and key commands. Never a current profile.
#[derive(Default)]
pub struct Provider {
    clients: Mutex<Vec<Client>>,
    lists: Lists,
    refusals: Refusals,
    ledger: Ledger,
    readiness: Readiness,
}

impl Provider {
    /// The connection pool for a profile. Made when it is first needed, and on a thread of its own, for loading the
    /// system's trust store takes milliseconds.
    async fn client(&self, profile: &Profile) -> Result<Client> {
        if let Some(client) = self.known_client(&profile.transport) {
            return Ok(client);
        }
        let transport = profile.transport.clone();
        let client = apart(move || Client::new(&transport)).await?;
        let mut clients = lock(&self.clients);
        if clients.len() == MAX_CLIENTS {
            clients.remove(0);
        }
        clients.push(client.clone());
        Ok(client)
    }

    fn known_client(&self, transport: &Transport) -> Option<Client> {
        lock(&self.clients).iter().find(|known| known.is_for(transport)).cloned()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
