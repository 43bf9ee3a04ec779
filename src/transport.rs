//! Carries JSON-RPC messages between a peer and the door that answers it.
//!
//! One loop reads, one writer writes, and every request is a task between them. The loop owns what must hold for
//! every method alike: ids, cancellation, panics, limits and the end of the process. It knows no method of ours.

mod batch;
mod connection;
mod content_length;
mod decoder;
mod envelope;
mod frame;
mod inflight;
mod lines;
mod message;
mod outbox;
mod parent;
mod read;
mod reader;
mod surrogates;
mod unreadable;
mod waiting;

use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
};
use tokio_util::sync::CancellationToken;

pub use batch::MAX_BATCH;
pub use connection::{Connection, gone};
pub use decoder::Decoder;
pub use frame::{ASIDE, Frame, Framing};
pub use message::{Answer, ErrorObject, Incoming, RawAnswer};
pub use outbox::{Closed, Outbox};
pub use read::{MAX_VALUES, heard};
pub use reader::CANCEL_PROGRESS;
pub use unreadable::MAX_LEVELS;

use reader::Reader;

/// Most bytes of one incoming message. A longer line is answered with an error and skipped unstored; behind a longer
/// `Content-Length` nothing is read any more.
pub const MAX_MESSAGE: usize = 64 << 20;
/// Most requests in flight on one connection. With `Content-Length` one more is answered `busy`; in lines, where a
/// script may have written all of its requests before the first is answered, one more waits.
pub const MAX_REQUESTS: usize = 1024;
/// How long the writer may take for what is queued once the loop has ended.
const DRAIN: Duration = Duration::from_millis(400);

/// What stands behind a connection. The loop hands it one call at a time, under a number of the loop's own.
pub trait Dispatch: Send + 'static {
    /// Begins to answer a request. Once it is cancelled it must end soon, with what is to be said of it.
    fn call(
        &mut self,
        method: &str,
        params: Option<Value>,
        number: u64,
        cancelled: CancellationToken,
    ) -> BoxFuture<'static, Answer>;
    /// Takes a notification. What the future does before its first await is done in the order of arrival.
    fn notify(&mut self, method: &str, params: Option<Value>) -> BoxFuture<'static, ()>;
    /// A message could not be read, of which this much is known, and which may have been a notification: what it would
    /// have changed is not known from here on. In the order of arrival.
    fn lost(&mut self, _method: Option<&str>, _params: Option<&Value>) {}
    /// The answer to a request that has no other.
    fn refusal(why: Refusal) -> ErrorObject;
}

/// Why a request has no answer of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is one too many.
    Busy,
    /// It was cancelled before it began.
    Cancelled,
    /// Its handler has panicked. Why is in the log.
    Defect,
}

/// Why the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The peer said `exit`.
    Exit,
    /// No more input.
    Input,
    /// The peer does not take output any more.
    Output,
    /// It has got all that there was to say.
    Written,
    /// The peer's process is gone.
    Parent,
    /// The framing is lost.
    Broken,
}

/// Serves one connection until its peer leaves, and returns the exit code of a process that served only this one:
/// 0 after an orderly end, else 1. `dispatch` makes what stands behind the connection, with the way out to its peer.
pub async fn serve<R, W, D>(
    connection: Connection<R, W>,
    framing: Framing,
    dispatch: impl FnOnce(Outbox) -> D,
) -> u8
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
    D: Dispatch,
{
    let Connection { input, output, parent, hangup } = connection;
    let (outbox, writer) = Outbox::new(framing, output);
    let (watch, watched) = watch::channel(parent);
    let hangup = gone(hangup);
    // Whatever the loop waits for, the end of its peer is seen.
    let mut gone = std::pin::pin!(async move {
        tokio::select! {
            biased;
            written = writer => match written {
                Ok(Ok(())) => End::Written,
                Ok(Err(error)) => no_output(&error),
                Err(_) => End::Output,
            },
            () = hangup => End::Output,
            () = parent::watched_is_gone(watched) => End::Parent,
        }
    });
    let mut reader = Reader::new(outbox.clone(), dispatch(outbox), framing, watch);
    let mut end = tokio::select! {
        biased;
        end = &mut gone => end,
        end = reader.read(input) => end,
    };
    tracing::debug!(?end, "connection ends");

    // The line door finishes what it was asked: `echo … | litellm-ls --transport lines` ends its input at once.
    let finishes = framing == Framing::Lines && end == End::Input;
    if finishes {
        tokio::select! {
            biased;
            early = &mut gone => end = early,
            () = reader.finish_tasks() => {}
        }
    }
    let has_shut_down = reader.has_shut_down();
    reader.abort().await;
    let orderly = match end {
        // However slowly it reads, it wants what it asked for.
        End::Input if finishes => gone.await == End::Written,
        End::Exit | End::Input | End::Broken => {
            drop(tokio::time::timeout(DRAIN, gone).await);
            end != End::Broken && (framing == Framing::Lines || has_shut_down)
        }
        End::Output | End::Parent | End::Written => false,
    };
    u8::from(!orderly)
}

/// The peer takes no more. That it has closed its end is usual; a full disk is not.
fn no_output(error: &std::io::Error) -> End {
    if error.kind() != std::io::ErrorKind::BrokenPipe {
        tracing::error!(%error, "the output takes no more");
    }
    End::Output
}
