//! The one table of methods: a method's name is written here and nowhere else.

use std::fmt;

use schemars::{Schema, SchemaGenerator};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    CheckFileParams, CheckFileResult, CompleteParams, CompleteResult, ConfigureParams, ConfigureResult,
    CountTokensParams, CountTokensResult, DidChangeModelsParams, DidChangeStatusParams, DidChangeUsageParams,
    DiscoverParams, DiscoverResult, EditParams, EditResult, FitParams, FitResult, ListModelsParams,
    ListModelsResult, ListProfilesParams, ListProfilesResult, ListPromptsParams, ListPromptsResult,
    MarkModelParams, MarkModelResult, ProxyLogsParams, ProxyLogsResult, ProxyStatusParams, ProxyStatusResult,
    RemoveProfileParams, RemoveProfileResult, RestartProxyParams, RestartProxyResult, StartProxyParams,
    StartProxyResult, StatusParams, StatusResult, StopProxyParams, StopProxyResult, Unchecked,
    UsageReportParams, UsageReportResult,
};

/// Version of this protocol. It grows by one when a client written for the older one would break.
pub const PROTOCOL_VERSION: u32 = 1;
/// Every version that this server speaks, oldest first.
pub const PROTOCOL_VERSIONS: &[u32] = &[PROTOCOL_VERSION];

/// A request that a client may send.
pub trait Request: 'static {
    /// What the client sends.
    type Params: DeserializeOwned + Send + 'static;
    /// What the server answers.
    type Result: Serialize + Send + 'static;
    /// The name on the wire.
    const METHOD: &'static str;
}

/// A notification that the server may send.
pub trait Notification: 'static {
    /// What it carries.
    type Params: Serialize + Send + 'static;
    /// The name on the wire.
    const METHOD: &'static str;
}

/// Who sends a message of a method, and whether it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MethodKind {
    /// Client to server, answered once.
    Request,
    /// Server to client, not answered.
    Notification,
}

/// One row of the table, for generators, for `initialize` and for tests.
#[derive(Clone, Copy)]
pub struct Method {
    /// The Rust name, which the names of its types begin with.
    pub name: &'static str,
    /// The name on the wire.
    pub method: &'static str,
    /// Request or notification.
    pub kind: MethodKind,
    /// The doc comment, one line an item.
    pub docs: &'static [&'static str],
}

/// The schemas of a method, for generators and for tests. A server has what it needs of them in [`PARAMS_SCHEMA`], and is
/// half a megabyte smaller without these.
#[derive(Debug, Clone, Copy)]
pub struct MethodSchemas {
    /// Which method.
    pub method: &'static str,
    /// The schema of the parameters.
    pub params: fn(&mut SchemaGenerator) -> Schema,
    /// The schema of the result; absent for a notification.
    pub result: Option<fn(&mut SchemaGenerator) -> Schema>,
}

/// What each request takes, as a JSON schema without descriptions: `methods` has the params of each, `$defs` the types.
pub const PARAMS_SCHEMA: &str = include_str!("params.json");

impl Method {
    /// Its name in one word, as clients have it: `listModels` for `provider/listModels`, `proxyStart` for `proxy/start`.
    pub fn word(&self) -> String {
        word(self.method)
    }
}

/// The name of a method in one word: without `provider/`, and any other first part joined to the last.
pub fn word(method: &str) -> String {
    match method.split_once('/') {
        None | Some(("provider", _)) => method.trim_start_matches("provider/").to_owned(),
        Some((first, last)) => {
            let (initial, rest) = last.split_at(last.len().min(1));
            format!("{first}{}{rest}", initial.to_uppercase())
        }
    }
}

impl fmt::Debug for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Method")
            .field("name", &self.name)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

macro_rules! methods {
    (
        requests { $($(#[doc = $rdoc:literal])* $rname:ident = $rmethod:literal ($rparams:ty) -> $rresult:ty;)* }
        notifications { $($(#[doc = $ndoc:literal])* $nname:ident = $nmethod:literal ($nparams:ty);)* }
    ) => {
        $(
            $(#[doc = $rdoc])*
            #[derive(Debug)]
            pub enum $rname {}
            impl Request for $rname {
                type Params = $rparams;
                type Result = $rresult;
                const METHOD: &'static str = $rmethod;
            }
        )*
        $(
            $(#[doc = $ndoc])*
            #[derive(Debug)]
            pub enum $nname {}
            impl Notification for $nname {
                type Params = $nparams;
                const METHOD: &'static str = $nmethod;
            }
        )*
        /// Every method of this protocol, in reading order.
        pub const METHODS: &[Method] = &[
            $(Method {
                name: stringify!($rname),
                method: $rmethod,
                kind: MethodKind::Request,
                docs: &[$($rdoc),*],
            },)*
            $(Method {
                name: stringify!($nname),
                method: $nmethod,
                kind: MethodKind::Notification,
                docs: &[$($ndoc),*],
            },)*
        ];
        /// The schemas of each of [`METHODS`], in its order.
        pub const METHOD_SCHEMAS: &[MethodSchemas] = &[
            $(MethodSchemas {
                method: $rmethod,
                params: |generator| generator.subschema_for::<$rparams>(),
                result: Some(|generator| generator.subschema_for::<$rresult>()),
            },)*
            $(MethodSchemas {
                method: $nmethod,
                params: |generator| generator.subschema_for::<$nparams>(),
                result: None,
            },)*
        ];
    };
}

methods! {
    requests {
        /// Says what the server can do: the version it speaks, its methods, notifications, commands, features and limits.
        ///
        /// It needs no settings and asks no proxy.
        Discover = "provider/discover" (DiscoverParams) -> DiscoverResult;

        /// Sets up the provider: where the proxy is, with which key, and what to use by default.
        ///
        /// Takes any part of the settings and returns all of them as they now hold, redacted, each with the layer
        /// it came from. The call is atomic: one invalid field and nothing changes, and the error
        /// (`invalidParams`) lists every problem. An unreachable proxy is not an error of this method.
        Configure = "provider/configure" (Unchecked<ConfigureParams>) -> ConfigureResult;

        /// Says whether the provider can be used right now, check by check, each failure with a remedy.
        Status = "provider/status" (StatusParams) -> StatusResult;

        /// Lists the models the proxy offers, with everything a picker shows.
        ///
        /// Answered from memory where a list is at hand; `refresh` really asks the proxy.
        ListModels = "provider/listModels" (ListModelsParams) -> ListModelsResult;

        /// Marks a model as a favourite of the user, or takes the mark away.
        ///
        /// Favourites and the models that answered last stand first in a list with `order: "picker"`. Both are kept
        /// beside the settings file, for each profile, and hold in every editor.
        MarkModel = "provider/markModel" (MarkModelParams) -> MarkModelResult;

        /// Asks a model, and returns the whole message with its usage and cost.
        ///
        /// With a `partialResultToken` the answer is also streamed: deltas go out as `$/progress` with that token,
        /// in order, all of them before the response. LSP asks for an empty result after partial results; this
        /// method says otherwise on purpose: the result is the truth, the deltas a preview.
        Complete = "provider/complete" (CompleteParams) -> CompleteResult;

        /// Asks a model about a place in a text, and says what its answer does there.
        ///
        /// The question is made here, alike for every editor: the name of the file, its language, the selection, the text
        /// before and after it (16,000 bytes of UTF-8 at most, two thirds of it from before), diagnostics, and what to do.
        /// What the answer may do is decided as `provider/fit` decides it; the client compares the text with the one that
        /// was asked about before it writes. A file that may hold secrets is sent only where the user says so in a
        /// `window/showMessageRequest`. Streaming, errors and cancelling are those of `provider/complete`.
        Edit = "provider/edit" (EditParams) -> EditResult;

        /// Lists the user's own prompts, and those that come with this server, such as `commit`.
        ListPrompts = "provider/listPrompts" (ListPromptsParams) -> ListPromptsResult;

        /// Counts the tokens of a question before it is asked.
        ///
        /// The proxy counts where it can; else the result is an estimate, and says so and why.
        CountTokens = "provider/countTokens" (CountTokensParams) -> CountTokensResult;

        /// Says whether an answer may be written into a file, and which part of it is the code.
        ///
        /// Clients that write answers into files themselves ask this once the answer has ended, so that the same holds
        /// for every command and editor. It asks no model. Only an answer that ended with `stop` is written; what was
        /// cut off, holds several blocks of code or is mostly explanation is shown; what is empty, only reasoning or a
        /// refusal leaves the document as it is.
        Fit = "provider/fit" (FitParams) -> FitResult;

        /// Says whether a file may hold secrets: by its name, such as `.env`, by the settings, or by its text.
        ///
        /// The server sends nothing of such a file by itself, and asks before an action on one; clients that send texts
        /// of files themselves ask this first.
        CheckFile = "provider/checkFile" (CheckFileParams) -> CheckFileResult;

        /// Says what was spent through this server, by model and outcome, and what the proxy tells of the key's
        /// budget.
        ///
        /// Counted since this process began, for the profile's proxy and key. It asks the proxy nothing: what is
        /// known of the key came with answers, for an ordinary key may not ask. With `ledger` it tells all calls that were
        /// recorded on this machine, and with `history` what the proxy knows of the days gone by.
        UsageReport = "provider/usage" (UsageReportParams) -> UsageReportResult;

        /// Lists the named servers a user has set up.
        ListProfiles = "provider/listProfiles" (ListProfilesParams) -> ListProfilesResult;

        /// Removes a named server, from the settings file too.
        RemoveProfile = "provider/removeProfile" (RemoveProfileParams) -> RemoveProfileResult;

        /// Starts a LiteLLM proxy on this machine, and answers when that one does.
        ///
        /// It runs Python with the configuration that is named, so a client sends it only where its user says so; no
        /// setting leads to it. A file that LiteLLM can't read is refused first. The proxy listens on 127.0.0.1 alone and
        /// has a key of its own, unless its file sets one; the profile that names no other address uses it from then on.
        /// Where the same is served already, that is the answer, and `warnings` say what it has otherwise than asked, such
        /// as its port. Cancelling ends what was begun.
        StartProxy = "proxy/start" (StartProxyParams) -> StartProxyResult;

        /// Stops the proxy that this program, in whatever process, has started on this machine, and no other.
        StopProxy = "proxy/stop" (StopProxyParams) -> StopProxyResult;

        /// Stops the proxy of this machine and starts it again, on the same port, with its configuration as it is now.
        RestartProxy = "proxy/restart" (RestartProxyParams) -> RestartProxyResult;

        /// Says how the proxy of this machine is, and which models of its file it does not serve.
        ProxyStatus = "proxy/status" (ProxyStatusParams) -> ProxyStatusResult;

        /// Returns what the proxy of this machine has printed, or the last one, without what looks like a key.
        ProxyLogs = "proxy/logs" (ProxyLogsParams) -> ProxyLogsResult;
    }
    notifications {
        /// The provider's state changed, as seen by a request or a check. Sent only on a change.
        DidChangeStatus = "provider/didChangeStatus" (DidChangeStatusParams);

        /// The list of models changed, as seen by a fetch. Sent only on a change.
        DidChangeModels = "provider/didChangeModels" (DidChangeModelsParams);

        /// A call has ended, however it did. Sent to those who asked for it with `provider/usage`, a few times a second at
        /// most: calls that end in quick succession are told together, the last always within.
        DidChangeUsage = "provider/didChangeUsage" (DidChangeUsageParams);
    }
}
