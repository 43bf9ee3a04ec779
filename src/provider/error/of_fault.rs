//! What an error answer of a proxy means to the user (the table of litellm 1.101.3's errors, and its older and newer kin).

use litellm_ls_protocol::{BudgetScope, ErrorKind, TimeoutPhase};

use super::Error;
use crate::{
    litellm::fault::{self, Cause, Fault},
    provider::{
        instant::milliseconds,
        usage::budget::sentence::{rounded, spent as spent_sentence},
    },
};

/// Without these, an answer would be one to another question.
pub(in crate::provider) const NEEDED: [&str; 9] =
    ["model", "messages", "prompt", "suffix", "stream", "tools", "tool_choice", "response_format", "stop"];

/// What to do about a key that the proxy rejects.
pub(in crate::provider) const WRONG_KEY: &str =
    "set apiKey (or LITELLM_API_KEY) to a key this proxy knows, and check baseUrl";

/// The error that a fault is told as.
pub(super) fn error(fault: &Fault) -> Error {
    let kind = kind(fault.cause);
    // What a proxy without a database says to a wrong key is about the database (litellm 1.101.3).
    let beside_the_point =
        fault.cause == Cause::Unauthorized && fault.litellm_type.as_deref() == Some("no_db_connection");
    let spent = fault.budget.as_ref().map(told);
    let message = match (&spent, fault.cause) {
        _ if beside_the_point => "the proxy rejected the key".to_owned(),
        // An account at a provider is nothing of LiteLLM's: only the provider says what is wrong with it.
        (Some(spent), _) if is_account(fault) => format!("{}: {}", spent_sentence(spent), fault.message),
        (Some(spent), _) => spent_sentence(spent),
        (_, Cause::OtherRoute) => {
            "the model does not chat by /v1/chat/completions, the route that is used here".to_owned()
        }
        (_, Cause::Expired) => format!("the key has expired: {}", fault.message),
        _ => fault.message.clone(),
    };
    let mut error = Error::new(kind, message, remedy(fault));
    let data = &mut error.data;
    data.litellm_type = fault.litellm_type.clone();
    data.param = fault.param.clone();
    let is_said = fault.detail.is_some() || error.message.ends_with(&fault.message);
    data.detail = fault.detail.clone().or_else(|| (!is_said).then(|| fault.message.clone()));
    data.limit = fault.limit;
    data.budget = spent;
    data.gateway = fault.gateway.map(str::to_owned);
    data.retry_after_ms = fault.retry_after.map(milliseconds);
    if kind == ErrorKind::Timeout {
        data.phase = Some(TimeoutPhase::FirstToken);
    }
    error.refused.clone_from(&fault.refused);
    error
}

/// Whether what is spent is an account at a provider, of which no amount is told.
fn is_account(fault: &Fault) -> bool {
    let is_account =
        |budget: &fault::Budget| budget.scope == fault::Scope::Provider && budget.limit.is_none();
    fault.budget.as_ref().is_some_and(is_account)
}

fn kind(cause: Cause) -> ErrorKind {
    match cause {
        Cause::Unauthorized | Cause::Expired => ErrorKind::Unauthorized,
        Cause::UpstreamUnauthorized => ErrorKind::UpstreamUnauthorized,
        Cause::Forbidden => ErrorKind::Forbidden,
        Cause::ModelNotFound => ErrorKind::ModelNotFound,
        Cause::RateLimited => ErrorKind::RateLimited,
        Cause::BudgetExceeded => ErrorKind::BudgetExceeded,
        Cause::ContextWindowExceeded => ErrorKind::ContextWindowExceeded,
        Cause::ContentFiltered => ErrorKind::ContentFiltered,
        Cause::UnsupportedParam => ErrorKind::UnsupportedParam,
        Cause::OtherRoute | Cause::InvalidRequest => ErrorKind::InvalidRequest,
        Cause::Upstream => ErrorKind::Upstream,
        Cause::Timeout => ErrorKind::Timeout,
        Cause::BadResponse => ErrorKind::BadResponse,
    }
}

fn remedy(fault: &Fault) -> &'static str {
    if fault.gateway.is_some() {
        return of_gateway(fault.cause);
    }
    match fault.cause {
        Cause::Unauthorized => WRONG_KEY,
        Cause::Expired => "ask for a new key, then set apiKey (or LITELLM_API_KEY) to it",
        Cause::UpstreamUnauthorized => {
            "ask the proxy's administrator to renew its key at the provider; your own key is fine"
        }
        Cause::Forbidden => "choose a listed model, or ask the administrator for access",
        Cause::ModelNotFound => "choose a listed model",
        Cause::RateLimited => "wait, then ask again",
        Cause::BudgetExceeded => match fault.budget.as_ref().map(|budget| budget.scope) {
            Some(fault::Scope::Tag) => "ask with another tag, or ask the administrator to raise the budget",
            Some(fault::Scope::Model | fault::Scope::ModelGroup) => {
                "choose another model, or ask the administrator to raise the budget"
            }
            Some(fault::Scope::Provider) => {
                "choose a model of another provider, or ask the proxy's administrator to raise the budget there"
            }
            _ => "ask the administrator to raise the budget, or wait for its reset",
        },
        Cause::ContextWindowExceeded => "shorten the conversation, or take a model with a larger window",
        Cause::ContentFiltered => "rephrase the request",
        Cause::UnsupportedParam if fault.param.as_deref().is_some_and(is_needed) => {
            "change that part of the request, or choose another model"
        }
        Cause::UnsupportedParam => "leave the parameter out, or set drop_params on the proxy",
        Cause::OtherRoute => {
            "choose another model, or have the proxy bridge it (model: openai/responses/NAME in its config.yaml)"
        }
        Cause::InvalidRequest => "correct the request as the message says",
        Cause::Timeout => "ask again, or raise the proxy's request_timeout",
        Cause::Upstream => "ask again in a moment; if it goes on, tell the proxy's administrator",
        Cause::BadResponse => "correct baseUrl: it must lead to a LiteLLM proxy",
    }
}

/// What helps where a server in front of the proxy refuses or fails.
fn of_gateway(cause: Cause) -> &'static str {
    match cause {
        Cause::Unauthorized | Cause::Forbidden => {
            "sign in to the network or gateway in front of the proxy, or give what it asks for in `headers`"
        }
        Cause::RateLimited => "wait, then ask again",
        Cause::InvalidRequest => "send less: shorten the conversation or leave out attachments",
        Cause::BadResponse => "correct baseUrl: it must lead to a LiteLLM proxy",
        _ => "ask again in a moment; if it goes on, tell whoever runs the proxy and the gateway before it",
    }
}

fn is_needed(param: &str) -> bool {
    let top = &param[..param.find(['.', '[']).unwrap_or(param.len())];
    NEEDED.contains(&top)
}

fn told(budget: &fault::Budget) -> litellm_ls_protocol::Budget {
    use fault::Scope as S;
    litellm_ls_protocol::Budget {
        scope: match budget.scope {
            S::Key => BudgetScope::Key,
            S::User => BudgetScope::User,
            S::Team => BudgetScope::Team,
            S::TeamMember => BudgetScope::TeamMember,
            S::Organization => BudgetScope::Organization,
            S::Project => BudgetScope::Project,
            S::Model => BudgetScope::Model,
            S::ModelGroup => BudgetScope::ModelGroup,
            S::EndUser => BudgetScope::EndUser,
            S::Tag => BudgetScope::Tag,
            S::Provider => BudgetScope::Provider,
        },
        name: budget.name.clone(),
        spend: budget.spend.map(rounded),
        limit: budget.limit.map(rounded),
        window: budget.window.clone(),
        resets_at: None,
    }
}
