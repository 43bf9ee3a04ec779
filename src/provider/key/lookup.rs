//! Keys that have to be looked up, which takes time: kept until a proxy refuses them.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};

use super::{NoKey, command, mended::mended, read_file};
use crate::{
    off_thread::off_thread,
    provider::lock,
    store::{self, Stamp},
    surroundings::Surroundings,
};

/// How long a keyring may take: its user may have to unlock it.
const KEYRING_LIMIT: Duration = Duration::from_secs(60);

/// Where a key is looked up. It has no `Debug`, for a command may hold a secret in its arguments.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(in crate::provider) enum Lookup {
    /// A command prints it: a program and its arguments, where it runs in these.
    Command(String, Vec<String>, Surroundings),
    /// The keyring of the platform has it under this name.
    Keyring(String),
    /// It is the text of a file.
    File(PathBuf),
}

impl Lookup {
    async fn key(&self) -> Result<SecretString, NoKey> {
        match self {
            Self::Command(program, arguments, surroundings) => {
                command::output(program, arguments, surroundings).await
            }
            Self::Keyring(name) => keyring(name.clone()).await,
            Self::File(path) => {
                let path = path.clone();
                let text = off_thread(move || read_file(&path)).await?;
                Ok(mended(&text).key.as_str().into())
            }
        }
    }

    /// The state of what is looked at. The same for what can't be seen from outside.
    fn stamp(&self) -> Stamp {
        match self {
            Self::File(path) => Stamp::of(path),
            Self::Command(..) | Self::Keyring(_) => Stamp::Absent,
        }
    }
}

async fn keyring(name: String) -> Result<SecretString, NoKey> {
    let remedy = format!("store it with `litellm-ls config store-key {name}`");
    let found = tokio::time::timeout(KEYRING_LIMIT, off_thread(move || store::read_key(&name))).await;
    match found {
        Ok(Ok(key)) => Ok(key),
        Ok(Err(error @ store::KeyringError::NoKey)) => Err(NoKey::new(error.to_string(), remedy)),
        Ok(Err(store::KeyringError::TooManyFiles)) => Err(NoKey::too_many_files()),
        Ok(Err(error)) => Err(NoKey::new(
            error.to_string(),
            "use env:NAME, file:PATH or cmd:COMMAND on a machine without a keyring",
        )),
        Err(_) => Err(NoKey::new("the keyring did not answer", "unlock it, then try again")),
    }
}

/// What one lookup found. Whoever looks it up holds the lock, so that all who need the key meanwhile share it.
#[derive(Default)]
struct Slot {
    /// How many lookups are over.
    tries: AtomicU64,
    known: tokio::sync::Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// The key, and the state of where it was found.
    key: Option<(SecretString, Stamp)>,
    /// Why the last lookup found none.
    failure: Option<NoKey>,
}

impl Slot {
    async fn look_up(&self, lookup: &Lookup, known: &mut Known) -> Result<SecretString, NoKey> {
        // Before the look itself: what changes meanwhile is looked at again.
        let stamp = lookup.stamp();
        // In a box, or every call that needs a key would be as large as running a command for it.
        let found = Box::pin(lookup.key()).await;
        self.tries.fetch_add(1, Ordering::Relaxed);
        known.key = found.as_ref().ok().map(|key| (key.clone(), stamp));
        known.failure = found.as_ref().err().cloned();
        found
    }
}

/// What lookups found.
#[derive(Default)]
pub(in crate::provider) struct Found(Mutex<HashMap<Lookup, Arc<Slot>>>);

impl Found {
    /// The key; it is looked up where it is not known, or where its file has changed.
    ///
    /// # Errors
    /// Where there is none. All who wait for one lookup share its failure; the next question looks it up again.
    pub(in crate::provider) async fn key(&self, lookup: &Lookup) -> Result<SecretString, NoKey> {
        let slot = self.slot(lookup);
        let tries = slot.tries.load(Ordering::Relaxed);
        let mut known = slot.known.lock().await;
        if let Some((key, stamp)) = &known.key
            && *stamp == lookup.stamp()
        {
            return Ok(key.clone());
        }
        if let Some(failure) = known.failure.clone().filter(|_| slot.tries.load(Ordering::Relaxed) > tries) {
            return Err(failure);
        }
        slot.look_up(lookup, &mut known).await
    }

    /// Another key than the one that was refused; it is looked up again unless that has been done since. None where
    /// there is no other.
    pub(in crate::provider) async fn another(
        &self,
        lookup: &Lookup,
        refused: &SecretString,
    ) -> Option<SecretString> {
        let slot = self.slot(lookup);
        let mut known = slot.known.lock().await;
        let is_refused = |key: &SecretString| key.expose_secret() == refused.expose_secret();
        let key = match &known.key {
            Some((key, _)) if !is_refused(key) => key.clone(),
            _ => slot.look_up(lookup, &mut known).await.ok()?,
        };
        Some(key).filter(|key| !is_refused(key))
    }

    fn slot(&self, lookup: &Lookup) -> Arc<Slot> {
        lock(&self.0).entry(lookup.clone()).or_default().clone()
    }
}
