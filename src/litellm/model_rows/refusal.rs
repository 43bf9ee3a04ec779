//! Why an answer about models is none, and whether another route may do better (D9, R34).

use reqwest::StatusCode;
use serde::Deserialize;
use thiserror::Error;

/// An answer without rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{cause} (HTTP status {status})")]
pub struct Refusal {
    /// HTTP status of the answer.
    pub status: u16,
    /// What is behind it.
    pub cause: Refused,
}

/// Why there are no rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refused {
    /// The proxy rejected the key.
    #[error("the proxy rejected the key")]
    Unauthorized,
    /// The key may not ask.
    #[error("the key may not list models")]
    Forbidden,
    /// Too many requests.
    #[error("the proxy asks to wait")]
    RateLimited,
    /// Anything else, a success without a list too.
    #[error("the answer is no list of models")]
    Unusable,
}

impl Refusal {
    /// The refusal behind a status that is no success.
    pub fn of(status: u16, body: &str) -> Self {
        let cause = match status {
            401 => Refused::Unauthorized,
            // What a proxy without a database says to a wrong key (litellm 1.101.3).
            400 if error_type(body).as_deref() == Some("no_db_connection") => Refused::Unauthorized,
            403 => Refused::Forbidden,
            429 => Refused::RateLimited,
            _ => Refused::Unusable,
        };
        Self { status, cause }
    }

    /// Whether another route may still serve: keys exist that may chat but not read `/v1/model/info`.
    pub fn may_go_on(self) -> bool {
        matches!(self.status, 401 | 403 | 404 | 405)
    }

    /// Whether this server has no list for this key, which says nothing about its chats.
    pub fn is_unable(self) -> bool {
        matches!(self.status, 403 | 404 | 405 | 501)
    }

    /// What Roo Code 3.52.1 says in this place, with its doubled prefix.
    pub fn roo_message(self) -> String {
        const PREFIX: &str = "Failed to fetch LiteLLM models: ";
        match StatusCode::from_u16(self.status) {
            Ok(status) if !status.is_success() => {
                let reason = status.canonical_reason().unwrap_or_default();
                format!("{PREFIX}{} {reason}. Check base URL and API key.", self.status)
            }
            _ => format!("{PREFIX}{PREFIX}Unexpected response format."),
        }
    }
}

fn error_type(body: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Envelope {
        error: Detail,
    }
    #[derive(Deserialize)]
    struct Detail {
        r#type: String,
    }
    serde_json::from_str(body).ok().map(|Envelope { error }| error.r#type)
}
