//! What is under way of proposals, and what was proposed last.

use std::sync::{Arc, Mutex};

use tokio::sync::watch;

use crate::server::{documents::Document, lock};

/// Who asks for a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Trigger {
    /// The user, by a key.
    Invoked,
    /// The editor, while the user types.
    Typing,
    /// The editor's menu, on behalf of the user; some editors say so of every key (VS Code, Helix).
    Menu,
}

/// What is under way, and what was proposed last.
#[derive(Default)]
pub(in crate::server) struct Proposals {
    pub(in crate::server) newest: watch::Sender<u64>,
    pub(in crate::server) last: Mutex<Option<Last>>,
}

/// A proposal and where it stood.
pub(in crate::server) struct Last {
    pub(in crate::server) uri: Arc<str>,
    pub(in crate::server) before: Arc<str>,
    pub(in crate::server) offset: usize,
    pub(in crate::server) proposed: String,
    pub(in crate::server) model: Model,
}

/// The model that is asked, by the profile and the name that were chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::server) struct Model {
    pub(in crate::server) profile: String,
    pub(in crate::server) base_url: String,
    pub(in crate::server) name: Option<String>,
}

impl Proposals {
    /// What is left of the last proposal, where the user has typed on along it. Who asks once more at the same place
    /// wants another, and so does who has chosen another model.
    pub(in crate::server) fn continued(
        &self,
        document: &Document,
        offset: usize,
        model: Option<&Model>,
        trigger: Trigger,
    ) -> Option<String> {
        let last = lock(&self.last);
        let last = last.as_ref().filter(|last| last.uri == document.uri && Some(&last.model) == model)?;
        let again = match trigger {
            Trigger::Invoked => true,
            Trigger::Menu => offset == last.offset,
            Trigger::Typing => false,
        };
        let text = document.text();
        let typed = text.get(last.offset..offset).filter(|_| !again)?;
        let same =
            text[..last.offset] == last.before[..last.offset] && text[offset..] == last.before[last.offset..];
        let rest = last.proposed.strip_prefix(typed)?;
        (same && !rest.is_empty()).then(|| rest.to_owned())
    }
}
