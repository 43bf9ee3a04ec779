//! What an error answer means: its cause, and what to tell people.

use std::time::Duration;

use super::Secrets;

mod cause;
mod envelope;
mod text;

/// Longest `detail`, in bytes.
const DETAIL_LIMIT: usize = 4096;

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
}

/// Why a request failed, as far as an HTTP answer can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The proxy rejected the key.
    Unauthorized,
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
    /// The request itself is wrong, or asks for what this proxy can't do.
    InvalidRequest,
    /// The provider behind the proxy failed, or the proxy itself.
    Upstream,
    /// The proxy gave up waiting for the provider.
    Timeout,
    /// The answer is not LiteLLM's, or the path is none of its own.
    BadResponse,
}

/// Reads an error answer, or an error frame of a stream, which has no status of its own.
///
/// `retry_after` is the header's text: seconds, or an HTTP date. The status decides only where the type
/// and the text don't, for one and the same fault has different ones in different versions (1.82.6 to 1.109).
pub fn read(status: Option<u16>, retry_after: Option<&str>, body: &[u8], secrets: &Secrets) -> Fault {
    let Some(envelope) = envelope::read(body).map(|envelope| envelope.without(secrets)) else {
        let text = secrets.out_of(&String::from_utf8_lossy(body));
        return of_another_server(status, retry_after, &text);
    };
    let status = status.filter(|status| !(200..300).contains(status)).or_else(|| envelope.status());
    let head = text::head(&envelope.message);
    let cause = cause::of(status, &envelope, head);
    let message = text::for_people(head).unwrap_or_else(|| without_text(status));
    let detail = text::cut(text::without_keys(envelope.message.trim()), DETAIL_LIMIT);
    Fault {
        cause,
        detail: (!detail.is_empty() && detail != message).then_some(detail),
        message,
        limit: if cause == Cause::ContextWindowExceeded { text::limit(head) } else { None },
        retry_after: wait(retry_after).or_else(|| match cause {
            Cause::RateLimited | Cause::Upstream => text::wait(head),
            _ => None,
        }),
        param: match cause {
            // There it is about the key, or a part of it.
            Cause::Unauthorized | Cause::BudgetExceeded => None,
            Cause::UnsupportedParam => envelope.param.or_else(|| text::parameter(head)),
            _ => envelope.param,
        }
        .map(|param| text::without_keys(&param)),
        litellm_type: envelope.kind,
        code: envelope.code,
    }
}

/// The answer of a server in front of the proxy, or in its place.
fn of_another_server(status: Option<u16>, retry_after: Option<&str>, body: &str) -> Fault {
    let cause = match status {
        // A gateway with its own keys and limits means by these what LiteLLM means.
        Some(401 | 403 | 407 | 408 | 413 | 429) => cause::of_status(status),
        _ => None,
    };
    Fault {
        cause: cause.unwrap_or(Cause::BadResponse),
        message: text::for_people(body).unwrap_or_else(|| without_text(status)),
        detail: None,
        litellm_type: None,
        param: None,
        code: None,
        limit: None,
        retry_after: wait(retry_after),
    }
}

fn without_text(status: Option<u16>) -> String {
    match status {
        Some(status) => format!("HTTP status {status}, without a text"),
        None => "an error without a text".to_owned(),
    }
}

fn wait(header: Option<&str>) -> Option<Duration> {
    let header = header?.trim();
    if let Ok(seconds) = header.parse() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    // As gateways in front of the proxy write it: `Wed, 21 Oct 2026 07:28:00 GMT`.
    let until = jiff::fmt::rfc2822::parse(header).ok()?.timestamp();
    // One that is over, by a clock other than ours, says nothing.
    Duration::try_from(until.duration_since(jiff::Timestamp::now())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_seconds_or_a_date() {
        assert_eq!(wait(Some(" 2.5 ")), Some(Duration::from_millis(2500)));
        let later = wait(Some("Mon, 21 Oct 2999 07:28:00 GMT"));
        assert!(later.is_some_and(|wait| wait > Duration::from_secs(60 * 60 * 24)));
        for nothing in
            [None, Some(""), Some("soon"), Some("-1"), Some("inf"), Some("Wed, 21 Oct 2015 07:28:00 GMT")]
        {
            assert_eq!(wait(nothing), None, "{nothing:?}");
        }
    }
}
