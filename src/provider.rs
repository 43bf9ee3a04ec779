//! What a peer drives: profiles, their models, and questions to them.

pub mod catalog;
mod completion;
pub mod cost;
mod error;
mod key;
mod layers;
mod models;
mod profile;
pub mod request;
mod settings;
mod status;

pub use completion::Answer;
pub use error::{Error, Result};
pub use models::{Change, Freshness, Listing};
pub use profile::Profile;
pub use settings::{Configured, Settings, complaint};
pub use status::state_after;

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::litellm::{Client, Transport};
use models::Lists;

/// Most connection pools kept; one more drops the oldest.
const MAX_CLIENTS: usize = 8;

/// What all peers of this process share: connections to proxies, and the lists of their models. Never a current
/// profile or a key.
#[derive(Default)]
pub struct Provider {
    clients: Mutex<Vec<(Transport, Client)>>,
    lists: Lists,
}

impl Provider {
    /// The connection pool for a profile. Made when it is first needed, for that takes milliseconds.
    fn client(&self, profile: &Profile) -> Result<Client> {
        let mut clients = lock(&self.clients);
        if let Some((_, client)) = clients.iter().find(|(transport, _)| *transport == profile.transport) {
            return Ok(client.clone());
        }
        let client = Client::new(&profile.transport)?;
        if clients.len() == MAX_CLIENTS {
            clients.remove(0);
        }
        clients.push((profile.transport.clone(), client.clone()));
        Ok(client)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
