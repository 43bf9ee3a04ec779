//! The two dispatchers, and what both have in common: how an answer passes through them.

mod lenient;
pub(super) mod lines;
pub(super) mod lsp;
mod names;
mod params;

pub(super) use params::read;

use std::cell::Cell;

use futures_util::{FutureExt, TryFutureExt, future::BoxFuture};
use litellm_ls_protocol::{ProgressToken, Request};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::{
    Peer,
    call::Call,
    routes::Handler,
    shown::Shown,
    wire::{META, serialized, with_meta},
};
use crate::{
    off_thread::aside,
    provider::{Error, Result},
    transport::{Answer, CANCEL_PROGRESS, ErrorObject, RawAnswer},
};

/// What the current call leaves behind the dispatcher's back.
struct Slot {
    cancelled: CancellationToken,
    answer: Cell<Option<BoxFuture<'static, Answer>>>,
}

tokio::task_local! {
    /// Both dispatchers only find the handler: it is begun when they are done. So results are written once (both want
    /// trees of `Value`, and a list of 2,500 models is 2 MB), and a cancelled handler can say what had arrived (tower-lsp
    /// drops it).
    static SLOT: Slot;
}

/// Leaves the call of a handler where [`pick_up`] finds it.
fn leave<R: Request<Result: Shown>>(peer: Peer, params: Value, handler: impl Handler<R>) {
    let peer = Peer { call: call(), ..peer };
    put(async move { answered::<R>(peer, params, handler).await.map(|(_, written)| written) });
}

/// Leaves an answer that is not a type of the dispatcher's.
fn leave_answer<T: Serialize>(answer: impl Future<Output = Result<T>> + Send + 'static) {
    leave_written(|_| async move { serialized(&answer.await?) });
}

/// Leaves an answer that is written already. Who answers has the first word where the client gives the request up.
fn leave_written<A>(answer: impl FnOnce(Call) -> A)
where
    A: Future<Output = Result<RawAnswer>> + Send + 'static,
{
    let call = call();
    let answer = answer(call.clone());
    put(async move { unless_given_up(&call, std::pin::pin!(answer)).await });
}

/// The request that the dispatcher is about to route.
fn call() -> Call {
    SLOT.with(|slot| Call::new(slot.cancelled.clone()))
}

fn put(answer: impl Future<Output = Result<RawAnswer>> + Send + 'static) {
    // In a box before anything else: what a handler may come to hold is copied with each move.
    let answer = answer.map_err(ErrorObject::from).boxed();
    SLOT.with(|slot| slot.answer.set(Some(answer)));
}

/// Awaits a dispatcher's reply, and returns what a handler of ours answers, or else what the dispatcher says.
async fn pick_up(peer: Peer, cancelled: CancellationToken, reply: impl Future<Output = Answer>) -> Answer {
    let _under_way = peer.presence.request();
    let slot = Slot { cancelled: cancelled.clone(), answer: Cell::default() };
    let (reply, left) = SLOT
        .scope(slot, async {
            let reply = reply.await;
            (reply, SLOT.with(|slot| slot.answer.take()))
        })
        .await;
    let answer = match left {
        Some(answer) => answer.await,
        None => reply,
    };
    peer.tell_shim();
    answer.map_err(|error| peer.told_error(error))
}

/// Answers, unless the client gives the request up. Then the handler has the first word, and is dropped when it has none.
///
/// `answer` is borrowed, as a future that takes another by value has room for it twice.
async fn unless_given_up<T>(call: &Call, answer: impl Future<Output = Result<T>> + Unpin) -> Result<T> {
    tokio::select! {
        biased;
        answer = answer => answer,
        () = call.given_up() => Err(Error::cancelled()),
    }
}

/// Answers params as they came, up to the result as it goes out.
pub(super) async fn answered<R: Request<Result: Shown>>(
    peer: Peer,
    mut params: Value,
    handler: impl Handler<R>,
) -> Result<(R::Result, RawAnswer)> {
    let meta = params.as_object_mut().and_then(|params| params.shift_remove(META));
    let call = peer.call.clone();
    let speaker = peer.clone();
    let tokens = peer.editor.tokens.claim_of(R::METHOD, &params);
    let outcome = match (params::parsed::<R>(params), tokens) {
        (Ok(params), Ok(_tokens)) => {
            unless_given_up(&call, std::pin::pin!(handler.handle(peer, params))).await
        }
        (Err(refused), _) | (_, Err(refused)) => Err(refused),
    };
    if outcome.as_ref().is_ok_and(Shown::is_long) {
        aside().await;
    }
    let written = outcome.and_then(|result| speaker.serialized(&result).map(|written| (result, written)));
    match (written, meta) {
        (Ok((result, written)), Some(meta)) => Ok((result, with_meta(&written, &meta)?)),
        (Err(mut error), meta) => {
            error.data.meta = meta;
            Err(error)
        }
        (written, None) => written,
    }
}

/// Takes `window/workDoneProgress/cancel`.
fn cancel_progress(peer: &Peer, params: Option<Value>) {
    let token = params.and_then(|params| ProgressToken::deserialize(&params["token"]).ok());
    if let Some(token) = token {
        peer.editor.tokens.press(&token);
    }
}

/// Every shape that a member can have and should not.
#[cfg(test)]
fn shapes() -> [Value; 9] {
    use serde_json::json;
    [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!("x"),
        json!([]),
        json!([7]),
        json!({}),
        json!({"a": [1]}),
    ]
}
