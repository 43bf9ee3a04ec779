//! What a peer drives: profiles, their models, and questions to them.

pub mod catalog;
mod completion;
pub mod cost;
mod count;
mod error;
mod key;
mod layers;
mod ledger;
mod models;
mod profile;
pub mod request;
mod settings;
mod status;

pub use completion::Answer;
use completion::Refusals;
pub use error::{Error, Result};
pub use models::{Change, Freshness, Listed, Listing, has_come};
pub use profile::Profile;
pub use settings::{Configured, Settings, complaint};
pub use status::state_after;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use litellm_ls_protocol::ErrorKind;

use crate::{
    apart::apart,
    litellm::{Client, Transport},
};
use key::{NoKey, Printed};
use ledger::Ledger;
use models::Lists;

/// Most connection pools kept; one more drops the oldest.
const MAX_CLIENTS: usize = 8;

/// What all peers of this process share: connections to proxies, the lists of their models, what these did not take,
/// what was spent, and what key commands printed. Never a current profile.
#[derive(Default)]
pub struct Provider {
    clients: Mutex<Vec<(Transport, Client)>>,
    lists: Lists,
    refusals: Refusals,
    ledger: Ledger,
    printed: Printed,
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

    /// A profile with its key, where a command prints that.
    ///
    /// # Errors
    /// `notConfigured` where it prints none that can be sent.
    pub async fn unlocked(&self, profile: Arc<Profile>) -> Result<Arc<Profile>> {
        let Some(lock) = &profile.lock else { return Ok(profile) };
        let key = self.printed.key(&lock.command).await;
        let unlocked = key.map_err(NoKey::problem).and_then(|key| profile.unlocked(key));
        unlocked.map(Arc::new).map_err(|problem| Error::unusable(&problem))
    }

    /// The profile with another key, where the proxy refused the one that a command had printed, and it prints another
    /// now: keys that commands print are often short-lived.
    async fn with_another_key(&self, profile: &Profile, error: &Error) -> Option<Arc<Profile>> {
        let lock = profile.lock.as_ref().filter(|_| error.kind() == ErrorKind::Unauthorized)?;
        let another = self.printed.another(&lock.command, lock.key.as_ref()?).await?;
        profile.unlocked(another).ok().map(Arc::new)
    }

    fn known_client(&self, transport: &Transport) -> Option<Client> {
        lock(&self.clients).iter().find(|(known, _)| known == transport).map(|(_, client)| client.clone())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
