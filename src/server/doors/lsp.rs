//! The LSP door: tower-lsp's router and lifecycle.
//!
//! Of tower-lsp 0.20 only `LspService` is used. Its `Server` lets responses overtake notifications, runs four requests
//! at a time, and dies with a panicking handler; its `Client` bypasses the outbox.

use futures_util::{FutureExt, future::BoxFuture};
use litellm_ls_protocol::Request;
use serde_json::{Value, value::to_raw_value};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};
use tower_lsp::{
    LanguageServer, LspService, LspServiceBuilder, async_trait,
    jsonrpc::{self, Result},
    lsp_types::{
        DidChangeConfigurationParams, DidChangeWatchedFilesParams, ExecuteCommandParams, InitializeParams,
        InitializeResult, InitializedParams,
    },
};
use tower_service::Service;

use super::{CANCEL_PROGRESS, cancel_progress, leave, leave_answer, leave_written, lenient, names, pick_up};
use crate::{
    provider::Error,
    server::{
        Peer, commands, config_yaml,
        documents::{DidChange, DidOpen, Named},
        error,
        handlers::{self, CodeActionParams, CompletionParams, InlineCompletionParams},
        lifecycle, lock, pages,
        routes::{Handler, Routes, routes},
        shown::Shown,
    },
    transport::{Answer, Dispatch, ErrorObject, Refusal},
};

/// The requests of LSP that are answered here, beside ours. tower-lsp is asked for no other.
const STANDARD: &[&str] = &[
    "initialize",
    "shutdown",
    "textDocument/codeAction",
    "textDocument/codeLens",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/diagnostic",
    "textDocument/documentHighlight",
    "textDocument/documentLink",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/hover",
    "textDocument/inlayHint",
    "textDocument/prepareRename",
    "textDocument/references",
    "textDocument/rename",
    "textDocument/selectionRange",
    "workspace/diagnostic",
    handlers::INLINE_COMPLETION,
    "workspace/executeCommand",
    "workspace/symbol",
];

/// The notifications that are taken here. LSP lets servers pass over others, and tower-lsp would warn of each, which
/// editors show as errors.
const NOTIFICATIONS: &[&str] = &[
    "initialized",
    "textDocument/didChange",
    "textDocument/didClose",
    "textDocument/didOpen",
    CANCEL_PROGRESS,
    "workspace/didChangeConfiguration",
    "workspace/didChangeWatchedFiles",
];

/// What tower-lsp routes to.
struct Lsp {
    peer: Peer,
}

#[async_trait]
impl LanguageServer for Lsp {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        // lsp-types 0.94 does not know all that is announced.
        let announced = lifecycle::initialize(&self.peer, params);
        leave_answer(async { Ok(announced) });
        Ok(InitializeResult::default())
    }

    async fn initialized(&self, _: InitializedParams) {
        lifecycle::pull(&self.peer).await;
        pages::remove_old(&self.peer).await;
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        lifecycle::did_change_configuration(&self.peer, params.settings).await;
    }

    async fn did_change_watched_files(&self, _: DidChangeWatchedFilesParams) {
        config_yaml::did_change(&self.peer).await;
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<Value>> {
        leave_written(|call| commands::run(Peer { call, ..self.peer.clone() }, params));
        Ok(None)
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }
}

impl Lsp {
    async fn did_open(&self, params: DidOpen) {
        self.peer.editor.documents().open(params);
    }

    async fn did_change(&self, params: DidChange) {
        let uri = params.text_document.uri.clone();
        commands::unmark(&self.peer, &uri);
        self.peer.editor.documents().change(params);
        commands::keep_taken_out(&self.peer, &uri);
    }

    async fn did_close(&self, params: Named) {
        commands::unmark(&self.peer, &params.text_document.uri);
        self.peer.editor.documents().close(&params);
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Value> {
        let peer = self.peer.clone();
        leave_answer(async { Ok(handlers::code_action(peer, params).await) });
        Ok(Value::Null)
    }

    async fn completion(&self, params: CompletionParams) -> Result<Value> {
        let peer = self.peer.clone();
        leave_answer(async move {
            match config_yaml::propose(&peer, params.uri(), params.position()).await {
                Some(proposed) => Ok(proposed),
                None => handlers::completion(peer, params).await.map(|list| serde_json::json!(list)),
            }
        });
        Ok(Value::Null)
    }

    async fn inline_completion(&self, params: InlineCompletionParams) -> Result<Value> {
        leave_answer(handlers::inline_completion(self.peer.clone(), params));
        Ok(Value::Null)
    }

    async fn cancel_progress(&self, params: Value) {
        cancel_progress(&self.peer, Some(params));
    }
}

impl Routes for LspServiceBuilder<Lsp> {
    fn on<R: Request<Result: Shown>>(self, handler: impl Handler<R>) -> Self {
        self.custom_method(R::METHOD, move |lsp: &Lsp, params: Value| {
            let (peer, handler) = (lsp.peer.clone(), handler.clone());
            async move {
                leave::<R>(peer, params, handler);
                Ok(Value::Null)
            }
        })
    }
}

/// Answers one peer that speaks LSP.
pub(in crate::server) struct Door {
    service: LspService<Lsp>,
    peer: Peer,
    _watch: AbortOnDropHandle<()>,
    _findings: AbortOnDropHandle<()>,
}

impl Drop for Door {
    /// No work goes on behind a connection that has ended.
    fn drop(&mut self) {
        self.peer.editor.runs.abort();
        drop(lock(&self.peer.editor.hold).take());
    }
}

/// Methods about documents whose params we read ourselves: lsp-types takes no URI that is none of the RFC's, and no
/// document without a version. tower-lsp has routes of its own for them, which can't be replaced.
const READ_BY_US: [(&str, &str); 5] = [
    ("textDocument/didOpen", DID_OPEN),
    ("textDocument/didChange", DID_CHANGE),
    ("textDocument/didClose", DID_CLOSE),
    ("textDocument/codeAction", CODE_ACTION),
    ("textDocument/completion", COMPLETION),
];
const DID_OPEN: &str = "litellm-ls/didOpen";
const DID_CHANGE: &str = "litellm-ls/didChange";
const DID_CLOSE: &str = "litellm-ls/didClose";
const CODE_ACTION: &str = "litellm-ls/codeAction";
const COMPLETION: &str = "litellm-ls/completion";

impl Door {
    pub(in crate::server) fn new(peer: Peer) -> Self {
        let lsp = Lsp { peer: peer.clone() };
        let mut table = routes(LspService::build(|_| lsp));
        for (method, ours) in config_yaml::METHODS {
            table = table.custom_method(ours, move |lsp: &Lsp, params: Value| {
                leave_written(|_| config_yaml::answer(lsp.peer.clone(), method, params));
                std::future::ready(Ok(Value::Null))
            });
        }
        let (service, _client) = table
            .custom_method(handlers::INLINE_COMPLETION, Lsp::inline_completion)
            .custom_method(DID_OPEN, Lsp::did_open)
            .custom_method(DID_CHANGE, Lsp::did_change)
            .custom_method(DID_CLOSE, Lsp::did_close)
            .custom_method(CODE_ACTION, Lsp::code_action)
            .custom_method(COMPLETION, Lsp::completion)
            .custom_method(CANCEL_PROGRESS, Lsp::cancel_progress)
            .finish();
        let _watch = AbortOnDropHandle::new(tokio::spawn(peer.clone().watch_settings()));
        let _findings = AbortOnDropHandle::new(tokio::spawn(config_yaml::watch(peer.clone())));
        Self { service, peer, _watch, _findings }
    }

    fn request(method: &str, params: Option<Value>) -> jsonrpc::RequestBuilder {
        let ours = READ_BY_US
            .iter()
            .chain(config_yaml::METHODS)
            .find(|(name, _)| *name == method)
            .map(|(_, ours)| *ours);
        let request = jsonrpc::Request::build(ours.unwrap_or(method).to_owned());
        match params {
            Some(params) => request.params(params),
            None => request,
        }
    }
}

/// Params of a request of LSP that can't be read. What its types say of them names no value.
fn unfit(reason: &str) -> Error {
    Error::invalid_params(format!("the params don't fit: {reason}"), "give them as LSP says")
}

impl Dispatch for Door {
    fn call(
        &mut self,
        method: &str,
        params: Option<Value>,
        number: u64,
        cancelled: CancellationToken,
    ) -> BoxFuture<'static, Answer> {
        if let Some(params) = params.as_ref().filter(|_| method == "initialize") {
            self.peer.editor.hear(params);
        }
        // tower-lsp refuses a method of ours without params, and `shutdown` with any.
        let params = match names::named(method, params, STANDARD) {
            Ok(_) if method == "shutdown" => None,
            Ok(params) => Some(lenient::readable(method, params)),
            Err(refused) => return std::future::ready(Err(refused)).boxed(),
        };
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let reply = self.service.call(Self::request(method, params).id(number).finish());
        pick_up(cancelled, async move {
            match reply.await {
                Ok(Some(response)) => match response.into_parts().1 {
                    Ok(result) => to_raw_value(&result).map_err(|_| error::refusal(Refusal::Defect)),
                    Err(error) if error.code == jsonrpc::ErrorCode::InvalidParams => {
                        Err(unfit(&error.message).into())
                    }
                    Err(error) => Err(ErrorObject {
                        code: error.code.code(),
                        message: error.message.into_owned(),
                        data: error.data,
                    }),
                },
                Ok(None) => Err(error::refusal(Refusal::Defect)),
                Err(_) => Err(ErrorObject::invalid_request("the server has shut down".into())),
            }
        })
        .boxed()
    }

    fn notify(&mut self, method: &str, params: Option<Value>) -> BoxFuture<'static, ()> {
        if !NOTIFICATIONS.contains(&method) {
            return std::future::ready(()).boxed();
        }
        let taken = self.service.call(Self::request(method, params).finish());
        async move { drop(taken.await) }.boxed()
    }

    fn lost(&mut self, method: Option<&str>, params: Option<&Value>) {
        let is_about_texts = method.is_none_or(|method| READ_BY_US.iter().any(|(name, _)| *name == method));
        if is_about_texts {
            let uri = params.and_then(|params| params["textDocument"]["uri"].as_str());
            // A name that is mended is another name.
            let uri = uri.filter(|uri| !uri.contains('\u{fffd}'));
            self.peer.editor.documents().lose(uri);
        }
    }

    fn refusal(why: Refusal) -> ErrorObject {
        error::refusal(why)
    }
}
