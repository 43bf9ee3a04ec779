//! A client that is served through a shim, which goes on with another process where this one crashes.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use serde::{Deserialize, Serialize};

use super::{Presence, lock};
use crate::provider::ChosenSettings;

/// How many questions a client may be asked by one process.
const QUESTIONS: u64 = 1 << 32;

/// What a client has chosen beside what it says again to another process. It has no `Debug`, for it holds keys.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Chosen {
    pub(super) settings: ChosenSettings,
    /// The profiles with which it asked to be told what is spent.
    pub(super) watched: BTreeSet<String>,
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

impl Shim {
    /// The number of the first question to the client.
    pub(super) fn first_question(&self) -> u64 {
        u64::from(self.turn) * QUESTIONS
    }
}

/// The state of what a client has chosen: that of its settings by number, and which profiles it watches.
pub(super) type State = (u64, BTreeSet<String>);

/// The way to a shim, with the state that it was told last. Cloning it is cheap. The default leads to none.
#[derive(Clone, Default)]
pub(super) struct ToShim(Option<Arc<Mutex<State>>>);

impl ToShim {
    /// One that was told this.
    pub(super) fn that_knows(state: State) -> Self {
        Self(Some(Arc::new(Mutex::new(state))))
    }

    /// The state that there is now, where there is a shim and it does not know that. It knows it then.
    pub(super) fn news(&self, now: impl FnOnce() -> State) -> Option<State> {
        let mut told = lock(self.0.as_ref()?);
        let now = now();
        (std::mem::replace(&mut *told, now.clone()) != now).then_some(now)
    }
}
