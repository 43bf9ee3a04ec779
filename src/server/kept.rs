//! An answer that was not written into its text.

use std::path::PathBuf;

use tower_lsp::lsp_types::Range;

use super::documents::Document;

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
