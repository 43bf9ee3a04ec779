//! A client that is served through a shim, which goes on with another process where this one crashes.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use serde::{Deserialize, Serialize};

use super::{Peer, Presence, lock};
use crate::provider::ChosenSettings;

/// How many questions a client may be asked by one process.
const QUESTIONS: u64 = 1 << 32;

/// What a client has chosen beside what it says again to another process. It has no `Debug`, for it holds keys.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Chosen {
    settings: ChosenSettings,
    /// The profiles with which it asked to be told what is spent.
    watched: BTreeSet<String>,
}

/// A client at the other end of a shim.
#[derive(Default)]
pub struct Shim {
    /// The client as others see it.
    pub presence: Presence,
    /// What it had chosen where it was served before. None where it had chosen nothing.
    pub chosen: Option<Chosen>,
    /// How many processes have served it before: each asks it under ids of its own, for a reply to one that is no more must
    /// answer nothing else.
    pub turn: u32,
}

/// What a shim was told last: the state of the settings by number, and with which profiles the client watches what is spent.
type Told = Arc<Mutex<(u64, BTreeSet<String>)>>;

/// The way to a shim. Cloning it is cheap. The default leads to none.
#[derive(Clone, Default)]
pub(super) struct ToShim(Option<Told>);

impl Shim {
    /// Has a peer go on where its client was served before.
    pub(super) fn resume(self, peer: &mut Peer) {
        peer.outbox.count_questions_from(u64::from(self.turn) * QUESTIONS);
        if let Some(chosen) = self.chosen {
            lock(&peer.settings).take_up(chosen.settings);
            for profile in chosen.watched {
                peer.usage_news.watch(&profile, true);
            }
        }
        peer.shim = ToShim(Some(Arc::new(Mutex::new(peer.chosen_now()))));
    }
}

impl Peer {
    fn chosen_now(&self) -> (u64, BTreeSet<String>) {
        (lock(&self.settings).changes(), self.usage_news.wanted())
    }

    /// Tells the shim what the client has chosen, where that may have changed. To be called before the answer to what has
    /// changed it.
    pub(super) fn tell_shim(&self) {
        let Some(told) = &self.shim.0 else { return };
        let now = self.chosen_now();
        if *lock(told) != now {
            *lock(told) = now.clone();
            let (settings, watched) = (lock(&self.settings).chosen(), now.1);
            self.outbox.aside(&Chosen { settings, watched });
        }
    }
}
