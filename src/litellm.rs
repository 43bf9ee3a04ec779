//! Talks to a LiteLLM proxy over HTTP; the only room that does.

pub mod auth;
pub mod base_url;
mod body;
mod budgets;
mod charset;
pub mod chunk;
pub mod cost_map;
mod endpoint;
mod error;
pub mod fault;
mod guard;
pub mod headers;
mod history;
mod mend;
pub mod model_rows;
#[cfg(test)]
pub(crate) mod noise;
pub mod picture;
mod reach;
pub mod rest;
mod secrets;
pub mod sse;
mod stream;
mod system_proxies;
pub mod text;
mod tls;
pub mod usage;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use reqwest::{
    Method, RequestBuilder, Response, StatusCode, Url,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT},
};
use secrecy::zeroize::Zeroizing;

pub use budgets::Known as KnownBudget;
pub use endpoint::{Endpoint, Mark};
pub use error::{CertificateFault, Error, Phase, shown as without_credentials};
pub use guard::Guard;
pub use history::{Day as HistoryDay, ModelDay};
pub use reach::{Reach, reach};
pub use secrets::Secrets;
#[cfg(test)]
pub(crate) use stream::read_pieces;
pub use stream::{ChatStream, Flow, Meta, Oddity};
pub use system_proxies::SystemProxies;

use crate::off_thread::off_thread;
use body::{Body, CODING};
use error::connection_error;

/// Most bytes of a model list. A proxy with 2,500 configured models sends 18.6 MB (litellm 1.101.3).
const MAX_LIST: usize = 64 << 20;
/// Most bytes of any other whole answer.
const MAX_ANSWER: usize = 1 << 20;
/// Most bytes of an answer with an error that are looked at.
const MAX_ERROR: usize = 256 << 10;
/// Most headers of an answer. LiteLLM repeats those of the vendor, and gateways add theirs; a hundred are not out of reach.
const MAX_HEADERS: usize = 256;
/// Most bytes of them, in HTTP/2 as the library has it in HTTP/1.
const MAX_HEADER_BYTES: u32 = 408 << 10;
/// A body beyond this gets room for the longest at once. Room that is not used costs nothing, nothing is copied as the
/// body grows, and glibc gives only pieces of more than 32 MiB back to the system whatever went before.
const LARGE: usize = 1 << 20;
/// A proxy that is up says so at once.
const ALIVE_LIMIT: Duration = Duration::from_secs(5);
/// Most letters of a proxy's version.
const LONGEST_VERSION: usize = 64;
/// Most users of one connection pool for encrypted connections. In HTTP/2 they share a connection, on which a proxy takes
/// only so many requests at once, and no fewer than this by the advice of RFC 9113, 6.5.2: more would wait without a word
/// until others end.
const MAX_USERS: usize = 100;
/// How long to look, after a time limit, whether what was waited for has come meanwhile.
const GRACE: Duration = Duration::from_millis(100);

/// How to reach a proxy: what a connection can be shared by. It has no `Debug`, for `proxy` may hold a password.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ConnectionOptions {
    /// To connect, TLS included.
    pub connect: Duration,
    /// Whether the proxy is on this machine: then no proxy stands between, whatever the environment says.
    pub loopback: bool,
    /// Whether the connection is encrypted.
    pub encrypted: bool,
    /// HTTP or SOCKS proxy on the way. None: the system's.
    pub proxy: Option<Url>,
    /// The system's.
    pub system_proxies: SystemProxies,
    /// Certificates to trust beside the system's, PEM.
    pub ca_file: Option<PathBuf>,
    /// Client certificate and its key, PEM.
    pub client_certificate: Option<(PathBuf, PathBuf)>,
    /// Accept any certificate.
    pub insecure: bool,
    /// What must hold of who answers. None: anybody may.
    pub guard: Option<Guard>,
}

impl ConnectionOptions {
    /// The files that a connection depends on.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let own = self.client_certificate.iter().flat_map(|(certificate, key)| [certificate, key]);
        self.ca_file.iter().chain(own).map(PathBuf::as_path)
    }

    /// Those of a proxy on this machine that does not encrypt.
    #[cfg(test)]
    pub fn on_this_machine() -> Self {
        Self {
            connect: Duration::from_secs(10),
            loopback: true,
            encrypted: false,
            proxy: None,
            system_proxies: SystemProxies::default(),
            ca_file: None,
            client_certificate: None,
            insecure: false,
            guard: None,
        }
    }
}

/// How long a chat may keep its reader waiting; nothing caps it as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerTimeouts {
    /// From the request to the first piece of the answer.
    pub first_token: Duration,
    /// Between two pieces; what only shows that the connection lives is none.
    pub idle: Duration,
    /// Fewest bytes of content in a minute, once it began. 0 where any pace will do.
    pub least_a_minute: usize,
}

/// A connection pool for proxies that are reached alike. Cloning it is cheap and shares the pool; who asks for something
/// keeps a clone until the answer has ended.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    transport: Arc<ConnectionOptions>,
    users: Arc<()>,
}

/// What a call goes by in the logs of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its id, which LiteLLM takes as its own.
    pub id: String,
    /// The caller's W3C trace context, where there is one.
    pub traceparent: Option<String>,
}

/// How many tokens the proxy counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// How many.
    pub tokens: u64,
    /// What it counted with. None where it does not say.
    pub tokenizer: Option<String>,
}

/// What a proxy says when asked whether it is up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alive {
    /// Whether it answered as LiteLLM does.
    pub is_litellm: bool,
    /// Its version. None where it does not say.
    pub version: Option<String>,
}

impl Client {
    /// A client for proxies that are reached this way. Loading the system's trust store takes milliseconds: make one
    /// when it is first needed, and keep it. `read` reads the files of certificates.
    ///
    /// # Errors
    /// [`Error::CertificateFile`] where a certificate file can't be used, and what `read` says.
    pub fn new(
        transport: &ConnectionOptions,
        read: impl Fn(&Path) -> Result<Zeroizing<Vec<u8>>, Error>,
    ) -> Result<Self, Error> {
        let mut builder = reqwest::Client::builder()
            // A redirect could carry the key to another host (and a 307 of a chat is billed where it leads).
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(transport.connect)
            .http1_max_headers(MAX_HEADERS)
            .http2_max_header_list_size(MAX_HEADER_BYTES)
            .pool_idle_timeout(Duration::from_secs(90))
            .tcp_keepalive(Duration::from_secs(30));
        builder = tls::configure(builder, transport, read)?;
        if transport.loopback {
            builder = builder.no_proxy();
        } else if let Some(proxy) = &transport.proxy {
            let proxy = reqwest::Proxy::all(proxy.clone()).map_err(|_| Error::Unreachable {
                reason: "the proxyUrl can't be used".into(),
                url: None,
                is_stale: false,
            })?;
            builder = builder.proxy(proxy);
        } else {
            builder = transport.system_proxies.configure(builder);
        }
        if let Some(guard) = &transport.guard {
            builder = builder.connector_layer(guard.clone());
        }
        let http = builder.build().map_err(|error| tls::build_error(&error, transport))?;
        Ok(Self { http, transport: Arc::new(transport.clone()), users: Arc::default() })
    }

    /// Whether further requests should have another pool, and so another connection.
    pub fn is_full(&self) -> bool {
        self.transport.encrypted && self.others() >= MAX_USERS
    }

    /// Whether nobody else has a clone of it.
    pub fn is_unused(&self) -> bool {
        self.others() == 0
    }

    fn others(&self) -> usize {
        Arc::strong_count(&self.users) - 1
    }

    /// Whether it reaches proxies this way.
    pub fn is_for(&self, transport: &ConnectionOptions) -> bool {
        *self.transport == *transport
    }

    /// Asks whether a proxy is up. Needs no key.
    ///
    /// # Errors
    /// Where nothing answers HTTP there.
    pub async fn alive(&self, endpoint: &Endpoint) -> Result<Alive, Error> {
        let secrets = endpoint.secrets();
        let request = self.request(Method::GET, &endpoint.alive, &HeaderMap::new());
        let (response, body) = within(ALIVE_LIMIT, Phase::Discovery, &endpoint.alive, async {
            let response = self.send(request, &endpoint.alive).await?;
            read_whole(response, &endpoint.alive, MAX_ANSWER, secrets).await
        })
        .await?;
        let version = header(&response.headers, "x-litellm-version").map(|told| secrets.out_of(told));
        let version = version.as_deref().and_then(version_in);
        // litellm 1.101.3 answers the JSON string "I'm alive!".
        let says_alive = response.status.is_success() && memchr::memmem::find(&body, b"alive").is_some();
        Ok(Alive { is_litellm: version.is_some() || says_alive, version })
    }

    /// Asks a proxy for its version. None where it does not say: litellm 1.101.3 tells it to those with a key, 1.82.6 to
    /// everybody.
    pub async fn version(&self, endpoint: &Endpoint) -> Option<String> {
        #[derive(serde::Deserialize)]
        struct Readiness {
            litellm_version: String,
        }
        let secrets = endpoint.secrets();
        for url in &endpoint.readiness {
            let request = self.request(Method::GET, url, &endpoint.list_headers);
            let answer = within(ALIVE_LIMIT, Phase::Discovery, url, async {
                read_whole(self.send(request, url).await?, url, MAX_ANSWER, secrets).await
            });
            let (_, body) = answer.await.ok()?;
            if let Ok(Readiness { litellm_version }) = serde_json::from_slice(&body) {
                return version_in(&litellm_version);
            }
        }
        None
    }

    /// Fetches a whole list, whatever its status.
    ///
    /// # Errors
    /// Where the proxy can't be reached, takes longer than `limit`, or sends us somewhere else.
    pub async fn list(&self, endpoint: &Endpoint, url: &Url, limit: Duration) -> Result<List, Error> {
        let secrets = endpoint.secrets();
        let request = self.request(Method::GET, url, &endpoint.list_headers);
        let (head, body) = within(limit, Phase::Discovery, url, async {
            let response = self.send(request, url).await?;
            read_whole(response, url, MAX_LIST, secrets).await
        })
        .await?;
        let is_unreadable = body::foreign(&head.headers).is_some() && str::from_utf8(&body).is_err();
        if is_redirect(head.status) || is_unreadable {
            return Err(head.into_error(&body, url, secrets));
        }
        let status = head.status;
        let content_type = header(&head.headers, CONTENT_TYPE.as_str()).map(str::to_owned);
        let body = charset::utf8(body, content_type.as_deref());
        let beginning = &body[..body.len().min(MAX_ERROR)];
        let failure = (!status.is_success()).then(|| head.into_error(beginning, url, secrets).into());
        Ok(List { status: status.as_u16(), content_type, url: error::shown(url), failure, body })
    }

    /// Has the proxy count the tokens of a chat's body.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn count_tokens(
        &self,
        endpoint: &Endpoint,
        body: Vec<u8>,
        limit: Duration,
    ) -> Result<Counted, Error> {
        #[derive(serde::Deserialize)]
        struct Answer {
            total_tokens: u64,
            #[serde(default)]
            tokenizer_type: Option<String>,
        }
        let url = &endpoint.token_counter;
        let secrets = endpoint.secrets();
        let request = self
            .request(Method::POST, url, &endpoint.chat_headers)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(body);
        let (head, body) = within(limit, Phase::Discovery, url, async {
            read_whole(self.send(request, url).await?, url, MAX_ANSWER, secrets).await
        })
        .await?;
        match serde_json::from_slice(&body) {
            Ok(Answer { total_tokens: tokens, tokenizer_type: tokenizer }) if head.status.is_success() => {
                Ok(Counted { tokens, tokenizer })
            }
            _ => Err(head.into_error(&body, url, secrets)),
        }
    }

    /// Sends a chat or a text completion and waits for the first byte of the answer.
    ///
    /// # Errors
    /// Where the proxy can't be reached, does not begin to answer in time, or answers with an error.
    pub async fn complete(
        &self,
        endpoint: &Endpoint,
        url: &Url,
        call: &Call,
        body: Vec<u8>,
        timeouts: AnswerTimeouts,
    ) -> Result<ChatStream, Error> {
        let asked = tokio::time::Instant::now();
        let request = self
            .request(Method::POST, url, &endpoint.chat_headers)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header(ACCEPT, HeaderValue::from_static("text/event-stream, application/json"))
            // A compressing gateway holds a stream back until its block is full.
            .headers(HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]))
            .header("x-litellm-call-id", &call.id)
            .body(body);
        let request = match &call.traceparent {
            Some(traceparent) => request.header("traceparent", traceparent),
            None => request,
        };
        let response = within(timeouts.first_token, Phase::FirstToken, url, self.send(request, url)).await?;
        if !response.status().is_success() {
            let (head, body) = read_beginning(response, url, timeouts.idle).await;
            return Err(head.into_error(&body, url, endpoint.secrets()));
        }
        Ok(ChatStream::open(response, url.clone(), asked, timeouts, endpoint.secrets().clone()))
    }

    async fn send(&self, request: RequestBuilder, url: &Url) -> Result<Response, Error> {
        let asked = std::time::Instant::now();
        let answer = request.send().await;
        // No path: it may tell what is between a user and their company.
        let (host, ms) = (url.host_str().unwrap_or_default(), asked.elapsed().as_millis());
        match &answer {
            Ok(response) => {
                tracing::debug!(host, status = response.status().as_u16(), ms, "the proxy answers")
            }
            Err(_) => tracing::debug!(host, ms, "the proxy does not answer"),
        }
        let reason = match answer {
            Ok(response) if response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                "it asks for another user and password (HTTP 407)".to_owned()
            }
            Ok(response) => return Ok(response),
            Err(error) if error.is_connect() && reach::forwarder(url, &self.transport).is_some() => {
                match connection_error(error, url) {
                    Error::Unreachable { reason, .. } => reason,
                    error => return Err(error),
                }
            }
            Err(error) => return Err(connection_error(error, url)),
        };
        Err(Error::Forwarder { reason, url: error::shown(url) })
    }

    fn request(&self, method: Method, url: &Url, headers: &HeaderMap) -> RequestBuilder {
        const AGENT: &str = concat!("litellm-ls/", env!("CARGO_PKG_VERSION"));
        self.http
            .request(method, url.clone())
            .header(USER_AGENT, HeaderValue::from_static(AGENT))
            .header(ACCEPT_ENCODING, HeaderValue::from_static(CODING))
            .headers(headers.clone())
    }
}

/// An answer to the question for a list, as it came.
#[derive(Debug, Clone)]
pub struct List {
    /// The HTTP status.
    pub status: u16,
    /// What the body is said to be. None where nothing is said.
    pub content_type: Option<String>,
    /// What was asked, without credentials and query.
    pub url: String,
    /// What it means where its status is none of success.
    pub failure: Option<Box<Error>>,
    /// The bytes.
    pub body: Bytes,
}

impl List {
    /// Whether the status is one of success.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Its first 200 bytes, as text without what the proxy was told in confidence.
    pub fn beginning(&self, secrets: &Secrets) -> String {
        error::beginning(&self.body, secrets)
    }
}

/// Whether a status sends us somewhere else; not all from 300 on do.
fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 300..=303 | 307 | 308)
}

/// Status and headers of an answer.
struct Head {
    status: StatusCode,
    headers: HeaderMap,
}

impl Head {
    fn into_error(self, body: &[u8], url: &Url, secrets: &Secrets) -> Error {
        let header = |name: &str| header(&self.headers, name);
        if is_redirect(self.status) {
            let to = header("location").and_then(|to| url.join(to).ok());
            let to = to.and_then(|to| base_url::moved(url, &to));
            let to = to.map(|to| secrets.out_of(&to.to_string()));
            return Error::Redirect { status: self.status.as_u16(), to, url: error::shown(url) };
        }
        if let Some(coding) = body::foreign(&self.headers).filter(|_| str::from_utf8(body).is_err()) {
            return Error::Coding {
                coding: secrets.out_of(&coding),
                status: self.status.as_u16(),
                url: error::shown(url),
            };
        }
        let fault = fault::read(Some(self.status.as_u16()), &header, body, secrets);
        if fault.cause == fault::Cause::BadResponse {
            return Error::BadResponse {
                reason: fault.message,
                status: self.status.as_u16(),
                content_type: header(CONTENT_TYPE.as_str()).map(|kind| secrets.out_of(kind)),
                body: error::beginning(body, secrets),
                refused: fault.refused,
                url: error::shown(url),
            };
        }
        Error::Fault {
            fault: Box::new(fault),
            status: Some(self.status.as_u16()),
            call_id: header("x-litellm-call-id").map(|id| secrets.out_of(id)),
            url: error::shown(url),
        }
    }
}

/// A version as far as it is one word: people paste it where Markdown is read. None where it begins with none.
fn version_in(told: &str) -> Option<String> {
    let is_of_one = |letter: &char| letter.is_ascii_alphanumeric() || ".-+_".contains(*letter);
    let version: String = told.trim().chars().take_while(is_of_one).take(LONGEST_VERSION).collect();
    (!version.is_empty()).then_some(version)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Reads a body to its end, unless it is over the limit, and takes keys out of it. Of a failure what has come does, though
/// the rest be missing; what it says is looked through where it is read, for it is no list of names.
async fn read_whole(
    response: Response,
    url: &Url,
    limit: usize,
    secrets: &Secrets,
) -> Result<(Head, Bytes), Error> {
    let (head, mut pieces) = body::open(response, url);
    let mut body = BytesMut::new();
    loop {
        let piece = match next_piece(&mut pieces, &body).await {
            None => break,
            Some(Err(_)) if !head.status.is_success() => break,
            Some(piece) => piece?,
        };
        let length = body.len() + piece.len();
        if length > limit {
            return Err(Error::TooLarge { limit, url: error::shown(url) });
        }
        if length > LARGE && body.capacity() < limit {
            body.reserve(limit - body.len());
        }
        body.extend_from_slice(&piece);
        // The runtime looks for what else has come before it goes on: a long body holds up nobody's stream.
        tokio::task::yield_now().await;
    }
    let body = body.freeze();
    if !head.status.is_success() {
        return Ok((head, body));
    }
    let clean = |body: Bytes, secrets: &Secrets| secrets.out_of_json(&body, &[]).map_or(body, Bytes::from);
    if body.len() <= LARGE {
        return Ok((head, clean(body, secrets)));
    }
    let secrets = secrets.clone();
    Ok((head, off_thread(move || clean(body, &secrets)).await))
}

/// Reads as much of a body as is looked at where it is an error, and has come in time.
async fn read_beginning(response: Response, url: &Url, limit: Duration) -> (Head, Bytes) {
    let deadline = tokio::time::Instant::now() + limit;
    let (head, mut pieces) = body::open(response, url);
    let mut body = BytesMut::new();
    while body.len() < MAX_ERROR {
        let next = stream::within(deadline, Box::pin(next_piece(&mut pieces, &body))).await;
        let Some(Some(Ok(piece))) = next else { break };
        body.extend_from_slice(&piece);
    }
    (head, body.freeze())
}

/// The next piece of a body. None where it has ended: as of an answer, silence behind one JSON text is its end too.
async fn next_piece(pieces: &mut Body, body: &[u8]) -> Option<Result<Bytes, Error>> {
    match tokio::time::timeout(stream::TAIL, pieces.next()).await {
        Ok(piece) => piece,
        Err(_) if serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok() => None,
        Err(_) => pieces.next().await,
    }
}

async fn within<T>(
    limit: Duration,
    phase: Phase,
    url: &Url,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let deadline = tokio::time::Instant::now() + limit;
    match stream::within(deadline, std::pin::pin!(work)).await {
        Some(result) => result,
        None => Err(Error::Timeout { phase, limit, url: error::shown(url) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_one_word_whatever_a_proxy_says() {
        for (told, expected) in [
            ("1.101.3", Some("1.101.3")),
            (" v1.72.0-stable.patch1+a_b\n", Some("v1.72.0-stable.patch1+a_b")),
            ("1.101.3\n\n## Reproduced\n<img src=http://evil/x> @everyone", Some("1.101.3")),
            ("1.0](http://evil)", Some("1.0")),
            ("![x](http://evil)", None),
            ("", None),
        ] {
            assert_eq!(version_in(told).as_deref(), expected, "{told:?}");
        }
        assert_eq!(version_in(&"1".repeat(100)).map(|version| version.len()), Some(LONGEST_VERSION));
    }
}
