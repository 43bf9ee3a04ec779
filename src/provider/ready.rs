//! Makes a profile ready for a request: at an address that answers, and with its key.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use litellm_ls_protocol::ErrorKind;

use super::{
    Error, Profile, Provider, Result,
    key::{Found, NoKey},
    lock,
    settings::profile::Lock,
};

/// How long an address that did not answer is passed over, where there is another.
const DOWN: Duration = Duration::from_secs(30);

/// What requests have shown of addresses and keys.
#[derive(Default)]
pub(super) struct Readiness {
    /// When an address last did not answer, by its URL for chats.
    down: Mutex<HashMap<String, Instant>>,
    found: Found,
}

impl Readiness {
    fn is_up(&self, profile: &Profile) -> bool {
        lock(&self.down).get(&profile.urls.chat).is_none_or(|since| since.elapsed() >= DOWN)
    }

    fn is_down(&self, profile: &Profile) {
        let mut down = lock(&self.down);
        down.retain(|_, since| since.elapsed() < DOWN);
        down.insert(profile.urls.chat.clone(), Instant::now());
    }
}

impl Provider {
    /// A profile at the first of its addresses that is not known to be down, and with its key.
    ///
    /// # Errors
    /// `notConfigured` where its key is not found, or can't be sent.
    pub async fn ready(&self, profile: &Arc<Profile>) -> Result<Arc<Profile>> {
        let address = profile.addresses().find(|address| self.readiness.is_up(address)).unwrap_or(profile);
        self.unlocked(profile.moved(address)).await
    }

    /// A profile with its key, where that has to be looked up.
    pub(super) async fn unlocked(&self, profile: Arc<Profile>) -> Result<Arc<Profile>> {
        let Some(lock) = &profile.lock else { return Ok(profile) };
        let key = self.readiness.found.key(&lock.lookup).await;
        let unlocked = key.map_err(NoKey::problem).and_then(|key| profile.unlocked(key));
        unlocked.map(Arc::new).map_err(|problem| Error::unusable(&problem))
    }

    /// What may help where a request has failed before its answer began: another address of the deployment, or another
    /// key, for those that are looked up are often short-lived. None where there is neither.
    pub(super) async fn failover(&self, profile: &Arc<Profile>, error: &Error) -> Option<Arc<Profile>> {
        if error.is_away() {
            self.readiness.is_down(profile);
            let address = profile.addresses().find(|address| self.readiness.is_up(address))?;
            return self.unlocked(profile.moved(address)).await.ok();
        }
        // Once: a command may print another one each time.
        let may_help = |lock: &&Lock| error.kind() == ErrorKind::Unauthorized && !lock.renewed;
        let lock = profile.lock.as_ref().filter(may_help)?;
        let another = self.readiness.found.another(&lock.lookup, lock.key.as_ref()?).await?;
        let mut renewed = profile.unlocked(another).ok()?;
        renewed.lock = renewed.lock.map(|lock| Lock { renewed: true, ..lock });
        Some(Arc::new(renewed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_states_how_long_an_address_is_passed_over() {
        let stated = format!("these are passed over for {} seconds then", DOWN.as_secs());
        assert!(include_str!("../../protocol/PROTOCOL.md").contains(&stated), "{stated}");
    }
}
