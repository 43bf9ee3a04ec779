//! What was found, and what to do about it.

use std::fmt;

/// A finding with its remedy. They stay apart until a person reads them: some screens have a line for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// What was found, in one sentence.
    pub message: String,
    /// What to do.
    pub remedy: String,
    /// Whether it is about the key, which some screens have a place for.
    pub is_of_key: bool,
}

impl Advice {
    /// A finding and what to do.
    pub fn new(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { message: message.into(), remedy: remedy.into(), is_of_key: false }
    }

    /// The same about the key.
    pub fn of_key(self) -> Self {
        Self { is_of_key: true, ..self }
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.message, self.remedy)
    }
}
