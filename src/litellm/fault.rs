//! What an error answer means: its cause, and what to tell people.

use std::{borrow::Cow, time::Duration};

use super::{Secrets, charset};
use crate::plain;

mod budget;
mod cause;
mod envelope;
mod gateway;
mod literal;
mod members;
mod overflow;
mod refused;
mod text;
mod value;
mod wait;

pub use budget::{Budget, Scope};
pub(super) use value::said;

/// Longest `detail`, in bytes.
const DETAIL_LIMIT: usize = 4096;
/// Longest name of a parameter, a code or a type, in bytes.
const WORD_LIMIT: usize = 200;
/// Most parameters that are named.
const MAX_REFUSED: usize = 16;

/// What an error answer means.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What went wrong.
    pub cause: Cause,
    /// The part for people: what the vendor or the proxy says, without class names and settings of the proxy. Never
    /// empty; without anything that looks like a key.
    pub message: String,
    /// The whole text, where it says more than `message`; at most 4 KiB. It may tell settings of the proxy.
    pub detail: Option<String>,
    /// `error.type`. Absent where there is none.
    pub litellm_type: Option<String>,
    /// The parameter at fault. Absent where neither the answer nor its text names one.
    pub param: Option<String>,
    /// `error.code`: mostly the status as a text, with some vendors a word. Absent where there is none.
    pub code: Option<String>,
    /// The context window in tokens, where the cause is that it is too small and the text tells it.
    pub limit: Option<u64>,
    /// How long the proxy asks to wait. Absent where it does not say.
    pub retry_after: Option<Duration>,
    /// The parameters that may be left out, where the cause is that one is not taken, or where the answer complains of
    /// one that nobody asked for.
    pub refused: Vec<String>,
    /// Whose budget is spent, where that is the cause.
    pub budget: Option<Budget>,
    /// The server in front of the proxy that answered in its place. Absent where the proxy itself did.
    pub gateway: Option<&'static str>,
}

/// Why a request failed, as far as an HTTP answer can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The proxy rejected the key.
    Unauthorized,
    /// The key was good, and is over.
    Expired,
    /// The provider behind the proxy rejected the proxy's own key, or the proxy has none.
    UpstreamUnauthorized,
    /// The key is valid, but the model or the route is not allowed for it.
    Forbidden,
    /// The proxy, or the provider behind it, does not know the model.
    ModelNotFound,
    /// Too many requests or tokens, or every deployment rests after failures.
    RateLimited,
    /// Money is spent. Waiting does not help.
    BudgetExceeded,
    /// The messages are longer than the model's context window.
    ContextWindowExceeded,
    /// A filter or guardrail refused the content.
    ContentFiltered,
    /// The model does not take a parameter.
    UnsupportedParam,
    /// The model is there, and not for chats by this route.
    OtherRoute,
    /// The request itself is wrong, or asks for what this proxy can't do.
    InvalidRequest,
    /// The provider behind the proxy failed, or the proxy itself.
    Upstream,
    /// The proxy gave up waiting for the provider.
    Timeout,
    /// The answer is not LiteLLM's, or the path is none of its own.
    BadResponse,
}

/// A header of the answer, by its name in lower case.
pub type Header<'a, 'h> = &'a dyn Fn(&str) -> Option<&'h str>;

/// Reads an error answer, or an error frame of a stream, which has neither a status of its own nor headers.
///
/// The status decides only where members and text don't, for one and the same fault has different ones in different
/// versions (1.82.6 to 1.110).
pub fn read(status: Option<u16>, header: Header<'_, '_>, body: &[u8], secrets: &Secrets) -> Fault {
    let text = decoded(body, header("content-type"));
    let gateway = gateway::of(status, header, &text);
    let envelope = envelope::read(&text).map(|envelope| envelope.without(secrets));
    let Some(envelope) = envelope.filter(|envelope| envelope.is_of_api || gateway.is_none()) else {
        return of_another_server(status, header, &secrets.out_of(&text), gateway);
    };
    let status = status.filter(|status| !(200..300).contains(status)).or_else(|| envelope.status());
    let head = text::head(&envelope.message);
    let message = text::for_people(head).unwrap_or_else(|| without_text(status));
    let head = &text::with_inner(head);
    let cause = cause::of(status, &envelope, head);
    let detail = text::cut(text::without_keys(plain::text(&envelope.message).trim()), DETAIL_LIMIT);
    let word = |word: &str| text::cut(text::without_keys(&text::line(word)), WORD_LIMIT);
    let refused = refused_by(cause, status, &envelope, head);
    Fault {
        cause,
        detail: (!detail.is_empty() && detail != message).then_some(detail),
        limit: match cause {
            Cause::ContextWindowExceeded => overflow::limit(&envelope.members, &message)
                .or_else(|| overflow::limit(&envelope.members, head)),
            _ => None,
        },
        message,
        retry_after: wait::of_headers(header).or_else(|| match cause {
            Cause::RateLimited | Cause::Upstream => wait::of_text(head),
            _ => None,
        }),
        param: match cause {
            // There it is about the key, or a part of it.
            Cause::Unauthorized | Cause::Expired | Cause::BudgetExceeded => None,
            Cause::UnsupportedParam => envelope.param.as_ref().or(refused.first()),
            _ => envelope.param.as_ref(),
        }
        .map(|param| word(param)),
        refused: refused.iter().take(MAX_REFUSED).map(|name| word(name)).collect(),
        budget: (cause == Cause::BudgetExceeded)
            .then(|| budget_of(head, cause::is_budget_of_proxy(&envelope, head), word)),
        litellm_type: envelope.kind.as_deref().map(word),
        code: envelope.code.as_deref().map(word),
        gateway: None,
    }
}

/// The parameters to leave out, by which the next attempt may succeed.
fn refused_by(cause: Cause, status: Option<u16>, envelope: &envelope::Envelope, head: &str) -> Vec<String> {
    let mut names = match cause {
        Cause::UnsupportedParam => refused::parameters(&envelope.members, head),
        _ => Vec::new(),
    };
    let may_be_ours = matches!(status, Some(400 | 404 | 405 | 415 | 422 | 500 | 501));
    let is_known = names.iter().any(|name| name.starts_with(refused::OURS));
    if may_be_ours && !is_known && refused::complains_of_ours(head) {
        names.push(refused::OURS.to_owned());
    }
    names
}

fn budget_of(head: &str, is_of_proxy: bool, word: impl Fn(&str) -> String) -> Budget {
    let budget = budget::read(head, is_of_proxy);
    Budget { name: budget.name.as_deref().map(word), ..budget }
}

/// The answer of a server in front of the proxy, or in its place.
fn of_another_server(
    status: Option<u16>,
    header: Header<'_, '_>,
    body: &str,
    gateway: Option<&'static str>,
) -> Fault {
    let cause = match status {
        // Whoever fails is not the wrong server. A gateway with its own keys and limits means what LiteLLM means.
        Some(500..) | Some(401 | 403 | 407 | 408 | 413 | 429) => cause::of_status(status),
        _ => None,
    };
    let said = text::for_people(body);
    let meaning = gateway.zip(status.and_then(gateway::meaning));
    let message = match (meaning, status) {
        (Some((who, meaning)), Some(status)) => {
            format!("{who} answers in place of the proxy: {meaning} (HTTP status {status})")
        }
        _ => said.clone().unwrap_or_else(|| without_text(status)),
    };
    Fault {
        cause: cause.unwrap_or(Cause::BadResponse),
        detail: said.filter(|said| *said != message),
        message,
        litellm_type: None,
        param: None,
        code: None,
        limit: None,
        retry_after: wait::of_headers(header),
        refused: match refused::complains_of_ours(body) && matches!(status, Some(400..=422 | 500 | 501)) {
            true => vec![refused::OURS.to_owned()],
            false => Vec::new(),
        },
        budget: None,
        gateway,
    }
}

/// A body as text. What is said to be in an encoding of Western Europe is read as that; of others only UTF-8 is known.
fn decoded<'b>(body: &'b [u8], content_type: Option<&str>) -> Cow<'b, str> {
    let Err(_) = str::from_utf8(body) else { return String::from_utf8_lossy(body) };
    let beginning = String::from_utf8_lossy(&body[..body.len().min(1024)]);
    let said = format!("{} {beginning}", content_type.unwrap_or_default());
    charset::text(body, charset::is_western(&said))
}

fn without_text(status: Option<u16>) -> String {
    match status {
        Some(status) => format!("HTTP status {status}, without a text"),
        None => "an error without a text".to_owned(),
    }
}
