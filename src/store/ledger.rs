//! The ledger: what each call took, in an SQLite file that only the user can read, for all processes of the user.
//!
//! A row a call, and beside it sums by quarter of an hour and by day (UTC) of calls of one [`Kind`]: a month is read from
//! thousands of sums and not from a million calls. Every zone's hours and days begin with a quarter of an hour.
//! There is no text of a question or an answer in it, and no key.

mod file;
mod notices;
mod pending;
mod prune;
mod reader;
mod rows;
mod writer;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use notices::claim_notices;
pub use reader::LedgerReader;
pub use writer::LedgerWriter;

use super::{NotRead, Reason, Unreadable};

/// Milliseconds of the shorter span that sums are kept for.
pub(in crate::store) const QUARTER: i64 = 15 * 60 * 1_000;
/// The longer one.
pub(in crate::store) const DAY: i64 = 24 * 60 * 60 * 1_000;
/// Most tokens that a call is booked with, and milliseconds: a proxy may say anything, and sums of it have to fit.
const MOST: u64 = 1_000_000_000_000;
/// Most USD that a call is booked with.
const MOST_COST: f64 = 1e6;
/// Cost is kept in whole billionths of a USD, so that sums are the same in whatever order they are made.
const UNITS: f64 = 1e9;
/// Longest name that is kept, in bytes.
const NAME: usize = 1_024;

/// What calls have in common. An empty text stands for what is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Kind {
    /// Scheme, host and port of the proxy.
    pub origin: String,
    /// What tells the key from others.
    pub key: String,
    /// The profile.
    pub profile: String,
    /// The model that was asked for.
    pub model: String,
    /// The model that answered, as the proxy calls it.
    pub served_by: String,
    /// The route of the proxy.
    pub route: String,
    /// How the calls ended.
    pub outcome: String,
    /// Who said what they cost.
    pub cost_source: String,
    /// The program that asked.
    pub client: String,
    /// The folder that it has open.
    pub workspace: String,
}

impl Kind {
    fn texts(&self) -> [&str; 10] {
        let Self { origin, key, profile, model, served_by, route, outcome, cost_source, client, workspace } =
            self;
        [origin, key, profile, model, served_by, route, outcome, cost_source, client, workspace]
            .map(|text| &text[..text.floor_char_boundary(NAME)])
    }
}

/// One call.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LedgerRow {
    /// When it ended, in milliseconds since 1970.
    pub at: i64,
    /// What it has in common with others.
    pub kind: Kind,
    /// Tokens of the prompt. None where the proxy did not say.
    pub input_tokens: Option<u64>,
    /// Tokens of the answer. None where the proxy did not say.
    pub output_tokens: Option<u64>,
    /// Prompt tokens read from the cache.
    pub cache_read_tokens: u64,
    /// Prompt tokens written to the cache.
    pub cache_write_tokens: u64,
    /// Tokens of reasoning.
    pub reasoning_tokens: u64,
    /// USD. None where nobody knows.
    pub cost: Option<f64>,
    /// Whether it may have cost something that nobody says.
    pub is_unpriced: bool,
    /// From the question to the end, in milliseconds.
    pub duration_ms: u64,
    /// From the question to the first piece of the answer. None where there was none.
    pub first_token_ms: Option<u64>,
}

/// What calls took together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LedgerSum {
    /// How many there were.
    pub calls: i64,
    /// Tokens of the prompts.
    pub input_tokens: i64,
    /// Tokens of the answers.
    pub output_tokens: i64,
    /// Prompt tokens read from the cache.
    pub cache_read_tokens: i64,
    /// Prompt tokens written to the cache.
    pub cache_write_tokens: i64,
    /// Tokens of reasoning.
    pub reasoning_tokens: i64,
    /// Billionths of a USD.
    pub cost: i64,
    /// How many of the calls have a cost.
    pub priced_calls: i64,
    /// How many may have cost something that nobody says.
    pub unpriced_calls: i64,
}

impl LedgerSum {
    /// Two sums together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let sums = self.numbers();
        let mut sums = sums.into_iter().zip(other.numbers()).map(|(one, other)| one.saturating_add(other));
        Self::of(|| sums.next().unwrap_or_default())
    }

    /// USD. None where no call's cost is known.
    pub fn usd(&self) -> Option<f64> {
        (self.priced_calls > 0).then_some(self.cost as f64 / UNITS)
    }

    fn numbers(&self) -> [i64; 9] {
        [
            self.calls,
            self.input_tokens,
            self.output_tokens,
            self.cache_read_tokens,
            self.cache_write_tokens,
            self.reasoning_tokens,
            self.cost,
            self.priced_calls,
            self.unpriced_calls,
        ]
    }

    /// Of numbers that come in the order of the columns.
    fn of(mut next: impl FnMut() -> i64) -> Self {
        Self {
            calls: next(),
            input_tokens: next(),
            output_tokens: next(),
            cache_read_tokens: next(),
            cache_write_tokens: next(),
            reasoning_tokens: next(),
            cost: next(),
            priced_calls: next(),
            unpriced_calls: next(),
        }
    }
}

impl LedgerRow {
    /// What one call adds to sums.
    fn sum(&self) -> LedgerSum {
        LedgerSum {
            calls: 1,
            input_tokens: count(self.input_tokens.unwrap_or_default()),
            output_tokens: count(self.output_tokens.unwrap_or_default()),
            cache_read_tokens: count(self.cache_read_tokens),
            cache_write_tokens: count(self.cache_write_tokens),
            reasoning_tokens: count(self.reasoning_tokens),
            cost: self.units().unwrap_or_default(),
            priced_calls: i64::from(self.cost.is_some()),
            unpriced_calls: i64::from(self.is_unpriced),
        }
    }

    fn units(&self) -> Option<i64> {
        self.cost.map(|cost| (cost.clamp(0.0, MOST_COST) * UNITS).round() as i64)
    }
}

fn count(number: u64) -> i64 {
    number.min(MOST) as i64
}

/// The ledger can't be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// SQLite refuses.
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file or its folder is not to be used.
    #[error("{0}")]
    File(#[from] Unreadable),
    /// A newer version of this program made it, and keeps it in a form of its own.
    #[error("it was made by a newer version of litellm-ls")]
    Newer,
    /// It broke, and what had been recorded until then is not counted.
    #[error("it broke, and what was recorded before is in {}", .0.display())]
    Broken(PathBuf),
    /// The process ends, and what was to be written is kept elsewhere.
    #[error("the process ends")]
    GivenUp,
}

impl LedgerError {
    /// What to do.
    pub fn remedy(&self) -> &'static str {
        use rusqlite::ErrorCode as C;
        match self {
            Self::Newer => "use that version, or move the file away",
            Self::File(Unreadable::NotRead(NotRead { reason: Reason::NotRegular, .. })) => "move it away",
            Self::File(error) => error.remedy(),
            Self::Broken(_) => "move that file away to count anew",
            Self::GivenUp => "",
            Self::Sqlite(error) => match error.sqlite_error_code() {
                Some(C::DiskFull) => "make room on the disk",
                Some(C::ReadOnly | C::PermissionDenied | C::CannotOpen) => {
                    "let this user write the file and its folder"
                }
                Some(C::DatabaseBusy | C::DatabaseLocked) => "end the program that keeps it locked",
                _ => "move the file away if it goes on",
            },
        }
    }

    /// Whether another program has it, and nothing else is known to be wrong.
    fn is_locked(&self) -> bool {
        use rusqlite::ErrorCode as C;
        match self {
            Self::Sqlite(error) => {
                matches!(error.sqlite_error_code(), Some(C::DatabaseBusy | C::DatabaseLocked))
            }
            Self::File(error) => error.is_locked(),
            Self::Newer | Self::Broken(_) | Self::GivenUp => false,
        }
    }

    /// Whether the file is broken, so that no later attempt can succeed.
    fn is_corrupt(&self) -> bool {
        use rusqlite::ErrorCode as C;
        let code = match self {
            Self::Sqlite(error) => error.sqlite_error_code(),
            Self::File(_) | Self::Newer | Self::Broken(_) | Self::GivenUp => None,
        };
        matches!(code, Some(C::DatabaseCorrupt | C::NotADatabase))
    }
}

#[cfg(test)]
mod tests;
