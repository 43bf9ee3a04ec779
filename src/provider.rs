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
pub use models::{Change, Freshness, Listed, Listing, has_come};
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
        clients.push((profile.transport.clone(), client.clone()));
        Ok(client)
    }

    fn known_client(&self, transport: &Transport) -> Option<Client> {
        lock(&self.clients).iter().find(|(known, _)| known == transport).map(|(_, client)| client.clone())
    }
}

/// Does long work on a thread of its own, so that other requests go on meanwhile. Its panic is the caller's.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime ends, and this task with it.
            Err(_) => std::future::pending().await,
        },
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
