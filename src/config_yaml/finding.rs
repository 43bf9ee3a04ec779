//! What is found in a file, and how it can be mended.

use std::ops::Range;

use super::{
    codes::Code,
    edits::{Edit, Edits},
};

/// How many folds, links, symbols and the like an editor is shown of one file: each takes a kilobyte or three on its way.
pub(crate) const MOST_SHOWN: usize = 2_000;

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// LiteLLM does not start, drops something, or does what nobody can mean.
    Error,
    /// It will probably not do what is meant.
    Warning,
    /// Worth knowing.
    Information,
    /// Shown where the editor shows hints.
    Hint,
}

impl Severity {
    /// The word of it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
            Self::Hint => "hint",
        }
    }
}

/// One thing found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What kind it is.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// The file it is in, as a number of [`super::Project::sources`].
    pub file: usize,
    /// The bytes at fault.
    pub range: Range<usize>,
    /// One sentence or two: what is wrong, and what LiteLLM does with it.
    pub message: String,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// How it can be mended; the best way first.
    pub fixes: Vec<Fix>,
}

/// How editors show what is found, beside the severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// It does nothing, and may be greyed.
    Unnecessary,
    /// It is on its way out, and may be struck through.
    Deprecated,
}

impl Finding {
    /// One at bytes of a file, with nothing that belongs to it and no way to mend it.
    pub(super) fn new(
        code: Code,
        severity: Severity,
        (file, range): (usize, Range<usize>),
        message: String,
    ) -> Self {
        Self {
            code,
            severity,
            file,
            range,
            message: in_one_line(message),
            related: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// The tag of it.
    pub fn tag(&self) -> Option<Tag> {
        match (self.code, self.severity) {
            (Code::DeprecatedKey | Code::ModelRetired, _) => Some(Tag::Deprecated),
            (Code::CapabilityInParams | Code::EnvBlocked | Code::FallbackSelf | Code::ModelInfoMisplaced, _)
            // A section that an included file takes the place of.
            | (Code::IncludeProblem, Severity::Warning) => Some(Tag::Unnecessary),
            _ => None,
        }
    }
}

impl Fix {
    /// One by this title.
    pub(super) fn new(title: String, edits: Vec<Edit>) -> Self {
        Self { title: in_one_line(title), edits: Edits::new(edits) }
    }
}

/// A text without ends of lines and other control characters: a name of the file's may have them, and each line of a
/// report is ours.
pub(super) fn in_one_line(text: String) -> String {
    let breaks = |letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
    if text.contains(breaks) { text.replace(breaks, " ") } else { text }
}

/// A place that belongs to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The file, as a number of [`super::Project::sources`].
    pub file: usize,
    /// The bytes.
    pub range: Range<usize>,
    /// What is there.
    pub message: String,
}

/// A way to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a menu says it.
    pub title: String,
    /// What it changes.
    pub edits: Edits,
}
