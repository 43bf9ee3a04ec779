//! Carries JSON-RPC messages between a peer and the door that answers it.
//!
//! One loop reads, one writer writes, and every request is a task between them. The loop owns what must hold for
//! every method alike: ids, cancellation, panics, limits and the end of the process. It knows no method of ours.

mod batch;
mod connection;
mod content_length;
mod frame;
mod inflight;
mod lines;
mod message;
mod outbox;
mod parent;
mod surrogates;

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite},
    sync::Semaphore,
    task::JoinSet,
};

pub use connection::Connection;
pub use frame::{Decoder, Frame, Framing};
pub use message::{Answer, ErrorObject, RawAnswer};
pub use outbox::{Closed, Outbox};

use crate::apart::apart;
use batch::Batch;
use inflight::{Inflight, Slot};
use message::{Incoming, Response};

/// Most bytes of one incoming message; a longer one is answered with an error and skipped unstored.
pub const MAX_MESSAGE: usize = 64 << 20;
/// From this many bytes on a message takes milliseconds to read.
const LARGE_MESSAGE: usize = 256 << 10;
/// Most requests in flight on one connection; one more is answered `busy`.
pub const MAX_REQUESTS: usize = 1024;
/// Most replies that wait for room in the queue while the peer does not read; one more ends the connection.
const MAX_WAITING_REPLIES: usize = 256;
/// How long the writer may take for what is queued once the loop has ended.
const DRAIN: Duration = Duration::from_millis(500);
/// How much is read at once.
const READ_SIZE: usize = 64 << 10;

/// What stands behind a connection. The loop hands it one call at a time, under a number of the loop's own.
pub trait Dispatch: Send + 'static {
    /// Begins to answer a request.
    fn call(&mut self, method: &str, params: Option<Value>, number: u64) -> BoxFuture<'static, Answer>;
    /// Takes a notification. What the future does before its first await is done in the order of arrival.
    fn notify(&mut self, method: &str, params: Option<Value>) -> BoxFuture<'static, ()>;
    /// Forgets request `number`, which was cancelled or has panicked.
    fn forget(&mut self, number: u64);
    /// The answer to one request too many.
    fn busy(&self) -> ErrorObject;
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
    /// The peer's process is gone.
    Parent,
    /// The framing is lost, or the peer reads nothing.
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
    let Connection { mut input, output, parent, hangup } = connection;
    let (outbox, mut writer) = Outbox::new(framing, output);
    let mut parent = std::pin::pin!(parent::gone(parent));
    let mut hangup = hangup.unwrap_or_else(|| std::future::pending().boxed());
    let mut peer = Loop::new(outbox.clone(), dispatch(outbox), framing);
    let mut decoder = Decoder::new(framing, MAX_MESSAGE);
    let mut buffer = BytesMut::with_capacity(READ_SIZE);

    let mut end = 'connection: loop {
        while let Some(frame) = decoder.decode(&mut buffer) {
            if let Some(end) = peer.take(frame).await {
                break 'connection end;
            }
        }
        buffer.reserve(READ_SIZE);
        let read = tokio::select! {
            biased;
            _ = &mut writer => break End::Output,
            () = &mut hangup => break End::Output,
            () = &mut parent => break End::Parent,
            pid = peer.watched() => {
                parent.set(parent::gone(Some(pid)));
                continue;
            }
            read = input.read_buf(&mut buffer) => read,
        };
        if !matches!(read, Ok(1..)) {
            if let Some(frame) = decoder.finish(&mut buffer)
                && let Some(end) = peer.take(frame).await
            {
                break end;
            }
            break End::Input;
        }
    };
    tracing::debug!(?end, "connection ends");

    // The line door finishes what it was asked: `echo … | litellm-ls --transport lines` ends its input at once.
    if framing == Framing::Lines && end == End::Input {
        tokio::select! {
            _ = &mut writer => end = End::Output,
            () = &mut hangup => end = End::Output,
            () = &mut parent => end = End::Parent,
            () = peer.finish_tasks() => {}
        }
    }
    let orderly = match end {
        End::Exit | End::Input => framing == Framing::Lines || peer.shutdown,
        End::Output | End::Parent | End::Broken => false,
    };
    peer.abort().await;
    if end != End::Output {
        let _ = tokio::time::timeout(DRAIN, writer).await;
    }
    u8::from(!orderly)
}

/// Reads a message; a large one beside the thread that serves everybody.
async fn parse(bytes: Bytes) -> serde_json::Result<Value> {
    let is_large = bytes.len() >= LARGE_MESSAGE;
    let parse = move || {
        serde_json::from_slice(&bytes).or_else(|error| {
            let mut bytes = Vec::from(bytes);
            if surrogates::mend(&mut bytes) { serde_json::from_slice(&bytes) } else { Err(error) }
        })
    };
    if is_large { apart(parse).await } else { parse() }
}

/// The state of one connection.
struct Loop<D> {
    outbox: Outbox,
    dispatch: D,
    framing: Framing,
    inflight: Inflight,
    tasks: JoinSet<()>,
    replies: Arc<Semaphore>,
    shutdown: bool,
    watch: Option<u32>,
}

/// What became of one message.
enum Started {
    /// Nothing to say, or nothing yet.
    Nothing,
    /// Answered at once.
    Now(Response),
    /// The answer takes time.
    Later(BoxFuture<'static, Response>),
    /// The peer leaves.
    Exit,
}

impl<D: Dispatch> Loop<D> {
    fn new(outbox: Outbox, dispatch: D, framing: Framing) -> Self {
        Self {
            outbox,
            dispatch,
            framing,
            inflight: Inflight::new(MAX_REQUESTS),
            tasks: JoinSet::new(),
            replies: Arc::new(Semaphore::new(MAX_WAITING_REPLIES)),
            shutdown: false,
            watch: None,
        }
    }

    /// The process id that `initialize` named, once.
    async fn watched(&mut self) -> u32 {
        match self.watch.take() {
            Some(pid) => pid,
            None => std::future::pending().await,
        }
    }

    async fn finish_tasks(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }

    /// Drops every request, and so every upstream connection, and lets the writer see the end of the queue.
    async fn abort(mut self) {
        self.tasks.shutdown().await;
    }

    /// Takes one frame off the wire.
    async fn take(&mut self, frame: Frame) -> Option<End> {
        while self.tasks.try_join_next().is_some() {}
        match frame {
            Frame::Message(bytes) => match parse(bytes).await {
                Err(_) => self.reply_now(Response::to_nobody(ErrorObject::parse_error())),
                Ok(Value::Array(batch)) if self.framing == Framing::Lines && !batch.is_empty() => {
                    self.take_batch(batch).await
                }
                Ok(message) => match self.start(message).await {
                    Started::Nothing => None,
                    Started::Now(response) => self.reply_now(response),
                    Started::Later(response) => self.reply_later(response),
                    Started::Exit => Some(End::Exit),
                },
            },
            Frame::TooLong(length) => self.reply_now(Response::to_nobody(ErrorObject::invalid_request(
                format!("a message of {length} bytes is over the limit of {MAX_MESSAGE}: send less at once"),
            ))),
            Frame::Lost(reason) => {
                tracing::error!(reason, "the framing is lost");
                let mut error = ErrorObject::parse_error();
                error.message = reason.into();
                self.reply_now(Response::to_nobody(error));
                Some(End::Broken)
            }
        }
    }

    async fn take_batch(&mut self, messages: Vec<Value>) -> Option<End> {
        let mut batch = Batch::default();
        for message in messages {
            match self.start(message).await {
                Started::Nothing => {}
                Started::Now(response) => batch.ready(response),
                Started::Later(response) => batch.pending(response),
                Started::Exit => return Some(End::Exit),
            }
        }
        match batch.close() {
            batch::Closed::Empty => None,
            batch::Closed::Ready(responses) => self.send_now(self.outbox.encode(&responses)),
            batch::Closed::Pending(responses) => {
                let outbox = self.outbox.clone();
                self.tasks.spawn(async move {
                    let _ = outbox.send(&responses.await).await;
                });
                None
            }
        }
    }

    fn reply_now(&mut self, response: Response) -> Option<End> {
        self.send_now(self.outbox.encode(&response))
    }

    /// The reader never waits for the queue: what does not fit at once goes by a task, and a peer that lets too
    /// many of those wait is not reading.
    fn send_now(&mut self, frame: Bytes) -> Option<End> {
        let Err(frame) = self.outbox.try_send(frame) else { return None };
        let Ok(permit) = self.replies.clone().try_acquire_owned() else {
            tracing::error!("the peer does not read: {MAX_WAITING_REPLIES} replies wait");
            return Some(End::Broken);
        };
        let outbox = self.outbox.clone();
        self.tasks.spawn(async move {
            let _permit = permit;
            let _ = outbox.send_frame(frame).await;
        });
        None
    }

    fn reply_later(&mut self, response: BoxFuture<'static, Response>) -> Option<End> {
        let outbox = self.outbox.clone();
        self.tasks.spawn(async move {
            // Invariant: the response is the last message of its request, for the task that sent the partials sends it.
            let response = response.await;
            let _ = outbox.send(&response).await;
        });
        None
    }

    /// Starts what a message asks for.
    async fn start(&mut self, message: Value) -> Started {
        match Incoming::read(message) {
            Ok(Incoming::Request { id, method, params }) => self.start_request(id, method, params).await,
            Ok(Incoming::Notification { method, params }) => self.take_notification(&method, params),
            Ok(Incoming::Reply { id, reply }) => {
                self.outbox.answered(&id, reply);
                Started::Nothing
            }
            Err(no_message) => Started::Now(no_message.into()),
        }
    }

    fn take_notification(&mut self, method: &str, params: Option<Value>) -> Started {
        match method {
            "exit" => return Started::Exit,
            "$/cancelRequest" => {
                if let Some(number) =
                    params.as_ref().and_then(|params| self.inflight.cancel(params.get("id")?))
                {
                    self.dispatch.forget(number);
                }
                return Started::Nothing;
            }
            _ => {}
        }
        let mut notification = self.dispatch.notify(method, params);
        if AssertUnwindSafe(&mut notification).catch_unwind().now_or_never().is_none() {
            self.tasks.spawn(notification);
        }
        Started::Nothing
    }

    async fn start_request(&mut self, id: Value, method: String, mut params: Option<Value>) -> Started {
        match method.as_str() {
            "initialize" => self.watch = parent::named_in(params.as_ref()),
            "shutdown" => {
                self.shutdown = true;
                params = None;
            }
            _ => {}
        }
        let (slot, place) = match self.inflight.open(&id) {
            Slot::Open(slot, place) => (slot, place),
            Slot::IdInUse => {
                let error = ErrorObject::invalid_request("this id is in use by another request".into());
                return Started::Now(Response::new(id, Err(error)));
            }
            Slot::Full => return Started::Now(Response::new(id, Err(self.dispatch.busy()))),
        };
        let call = self.dispatch.call(&method, params, slot.number);
        let mut response = async move {
            let answer = tokio::select! {
                biased;
                () = slot.cancelled() => Err(ErrorObject::cancelled()),
                answer = AssertUnwindSafe(call).catch_unwind() => {
                    answer.unwrap_or_else(|_| Err(ErrorObject::internal()))
                }
            };
            drop(slot);
            Response::new(id, answer).in_place(place)
        }
        .boxed();
        // A barrier: requests sent behind `initialize` must not be refused for coming early.
        if method == "initialize" {
            return Started::Now(response.await);
        }
        // Invariant: what a handler does before its first await is done before the next message is read.
        match (&mut response).now_or_never() {
            Some(response) => Started::Now(response),
            None => Started::Later(response),
        }
    }
}
