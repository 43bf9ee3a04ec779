//! The requests that Roo Code 3.52.1 makes of the same settings (R3 to R7); tried with its HTTP libraries.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

use crate::litellm::auth::DUMMY_KEY;

/// Where a request goes, and its `Authorization`. Not to be shown: the URL may hold a password.
#[derive(Clone)]
pub struct RooRequest {
    /// With fragment and credentials, which don't go over the wire.
    pub url: Url,
    /// Absent for discovery without a key.
    pub authorization: Option<SecretString>,
}

/// Why Roo Code can't make a request; its own words, where they don't hold the key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RooError {
    /// Not a URL, or one without a scheme.
    #[error("Invalid URL")]
    InvalidUrl,
    /// Discovery knows `http` and `https` only.
    #[error("Unsupported protocol {0}:")]
    UnsupportedProtocol(String),
    /// Chat fails so for every other scheme, and for credentials in the URL.
    #[error("Connection error.")]
    Connection,
    /// The key can't stand in a header.
    #[error("Invalid character in header content [\"Authorization\"]")]
    InvalidCharacter,
}

/// How Roo Code lists models: slashes merged, `/v1` doubled if there was one, query and fragment kept.
/// A user name in the URL displaces the key.
pub fn discovery(base: &str, key: Option<&SecretString>) -> Result<RooRequest, RooError> {
    let mut url = Url::parse(base).map_err(|_| RooError::InvalidUrl)?;
    if !is_http(&url) {
        return Err(RooError::UnsupportedProtocol(url.scheme().to_owned()));
    }
    let segments: Vec<&str> = url.path().split('/').filter(|segment| !segment.is_empty()).collect();
    let path = [&segments[..], &["v1", "model", "info"]].concat().join("/");
    url.set_path(&path);
    let authorization = if url.username().is_empty() {
        given(key).map(bearer).transpose()?
    } else {
        let pair = format!("{}:{}", url.username(), url.password().unwrap_or_default());
        Some(format!("Basic {}", BASE64.encode(pair)).into())
    };
    Ok(RooRequest { url, authorization })
}

/// How Roo Code chats: the text with `/chat/completions` behind it, whatever it ends in.
pub fn chat(base: &str, key: Option<&SecretString>) -> Result<RooRequest, RooError> {
    let base = if base.is_empty() { super::DEFAULT } else { base };
    let base = base.strip_suffix('/').unwrap_or(base);
    let url = Url::parse(&format!("{base}/chat/completions")).map_err(|_| RooError::InvalidUrl)?;
    if !is_http(&url) || !url.username().is_empty() || url.password().is_some() {
        return Err(RooError::Connection);
    }
    // Here a line break at the end does no harm.
    let authorization = bearer(given(key).unwrap_or(DUMMY_KEY).trim_end_matches(['\r', '\n', ' ', '\t']))?;
    Ok(RooRequest { url, authorization: Some(authorization) })
}

fn given(key: Option<&SecretString>) -> Option<&str> {
    key.map(ExposeSecret::expose_secret).filter(|key| !key.is_empty())
}

/// Blanks at the end of a header's value are lost on the way.
fn bearer(key: &str) -> Result<SecretString, RooError> {
    if key.chars().all(|c| matches!(c, '\t' | ' '..='~' | '\u{80}'..='\u{ff}')) {
        Ok(format!("Bearer {key}").trim_end_matches([' ', '\t']).into())
    } else {
        Err(RooError::InvalidCharacter)
    }
}

fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(request: Result<RooRequest, RooError>) -> String {
        match request {
            Ok(RooRequest { url, authorization }) => {
                format!("{url} {}", authorization.as_ref().map_or("-", |value| value.expose_secret()))
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn keys_go_as_typed() {
        for (key, discovery_says, chat_says) in [
            (" sk-1 ", "http://h/v1/model/info Bearer  sk-1", "http://h/chat/completions Bearer  sk-1"),
            (
                "sk-1\n",
                "Invalid character in header content [\"Authorization\"]",
                "http://h/chat/completions Bearer sk-1",
            ),
            ("   ", "http://h/v1/model/info Bearer", "http://h/chat/completions Bearer"),
            ("", "http://h/v1/model/info -", "http://h/chat/completions Bearer dummy-key"),
        ] {
            let key = SecretString::from(key);
            assert_eq!(shown(discovery("http://h", Some(&key))), discovery_says);
            assert_eq!(shown(chat("http://h", Some(&key))), chat_says);
        }
    }

    #[test]
    fn bases_are_taken_as_they_are() {
        for (base, discovery_says, chat_says) in [
            ("  http://h", "http://h/v1/model/info -", "http://h/chat/completions Bearer dummy-key"),
            (
                "http://h/a  ",
                "http://h/a/v1/model/info -",
                "http://h/a%20%20/chat/completions Bearer dummy-key",
            ),
            ("http://h/?#", "http://h/v1/model/info?# -", "http://h/?#/chat/completions Bearer dummy-key"),
            (
                "http:h:4000",
                "http://h:4000/v1/model/info -",
                "http://h:4000/chat/completions Bearer dummy-key",
            ),
            ("http://a%40:p@h", "http://a%40:p@h/v1/model/info Basic YSU0MDpw", "Connection error."),
            ("http://:p@h", "http://:p@h/v1/model/info -", "Connection error."),
            ("mailto:x", "Unsupported protocol mailto:", "Connection error."),
            ("   ", "Invalid URL", "Invalid URL"),
        ] {
            assert_eq!(shown(discovery(base, None)), discovery_says, "{base:?}");
            assert_eq!(shown(chat(base, None)), chat_says, "{base:?}");
        }
    }
}
