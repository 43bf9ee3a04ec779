//! The LSP door: tower-lsp's router and lifecycle.
//!
//! Of tower-lsp 0.20 only `LspService` is used. Its `Server` lets responses overtake notifications, runs four requests
//! at a time, and dies with a panicking handler; its `Client` bypasses the outbox.

use std::cell::Cell;

use futures_util::{FutureExt, future::BoxFuture};
use litellm_ls_protocol::Request;
use serde::de::DeserializeOwned;
use serde_json::{Value, json, value::to_raw_value};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};
use tower_lsp::{
    LanguageServer, LspService, LspServiceBuilder, async_trait,
    jsonrpc::{self, Result},
    lsp_types::{DidChangeConfigurationParams, InitializeParams, InitializeResult, InitializedParams},
};
use tower_service::Service;

use super::{CANCEL_PROGRESS, cancel_progress, leave, leave_answer, leave_written, lenient, names, pick_up};
use crate::{
    provider::{self, Error},
    server::{
        Peer, commands, config_yaml,
        documents::{DidChange, Named},
        error,
        handlers::{self, CompletionParams},
        hearsay, lifecycle, lock, pages,
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

tokio::task_local! {
    /// The params of the message that is routed. They go past tower-lsp, which would build each value of them anew, and on
    /// the thread that serves everybody.
    static PARAMS: Cell<Option<Value>>;
}

/// The params of the message that is routed; they can be taken once.
fn params() -> Value {
    PARAMS.with(Cell::take).unwrap_or_default()
}

/// Params as their type.
fn read<T: DeserializeOwned>(params: Value) -> provider::Result<T> {
    serde_json::from_value(params).map_err(|error| unfit(&error.to_string()))
}

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

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }
}

impl Lsp {
    async fn did_change_configuration(&self) {
        if let Ok(DidChangeConfigurationParams { settings }) = read(params()) {
            lifecycle::did_change_configuration(&self.peer, settings).await;
        }
    }

    async fn did_change_watched_files(&self) {
        config_yaml::did_change(&self.peer).await;
    }

    async fn did_open(&self) {
        if let Ok(params) = read(params()) {
            self.peer.editor.open_document(params);
        }
    }

    async fn did_change(&self) {
        let Ok(params) = read::<DidChange>(params()) else { return };
        let uri = params.text_document.uri.clone();
        commands::unmark(&self.peer, &uri);
        self.peer.editor.change_document(params);
        commands::keep_taken_out(&self.peer, &uri).await;
    }

    async fn did_close(&self) {
        let Ok(params) = read::<Named>(params()) else { return };
        commands::unmark(&self.peer, &params.text_document.uri);
        self.peer.editor.documents().close(&params);
    }

    async fn execute_command(&self) -> Result<Value> {
        let (peer, params) = (self.peer.clone(), params());
        leave_written(|call| async move { commands::run(Peer { call, ..peer }, read(params)?).await });
        Ok(Value::Null)
    }

    async fn code_action(&self) -> Result<Value> {
        let (peer, params) = (self.peer.clone(), params());
        leave_answer(async move {
            let actions = handlers::code_action(peer.clone(), read(params)?).await;
            Ok(peer.told(json!(actions)))
        });
        Ok(Value::Null)
    }

    async fn completion(&self) -> Result<Value> {
        let (peer, params) = (self.peer.clone(), params());
        leave_answer(async move {
            let params: CompletionParams = read(params)?;
            match config_yaml::propose(&peer, params.uri(), params.position()).await {
                Some(proposed) => Ok(proposed),
                None => handlers::completion(peer, params).await.map(|list| json!(list)),
            }
        });
        Ok(Value::Null)
    }

    async fn inline_completion(&self) -> Result<Value> {
        let (peer, params) = (self.peer.clone(), params());
        leave_answer(async move { handlers::inline_completion(peer, read(params)?).await });
        Ok(Value::Null)
    }

    async fn cancel_progress(&self) {
        cancel_progress(&self.peer, Some(params()));
    }
}

impl Routes for LspServiceBuilder<Lsp> {
    fn on<R: Request<Result: Shown>>(self, handler: impl Handler<R>) -> Self {
        self.custom_method(R::METHOD, move |lsp: &Lsp| {
            leave::<R>(lsp.peer.clone(), params(), handler.clone());
            std::future::ready(Ok(Value::Null))
        })
    }
}

/// Answers one peer that speaks LSP.
pub(in crate::server) struct Door {
    service: LspService<Lsp>,
    peer: Peer,
    _watch: AbortOnDropHandle<()>,
    _hearsay: AbortOnDropHandle<()>,
    _findings: AbortOnDropHandle<()>,
}

impl Drop for Door {
    /// No work goes on behind a connection that has ended.
    fn drop(&mut self) {
        self.peer.editor.runs.abort();
        drop(lock(&self.peer.editor.hold).take());
    }
}

/// Standard methods whose params we read ourselves: lsp-types takes no URI that is none of the RFC's, and no document without
/// a version. tower-lsp has routes of its own for them, which can't be replaced.
const READ_BY_US: [(&str, &str); 8] = [
    ("textDocument/didOpen", DID_OPEN),
    ("textDocument/didChange", DID_CHANGE),
    ("textDocument/didClose", DID_CLOSE),
    ("textDocument/codeAction", CODE_ACTION),
    ("textDocument/completion", COMPLETION),
    (commands::METHOD, EXECUTE_COMMAND),
    ("workspace/didChangeConfiguration", DID_CHANGE_CONFIGURATION),
    ("workspace/didChangeWatchedFiles", DID_CHANGE_WATCHED_FILES),
];
const DID_OPEN: &str = "litellm-ls/didOpen";
const DID_CHANGE: &str = "litellm-ls/didChange";
const DID_CLOSE: &str = "litellm-ls/didClose";
const CODE_ACTION: &str = "litellm-ls/codeAction";
const COMPLETION: &str = "litellm-ls/completion";
const EXECUTE_COMMAND: &str = "litellm-ls/executeCommand";
const DID_CHANGE_CONFIGURATION: &str = "litellm-ls/didChangeConfiguration";
const DID_CHANGE_WATCHED_FILES: &str = "litellm-ls/didChangeWatchedFiles";

impl Door {
    pub(in crate::server) fn new(peer: Peer) -> Self {
        let lsp = Lsp { peer: peer.clone() };
        let mut table = routes(LspService::build(|_| lsp));
        for (method, ours) in config_yaml::METHODS {
            table = table.custom_method(ours, move |lsp: &Lsp| {
                leave_written(|_| config_yaml::answer(lsp.peer.clone(), method, params()));
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
            .custom_method(EXECUTE_COMMAND, Lsp::execute_command)
            .custom_method(DID_CHANGE_CONFIGURATION, Lsp::did_change_configuration)
            .custom_method(DID_CHANGE_WATCHED_FILES, Lsp::did_change_watched_files)
            .custom_method(CANCEL_PROGRESS, Lsp::cancel_progress)
            .finish();
        let _watch = AbortOnDropHandle::new(tokio::spawn(peer.clone().watch_settings()));
        let _hearsay = hearsay::listen(&peer);
        let _findings = AbortOnDropHandle::new(tokio::spawn(config_yaml::watch(peer.clone())));
        Self { service, peer, _watch, _hearsay, _findings }
    }

    /// A message for tower-lsp, with params where it is to read them.
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
        let method = method.to_owned();
        if !names::is_known(&method, STANDARD) {
            return async move { Err(names::refusal(&method, params, STANDARD)) }.boxed();
        }
        // The first of all requests is tower-lsp's own, and nothing goes on meanwhile.
        let (read_there, params) = match method.as_str() {
            "initialize" => match names::named(&method, params) {
                Ok(params) => (Some(lenient::readable(&method, params)), None),
                Err(refused) => return std::future::ready(Err(refused)).boxed(),
            },
            "shutdown" => (None, None),
            _ => (None, params),
        };
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let reply = self.service.call(Self::request(&method, read_there).id(number).finish());
        pick_up(self.peer.clone(), cancelled, async move {
            let params = lenient::readable(&method, names::named(&method, params)?);
            match PARAMS.scope(Cell::new(Some(params)), reply).await {
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
            return async move { drop(params) }.boxed();
        }
        let read_there = (method == "initialized").then(|| json!({}));
        let taken = self.service.call(Self::request(method, read_there).finish());
        PARAMS.scope(Cell::new(params), async move { drop(taken.await) }).boxed()
    }

    fn lost(&mut self, method: Option<&str>, params: Option<&Value>) {
        if let Some(uri) = lost_text(method, params) {
            self.peer.editor.documents().lose(uri);
        }
    }

    fn refusal(why: Refusal) -> ErrorObject {
        error::refusal(why)
    }
}

/// The text that a message is about which can't be read: none within where that is not known either, and it may be any. None
/// where it is about no text.
pub(in crate::server) fn lost_text<'a>(
    method: Option<&str>,
    params: Option<&'a Value>,
) -> Option<Option<&'a str>> {
    let is_about_texts = method.is_none_or(|method| {
        method.starts_with("textDocument/") && READ_BY_US.iter().any(|(name, _)| *name == method)
    });
    // A name that is mended is another name.
    let uri = || params?["textDocument"]["uri"].as_str().filter(|uri| !uri.contains('\u{fffd}'));
    is_about_texts.then(uri)
}
