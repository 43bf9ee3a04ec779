//! Turns the base URL that a user typed into the URLs of a proxy (D3, D5, D6).

pub mod roo;

use std::{fmt, net::IpAddr};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use percent_encoding::percent_decode_str;
use reqwest::{Url, header::HeaderValue};
use thiserror::Error;
use url::Host;

/// Where a proxy is when the user does not say (S18).
pub const DEFAULT: &str = "http://localhost:4000";

/// Endpoints that users paste in place of a base URL; longest first.
const ENDPOINTS: &[&[&str]] = &[
    &["v1", "chat", "completions"],
    &["v1", "model", "info"],
    &["chat", "completions"],
    &["model", "info"],
    &["v1", "models"],
    &["v1", "completions"],
];

/// The root of a proxy: an `http` or `https` URL without `/v1`, final slash, fragment and credentials.
///
/// Equal values lead to the same requests with the same credentials.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BaseUrl {
    root: Url,
    credentials: Option<HeaderValue>,
}

/// Why a text is not a base URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BaseUrlError {
    /// No scheme, and the host is not this machine.
    #[error("the base URL has no scheme")]
    MissingScheme,
    /// A scheme other than `http` and `https`.
    #[error("the base URL has a scheme that is not supported")]
    UnsupportedScheme,
    /// Not a URL.
    #[error("the base URL is not a URL")]
    InvalidUrl,
}

impl BaseUrlError {
    /// What to do.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::MissingScheme => "put `https://` or `http://` in front",
            Self::UnsupportedScheme => "use `https://` or `http://`",
            Self::InvalidUrl => "write it like `http://localhost:4000`",
        }
    }
}

impl BaseUrl {
    /// Reads what the user typed. Blank means [`DEFAULT`].
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        // As in every browser, tabs and line breaks inside a URL do not count.
        let text: String = text.trim().chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
        let mut root = match text.as_str() {
            "" => Url::parse(DEFAULT).map_err(|_| BaseUrlError::InvalidUrl)?,
            text if has_scheme(text) => Url::parse(text).map_err(|_| BaseUrlError::InvalidUrl)?,
            text => on_this_machine(text)?,
        };
        if !matches!(root.scheme(), "http" | "https") {
            return Err(BaseUrlError::UnsupportedScheme);
        }
        let credentials = take_credentials(&mut root)?;
        root.set_path(&root_path(root.path()));
        root.set_fragment(None);
        if root.query() == Some("") {
            root.set_query(None);
        }
        Ok(Self { root, credentials })
    }

    /// The URL of a route such as `/v1/models`, with the query of the base.
    pub fn join(&self, route: &str) -> Url {
        let mut url = self.root.clone();
        url.set_path(&format!("{}{route}", self.path()));
        url
    }

    /// Scheme, host and port: what a key belongs to.
    pub fn origin(&self) -> String {
        self.root.origin().ascii_serialization()
    }

    /// Whether the host is this machine, by any of its names: `localhost` and what lies below it (RFC 6761), `127.0.0.0/8`,
    /// `::1`, the addresses that stand for "here", and IPv4 within IPv6.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.root)
    }

    /// Whether others on the way can read what is sent.
    pub fn is_plain(&self) -> bool {
        self.root.scheme() == "http"
    }

    /// The `Authorization` that the user wrote into the URL.
    pub(super) fn credentials(&self) -> Option<&HeaderValue> {
        self.credentials.as_ref()
    }

    fn path(&self) -> &str {
        self.root.path().trim_end_matches('/')
    }
}

/// The base URL that a redirect from one of its routes tells: of the same route elsewhere. None where it leads to another
/// page, such as a login, to where it came from, or from TLS to clear text.
pub(super) fn moved(from: &Url, to: &Url) -> Option<BaseUrl> {
    let route = |url: &Url| -> Vec<String> {
        let segments = url.path().rsplit('/').filter(|segment| !segment.is_empty());
        segments.take(2).map(str::to_owned).collect()
    };
    let is_route = route(from) == route(to) && !route(from).is_empty();
    let is_safe = to.scheme() == "https" || to.scheme() == "http" && from.scheme() == "http";
    let base = BaseUrl::parse(to.as_str()).ok().filter(|_| is_route && is_safe)?;
    let before = BaseUrl::parse(from.as_str()).ok()?;
    (base.to_string() != before.to_string()).then_some(base)
}

/// The root without its query, which may hold a key.
impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin(), self.path())
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({self})")
    }
}

/// Whether `://` or `:\\` comes before anything that can only stand behind a host.
fn has_scheme(text: &str) -> bool {
    text.find(['/', '\\', '?', '#']).is_some_and(|end| {
        let (head, rest) = text.split_at(end);
        head.ends_with(':') && (rest.starts_with("//") || rest.starts_with(r"\\"))
    })
}

/// Without a scheme only a proxy on this machine is understood: a key must not go elsewhere in clear text by default.
fn on_this_machine(text: &str) -> Result<Url, BaseUrlError> {
    match Url::parse(&format!("http://{text}")) {
        Ok(url) if is_loopback(&url) => Ok(url),
        // A scheme in front would not help here.
        Err(_) if ["localhost", "127.", "[::1]"].iter().any(|host| text.starts_with(host)) => {
            Err(BaseUrlError::InvalidUrl)
        }
        _ => Err(BaseUrlError::MissingScheme),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => is_here(address.into()),
        Some(Host::Ipv6(address)) => is_here(address.to_canonical()),
        None => false,
    }
}

fn is_here(address: IpAddr) -> bool {
    address.is_loopback() || address.is_unspecified()
}

/// Moves user name and password out of a URL into the header that carries them (D6).
fn take_credentials(url: &mut Url) -> Result<Option<HeaderValue>, BaseUrlError> {
    let password = url.password().unwrap_or_default();
    if url.username().is_empty() && password.is_empty() {
        return Ok(None);
    }
    let mut pair: Vec<u8> = percent_decode_str(url.username()).collect();
    pair.push(b':');
    pair.extend(percent_decode_str(password));
    let mut value = HeaderValue::try_from(format!("Basic {}", BASE64.encode(pair)))
        .map_err(|_| BaseUrlError::InvalidUrl)?;
    value.set_sensitive(true);
    url.set_username("").and(url.set_password(None)).map_err(|()| BaseUrlError::InvalidUrl)?;
    Ok(Some(value))
}

/// A path without empty segments, a final endpoint and a final `v1`.
fn root_path(path: &str) -> String {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let segments = ENDPOINTS.iter().find_map(|end| segments.strip_suffix(*end)).unwrap_or(&segments);
    segments.strip_suffix(&["v1"]).unwrap_or(segments).join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match BaseUrl::parse(text) {
            Ok(base) => base.join("/v1/models").to_string(),
            Err(error) => format!("{error:?}"),
        }
    }

    #[test]
    fn a_redirect_tells_the_base_url_where_it_leads_to_the_same_route() {
        let from = |url: &str| Url::parse(url).unwrap();
        for (base, to, told) in [
            ("http://h", "https://h/v1/chat/completions", Some("https://h")),
            ("http://h", "http://other:4000/v1/chat/completions?key=k#x", Some("http://other:4000")),
            ("http://h", "https://u:p@h/v1/chat/completions/", Some("https://h")),
            ("http://h", "/litellm/v1/chat/completions", Some("http://h/litellm")),
            ("http://h/old", "https://h/old/v1/chat/completions", Some("https://h/old")),
            ("http://h/old", "/v1/chat/completions", Some("http://h")),
            ("http://h", "/v1/chat/completions/", None),
            ("http://h", "/login?next=/v1/chat/completions", None),
            ("http://h", "https://sso.example/", None),
            ("http://h", "https://sso.example/oauth2/authorize", None),
            ("http://h", "https://h/completions", None),
            ("https://h", "http://h/v1/chat/completions", None),
            ("http://h", "ftp://h/v1/chat/completions", None),
        ] {
            let from = from(&format!("{base}/v1/chat/completions"));
            let moved = moved(&from, &from.join(to).unwrap()).map(|base| base.to_string());
            assert_eq!(moved.as_deref(), told, "{base} to {to}");
        }
    }

    #[test]
    fn reads_what_users_type() {
        for (typed, models) in [
            ("   ", "http://localhost:4000/v1/models"),
            ("\u{a0}\n", "http://localhost:4000/v1/models"),
            ("LOCALHOST:4000", "http://localhost:4000/v1/models"),
            ("127.1:4000/", "http://127.0.0.1:4000/v1/models"),
            ("127.255.0.9", "http://127.255.0.9/v1/models"),
            ("[::1]:4000/llm/v1/", "http://[::1]:4000/llm/v1/models"),
            ("user:pw@localhost:4000", "http://localhost:4000/v1/models"),
            ("localhost:4000/x?to=http://h", "http://localhost:4000/x/v1/models?to=http://h"),
            ("//localhost", "http://localhost/v1/models"),
            ("localhost:4000\\llm", "http://localhost:4000/llm/v1/models"),
            ("localhost.:4000", "http://localhost.:4000/v1/models"),
            ("localhost:4000@evil.example", "MissingScheme"),
            ("localhost.evil.example", "MissingScheme"),
            ("128.0.0.1:4000", "MissingScheme"),
            ("0.0.0.0:4000", "http://0.0.0.0:4000/v1/models"),
            ("::1", "MissingScheme"),
            ("http:/h", "MissingScheme"),
            ("C:\\proxy", "MissingScheme"),
            ("two words", "MissingScheme"),
            ("localhost:99999", "InvalidUrl"),
            ("HtTpS://H.Example:443/A/V1", "https://h.example/A/V1/v1/models"),
            ("http:\\\\h\\x", "http://h/x/v1/models"),
            ("ht\ttp://h\n.example/a\r\nb", "http://h.example/ab/v1/models"),
            ("http://h/%2F/a%20b", "http://h/%2F/a%20b/v1/models"),
            ("http://h/a/../v1/./x//", "http://h/v1/x/v1/models"),
            ("http://h/v1?", "http://h/v1/models"),
            ("http://h/v1//?a=b#c", "http://h/v1/models?a=b"),
            ("http://h/v1/v1", "http://h/v1/v1/models"),
            ("http://h/chat/completions/", "http://h/v1/models"),
            ("http://h/x/model/info", "http://h/x/v1/models"),
            ("http://h/v1/completions", "http://h/v1/models"),
            ("http://h/models", "http://h/models/v1/models"),
            ("http://h/xv1", "http://h/xv1/v1/models"),
            ("http://日本.example", "http://xn--wgv71a.example/v1/models"),
            ("http://h:0", "http://h:0/v1/models"),
            ("http://[fe80::1%25eth0]:4000", "InvalidUrl"),
            ("http://h:x", "InvalidUrl"),
            ("http://a b", "InvalidUrl"),
            ("://h", "InvalidUrl"),
            ("file:///etc/passwd", "UnsupportedScheme"),
            ("localhost://4000", "UnsupportedScheme"),
            ("wss://h", "UnsupportedScheme"),
        ] {
            assert_eq!(shown(typed), models, "{typed:?}");
        }
    }

    #[test]
    fn shows_neither_credentials_nor_query() {
        let base = BaseUrl::parse("https://ann:s%40cret@h.example:8443/llm/?key=s3cret").unwrap();
        assert_eq!(base.to_string(), "https://h.example:8443/llm");
        assert_eq!(format!("{base:?}"), "BaseUrl(https://h.example:8443/llm)");
        assert_eq!(base.origin(), "https://h.example:8443");
        assert_eq!(base.join("/v1/models").as_str(), "https://h.example:8443/llm/v1/models?key=s3cret");
        assert_eq!(base.credentials().unwrap(), &format!("Basic {}", BASE64.encode("ann:s@cret")));
        assert_eq!(BaseUrl::parse("").unwrap().to_string(), DEFAULT);
    }

    #[test]
    fn credentials_may_lack_a_half() {
        for (typed, pair) in
            [("http://ann@h", "ann:"), ("http://:pw@h", ":pw"), ("http://a%3Ab:%ff@h", "a:b:\u{0}")]
        {
            let mut expected = pair.as_bytes().to_vec();
            if let Some(last) = expected.last_mut().filter(|last| **last == 0) {
                *last = 0xff;
            }
            let base = BaseUrl::parse(typed).unwrap();
            assert_eq!(base.credentials().unwrap(), &format!("Basic {}", BASE64.encode(expected)));
        }
        assert_eq!(BaseUrl::parse("http://@h").unwrap().credentials(), None);
        assert_eq!(BaseUrl::parse("http://:@h").unwrap().credentials(), None);
    }

    #[test]
    fn knows_this_machine() {
        for (typed, here) in [
            ("", true),
            ("https://LocalHost", true),
            ("http://127.9.9.9", true),
            ("http://[0:0::1]", true),
            ("http://localhost.", true),
            ("http://llm.localhost", true),
            ("http://[::ffff:127.0.0.1]", true),
            ("http://0.0.0.0", true),
            ("http://[::]", true),
            ("http://127.0.0.1.nip.io", false),
            ("http://notlocalhost", false),
            ("http://localhost.example", false),
            ("http://[::ffff:10.0.0.1]", false),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(BaseUrl::parse(typed).unwrap().is_loopback(), here, "{typed}");
        }
    }
}
