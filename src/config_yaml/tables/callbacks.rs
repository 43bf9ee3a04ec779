//! The names that LiteLLM has for what it calls, and the lists below which it does so.

use super::rows;
use crate::config_yaml::release::Release;

/// A callback of LiteLLM's own.
#[derive(Debug)]
pub(crate) struct Callback {
    pub(crate) name: &'static str,
    lists: &'static str,
    since: &'static str,
    instead: &'static str,
}

impl Callback {
    /// Those of the table, in its order.
    pub(super) fn read() -> impl Iterator<Item = Self> {
        let read = |[name, lists, since, instead]: [&'static str; 4]| Self { name, lists, since, instead };
        rows(include_str!("callbacks.tsv")).map(read)
    }

    /// The keys of lists below which something is done with it, those of both events first; none where LiteLLM only has
    /// the name.
    pub(crate) fn lists(&self) -> impl Iterator<Item = &'static str> {
        super::list(self.lists)
    }

    /// Another name for what is meant by it.
    pub(crate) fn instead(&self) -> Option<&'static str> {
        (!self.instead.is_empty()).then_some(self.instead)
    }

    /// Whether something is done with it below a key.
    pub(crate) fn is_called_in(&self, list: &str) -> bool {
        self.lists().any(|one| one == list)
    }

    /// Whether a release is known not to have it yet: one between two that were asked may have it.
    pub(crate) fn is_later_than(&self, release: Release) -> bool {
        let Some(since) = Release::read(self.since) else { return false };
        let lacking = Release::ASKED.into_iter().rev().find(|asked| *asked < since);
        lacking.is_some_and(|last| release <= last)
    }
}
