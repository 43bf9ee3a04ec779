//! What LiteLLM printed while it started.

use crate::proxy::Source;

/// What LiteLLM printed of a configuration while it started.
#[derive(Clone)]
pub(super) struct Boot {
    /// What was served, or was to be.
    pub(super) source: Source,
    /// The text of its file then: what was printed is about no other.
    pub(super) text: String,
    pub(super) lines: Vec<String>,
    /// Whether it ended.
    pub(super) ended: bool,
}
