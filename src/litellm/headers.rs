//! The user's own headers: may they be sent?

use std::collections::BTreeMap;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

/// Headers that make the connection itself; setting them by hand breaks it.
const OURS: [&str; 6] =
    ["connection", "content-length", "host", "transfer-encoding", "upgrade", "accept-encoding"];

/// Headers that say something else than who asks: logs keep some of them, the others are ours or the route's, and a key in
/// their place would be read there, or not be sent.
const NO_KEYS: [&str; 22] = [
    "accept",
    "accept-language",
    "cache-control",
    "content-encoding",
    "content-type",
    "date",
    "expect",
    "forwarded",
    "from",
    "keep-alive",
    "origin",
    "proxy-authorization",
    "range",
    "referer",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "user-agent",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
];

/// Why a header can't be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Its name is none.
    #[error("this is no name of a header")]
    Name,
    /// Its value has characters that no header can carry.
    #[error("the value holds characters that no header can carry")]
    Value,
    /// It makes the connection itself.
    #[error("this header belongs to the connection itself")]
    Ours,
}

impl HeaderError {
    /// What to do.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Name => "use letters, digits and hyphens only",
            Self::Value => "remove line breaks and control characters",
            Self::Ours => "leave it out",
        }
    }
}

/// Whether a header makes the connection itself.
pub(super) fn is_ours(name: &HeaderName) -> bool {
    OURS.contains(&name.as_str())
}

/// Whether a header may carry a key. LiteLLM's own ones say other things, but for the one of its keys.
pub(super) fn carries_keys(name: &HeaderName) -> bool {
    let word = name.as_str();
    let is_litellms = word.starts_with("x-litellm-") && !word.ends_with("-key");
    !is_litellms && !is_ours(name) && !NO_KEYS.contains(&word)
}

/// Checks a header and makes it one that does not print.
///
/// # Errors
/// Where it can't be sent.
pub fn header(name: &str, value: &SecretString) -> Result<(HeaderName, HeaderValue), HeaderError> {
    let name: HeaderName = name.trim().parse().map_err(|_| HeaderError::Name)?;
    if is_ours(&name) {
        return Err(HeaderError::Ours);
    }
    let mut value =
        HeaderValue::from_bytes(value.expose_secret().trim().as_bytes()).map_err(|_| HeaderError::Value)?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// Puts the user's headers over those of the key: who writes `Authorization` by hand means it.
pub fn extend(headers: &mut HeaderMap, own: &BTreeMap<String, SecretString>) {
    // What is no header was refused when it was configured.
    headers.extend(own.iter().filter_map(|(name, value)| header(name, value).ok()));
}
