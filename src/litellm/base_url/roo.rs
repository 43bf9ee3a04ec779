//! The URLs and credentials of Roo Code 3.52.1 for the same settings (R3 to R7).

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

/// Why Roo Code can't use a base URL; its own words.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RooUrlError {
    /// Not a URL, or one without a scheme.
    #[error("Invalid URL")]
    InvalidUrl,
    /// Discovery knows `http` and `https` only.
    #[error("Unsupported protocol {0}:")]
    UnsupportedProtocol(String),
    /// Chat fails so for every other scheme, and for credentials in the URL.
    #[error("Connection error.")]
    Connection,
}

/// Where Roo Code lists models: slashes merged, `/v1` doubled if there was one, query and fragment kept.
pub fn discovery_url(base: &str) -> Result<Url, RooUrlError> {
    let mut url = Url::parse(base).map_err(|_| RooUrlError::InvalidUrl)?;
    if !is_http(&url) {
        return Err(RooUrlError::UnsupportedProtocol(url.scheme().to_owned()));
    }
    let segments: Vec<&str> = url.path().split('/').filter(|segment| !segment.is_empty()).collect();
    let path = [&segments[..], &["v1", "model", "info"]].concat().join("/");
    url.set_path(&path);
    Ok(url)
}

/// Where Roo Code chats: the text with `/chat/completions` behind it, whatever it ends in.
pub fn chat_url(base: &str) -> Result<Url, RooUrlError> {
    let base = if base.is_empty() { super::DEFAULT } else { base };
    let base = base.strip_suffix('/').unwrap_or(base);
    let url = Url::parse(&format!("{base}/chat/completions")).map_err(|_| RooUrlError::InvalidUrl)?;
    if !is_http(&url) || !url.username().is_empty() || url.password().is_some() {
        return Err(RooUrlError::Connection);
    }
    Ok(url)
}

/// `Authorization` of Roo Code's discovery: credentials in the URL, undecoded, displace the key.
pub fn discovery_authorization(url: &Url, key: Option<&SecretString>) -> Option<SecretString> {
    if !url.username().is_empty() || url.password().is_some() {
        let pair = format!("{}:{}", url.username(), url.password().unwrap_or_default());
        return Some(format!("Basic {}", BASE64.encode(pair)).into());
    }
    key.map(ExposeSecret::expose_secret).filter(|key| !key.is_empty()).map(|key| bearer(key).into())
}

/// `Authorization` of Roo Code's chat.
pub fn chat_authorization(key: Option<&SecretString>) -> SecretString {
    let key = key.map(ExposeSecret::expose_secret).filter(|key| !key.is_empty());
    bearer(key.unwrap_or(crate::litellm::auth::DUMMY_KEY)).into()
}

/// Blanks around a header's value are lost on the way.
fn bearer(key: &str) -> String {
    format!("Bearer {key}").trim_end().to_owned()
}

fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}
