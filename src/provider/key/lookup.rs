//! Keys that have to be looked up, which takes time: kept until a proxy refuses them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};

use super::{NoKey, command};
use crate::{apart::apart, provider::lock, store};

/// How long a keyring may take: its user may have to unlock it.
const KEYRING_LIMIT: Duration = Duration::from_secs(60);

/// Where a key is looked up. It has no `Debug`, for a command may hold a secret in its arguments.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(in crate::provider) enum Lookup {
    /// A command prints it.
    Command(String),
    /// The keyring of the platform has it under this name.
    Keyring(String),
}

impl Lookup {
    async fn key(&self) -> Result<SecretString, NoKey> {
        match self {
            Self::Command(command) => command::output(command).await,
            Self::Keyring(name) => keyring(name.clone()).await,
        }
    }
}

async fn keyring(name: String) -> Result<SecretString, NoKey> {
    let remedy = format!("store it with `litellm-ls config store-key {name}`");
    let found = tokio::time::timeout(KEYRING_LIMIT, apart(move || store::read_key(&name))).await;
    match found {
        Ok(Ok(key)) => Ok(key),
        Ok(Err(error @ store::KeyringError::NoKey)) => Err(NoKey::new(error.to_string(), remedy)),
        Ok(Err(error)) => Err(NoKey::new(
            error.to_string(),
            "use env:NAME, file:PATH or cmd:COMMAND on a machine without a keyring",
        )),
        Err(_) => Err(NoKey::new("the keyring did not answer", "unlock it, then try again")),
    }
}

/// What one lookup found. Whoever looks it up holds this, so that all who need the key meanwhile share it.
type Slot = Arc<tokio::sync::Mutex<Option<SecretString>>>;

/// What lookups found.
#[derive(Default)]
pub(in crate::provider) struct Found(Mutex<HashMap<Lookup, Slot>>);

impl Found {
    /// The key; it is looked up where it is not known.
    ///
    /// # Errors
    /// Where there is none. Then the next question looks it up again.
    pub(in crate::provider) async fn key(&self, lookup: &Lookup) -> Result<SecretString, NoKey> {
        let slot = self.slot(lookup);
        let mut known = slot.lock().await;
        if let Some(key) = &*known {
            return Ok(key.clone());
        }
        let key = lookup.key().await?;
        Ok(known.insert(key).clone())
    }

    /// Another key than the one that was refused; it is looked up again unless that has been done since. None where
    /// there is no other.
    pub(in crate::provider) async fn another(
        &self,
        lookup: &Lookup,
        refused: &SecretString,
    ) -> Option<SecretString> {
        let slot = self.slot(lookup);
        let mut known = slot.lock().await;
        let is_refused = |key: &SecretString| key.expose_secret() == refused.expose_secret();
        if known.as_ref().is_none_or(is_refused) {
            *known = lookup.key().await.ok();
        }
        known.clone().filter(|key| !is_refused(key))
    }

    fn slot(&self, lookup: &Lookup) -> Slot {
        lock(&self.0).entry(lookup.clone()).or_default().clone()
    }
}
