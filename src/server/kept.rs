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
    look: Look,
}

/// Whether somebody looks for an answer in its text, which takes a while in a long one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Over,
    UnderWay,
    /// Under way, and the text has changed meanwhile.
    Stale,
}

impl Landings {
    pub(super) fn add(&mut self, kept: Kept) {
        self.0.retain(|landed| landed.kept.document.uri != kept.document.uri);
        self.0.push(Landed { kept, was_seen: false, look: Look::Over });
        let more = self.0.len().saturating_sub(MAX_TEXTS);
        self.0.drain(..more);
    }

    /// The answer to look for in a text that has changed. None where there is none, or who looks for it already does so again.
    pub(super) fn look(&mut self, uri: &str) -> Option<String> {
        let landed = self.0.iter_mut().find(|landed| *landed.kept.document.uri == *uri)?;
        if landed.look != Look::Over {
            landed.look = Look::Stale;
            return None;
        }
        landed.look = Look::UnderWay;
        Some(with_lf(&landed.kept.new).trim().to_owned())
    }

    /// Takes what a look at a text has shown: whether the answer stands in it.
    pub(super) fn seen(&mut self, uri: &str, stands: bool) -> Seen {
        let Some(place) = self.0.iter().position(|landed| *landed.kept.document.uri == *uri) else {
            return Seen::AsItWas;
        };
        let landed = &mut self.0[place];
        if landed.was_seen && !stands {
            return Seen::TakenOut(Box::new(self.0.remove(place).kept));
        }
        landed.was_seen |= stands;
        match std::mem::replace(&mut landed.look, Look::Over) {
            Look::Stale => Seen::Stale,
            Look::Over | Look::UnderWay => Seen::AsItWas,
        }
    }
}

/// What became of an answer in its text.
pub(super) enum Seen {
    AsItWas,
    /// The text has changed since it was looked at.
    Stale,
    TakenOut(Box<Kept>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::documents::Documents;

    #[test]
    fn one_at_a_time_looks_for_an_answer_and_looks_again_where_the_text_has_changed() {
        let document = Documents::default().detached("file:///a", "", "one");
        let mut landings = Landings::default();
        assert_eq!(landings.look("file:///a"), None);
        landings.add(Kept { document, range: Range::default(), new: "one\r\ntwo\n".into(), page: None });
        assert_eq!(landings.look("file:///a").as_deref(), Some("one\ntwo"));
        assert_eq!(landings.look("file:///a"), None);
        assert!(matches!(landings.seen("file:///a", true), Seen::Stale));
        assert!(landings.look("file:///a").is_some());
        assert!(matches!(landings.seen("file:///a", true), Seen::AsItWas));
        assert!(landings.look("file:///a").is_some());
        assert!(matches!(landings.seen("file:///a", false), Seen::TakenOut(_)));
        assert_eq!(landings.look("file:///a"), None);
    }
}
