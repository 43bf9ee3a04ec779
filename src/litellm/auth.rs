//! Turns a key into the headers that carry it (D2, D6, D7).

use std::fmt;

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

use super::base_url::BaseUrl;

/// The key that is sent when there is none: proxies without keys take any (S20).
pub const DUMMY_KEY: &str = "dummy-key";

/// LiteLLM's own header for a key, which it reads before `Authorization` (litellm 1.101.3).
const LITELLM_API_KEY: HeaderName = HeaderName::from_static("x-litellm-api-key");

/// How a key is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum AuthStyle {
    /// `Authorization: Bearer <key>`.
    #[default]
    Bearer,
    /// `x-litellm-api-key: Bearer <key>`.
    LitellmApiKey,
    /// The bare key in this header.
    Header(HeaderName),
}

/// Why a key can't be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AuthError {
    /// The style is neither a known word nor the name of a header that can carry a key.
    #[error("`auth` must be `bearer`, `x-litellm-api-key` or the name of a header for keys")]
    NotAHeaderName,
    /// The key holds a line break, or a character outside of ASCII.
    #[error("the API key holds a character that no header can carry: enter it again")]
    KeyNotSendable,
}

impl AuthStyle {
    /// Reads the setting, whatever its case.
    pub fn parse(text: &str) -> Result<Self, AuthError> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("bearer") {
            return Ok(Self::Bearer);
        }
        let name: HeaderName = text.parse().map_err(|_| AuthError::NotAHeaderName)?;
        if !super::headers::carries_keys(&name) {
            return Err(AuthError::NotAHeaderName);
        }
        Ok(if name == LITELLM_API_KEY { Self::LitellmApiKey } else { Self::Header(name) })
    }
}

/// The word of the setting.
impl fmt::Display for AuthStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bearer => f.write_str("bearer"),
            Self::LitellmApiKey => LITELLM_API_KEY.fmt(f),
            Self::Header(name) => name.fmt(f),
        }
    }
}

/// The headers that authenticate every request to `base`; their values do not print.
///
/// A blank key is none, and then [`DUMMY_KEY`] is sent, unless the URL holds credentials. These take `Authorization`, so
/// that a key beside them moves to LiteLLM's own header (D6).
pub fn headers(
    base: &BaseUrl,
    style: &AuthStyle,
    key: Option<&SecretString>,
) -> Result<Vec<(HeaderName, HeaderValue)>, AuthError> {
    let key = key.map(|key| key.expose_secret().trim()).filter(|key| !key.is_empty());
    let Some(credentials) = base.credentials() else {
        return Ok(vec![header(style, key.unwrap_or(DUMMY_KEY))?]);
    };
    let mut headers = vec![(AUTHORIZATION, credentials.clone())];
    if let Some(key) = key {
        let style = match style {
            AuthStyle::Bearer => &AuthStyle::LitellmApiKey,
            AuthStyle::Header(name) if name == AUTHORIZATION => &AuthStyle::LitellmApiKey,
            style => style,
        };
        headers.push(header(style, key)?);
    }
    Ok(headers)
}

/// A key without the `Bearer` that it may have been copied with.
pub fn bare(key: &str) -> &str {
    match key.trim().split_once(char::is_whitespace) {
        Some((word, rest)) if word.trim_end_matches(':').eq_ignore_ascii_case("bearer") => bare(rest),
        _ => key.trim(),
    }
}

impl AuthStyle {
    /// Whether it says `Bearer` by itself. In a header of one's own, all there is to say is said by the key.
    pub fn says_bearer(&self) -> bool {
        !matches!(self, Self::Header(_))
    }
}

fn header(style: &AuthStyle, key: &str) -> Result<(HeaderName, HeaderValue), AuthError> {
    // A header could carry more, but proxies would not agree on what it means; such a key is a slip of the clipboard.
    if !key.is_ascii() {
        return Err(AuthError::KeyNotSendable);
    }
    let key = if style.says_bearer() { bare(key) } else { key };
    let (name, value) = match style {
        AuthStyle::Bearer => (AUTHORIZATION, format!("Bearer {key}")),
        AuthStyle::LitellmApiKey => (LITELLM_API_KEY, format!("Bearer {key}")),
        AuthStyle::Header(name) => (name.clone(), key.to_owned()),
    };
    let mut value = HeaderValue::try_from(value).map_err(|_| AuthError::KeyNotSendable)?;
    value.set_sensitive(true);
    Ok((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(base: &str, style: &str, key: Option<&str>) -> Vec<String> {
        let base = BaseUrl::parse(base).unwrap();
        let style = AuthStyle::parse(style).unwrap();
        let headers = headers(&base, &style, key.map(SecretString::from).as_ref()).unwrap();
        assert!(!format!("{headers:?}").contains("sk-"), "a key prints");
        headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect()
    }

    #[test]
    fn each_style_has_its_header() {
        assert_eq!(sent("", "bearer", Some(" sk-1\n")), ["authorization: Bearer sk-1"]);
        assert_eq!(sent("", "Bearer", None), ["authorization: Bearer dummy-key"]);
        assert_eq!(sent("", "bearer", Some(" \t")), ["authorization: Bearer dummy-key"]);
        assert_eq!(sent("", "X-LiteLLM-API-Key", Some("sk-1")), ["x-litellm-api-key: Bearer sk-1"]);
        assert_eq!(sent("", "X-Gateway-Key", Some("sk-1")), ["x-gateway-key: sk-1"]);
        // Said once, unless the header is one's own.
        assert_eq!(sent("", "bearer", Some("bearer  Bearer sk-1")), ["authorization: Bearer sk-1"]);
        assert_eq!(sent("", "x-litellm-api-key", Some("Bearer sk-1")), ["x-litellm-api-key: Bearer sk-1"]);
        assert_eq!(sent("", "x-gateway-key", Some("Bearer sk-1")), ["x-gateway-key: Bearer sk-1"]);
    }

    #[test]
    fn credentials_of_the_url_take_authorization() {
        let base = "http://user:pw@h:4000";
        let basic = "authorization: Basic dXNlcjpwdw==";
        assert_eq!(sent(base, "bearer", None), [basic]);
        assert_eq!(sent(base, "bearer", Some("sk-1")), [basic, "x-litellm-api-key: Bearer sk-1"]);
        assert_eq!(sent(base, "Authorization", Some("sk-1")), [basic, "x-litellm-api-key: Bearer sk-1"]);
        assert_eq!(sent(base, "x-key", Some("sk-1")), [basic, "x-key: sk-1"]);
    }

    #[test]
    fn refuses_what_no_header_can_carry() {
        let base = BaseUrl::parse("").unwrap();
        for key in ["sk-1\nHost: x", "sk-\u{e9}", "sk-\0"] {
            let refused = headers(&base, &AuthStyle::Bearer, Some(&key.into()));
            assert_eq!(refused, Err(AuthError::KeyNotSendable));
        }
        assert_eq!(AuthStyle::parse("two words"), Err(AuthError::NotAHeaderName));
        assert_eq!(AuthStyle::parse(""), Err(AuthError::NotAHeaderName));
    }

    #[test]
    fn a_key_goes_into_no_header_that_says_something_else() {
        for name in
            ["Host", "User-Agent", "referer", "Accept", "x-litellm-tags", "X-LiteLLM-Call-Id", "traceparent"]
        {
            assert_eq!(AuthStyle::parse(name), Err(AuthError::NotAHeaderName), "{name}");
        }
        for name in
            ["Authorization", "api-key", "x-api-key", "X-Goog-Api-Key", "Ocp-Apim-Subscription-Key", "cookie"]
        {
            assert!(AuthStyle::parse(name).is_ok(), "{name}");
        }
    }
}
