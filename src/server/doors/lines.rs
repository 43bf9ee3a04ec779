//! The line door: jsonrpc-core behind fences.
//!
//! jsonrpc-core 18 refuses negative and fractional ids, extra members and whole batches for one bad entry, and lets a
//! handler's panic through. So it is handed one checked call at a time, under a number of ours; the transport does the
//! rest.

use futures_util::{FutureExt, future::BoxFuture};
use jsonrpc_core::{Call, Id, MetaIoHandler, Metadata, MethodCall, Output, Params, Version};
use litellm_ls_protocol::Request;
use serde_json::{Value, value::to_raw_value};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use super::{CANCEL_PROGRESS, cancel_progress, leave, names, pick_up};
use crate::{
    server::{
        Peer, error, hearsay,
        routes::{Handler, Routes, routes},
        shown::Shown,
    },
    transport::{Answer, Dispatch, ErrorObject, Refusal},
};

impl Metadata for Peer {}

impl Routes for MetaIoHandler<Peer> {
    fn on<R: Request<Result: Shown>>(mut self, handler: impl Handler<R>) -> Self {
        self.add_method_with_meta(R::METHOD, move |params: Params, peer: Peer| {
            let handler = handler.clone();
            async move {
                leave::<R>(peer, params.into(), handler);
                Ok(Value::Null)
            }
        });
        self
    }
}

/// Answers one peer that sends a message a line.
pub(in crate::server) struct Door {
    handler: MetaIoHandler<Peer>,
    peer: Peer,
    _hearsay: AbortOnDropHandle<()>,
}

impl Door {
    pub(in crate::server) fn new(peer: Peer) -> Self {
        Self { handler: routes(MetaIoHandler::default()), _hearsay: hearsay::listen(&peer), peer }
    }
}

impl Dispatch for Door {
    fn call(
        &mut self,
        method: &str,
        params: Option<Value>,
        number: u64,
        cancelled: CancellationToken,
    ) -> BoxFuture<'static, Answer> {
        if !names::is_known(method, &[]) {
            let method = method.to_owned();
            return async move { Err(names::refusal(&method, params, &[])) }.boxed();
        }
        let params = match names::named(method, params) {
            Ok(Value::Object(members)) => Params::Map(members),
            Ok(_) => Params::None,
            Err(refused) => return std::future::ready(Err(refused)).boxed(),
        };
        let call =
            MethodCall { jsonrpc: Some(Version::V2), method: method.to_owned(), params, id: Id::Num(number) };
        let reply = self.handler.handle_call(Call::MethodCall(call), self.peer.clone());
        pick_up(self.peer.clone(), cancelled, async move {
            match reply.await {
                Some(Output::Success(success)) => {
                    to_raw_value(&success.result).map_err(|_| error::refusal(Refusal::Defect))
                }
                Some(Output::Failure(failure)) => Err(ErrorObject {
                    code: failure.error.code.code(),
                    message: failure.error.message,
                    data: failure.error.data,
                }),
                None => Err(error::refusal(Refusal::Defect)),
            }
        })
        .boxed()
    }

    fn notify(&mut self, method: &str, params: Option<Value>) -> BoxFuture<'static, ()> {
        // No other has a handler: those that count are the transport's.
        if method == CANCEL_PROGRESS {
            cancel_progress(&self.peer, params);
        }
        std::future::ready(()).boxed()
    }

    fn refusal(why: Refusal) -> ErrorObject {
        error::refusal(why)
    }
}
