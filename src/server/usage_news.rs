//! How often a peer is told what was spent: a few times a second at most, and always after the last call.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use litellm_ls_protocol::DidChangeUsageParams;
use tokio::time::Instant;

use crate::{lock::lock, provider::Profile};

/// How long a peer is told nothing more.
const PAUSE: Duration = Duration::from_millis(250);
/// Most profiles that wait to be told of; of one more it is told with its next call.
const MOST: usize = 256;

/// What a peer wants to be told, and was.
#[derive(Default)]
pub(super) struct UsageNews(Mutex<State>);

#[derive(Default)]
struct State {
    /// The profiles with which it asked for it. Empty: it is told nothing.
    wanted: BTreeSet<String>,
    /// Those of which there is more to tell than was told.
    waiting: BTreeMap<String, Arc<Profile>>,
    /// When it was told last. None where it never was.
    told: Option<Instant>,
    /// What it was told last.
    said: Option<DidChangeUsageParams>,
    /// Whether somebody sees to those that wait.
    is_timed: bool,
}

/// What is to be done.
pub(super) enum Due {
    /// Nothing: nobody wants to know, or it is told with others.
    Nothing,
    /// It is told now.
    Now,
    /// Those that wait are told at this instant.
    At(Instant),
}

impl UsageNews {
    /// Begins to tell a peer, or ends it.
    pub(super) fn watch(&self, profile: &str, is_wanted: bool) {
        let mut state = lock(&self.0);
        match is_wanted {
            true if state.wanted.len() < MOST => drop(state.wanted.insert(profile.to_owned())),
            true => {}
            false => {
                state.wanted.clear();
                state.waiting.clear();
            }
        }
    }

    /// The profiles with which it was asked for.
    pub(super) fn wanted(&self) -> BTreeSet<String> {
        lock(&self.0).wanted.clone()
    }

    /// Something was spent with a profile.
    pub(super) fn spent(&self, profile: &Arc<Profile>) -> Due {
        let mut state = lock(&self.0);
        if state.wanted.is_empty() {
            return Due::Nothing;
        }
        let now = Instant::now();
        let next = state.told.map_or(now, |told| told + PAUSE);
        if !state.is_timed && next <= now {
            state.told = Some(now);
            return Due::Now;
        }
        if state.waiting.len() < MOST || state.waiting.contains_key(&profile.name) {
            state.waiting.insert(profile.name.clone(), profile.clone());
        }
        match std::mem::replace(&mut state.is_timed, true) {
            true => Due::Nothing,
            false => Due::At(next),
        }
    }

    /// Whether this is another sum than the last that was told: a call may be within before its end is heard of.
    pub(super) fn is_new(&self, sum: &DidChangeUsageParams) -> bool {
        let mut state = lock(&self.0);
        let is_new = state.said.as_ref() != Some(sum);
        state.said = Some(sum.clone());
        is_new
    }

    /// Those that wait, which are told now.
    pub(super) fn take(&self) -> impl Iterator<Item = Arc<Profile>> + use<> {
        let mut state = lock(&self.0);
        state.is_timed = false;
        state.told = Some(Instant::now());
        std::mem::take(&mut state.waiting).into_values()
    }
}
