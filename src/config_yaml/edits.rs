//! Changes to files.

use std::ops::Range;

/// A piece of text and what takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The file, as a number of [`super::Project::sources`].
    pub file: usize,
    /// The bytes that go.
    pub range: Range<usize>,
    /// What comes.
    pub text: String,
}

/// Edits that belong together. They may be in several files, and are given out by [`Edits::safe_in`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edits(Vec<Edit>);

impl Edits {
    pub(super) fn new(edits: Vec<Edit>) -> Self {
        Self(edits)
    }

    /// The edits, whatever they do to a file.
    pub(super) fn unchecked(&self) -> &[Edit] {
        &self.0
    }
}
