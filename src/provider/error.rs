//! What a person is told when something fails: one sentence, and what to do.

mod of_fault;

use std::time::Duration;

use litellm_ls_protocol::{CallState, EarlierCall, ErrorData, ErrorKind, Problem, TimeoutPhase};

pub(super) use of_fault::{NEEDED, WRONG_KEY};

use super::request::InvalidRequest;
use crate::{
    descriptors,
    litellm::{self, CertificateFault, Phase, base_url::DEFAULT},
    plain,
};

/// Most problems that one error lists.
const MAX_PROBLEMS: usize = 20;
/// Where more than so many things are wrong with what was sent, nobody looks for others: a script may be wrong in
/// 100,000 places.
pub const MOST_FOUND: usize = 100;

/// A failure as the peer is told of it.
#[derive(Debug, Clone)]
pub struct Error {
    /// One short sentence.
    pub message: String,
    /// The kind, the remedy and the circumstances.
    pub data: Box<ErrorData>,
    /// The parameters that may be left out, for the proxy says that they are not taken.
    pub(super) refused: Vec<String>,
    /// Whether the connection had been made and was closed before an answer, as an idle one is.
    pub(super) is_stale: bool,
}

/// `Result` with this room's error.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error with what to do about it. A proxy's words in them are made plain.
    pub fn new(kind: ErrorKind, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        let mut data = ErrorData::new(kind);
        data.remedy = Some(plain::sentence(&remedy.into()));
        let message = plain::sentence(&message.into());
        Self { message, data: Box::new(data), refused: Vec::new(), is_stale: false }
    }

    /// Its kind.
    pub fn kind(&self) -> ErrorKind {
        self.data.kind
    }

    /// What to do; empty where nothing helps.
    pub fn remedy(&self) -> &str {
        self.data.remedy.as_deref().unwrap_or_default()
    }

    /// Whether nobody is at an address, or a gateway answers for who should be, as while a proxy restarts.
    pub(super) fn is_away(&self) -> bool {
        match self.kind() {
            ErrorKind::Unreachable => true,
            ErrorKind::Timeout => self.data.phase == Some(TimeoutPhase::Connect),
            ErrorKind::Upstream if self.data.gateway.is_some() => {
                matches!(self.data.http_status, Some(502..=504 | 520..=523 | 530))
            }
            _ => false,
        }
    }

    fn stale(self, is_stale: bool) -> Self {
        Self { is_stale, ..self }
    }

    /// The system lets this process open no more files and connections.
    pub(super) fn too_many_files() -> Self {
        Self::new(ErrorKind::Busy, descriptors::REASON, descriptors::REMEDY)
    }

    /// There is no such profile.
    pub fn no_profile(name: &str, known: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let known: Vec<String> = known.into_iter().map(|name| name.as_ref().to_owned()).collect();
        Self::new(
            ErrorKind::NotConfigured,
            format!("there is no profile {name:?}"),
            format!("configure it, or use one of: {}", known.join(", ")),
        )
    }

    /// The settings can't be used.
    pub fn unusable(problem: &Problem) -> Self {
        Self::new(
            ErrorKind::NotConfigured,
            format!("{} can't be used: {}", named(problem), problem.reason),
            problem.remedy.clone(),
        )
    }

    /// The client gave the request up.
    pub fn cancelled() -> Self {
        Self::new(ErrorKind::RequestCancelled, "cancelled", "ask again where that was by mistake")
    }

    /// What was asked for has taken effect all the same.
    pub fn applied(mut self) -> Self {
        self.data.applied = true;
        self
    }

    /// A call was made under the same key.
    pub fn already_called(earlier: EarlierCall) -> Self {
        let what = match earlier.state {
            CallState::Answered => "was answered",
            CallState::Failed => "failed",
            CallState::Begun | CallState::Unknown => "was begun, and is not known to have ended",
        };
        let mut error = Self::new(
            ErrorKind::AlreadyCalled,
            format!("a call under this idempotencyKey {what}: it is not made again"),
            "ask again under another idempotencyKey where it should be made once more",
        );
        error.data.earlier_call = Some(earlier);
        error
    }

    /// The params as a whole don't fit: none of their members alone is wrong.
    pub fn invalid_params(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorKind::InvalidParams, message, remedy);
        let problem = Problem::new("", error.message.clone(), error.remedy().to_owned());
        error.data.problems = vec![problem];
        error
    }

    /// The same, where one member is what is wrong.
    #[must_use]
    pub fn at(mut self, path: &str) -> Self {
        self.data.problems.iter_mut().for_each(|problem| path.clone_into(&mut problem.path));
        self
    }

    /// One member of the params doesn't fit.
    pub fn invalid_param(path: &str, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::invalid("the params", vec![Problem::new(path, reason, remedy)])
    }

    /// Everything that is wrong with settings.
    pub fn invalid_settings(problems: Vec<Problem>) -> Self {
        Self::invalid("the settings", problems)
    }

    /// Everything that is wrong with the params of `whose`; the first 20 are listed.
    pub fn invalid(whose: &str, mut problems: Vec<Problem>) -> Self {
        let first = problems.first();
        let place = |problem: &Problem| match problem.path.as_str() {
            "" => whose.to_owned(),
            path => format!("`{path}`"),
        };
        let message = match (first, problems.len()) {
            (Some(first), 1) => format!("{}: {}", place(first), first.reason),
            (Some(first), count) if count > MOST_FOUND => format!(
                "more than {MOST_FOUND} things are wrong with {whose}, {} first: {}",
                place(first),
                first.reason
            ),
            (Some(first), count) => {
                format!("{count} things are wrong with {whose}, {} first: {}", place(first), first.reason)
            }
            (None, _) => format!("{whose} can't be used"),
        };
        let remedy = first.map_or_else(String::new, |first| first.remedy.clone());
        let mut error = Self::invalid_params(message, remedy);
        problems.truncate(MAX_PROBLEMS);
        error.data.problems = problems;
        error
    }
}

impl From<InvalidRequest> for Error {
    fn from(invalid: InvalidRequest) -> Self {
        Self::invalid_param(&invalid.path, "this can't be used", invalid.remedy)
    }
}

impl From<litellm::Error> for Error {
    fn from(error: litellm::Error) -> Self {
        use litellm::Error as E;
        let (mut told, url) = match error {
            E::Unreachable { reason, url, is_stale } => (
                Self::new(
                    ErrorKind::Unreachable,
                    match &url {
                        Some(url) => format!("nothing answers at {}: {reason}", host(url)),
                        None => reason,
                    },
                    match &url {
                        Some(url) if host(url) == host(DEFAULT) => {
                            "start a proxy (`litellm-ls proxy start` does), or set baseUrl to where yours is"
                        }
                        _ => {
                            "start the proxy, or correct baseUrl (and check the firewall where it is on another host)"
                        }
                    },
                )
                .stale(is_stale),
                url,
            ),
            E::TooManyFiles { url } => (Self::too_many_files(), url),
            E::NotHttp { reason, url } => (
                Self::new(
                    ErrorKind::BadResponse,
                    format!("{} does not answer in HTTP: {reason}", host(&url)),
                    "correct baseUrl and its port, and begin it with https:// where the server wants TLS",
                ),
                Some(url),
            ),
            E::LargeHeaders { url } => (
                Self::new(
                    ErrorKind::BadResponse,
                    format!("the headers of the answer of {} are too large", host(&url)),
                    "have whoever runs the proxy, or a gateway before it, send fewer and shorter headers",
                ),
                Some(url),
            ),
            E::Forwarder { reason, url } => (
                Self::new(
                    ErrorKind::Unreachable,
                    format!("the HTTP proxy refused to connect to {}: {reason}", host(&url)),
                    "correct proxyUrl, or HTTP_PROXY, HTTPS_PROXY and NO_PROXY in the environment",
                ),
                Some(url),
            ),
            E::Tls { reason, certificate, url } => {
                let fault = certificate.unwrap_or(CertificateFault::Other);
                let reason = fault.reason().unwrap_or(&reason);
                let message = match &url {
                    Some(url) if certificate.is_some() => {
                        format!("the TLS certificate of {} is not trusted: {reason}", host(url))
                    }
                    Some(url) => format!("no TLS connection to {}: {reason}", host(url)),
                    None => format!("TLS can't be set up: {reason}"),
                };
                (Self::new(ErrorKind::Tls, message, fault.remedy()), url)
            }
            E::ClientCertificate { reason, url } => (
                Self::new(
                    ErrorKind::Tls,
                    format!("{} asks for a client certificate that it trusts: {reason}", host(&url)),
                    "set tls.clientCertFile and tls.clientKeyFile to a certificate that the proxy takes and its key",
                ),
                Some(url),
            ),
            E::CertificateFile { reason } => (
                Self::new(
                    ErrorKind::Tls,
                    reason,
                    "correct this file, or name another in tls.caFile, tls.clientCertFile or tls.clientKeyFile",
                ),
                None,
            ),
            E::NotTls { url } => (
                Self::new(
                    ErrorKind::Tls,
                    format!("{} does not speak TLS", host(&url)),
                    "begin baseUrl with http://, or correct its port",
                ),
                Some(url),
            ),
            E::Timeout { phase, limit, url } => (timeout(phase, limit, &url), Some(url)),
            E::Fault { fault, status, call_id, url } => {
                let mut told = of_fault::error(&fault);
                told.data.http_status = status;
                told.data.call_id = call_id;
                (told, Some(url))
            }
            E::Redirect { status, to, url } => {
                let mut told = Self::new(
                    ErrorKind::BadResponse,
                    "the base URL leads to a redirect, and a key is never sent after one",
                    match to {
                        Some(to) => format!("if that is your proxy too, set baseUrl to where it leads: {to}"),
                        None => "set baseUrl to the proxy itself: a login or another page stands before this one".into(),
                    },
                );
                told.data.http_status = Some(status);
                (told, Some(url))
            }
            E::Coding { coding, status, url } => {
                let mut told = Self::new(
                    ErrorKind::BadResponse,
                    format!("the answer of {} is packed as {coding}, which nobody asked for", host(&url)),
                    "have whoever runs the proxy, or a gateway before it, heed Accept-Encoding: plain, or gzip",
                );
                told.data.http_status = Some(status);
                (told, Some(url))
            }
            E::BadResponse { reason, status, content_type, body, url, refused } => {
                let mut told = bad_response(&reason, status, content_type.as_deref(), &body, &url);
                told.data.http_status = Some(status);
                told.data.content_type = content_type;
                told.data.body = Some(body);
                told.refused = refused;
                (told, Some(url))
            }
            E::TooLarge { limit, url } => (
                Self::new(
                    ErrorKind::TooLarge,
                    format!("the answer is longer than {} MiB", limit >> 20),
                    "ask for less at once, or check that baseUrl leads to a LiteLLM proxy",
                ),
                Some(url),
            ),
            E::Interrupted { reason, url } => (
                Self::new(
                    ErrorKind::StreamInterrupted,
                    format!("the response was interrupted: {reason}"),
                    // Short, so that what happened has room in a line of 80 columns; what came is kept.
                    "ask again",
                ),
                Some(url),
            ),
        };
        told.data.url = url;
        told
    }
}

/// What an answer is that is none of LiteLLM's. That it comes from another server is said only where it is a page.
fn bad_response(reason: &str, status: u16, content_type: Option<&str>, body: &str, url: &str) -> Error {
    let is_page =
        body.trim_start().starts_with('<') || content_type.is_some_and(|kind| kind.contains("html"));
    let message = match status {
        404 | 405 | 410 => format!("{} has no such route (HTTP status {status}): {reason}", host(url)),
        _ if is_page => format!("{} is not a LiteLLM proxy: {reason}", host(url)),
        200 => format!("{} does not answer as LiteLLM does: {reason}", host(url)),
        _ => format!("{} does not answer as LiteLLM does (HTTP status {status}): {reason}", host(url)),
    };
    let remedy = "correct baseUrl: it must lead to the proxy, not to a web page or a login in front of it";
    Error::new(ErrorKind::BadResponse, message, remedy)
}

fn timeout(phase: Phase, limit: Duration, url: &str) -> Error {
    let seconds = limit.as_secs_f32();
    let (message, remedy, phase) = match phase {
        Phase::Connect => (
            format!("no connection to {} in time", host(url)),
            "check baseUrl and the firewall, or raise timeouts.connectMs",
            TimeoutPhase::Connect,
        ),
        Phase::FirstToken => (
            format!("the model did not begin to answer within {seconds} s"),
            "ask again, or raise timeouts.firstTokenMs for a model that loads slowly",
            TimeoutPhase::FirstToken,
        ),
        Phase::Idle => (
            format!("no data for {seconds} s"),
            "ask again, or raise timeouts.idleMs for a model that pauses",
            TimeoutPhase::Idle,
        ),
        Phase::Slow => (
            format!("the answer brought less in {seconds} s than timeouts.minBytesPerMinute asks for"),
            "ask again, or lower timeouts.minBytesPerMinute for a model that is this slow",
            TimeoutPhase::Slow,
        ),
        Phase::Discovery => (
            format!("the proxy did not send its models within {seconds} s"),
            "try again, or raise timeouts.discoveryMs for a proxy with many models",
            TimeoutPhase::Discovery,
        ),
    };
    let mut error = Error::new(ErrorKind::Timeout, message, remedy);
    error.data.phase = Some(phase);
    error
}

/// Host and port of a URL, for a sentence.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// A problem as one sentence with what to do.
pub fn complaint(problem: &Problem) -> String {
    format!("{}: {}: {}", named(problem), problem.reason, problem.remedy)
}

/// What a problem is with, and where that stands in the settings file.
pub(super) fn named(problem: &Problem) -> String {
    match (problem.line, problem.column) {
        (Some(line), Some(column)) => {
            format!("`{}` (line {line}, column {column} of the settings file)", problem.path)
        }
        _ => format!("`{}`", problem.path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_started_where_the_default_one_is_missing() {
        let remedy = |url: &str| {
            let error = litellm::Error::Unreachable {
                reason: "refused".into(),
                url: Some(url.into()),
                is_stale: false,
            };
            Error::from(error).remedy().contains("litellm-ls proxy start")
        };
        assert!(remedy("http://localhost:4000/v1/models"));
        assert!(!remedy("http://localhost:40001/v1/models") && !remedy("https://gateway.example/v1/models"));
    }
}
