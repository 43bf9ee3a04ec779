//! The last changes of a text, so that one that was overtaken by others is put where it belongs.
//!
//! LSP counts the changes of a text up. Helix 25.01 sends each of them from a task of its own, so that on a busy machine
//! one may come before another that was made first.

use std::collections::VecDeque;

use ropey::Rope;

use super::{Document, params::Change};

/// How many changes one may be late by.
const MOST: usize = 16;
/// Most bytes of a change that is kept for that.
const LONGEST: usize = 64 * 1024;

/// An open text with its last changes, in the order of their versions.
pub(super) struct Open {
    pub(super) document: Document,
    /// The version before the first of them.
    base: Option<i64>,
    recent: VecDeque<Taken>,
}

struct Taken {
    version: i64,
    /// The text as it was before.
    before: Rope,
    changes: Vec<Change>,
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
                self.put(version, changes);
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
                self.put(version, changes);
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

    fn put(&mut self, version: i64, changes: Vec<Change>) {
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
