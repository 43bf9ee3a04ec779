//! The two dispatchers, and what both have in common: how an answer passes through them.

mod lenient;
pub(super) mod lines;
pub(super) mod lsp;
mod names;

use std::cell::Cell;

use litellm_ls_protocol::Request;
use serde_json::Value;

use super::{Peer, routes::Handler};
use crate::{
    provider::{Error, Result},
    transport::{Answer, ErrorObject, RawAnswer},
};

tokio::task_local! {
    /// The answer of the handler that the current call runs.
    ///
    /// Both dispatchers want results as trees of `Value`, and write them out once more. Ours go around them, written
    /// once: a list of 2,500 models is 2 MB.
    static ANSWER: Cell<Option<Answer>>;
}

/// Runs a handler, and leaves its answer where [`pick_up`] finds it.
async fn leave<R: Request>(peer: Peer, params: Value, handler: impl Handler<R>) {
    leave_answer(answer::<R>(peer, params, handler).await);
}

async fn answer<R: Request>(peer: Peer, params: Value, handler: impl Handler<R>) -> Result<R::Result> {
    handler.handle(peer, parsed::<R>(params)?).await
}

/// The params of a method.
pub(super) fn parsed<R: Request>(params: Value) -> Result<R::Params> {
    serde_json::from_value(params).map_err(|error| {
        // What serde says names the field and, in ours, quotes no secret: keys come in `provider/configure` only.
        Error::invalid_params(
            format!("the params don't fit {}: {error}", R::METHOD),
            "correct them as the message says",
        )
    })
}

/// A result as it goes out.
pub(super) fn written(result: &impl serde::Serialize) -> Result<RawAnswer> {
    serde_json::value::to_raw_value(result).map_err(|error| {
        Error::invalid_params(format!("the result can't be written: {error}"), "report this defect")
    })
}

/// Leaves an answer that is not a type of the dispatcher's.
fn leave_answer(answer: Result<impl serde::Serialize>) {
    let answer = answer.and_then(|result| written(&result)).map_err(ErrorObject::from);
    ANSWER.with(|slot| slot.set(Some(answer)));
}

/// Awaits a dispatcher's reply, and returns the answer that a handler of ours left, or else what the dispatcher says.
async fn pick_up(reply: impl Future<Output = Answer>) -> Answer {
    ANSWER
        .scope(Cell::new(None), async {
            let reply = reply.await;
            ANSWER.with(Cell::take).unwrap_or(reply)
        })
        .await
}
