//! Why the settings file says nothing, or can't be changed.

use std::io::ErrorKind;

use super::{FileError, NotRead, Place, Reason};
use crate::descriptors::are_spent;

/// Why the file says nothing.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is no TOML.
    #[error("line {}, column {}: {reason}", place.line, place.column)]
    Syntax {
        /// What the parser says.
        reason: String,
        /// Where.
        place: Place,
    },
    /// What is no table stands in the place of one.
    #[error("`{path}` is no table")]
    NoTable {
        /// Where, by the names that lead there.
        path: String,
    },
    /// A table stands in the place of a value.
    #[error("`{path}` is a table")]
    NoValue {
        /// Where, by the names that lead there.
        path: String,
    },
    /// It can't be read, or is not to be trusted.
    #[error(transparent)]
    NotRead(#[from] NotRead),
    /// The file system refuses to change it.
    #[error(transparent)]
    File(#[from] FileError),
}

impl Unreadable {
    /// Whether it could not be opened because this process has too many files open.
    pub fn is_for_want_of_room(&self) -> bool {
        match self {
            Self::NotRead(NotRead { reason: Reason::System(error), .. }) => are_spent(error),
            _ => false,
        }
    }

    /// Whether others held its lock for as long as it was waited for.
    pub fn is_locked(&self) -> bool {
        matches!(self, Self::File(FileError { cause, .. }) if cause.kind() == ErrorKind::WouldBlock)
    }

    /// What to do.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NotRead(not_read) => not_read.remedy(),
            Self::File(refused) => refused.remedy(),
            Self::Syntax { .. } => "mend it",
            Self::NoTable { .. } => "write it as a table in brackets such as `[profiles.NAME]`, once",
            Self::NoValue { .. } => "write a value in its place",
        }
    }
}
