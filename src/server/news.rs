//! What one peer learns that concerns others: those of the same proxy and key.

use litellm_ls_protocol::State;
use tokio::sync::broadcast;

use super::Presence;
use crate::provider::{Profile, Route};

/// Most news that a peer may be behind. One that is more so has missed some, and hears of the next.
const MOST: usize = 64;

/// What all peers of a process tell each other.
#[derive(Clone)]
pub(super) struct Exchange(broadcast::Sender<Item>);

impl Default for Exchange {
    fn default() -> Self {
        Self(broadcast::Sender::new(MOST))
    }
}

/// Something that all have to hear of who ask the same proxy with the same key.
#[derive(Clone)]
pub(super) struct Item {
    /// Who tells it, and so knows it.
    pub(super) from: Presence,
    pub(super) of: Route,
    pub(super) news: News,
}

/// What there is to hear.
#[derive(Clone)]
pub(super) enum News {
    /// The list of models is another.
    Models,
    /// Something was spent.
    Usage,
    /// The proxy answers.
    Answers,
    /// It does not, with a sentence, and what to do.
    Fails(State, String, String),
}

impl Exchange {
    /// Tells all who listen.
    pub(super) fn tell(&self, from: &Presence, profile: &Profile, news: News) {
        // Nobody else may be here.
        let _ = self.0.send(Item { from: from.clone(), of: profile.route(), news });
    }

    /// What others tell from now on.
    pub(super) fn subscribe(&self) -> broadcast::Receiver<Item> {
        self.0.subscribe()
    }
}
