//! The last changes of a text, so that one that was overtaken by others is put where it belongs; and what has overtaken
//! the opening of a text, or its end.
//!
//! LSP counts the changes of a text up. Helix 25.01 sends each message from a task of its own, so that on a busy machine
//! one may come before another that was made first.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use ropey::Rope;

use super::{Document, params::Change};

/// How many changes one may be late by.
const MOST: usize = 16;
/// Most bytes of a change that is kept for that.
const LONGEST: usize = 64 * 1024;

/// How late an opening or an end may be.
const LATE: Duration = Duration::from_secs(5);
/// Of how many texts something may have come ahead.
const MOST_AHEAD: usize = 64;

/// What has come of texts ahead of what was sent before it.
#[derive(Default)]
pub(super) struct Ahead(HashMap<Vec<u8>, OfText>);

struct OfText {
    since: Instant,
    /// Of an opening that has not come.
    changes: Vec<(i64, Vec<Change>)>,
    /// Whether that opening has ended.
    has_ended: bool,
    /// Whether the text was opened again before the end of the opening before.
    was_opened: bool,
}

impl Ahead {
    fn of(&mut self, key: &[u8]) -> Option<&mut OfText> {
        self.0.retain(|_, ahead| ahead.since.elapsed() < LATE);
        if self.0.len() >= MOST_AHEAD && !self.0.contains_key(key) {
            return None;
        }
        Some(self.0.entry(key.to_owned()).or_insert_with(|| OfText {
            since: Instant::now(),
            changes: Vec::new(),
            has_ended: false,
            was_opened: false,
        }))
    }

    /// Takes changes of a text that is not open.
    pub(super) fn change(&mut self, key: &[u8], version: Option<i64>, changes: Vec<Change>) {
        let ahead = self.of(key).filter(|ahead| ahead.changes.len() < MOST);
        if let Some((ahead, version)) = ahead.zip(version) {
            ahead.changes.push((version, changes));
        }
    }

    /// Takes what has come ahead of an opening; whether the text is still open then.
    pub(super) fn open(&mut self, key: &[u8], opened: &mut Open, was_open: bool) -> bool {
        if was_open {
            if let Some(ahead) = self.of(key) {
                ahead.was_opened = true;
            }
            return true;
        }
        let ahead = self.0.remove(key).filter(|ahead| ahead.since.elapsed() < LATE);
        let Some(OfText { mut changes, has_ended, .. }) = ahead else { return true };
        changes.sort_by_key(|(version, _)| *version);
        for (version, changes) in changes {
            // Others are of an opening before it.
            if opened.document.version.and_then(|now| now.checked_add(1)) == Some(version) {
                opened.take(Some(version), changes);
            }
        }
        !has_ended
    }

    /// Takes the end of an opening; whether it is that of the one that is known.
    pub(super) fn close(&mut self, key: &[u8], is_open: bool) -> bool {
        match self.of(key) {
            Some(ahead) if is_open && ahead.was_opened => {
                ahead.was_opened = false;
                false
            }
            Some(ahead) if !is_open => {
                ahead.has_ended = true;
                true
            }
            _ => {
                self.0.remove(key);
                true
            }
        }
    }
}

/// An open text with its last changes, in the order of their versions. Cloning it is cheap.
#[derive(Clone)]
pub(super) struct Open {
    pub(super) document: Document,
    /// The version before the first of them.
    base: Option<i64>,
    recent: VecDeque<Taken>,
}

#[derive(Clone)]
struct Taken {
    version: i64,
    /// The text as it was before.
    before: Rope,
    changes: Arc<[Change]>,
}

impl Open {
    pub(super) fn new(document: Document) -> Self {
        Self { base: document.version, document, recent: VecDeque::new() }
    }

    /// Takes what has changed up to a version: where that is late, before the changes that have overtaken it.
    pub(super) fn take(&mut self, version: Option<i64>, changes: Vec<Change>) {
        let is_kept = changes.iter().all(|change| change.range.is_some() && change.text.len() <= LONGEST);
        match (version, self.base, self.document.version) {
            (Some(version), Some(_), Some(newest)) if is_kept && version > newest => {
                self.document.version = Some(version);
                self.put(version, changes.into());
                if self.recent.len() > MOST {
                    self.base = self.recent.pop_front().map(|oldest| oldest.version);
                }
            }
            (Some(version), Some(base), Some(_)) if is_kept && version > base && !self.has(version) => {
                let place = self.recent.partition_point(|taken| taken.version < version);
                let overtaking = self.recent.split_off(place);
                if let Some(first) = overtaking.front() {
                    self.document.lines = first.before.clone();
                }
                self.put(version, changes.into());
                overtaking.into_iter().for_each(|taken| self.put(taken.version, taken.changes));
            }
            _ => {
                changes.iter().for_each(|change| self.document.change(change));
                self.document.version = version;
                self.settle();
            }
        }
    }

    fn has(&self, version: i64) -> bool {
        self.recent.iter().any(|taken| taken.version == version)
    }

    fn put(&mut self, version: i64, changes: Arc<[Change]>) {
        let before = self.document.lines.clone();
        changes.iter().for_each(|change| self.document.change(change));
        self.recent.push_back(Taken { version, before, changes });
    }

    /// Whether a version is left out, whose change may be on its way.
    pub(super) fn has_gap(&self) -> bool {
        let versions = self.base.into_iter().chain(self.recent.iter().map(|taken| taken.version));
        versions.clone().zip(versions.skip(1)).any(|(one, next)| one.checked_add(1) != Some(next))
    }

    /// Expects nothing of before any more.
    pub(super) fn settle(&mut self) {
        self.base = self.document.version;
        self.recent.clear();
    }
}
