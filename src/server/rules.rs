//! What a peer's settings say of secrets, and configurations around its files, kept while they hold.

use std::sync::{Arc, Mutex, Weak};

use crate::{
    disclosure::{Nearby, Rule},
    lock::lock,
    provider::{Profile, Settings},
};

/// The rule of the settings as they are now, made once for each state of them.
#[derive(Default)]
pub(super) struct Rules {
    /// Of which profile it is, and which is not kept for that: it holds a key.
    rule: Mutex<Option<(Weak<Profile>, Rule)>>,
    pub(super) nearby: Arc<Nearby>,
}

impl Rules {
    pub(super) fn of(&self, settings: &Settings) -> Rule {
        // Without a profile that can be used nothing is asked, and what the settings name is secret all the same.
        let Ok(profile) = settings.profile(None) else { return Rule::new(Vec::new(), settings.key_files()) };
        let mut known = lock(&self.rule);
        match &*known {
            // Settings that change make another profile, and none takes the place in memory of one that is known here.
            Some((of, rule)) if std::ptr::eq(of.as_ptr(), Arc::as_ptr(&profile)) => rule.clone(),
            _ => {
                let rule = Rule::of(&profile);
                known.insert((Arc::downgrade(&profile), rule)).1.clone()
            }
        }
    }
}
