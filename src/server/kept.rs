//! An answer that was not written into its text, or was taken out of it again.

use std::{path::PathBuf, sync::Arc};

use tower_lsp::lsp_types::Range;

use super::documents::Document;
use crate::assist::with_lf;

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

/// An answer that the editor has written into its text.
pub(super) struct Landed {
    kept: Kept,
    /// Whether the text has been seen with it: an editor may say that it was written before it tells the change.
    was_seen: bool,
}

impl Landed {
    pub(super) fn new(kept: Kept) -> Self {
        Self { kept, was_seen: false }
    }

    /// Looks at its text as it is now: the answer, where that was in it before and is not any more.
    pub(super) fn taken_out(&mut self, now: &Document) -> Option<Kept> {
        let stands = with_lf(now.text()).contains(with_lf(&self.kept.new).trim());
        let is_out = self.was_seen && !stands;
        self.was_seen |= stands;
        is_out.then(|| self.kept.clone())
    }

    /// The text that it was written into.
    pub(super) fn uri(&self) -> &Arc<str> {
        &self.kept.document.uri
    }
}
