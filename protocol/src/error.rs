//! Errors: a kind for programs, one sentence for people, and what to do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Budget, CompleteResult, Problem};

/// What went wrong. Each kind has its own code; application codes are positive, as LSP reserves the negative ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "go by the code, and show message and remedy"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum ErrorKind {
    /// No profile of that name.
    NotConfigured,
    /// Connection refused, name not found, no route, or the connection broke before an answer.
    Unreachable,
    /// The certificate is not trusted, expired, or of another host.
    Tls,
    /// A time limit passed; `phase` says which.
    Timeout,
    /// The proxy rejected the key.
    Unauthorized,
    /// The provider behind the proxy rejected the proxy's own key.
    UpstreamUnauthorized,
    /// The key is valid, but the model or the route is not allowed for it.
    Forbidden,
    /// The proxy does not know the model; `nearest` has the nearest listed names.
    ModelNotFound,
    /// Too many requests or tokens; `retryAfterMs` says how long to wait, where known.
    RateLimited,
    /// A budget is spent, or an account is empty; `budget` says whose, where known. Waiting does not help before it starts
    /// anew.
    BudgetExceeded,
    /// The messages are longer than the model's context window; `limit` has the limit, where known.
    ContextWindowExceeded,
    /// The provider's filter refused the content.
    ContentFiltered,
    /// The model does not take a parameter; `param` names it, where known.
    UnsupportedParam,
    /// The proxy, or the provider behind it, says that the request is wrong.
    InvalidRequest,
    /// The provider behind the proxy failed, or the proxy itself; `gateway` names a server in front of it that says so.
    Upstream,
    /// The stream ended without its end; `partial` has what had arrived.
    StreamInterrupted,
    /// What answered is not LiteLLM, or no HTTP: `httpStatus`, `contentType` and `body` tell.
    BadResponse,
    /// More requests at once than the server takes, or more than the system lets it have files and connections open.
    Busy,
    /// The params don't fit the method; `problems` lists what is wrong.
    InvalidParams,
    /// The client gave the request up, by `$/cancelRequest` or the cancel button of a progress display; `partial` has what
    /// had arrived.
    RequestCancelled,
    /// The answer is longer than any answer may be; of a stream, `partial` has what had arrived.
    TooLarge,
    /// A defect of this server. What it was is in its log.
    Internal,
    /// There is no such method at this door; `nearest` has the one that may have been meant.
    MethodNotFound,
    /// A call was made under this `idempotencyKey` before; `earlierCall` says what became of it. Nothing was sent.
    AlreadyCalled,
    /// The proxy of this machine could not be installed, started or stopped; `detail` has the end of its log, where that
    /// tells.
    LocalProxy,
    /// A word of a newer version: go by the code, and show message and remedy.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}

impl ErrorKind {
    /// Every kind, in the order of the codes.
    pub const ALL: [Self; 25] = [
        Self::NotConfigured,
        Self::Unreachable,
        Self::Tls,
        Self::Timeout,
        Self::Unauthorized,
        Self::UpstreamUnauthorized,
        Self::Forbidden,
        Self::ModelNotFound,
        Self::RateLimited,
        Self::BudgetExceeded,
        Self::ContextWindowExceeded,
        Self::ContentFiltered,
        Self::UnsupportedParam,
        Self::InvalidRequest,
        Self::Upstream,
        Self::StreamInterrupted,
        Self::BadResponse,
        Self::Busy,
        Self::InvalidParams,
        Self::RequestCancelled,
        Self::TooLarge,
        Self::Internal,
        Self::MethodNotFound,
        Self::AlreadyCalled,
        Self::LocalProxy,
    ];

    /// The JSON-RPC code: 1001 and up in the order of the kinds, JSON-RPC's own -32602 for `invalidParams`, -32603 for
    /// `internal` and -32601 for `methodNotFound`, and LSP's -32800 for `requestCancelled`.
    pub fn code(self) -> i64 {
        match self {
            Self::InvalidParams => -32602,
            Self::Internal => -32603,
            Self::MethodNotFound => -32601,
            Self::RequestCancelled => REQUEST_CANCELLED,
            kind => 1001 + kind as i64,
        }
    }
}

/// Which time limit passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "it is a timeout all the same"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum TimeoutPhase {
    /// `timeouts.connectMs`.
    Connect,
    /// `timeouts.firstTokenMs`.
    FirstToken,
    /// `timeouts.idleMs`.
    Idle,
    /// A minute with less than `timeouts.minBytesPerMinute`.
    Slow,
    /// `timeouts.discoveryMs`.
    Discovery,
    /// A word of a newer version: it is a timeout all the same.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}

/// `data` of an error. Every field but `kind` is absent where it does not apply or is not known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorData {
    /// What went wrong.
    pub kind: ErrorKind,
    /// What to do, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// Which time limit passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<TimeoutPhase>,
    /// HTTP status of the proxy's answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    /// `error.type` of the proxy's answer. LiteLLM only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub litellm_type: Option<String>,
    /// The parameter that the proxy names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub param: Option<String>,
    /// The call's id, as in the proxy's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// How long the proxy asks to wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// The limit that was passed, in tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// The budget that is spent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
    /// The server in front of the proxy that answered in its place, such as `nginx` or `Cloudflare`. Absent where the
    /// proxy itself did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gateway: Option<String>,
    /// What was asked, without credentials and query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The model that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The nearest known names, nearest first: of models, or of methods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nearest: Vec<String>,
    /// The profile in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Content type of an answer that is not LiteLLM's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// First 200 bytes of an answer that is not LiteLLM's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The whole text of the provider's error, where the message shows a part of it. At most 4 KiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What had arrived before the failure or the cancel, so that nothing paid for is lost. After a cancel it may be more
    /// than was streamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial: Option<Box<CompleteResult>>,
    /// Everything that is wrong with the params, at most 20 things.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// True where a cancelled `provider/configure` had taken effect already. Otherwise nothing has changed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub applied: bool,
    /// The call that was made under the same key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earlier_call: Option<EarlierCall>,
    /// `_meta` of the params, unchanged.
    #[serde(rename = "_meta", default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<Value>,
}

impl ErrorData {
    /// Data that says no more than the kind.
    pub fn new(kind: ErrorKind) -> Self {
        Self {
            kind,
            remedy: None,
            phase: None,
            http_status: None,
            litellm_type: None,
            param: None,
            call_id: None,
            retry_after_ms: None,
            limit: None,
            budget: None,
            gateway: None,
            url: None,
            model: None,
            nearest: Vec::new(),
            profile: None,
            content_type: None,
            body: None,
            detail: None,
            partial: None,
            problems: Vec::new(),
            applied: false,
            earlier_call: None,
            meta: None,
        }
    }
}

/// A call that was made under a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EarlierCall {
    /// What is known of its end.
    pub state: CallState,
    /// When it ended, or began where no more is known, in RFC 3339.
    pub at: String,
}

/// What is known of the end of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "take it for `begun`"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum CallState {
    /// Nothing: it runs still, or its server ended before it did. A model may have worked.
    Begun,
    /// It was answered.
    Answered,
    /// It failed or was cancelled. A model may have worked.
    Failed,
    /// A word of a newer version: take it for `begun`.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}

/// The code of a cancelled request, as in LSP.
pub const REQUEST_CANCELLED: i64 = -32800;

/// An error as it stands in a response.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResponseError {
    /// The kind's code, or one of JSON-RPC's or LSP's own.
    pub code: i64,
    /// One short sentence for a person.
    pub message: String,
    /// Absent for errors of the connection itself, such as -32700.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<ErrorData>,
}
