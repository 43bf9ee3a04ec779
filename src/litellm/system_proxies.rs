//! The HTTP proxies that the variables of whoever asks name, as curl and the HTTP library read them.

use std::sync::LazyLock;

use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::{ClientBuilder, NoProxy, Proxy, Url};

/// What variables say of HTTP proxies on the way. It has no `Debug`, for a URL may hold a password.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct SystemProxies {
    all: String,
    http: String,
    https: String,
    no: String,
}

impl SystemProxies {
    /// What the variables say that `variable` tells.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        // A server that is run by CGI gets `HTTP_PROXY` from whoever asks it: the library heeds none then.
        if variable("REQUEST_METHOD").is_some() {
            return Self::default();
        }
        let first =
            |large: &str, small: &str| variable(large).or_else(|| variable(small)).unwrap_or_default();
        Self {
            all: first("ALL_PROXY", "all_proxy"),
            http: first("HTTP_PROXY", "http_proxy"),
            https: first("HTTPS_PROXY", "https_proxy"),
            no: first("NO_PROXY", "no_proxy"),
        }
    }

    /// Whether no variable names one: then the system's own settings hold, where it has some.
    fn is_empty(&self) -> bool {
        [&self.all, &self.http, &self.https].iter().all(|url| url.is_empty())
    }

    /// The one that takes connections to a URL.
    pub(super) fn intercept(&self, url: &Url) -> Option<Intercept> {
        // The system's own settings take a while to read, and each request asks.
        static SYSTEM: LazyLock<Matcher> = LazyLock::new(Matcher::from_system);
        let target = url.as_str().parse().ok()?;
        if self.is_empty() {
            return SYSTEM.intercept(&target);
        }
        let Self { all, http, https, no } = self.clone();
        Matcher::builder().all(all).http(http).https(https).no(no).build().intercept(&target)
    }

    /// Has a client go through them. What is no URL is passed over, as the library does.
    pub(super) fn configure(&self, mut builder: ClientBuilder) -> ClientBuilder {
        if self.is_empty() {
            return builder;
        }
        let proxies = [Proxy::http(&self.http), Proxy::https(&self.https), Proxy::all(&self.all)];
        for proxy in proxies.into_iter().flatten() {
            builder = builder.proxy(proxy.no_proxy(NoProxy::from_string(&self.no)));
        }
        builder
    }
}
