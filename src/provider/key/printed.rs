//! Keys that commands printed, kept until a proxy refuses them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use secrecy::{ExposeSecret, SecretString};

use super::{NoKey, command};
use crate::provider::lock;

/// What one command printed. Whoever runs it holds this, so that all who need the key meanwhile share it.
type Slot = Arc<tokio::sync::Mutex<Option<SecretString>>>;

/// What commands printed, by the commands.
#[derive(Default)]
pub(in crate::provider) struct Printed(Mutex<HashMap<String, Slot>>);

impl Printed {
    /// The key that a command prints; it is run where that is not known.
    ///
    /// # Errors
    /// Where it prints none. Then the next question runs it again.
    pub(in crate::provider) async fn key(&self, command: &str) -> Result<SecretString, NoKey> {
        let slot = self.slot(command);
        let mut known = slot.lock().await;
        if let Some(key) = &*known {
            return Ok(key.clone());
        }
        let key = command::output(command).await?;
        Ok(known.insert(key).clone())
    }

    /// Another key than the one that was refused; the command is run again unless that has been done since. None where
    /// it prints no other.
    pub(in crate::provider) async fn another(
        &self,
        command: &str,
        refused: &SecretString,
    ) -> Option<SecretString> {
        let slot = self.slot(command);
        let mut known = slot.lock().await;
        let is_refused = |key: &SecretString| key.expose_secret() == refused.expose_secret();
        if known.as_ref().is_none_or(is_refused) {
            *known = command::output(command).await.ok();
        }
        known.clone().filter(|key| !is_refused(key))
    }

    fn slot(&self, command: &str) -> Slot {
        lock(&self.0).entry(command.to_owned()).or_default().clone()
    }
}
