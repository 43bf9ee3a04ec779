//! Answers that were not written into their texts, or were taken out of them again.

use std::path::PathBuf;

use tower_lsp::lsp_types::Range;

use super::documents::Document;
use crate::assist::with_lf;

/// Of how many texts an answer is kept. Each stands on a page or in its text besides.
const MAX_TEXTS: usize = 16;

/// What is written, and where it was meant to go.
#[derive(Clone)]
pub(super) struct Kept {
    /// The document as it was when the model was asked.
    pub(super) document: Document,
    pub(super) range: Range,
    pub(super) new: String,
    /// The page that shows it. None where there is none.
    pub(super) page: Option<PathBuf>,
}

/// The last answer of each text, the newest last; and those that are about to be written.
#[derive(Default)]
pub(super) struct Answers {
    answers: Vec<(u64, Kept)>,
    given: u64,
}

impl Answers {
    /// Keeps an answer until it is removed by the number that this returns.
    pub(super) fn hold(&mut self, kept: Kept) -> u64 {
        self.given += 1;
        self.answers.push((self.given, kept));
        let more = self.answers.len().saturating_sub(MAX_TEXTS);
        self.answers.drain(..more);
        self.given
    }

    /// Keeps an answer in the place of all of its text.
    pub(super) fn keep(&mut self, kept: Kept) {
        self.answers.retain(|(_, known)| !known.document.is_opening_of(&kept.document));
        self.hold(kept);
    }

    pub(super) fn remove(&mut self, number: u64) {
        self.answers.retain(|(known, _)| *known != number);
    }

    /// The newest answer that was meant for a text, or else for any.
    pub(super) fn of(&self, document: Option<&Document>) -> Option<(u64, Kept)> {
        let is_its = |kept: &Kept| document.is_some_and(|document| kept.document.is_opening_of(document));
        let newest = self.answers.iter().rev().find(|(_, kept)| is_its(kept));
        newest.or(self.answers.last()).cloned()
    }
}

/// The last answer that the editor has written into each text.
#[derive(Default)]
pub(super) struct Landings(Vec<Landed>);

struct Landed {
    kept: Kept,
    /// Whether the text has been seen with it: an editor may say that it was written before it tells the change.
    was_seen: bool,
}

impl Landings {
    pub(super) fn add(&mut self, kept: Kept) {
        self.0.retain(|landed| landed.kept.document.uri != kept.document.uri);
        self.0.push(Landed { kept, was_seen: false });
        let more = self.0.len().saturating_sub(MAX_TEXTS);
        self.0.drain(..more);
    }

    /// Looks at a text as it is now: the answer, where that was in it before and is not any more.
    pub(super) fn taken_out(&mut self, now: &Document) -> Option<Kept> {
        let place = self.0.iter().position(|landed| landed.kept.document.uri == now.uri)?;
        let landed = &mut self.0[place];
        let stands = with_lf(now.text()).contains(with_lf(&landed.kept.new).trim());
        let is_out = landed.was_seen && !stands;
        landed.was_seen |= stands;
        is_out.then(|| self.0.remove(place).kept)
    }
}
