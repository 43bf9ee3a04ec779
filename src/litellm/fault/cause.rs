//! Tells the cause of an error by its text and type, and by its status where these say nothing.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::{Cause, budget, envelope::Envelope, overflow, refused};

/// What LiteLLM says of a budget of its own.
const BUDGET: &[&str] = &[
    "budget has been exceeded",
    "budgetexceedederror",
    "exceededbudget",
    "exceededtokenbudget",
    "exceeded budget for",
    "exceeded their budget",
    "max budget limit reached",
    "crossed budget",
];
/// The type of the same.
const BUDGET_CODE: &str = "budget_exceeded";
/// The proxy has no deployment to spare, mostly because all rest after a failure.
const NO_CAPACITY: &[&str] = &[
    "no deployments available",
    "no healthy deployment available",
    "max parallel request limit reached",
    "crossed tpm / rpm",
];
const UNKNOWN_MODEL: &[&str] = &[
    "invalid model name passed in",
    "there are no healthy deployments for this model",
    "there is no 'model_name' with this string",
    "llm provider not provided",
    "not found on litellm proxy",
];
/// A server of one model at a time has none.
const NOT_LOADED: &[&str] = &["no models loaded", "loading model"];
const NEEDS_DATABASE: &[&str] =
    &["db not connected", "database not connected", "no db connected", "prisma client is not initialized"];
const NOT_ALLOWED: &[&str] =
    &["not allowed to access", "not allowed to call", "admin-only endpoint", "only for master key"];
const NO_CREDENTIALS: &[&str] = &[
    "missing credentials",
    "api_key client option must be set",
    "incorrect api key",
    "invalid api key",
    "api key not valid",
];
/// Codes and reasons of a key that is not taken, whatever the status.
const NO_CREDENTIALS_CODES: &[&str] = &["invalid_api_key", "api_key_invalid", "invalidapikey"];
/// Codes of a model that is not there.
const UNKNOWN_MODEL_CODES: &[&str] = &["model_not_found", "model_not_supported"];
const FILTERED: &[&str] = &[
    "contentpolicyviolationerror",
    "content_policy_violation",
    "content_filter",
    "content filtering policy",
    "content management policy",
    "content safety policy",
    "responsibleaipolicyviolation",
    "violating our usage policy",
    "safety system",
    "moderation policy",
    "violated guardrail",
    "guardrail raised an exception",
    "blocked entity detected",
    "the response was blocked",
    "inappropriate content",
    // DeepSeek, Moonshot and Zhipu.
    "content exists risk",
    "considered high risk",
    "敏感内容",
];
/// Codes and types of filters.
const FILTERED_CODES: &[&str] = &[
    "content_filter",
    "content_policy_violation",
    "responsibleaipolicyviolation",
    "data_inspection_failed",
    "datainspectionfailed",
    "guardrail_intervened",
    "prohibited_content",
    // Zhipu.
    "1301",
];
/// The model answers elsewhere, as OpenAI says it.
const OTHER_ROUTE: &[&str] = &["not a chat model", "not supported in the v1/chat/completions endpoint"];
/// The route that it mostly names, and what it says of it.
const RESPONSES: &[&str] = &["v1/responses", "responses api"];
const ELSEWHERE: &[&str] = &["only supported", "please use", "use the ", "instead"];

/// The cause of an error whose text begins with `head`.
pub(super) fn of(status: Option<u16>, envelope: &Envelope, head: &str) -> Cause {
    let text = head.to_ascii_lowercase();
    let kind = envelope.kind.as_deref().unwrap_or_default();
    if is_budget_of_proxy(envelope, head) || budget::is_told(&envelope.members, &text) {
        Cause::BudgetExceeded
    } else if holds(&text, OTHER_ROUTE) || holds(&text, RESPONSES) && holds(&text, ELSEWHERE) {
        Cause::OtherRoute
    } else if holds(&text, NO_CAPACITY) {
        Cause::RateLimited
    } else if holds(&text, UNKNOWN_MODEL) {
        Cause::ModelNotFound
    } else if holds(&text, NOT_LOADED) {
        Cause::Upstream
    } else if holds(&text, NEEDS_DATABASE) {
        Cause::InvalidRequest
    } else if let Some(class) = class(head) {
        of_vendor(class, status, envelope, &text)
    } else {
        of_proxy(kind, status, envelope, &text)
    }
}

/// Whether the spent budget is one that LiteLLM keeps, and no account of its at a provider.
pub(super) fn is_budget_of_proxy(envelope: &Envelope, head: &str) -> bool {
    envelope.members.has_code(&[BUDGET_CODE]) || holds(&head.to_ascii_lowercase(), BUDGET)
}

/// The cause of a failure behind the proxy, which says so by a class: it is never about the user's key.
fn of_vendor(class: &str, status: Option<u16>, envelope: &Envelope, text: &str) -> Cause {
    match class {
        "RateLimitError" if overflow::is_too_large_for_a_minute(text) => Cause::ContextWindowExceeded,
        "ContextWindowExceededError" => Cause::ContextWindowExceeded,
        "ContentPolicyViolationError" | "RejectedRequestError" => Cause::ContentFiltered,
        "UnsupportedParamsError" => Cause::UnsupportedParam,
        "AuthenticationError" | "PermissionDeniedError" => Cause::UpstreamUnauthorized,
        "RateLimitError" => Cause::RateLimited,
        "Timeout" => Cause::Timeout,
        // The vendor may also not know the path, when `api_base` is wrong.
        "NotFoundError" => of_request(envelope, text).unwrap_or(match names_a_model(text) {
            true => Cause::ModelNotFound,
            false => Cause::Upstream,
        }),
        // Some vendors say so with the status of a wrong request.
        _ if lacks_credentials(envelope, text) => Cause::UpstreamUnauthorized,
        "BadRequestError" | "UnprocessableEntityError" | "InvalidRequestError" | "ImageFetchError" => {
            of_request(envelope, text).unwrap_or(Cause::InvalidRequest)
        }
        _ => of_request(envelope, text).unwrap_or(match of_status(status) {
            Some(Cause::Unauthorized | Cause::Forbidden) => Cause::UpstreamUnauthorized,
            Some(Cause::BadResponse) | None => Cause::Upstream,
            Some(cause) => cause,
        }),
    }
}

/// The cause of a failure of the proxy itself, or of a server that only speaks like one.
fn of_proxy(kind: &str, status: Option<u16>, envelope: &Envelope, text: &str) -> Cause {
    match kind {
        "expired_key" => Cause::Expired,
        "token_not_found_in_db" => Cause::Unauthorized,
        "no_db_connection" if status == Some(503) => Cause::Upstream,
        "no_db_connection" => Cause::Unauthorized,
        "auth_provider_unavailable" => Cause::Upstream,
        "team_member_permission_error" | "permission_error" => Cause::Forbidden,
        denied if denied.ends_with("_access_denied") => Cause::Forbidden,
        _ if overflow::is_too_large_for_a_minute(text) => Cause::ContextWindowExceeded,
        "throttling_error" | "rate_limit_error" => Cause::RateLimited,
        _ if holds(text, NOT_ALLOWED) => Cause::Forbidden,
        "auth_error" => match of_status(status) {
            Some(cause @ (Cause::Forbidden | Cause::RateLimited | Cause::Upstream)) => cause,
            _ => Cause::Unauthorized,
        },
        "authentication_error" => Cause::Unauthorized,
        _ if lacks_credentials(envelope, text) => match of_status(status) {
            Some(Cause::Unauthorized | Cause::InvalidRequest) => Cause::Unauthorized,
            _ => Cause::UpstreamUnauthorized,
        },
        _ => match (of_request(envelope, text), of_status(status)) {
            // A wrong key is a wrong key, whatever else the text mentions.
            (
                _,
                Some(cause @ (Cause::Unauthorized | Cause::Forbidden | Cause::RateLimited | Cause::Timeout)),
            ) => cause,
            (Some(cause), _) => cause,
            (None, Some(Cause::BadResponse)) if status == Some(404) && names_a_model(text) => {
                Cause::ModelNotFound
            }
            (None, Some(cause)) => cause,
            (None, None) if kind.contains("invalid_request") || kind.contains("bad_request") => {
                Cause::InvalidRequest
            }
            (None, None) => Cause::Upstream,
        },
    }
}

/// What an error says of a request that can't be answered: its members first, then its text.
fn of_request(envelope: &Envelope, text: &str) -> Option<Cause> {
    let members = &envelope.members;
    if overflow::is_told(members, text) {
        Some(Cause::ContextWindowExceeded)
    } else if members.has_code(FILTERED_CODES) || holds(text, FILTERED) {
        Some(Cause::ContentFiltered)
    } else if refused::is_told(members, text) {
        Some(Cause::UnsupportedParam)
    } else if members.has_code(UNKNOWN_MODEL_CODES) || is_unknown_model(text) {
        Some(Cause::ModelNotFound)
    } else {
        None
    }
}

/// What a status says by itself. `None` without one.
pub(super) fn of_status(status: Option<u16>) -> Option<Cause> {
    Some(match status? {
        401 | 407 => Cause::Unauthorized,
        402 => Cause::BudgetExceeded,
        403 => Cause::Forbidden,
        408 => Cause::Timeout,
        429 => Cause::RateLimited,
        404 | 405 | 410 => Cause::BadResponse,
        // What was asked for it failed: Bedrock says so of a model.
        424 => Cause::Upstream,
        400..500 => Cause::InvalidRequest,
        500.. => Cause::Upstream,
        _ => Cause::BadResponse,
    })
}

fn lacks_credentials(envelope: &Envelope, text: &str) -> bool {
    envelope.members.has_code(NO_CREDENTIALS_CODES) || holds(text, NO_CREDENTIALS)
}

/// Whether a sentence says that a model is not there, in the words of all vendors.
fn is_unknown_model(text: &str) -> bool {
    static GONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(concat!(
            r"\bmodel(?: \S+){0,3} (?:(?:does )?not exist|doesn't exist|not found|(?:is|was) (?:not found|invalid|unknown)|",
            r"has been (?:decommissioned|retired|removed)|is no longer available)|\bunknown model\b|",
            r"from the provided model identifier|模型不存在",
        ))
        .ok()
    });
    GONE.as_ref().is_some_and(|gone| gone.is_match(text))
}

fn names_a_model(text: &str) -> bool {
    holds(text, &["model", "deployment"])
}

fn holds(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| text.contains(phrase))
}

/// The first `litellm.XxxError` before the vendor's own text. An error in mid-stream is wrapped in one more class.
fn class(head: &str) -> Option<&str> {
    let classes = head.split(" - ").next()?;
    classes
        .split("litellm.")
        .skip(1)
        .map(|rest| rest.split(|next: char| !next.is_ascii_alphanumeric()).next().unwrap_or_default())
        .find(|name| {
            name.starts_with(|first: char| first.is_ascii_uppercase()) && *name != "MidStreamFallbackError"
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_is_the_most_specific_one() {
        assert_eq!(
            class("litellm.ContextWindowExceededError: litellm.BadRequestError: x"),
            Some("ContextWindowExceededError")
        );
        assert_eq!(
            class("litellm.MidStreamFallbackError: litellm.APIConnectionError: y - z"),
            Some("APIConnectionError")
        );
        assert_eq!(class("litellm.Timeout: x"), Some("Timeout"));
        assert_eq!(class("litellm.types.router.RouterRateLimitError: x"), None);
        assert_eq!(class("see docs.litellm.ai"), None);
        assert_eq!(class("vendor - litellm.RateLimitError"), None);
    }
}
