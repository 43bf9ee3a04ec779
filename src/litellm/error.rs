//! What can go wrong between us and a proxy.

use std::{error::Error as StdError, io, time::Duration};

use reqwest::Url;
use rustls::AlertDescription;

use super::{Secrets, fault::Fault};
use crate::{descriptors, plain};

/// Which time limit passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// To connect.
    Connect,
    /// To the first piece of an answer.
    FirstToken,
    /// Between two pieces of a stream.
    Idle,
    /// A minute of a stream with too little in it.
    Slow,
    /// For a whole list.
    Discovery,
}

/// Why a request failed. URLs are without credentials and query.
#[derive(Debug, Clone)]
pub enum Error {
    /// No connection, or it broke before an answer.
    Unreachable {
        /// What the system says.
        reason: String,
        /// Where to.
        url: Option<String>,
        /// Whether the connection had been made and was closed before an answer, as idle ones are.
        is_stale: bool,
    },
    /// The system lets this process open no more files and connections.
    TooManyFiles {
        /// Where to. None where a file could not be read.
        url: Option<String>,
    },
    /// What answers does not speak HTTP.
    NotHttp {
        /// What is wrong with it.
        reason: String,
        /// Where to.
        url: String,
    },
    /// An answer whose headers are longer, or more, than those of any answer should be.
    LargeHeaders {
        /// Where to.
        url: String,
    },
    /// The HTTP proxy in between refuses to connect.
    Forwarder {
        /// What it says.
        reason: String,
        /// Where to.
        url: String,
    },
    /// TLS fails, mostly because the certificate is not trusted.
    Tls {
        /// What the TLS library says.
        reason: String,
        /// What is wrong with the certificate of who answers. None where it is about something else.
        certificate: Option<CertificateFault>,
        /// Where to.
        url: Option<String>,
    },
    /// The client certificate is refused, or that there is none.
    ClientCertificate {
        /// What the TLS library says.
        reason: String,
        /// Where to.
        url: String,
    },
    /// A certificate file can't be used.
    CertificateFile {
        /// Which, and why.
        reason: String,
    },
    /// What answers an https URL is no TLS.
    NotTls {
        /// Where to.
        url: String,
    },
    /// A time limit passed.
    Timeout {
        /// Which.
        phase: Phase,
        /// How long it was.
        limit: Duration,
        /// Where to.
        url: String,
    },
    /// The proxy answered with an error.
    Fault {
        /// What it means.
        fault: Box<Fault>,
        /// HTTP status. None in mid-stream.
        status: Option<u16>,
        /// The call's id, where the proxy says it.
        call_id: Option<String>,
        /// Where to.
        url: String,
    },
    /// The proxy sends us somewhere else.
    Redirect {
        /// HTTP status.
        status: u16,
        /// The address of the same proxy there. None where it leads to something else, such as a login.
        to: Option<String>,
        /// Where to.
        url: String,
    },
    /// The answer is packed in a way that nobody asked for.
    Coding {
        /// Which.
        coding: String,
        /// HTTP status.
        status: u16,
        /// Where to.
        url: String,
    },
    /// What answered is not LiteLLM.
    BadResponse {
        /// What is wrong with it.
        reason: String,
        /// HTTP status.
        status: u16,
        /// Its content type.
        content_type: Option<String>,
        /// Its first 200 bytes.
        body: String,
        /// The parameters that it complains of and that may be left out.
        refused: Vec<String>,
        /// Where to.
        url: String,
    },
    /// The answer is longer than any answer should be.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
        /// Where to.
        url: String,
    },
    /// The stream ended without its end.
    Interrupted {
        /// How.
        reason: String,
        /// Where to.
        url: String,
    },
}

/// A URL as it may be shown: without credentials, query and fragment.
pub fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // These fail only on URLs that have no host, which none of ours is.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// As much of a body as is looked at for its beginning: a secret must not be cut in two before it is found.
pub(super) const BEGINNING: usize = 4096;

/// The first 200 bytes of a body, as text without secrets.
pub(super) fn beginning(body: &[u8], secrets: &Secrets) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(BEGINNING)]);
    let mut text = plain::text(&secrets.out_of(&text));
    text.truncate(text.floor_char_boundary(200));
    text
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateFault {
    /// Its time is over.
    Expired,
    /// Its time has not begun.
    NotYetValid,
    /// It names other hosts.
    OtherHost,
    /// Nobody that is trusted has signed it.
    UnknownAuthority,
    /// It signs others: with most tools a self-signed certificate does, and then no server may show it as its own.
    IsAuthority,
    /// Anything else.
    Other,
}

impl CertificateFault {
    fn of(fault: &rustls::CertificateError) -> Self {
        use rustls::CertificateError as E;
        match fault {
            E::Expired | E::ExpiredContext { .. } => Self::Expired,
            E::NotValidYet | E::NotValidYetContext { .. } => Self::NotYetValid,
            E::NotValidForName | E::NotValidForNameContext { .. } => Self::OtherHost,
            E::UnknownIssuer => Self::UnknownAuthority,
            // The library that finds it out has no type of its own for it here.
            E::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => Self::IsAuthority,
            _ => Self::Other,
        }
    }

    /// The same in words. None where the TLS library's own have to do.
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::Expired => Some("it has expired"),
            Self::NotYetValid => Some("it is not valid yet"),
            Self::OtherHost => Some("it is for another host"),
            Self::UnknownAuthority => Some("it is signed by an authority that this machine does not know"),
            Self::IsAuthority => Some("it is an authority's own, which no server may show"),
            Self::Other => None,
        }
    }

    /// What to do.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Expired => "ask whoever runs the proxy to renew it",
            Self::NotYetValid => "correct the clock of this machine, or ask for another certificate",
            Self::OtherHost => "name the host in baseUrl as the certificate does",
            Self::IsAuthority => {
                "have it sign a certificate for the server, and set tls.caFile to the authority's"
            }
            Self::UnknownAuthority | Self::Other => {
                "set tls.caFile to your company's certificate, or ask for a valid certificate on the proxy"
            }
        }
    }
}

/// Sorts an error of the HTTP library.
pub(super) fn connection_error(error: reqwest::Error, url: &Url) -> Error {
    // Where it is its own innermost cause, it would quote the URL with its query.
    let error = error.without_url();
    match cause::<rustls::Error>(&error) {
        Some(rustls::Error::InvalidMessage(_)) => return Error::NotTls { url: shown(url) },
        Some(rustls::Error::AlertReceived(alert)) if concerns_client(*alert) => {
            return Error::ClientCertificate { reason: root(&error), url: shown(url) };
        }
        Some(failed) => {
            let certificate = match failed {
                rustls::Error::InvalidCertificate(fault) => Some(CertificateFault::of(fault)),
                _ => None,
            };
            return Error::Tls { reason: root(&error), certificate, url: Some(shown(url)) };
        }
        None => {}
    }
    if error.is_timeout() {
        return Error::Timeout { phase: Phase::Connect, limit: Duration::ZERO, url: shown(url) };
    }
    let system = cause::<io::Error>(&error);
    // A name that could not be looked up for want of a file is said to be none.
    let is_named = system.is_some_and(|system| system.raw_os_error().is_some());
    if system.is_some_and(descriptors::are_spent)
        || (error.is_connect() && !is_named && descriptors::refusal().is_some())
    {
        return Error::TooManyFiles { url: Some(shown(url)) };
    }
    let http = cause::<hyper::Error>(&error);
    if http.is_some_and(hyper::Error::is_parse_too_large) {
        return Error::LargeHeaders { url: shown(url) };
    }
    let h2 = cause::<h2::Error>(&error);
    if let Some(ended) = h2.filter(|h2| h2.is_remote() && h2.reason() != Some(h2::Reason::NO_ERROR)) {
        return Error::Interrupted { reason: format!("the proxy ended it: {ended}"), url: shown(url) };
    }
    // In HTTP/2 the library says so of what breaks its rules, large headers among it.
    if h2.is_some_and(h2::Error::is_library) || http.is_some_and(hyper::Error::is_parse) {
        return Error::NotHttp { reason: root(&error), url: shown(url) };
    }
    // Nothing had come, so the request may be sent on another connection.
    let was_closed = http
        .is_some_and(|http| http.is_incomplete_message() || http.is_canceled() || http.is_closed())
        || cause::<io::Error>(&error).is_some_and(|error| {
            use io::ErrorKind as K;
            matches!(error.kind(), K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe)
        });
    let is_stale = !error.is_connect() && was_closed;
    Error::Unreachable { reason: root(&error), url: Some(shown(url)), is_stale }
}

/// Why a body did not come to its end: somebody had answered.
pub(super) fn broken_off(error: reqwest::Error, url: &Url) -> Error {
    // However the library calls an end that comes too early.
    let is_closed = cause::<io::Error>(&error).is_some_and(|error| {
        use io::ErrorKind as K;
        matches!(error.kind(), K::UnexpectedEof | K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe)
    }) || cause::<hyper::Error>(&error).is_some_and(hyper::Error::is_incomplete_message);
    match connection_error(error, url) {
        Error::Unreachable { url: Some(url), .. } if is_closed => {
            Error::Interrupted { reason: "the proxy hung up".to_owned(), url }
        }
        Error::Unreachable { reason, url: Some(url), .. } | Error::NotHttp { reason, url } => {
            Error::Interrupted { reason: format!("the connection broke: {reason}"), url }
        }
        other => other,
    }
}

/// Whether an alert speaks of a certificate, which can only be ours.
fn concerns_client(alert: AlertDescription) -> bool {
    use AlertDescription as A;
    matches!(
        alert,
        A::CertificateRequired
            | A::NoCertificate
            | A::BadCertificate
            | A::UnsupportedCertificate
            | A::CertificateRevoked
            | A::CertificateExpired
            | A::CertificateUnknown
            | A::UnknownCA
            | A::AccessDenied
    )
}

/// The first `T` among the causes, perhaps inside an I/O error.
pub(super) fn cause<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(link) = next {
        let inner = link.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let found = link.downcast_ref().or_else(|| cause(inner?));
        if found.is_some() {
            return found;
        }
        next = link.source();
    }
    None
}

/// The innermost cause: the outer ones repeat the URL and say nothing more. Pages for who uses a library say nothing
/// to people.
pub(super) fn root(error: &dyn StdError) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let told = cause.to_string();
    let told = told.split_once(": https://").map_or(&*told, |(told, _)| told);
    descriptors::without_number(told).to_owned()
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    /// A frame that is longer than any may be, of which nothing says what it is.
    #[tokio::test]
    async fn what_breaks_the_rules_of_http_2_is_no_silence() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let answering = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
            let endless = [0x7f, 0xff, 0xff, 0, 0, 0, 0, 0, 1];
            stream.write_all(&[settings, endless].concat()).await.unwrap();
            let mut asked = Vec::new();
            let _ = stream.read_to_end(&mut asked).await;
        });
        // Another test may have done so.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().http2_prior_knowledge().build().unwrap();
        let failed = client.get(url.clone()).send().await.unwrap_err();
        let told = connection_error(failed, &url);
        assert!(matches!(&told, Error::NotHttp { reason, .. } if reason.contains("size")), "{told:?}");
        answering.abort();
    }

    /// A stream that is reset before its answer: with "calm down", and with "ask by HTTP/1.1".
    #[tokio::test]
    async fn a_stream_that_the_proxy_resets_is_no_silence() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        for code in [0xb, 0xd] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
            let answering = tokio::spawn(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap();
                stream.read_exact(&mut [0; b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len()]).await.unwrap();
                // The request is a frame with headers.
                let mut frame = [0; 9];
                while frame[3] != 1 {
                    stream.read_exact(&mut frame).await.unwrap();
                    let length = u32::from_be_bytes([0, frame[0], frame[1], frame[2]]);
                    stream.read_exact(&mut vec![0; length as usize]).await.unwrap();
                }
                stream.write_all(&[0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, code]).await.unwrap();
                let _ = stream.read_to_end(&mut Vec::new()).await;
            });
            let client = reqwest::Client::builder().no_proxy().http2_prior_knowledge().build().unwrap();
            let failed = client.get(url.clone()).send().await.unwrap_err();
            let told = connection_error(failed, &url);
            assert!(matches!(&told, Error::Interrupted { .. }), "{code}: {told:?}");
            answering.abort();
        }
    }
}
