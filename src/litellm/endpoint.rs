//! Where the requests of a profile go, and what goes with them.

mod mark;

use std::collections::BTreeMap;

use hyper_util::client::proxy::matcher::Intercept;
use reqwest::{
    Url,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};

use super::{
    ConnectionOptions,
    auth::{self, AuthError, AuthStyle},
    base_url::{self, BaseUrl, roo, roo::RooError},
    headers, reach,
    secrets::Secrets,
};
pub use mark::Mark;

/// The URLs of a proxy and the headers of its requests. It has no `Debug`, for a URL's query may hold a key.
#[derive(Clone)]
pub struct Endpoint {
    /// `/health/liveliness`.
    pub alive: Url,
    /// `/health/readiness/details`, and `/health/readiness` of older versions.
    pub readiness: [Url; 2],
    /// `/v1/model/info`.
    pub model_info: Url,
    /// `/model_group/info`.
    pub model_groups: Url,
    /// `/v1/models`.
    pub models: Url,
    /// `/public/litellm_model_cost_map`, which needs no key (litellm 1.101.3).
    pub cost_map: Url,
    /// `/v1/chat/completions`.
    pub chat: Url,
    /// `/v1/completions`.
    pub text: Url,
    /// `/utils/token_counter`.
    pub token_counter: Url,
    /// `/key/info`: of the key that asks.
    pub key_info: Url,
    /// `/v2/user/info` (litellm 1.83): of the user to whom it belongs.
    pub user_info: Url,
    /// `/team/info`.
    pub team_info: Url,
    /// `/user/daily/activity/aggregated`: the days of a user.
    pub activity: Url,
    /// With every list.
    pub list_headers: HeaderMap,
    /// With every chat.
    pub chat_headers: HeaderMap,
    /// What follows from the rest, and each request needs.
    made: Made,
}

/// What is made of an endpoint once. The default value is that of one that is not whole yet.
#[derive(Clone, Default)]
struct Made {
    mark: Mark,
    secrets: Secrets,
    origin: String,
    fingerprint: String,
}

impl Endpoint {
    /// That of a base URL, with its key and the user's own headers on every request, lists too (D8). `transport` says what
    /// stands on the way to it.
    ///
    /// # Errors
    /// Where no header can carry the key.
    pub fn new(
        base: &BaseUrl,
        style: &AuthStyle,
        key: Option<&SecretString>,
        own: &BTreeMap<String, SecretString>,
        transport: &ConnectionOptions,
    ) -> Result<Self, AuthError> {
        let mut headers: HeaderMap = auth::headers(base, style, key)?.into_iter().collect();
        headers::extend(&mut headers, own);
        Ok(Self {
            alive: base.join("/health/liveliness"),
            readiness: [base.join("/health/readiness/details"), base.join("/health/readiness")],
            model_info: base.join("/v1/model/info"),
            model_groups: base.join("/model_group/info"),
            models: base.join("/v1/models"),
            cost_map: base.join("/public/litellm_model_cost_map"),
            chat: base.join("/v1/chat/completions"),
            text: base.join("/v1/completions"),
            token_counter: base.join("/utils/token_counter"),
            key_info: base.join("/key/info"),
            user_info: base.join("/v2/user/info"),
            team_info: base.join("/team/info"),
            activity: base.join("/user/daily/activity/aggregated"),
            list_headers: headers.clone(),
            chat_headers: headers,
            made: Made::default(),
        }
        .whole(transport))
    }

    /// The same as Roo Code 3.52.1 has it (R3 to R8): its own URLs for the same text, no dummy key with a list, and
    /// the user's headers with chats only.
    ///
    /// # Errors
    /// Where Roo Code can't use the base URL or the key.
    pub fn as_roo(
        self,
        base: &str,
        key: Option<&SecretString>,
        own: &BTreeMap<String, SecretString>,
        transport: &ConnectionOptions,
    ) -> Result<Self, RooError> {
        let list = roo::discovery(if base.is_empty() { base_url::DEFAULT } else { base }, key)?;
        let chat = roo::chat(base, key)?;
        let list_headers = authorization(list.authorization)?;
        let mut chat_headers = authorization(chat.authorization)?;
        headers::extend(&mut chat_headers, own);
        Ok(Self { chat: chat.url, model_info: list.url, list_headers, chat_headers, ..self }.whole(transport))
    }

    /// With what follows from it.
    fn whole(mut self, transport: &ConnectionOptions) -> Self {
        let origin = self.chat.origin().ascii_serialization();
        self.made = Made {
            mark: self.new_mark(),
            secrets: self.all_secrets(transport),
            fingerprint: self.new_fingerprint(&origin),
            origin,
        };
        self
    }

    fn all_secrets(&self, transport: &ConnectionOptions) -> Secrets {
        let forwarder = reach::forwarder(&self.chat, transport);
        let own = [&self.list_headers, &self.chat_headers].into_iter().flat_map(HeaderMap::iter);
        let on_the_way = forwarder.as_ref().and_then(Intercept::basic_auth);
        Secrets::of(own.chain(on_the_way.map(|password| (&AUTHORIZATION, password))), &self.chat)
    }

    /// What its requests carry in confidence, for a proxy on the way too.
    pub fn secrets(&self) -> &Secrets {
        &self.made.secrets
    }

    /// What tells it from others.
    pub fn mark(&self) -> Mark {
        self.made.mark
    }

    /// Scheme, host and port of its chats.
    pub fn origin(&self) -> &str {
        &self.made.origin
    }

    /// What tells the key, and whatever else goes along in confidence, from others in what is kept: 16 hexadecimal digits
    /// of a hash of all of it with the origin. Empty where there is none.
    pub fn fingerprint(&self) -> &str {
        &self.made.fingerprint
    }
}

fn authorization(value: Option<SecretString>) -> Result<HeaderMap, RooError> {
    let Some(value) = value else { return Ok(HeaderMap::new()) };
    let mut value =
        HeaderValue::from_bytes(value.expose_secret().as_bytes()).map_err(|_| RooError::InvalidCharacter)?;
    value.set_sensitive(true);
    Ok(HeaderMap::from_iter([(AUTHORIZATION, value)]))
}
