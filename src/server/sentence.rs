//! What people are told in one sentence.

use crate::provider;

/// What is said where nothing is wrong.
pub(super) const ALL_IS_WELL: &str = "the proxy answers";

/// A failure as people are shown it.
pub(super) fn failure(error: &provider::Error) -> String {
    format!("LiteLLM: {}", sentence(&error.message, error.remedy()))
}

/// What to do and what was found in one sentence; an empty remedy is none. What to do comes first: some editors have one
/// line of 80 columns for it.
pub(super) fn sentence(message: &str, remedy: &str) -> String {
    if remedy.is_empty() { message.to_owned() } else { format!("{remedy} – {message}") }
}
