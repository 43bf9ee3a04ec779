//! The loop: takes messages in, begins what they ask for, and keeps back what can't begin yet.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::{BufMut, Bytes, BytesMut};
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    sync::watch,
    task::JoinSet,
};

use super::{
    DRAIN, Decoder, Dispatch, End, ErrorObject, Frame, Framing, MAX_MESSAGE, MAX_REQUESTS, Outbox, Refusal,
    batch::{self, Batch},
    inflight::{Inflight, Slot},
    message::{Incoming, Response},
    parent,
    read::{beside, read, without_mark},
    unreadable::Envelope,
    waiting::{Message, Waiting},
};

/// How much is read at once.
const READ_SIZE: usize = 64 << 10;
/// After how many messages in a row others have their turn: who writes many at once delays nobody's stream.
const TURN: usize = 64;

/// The cancel button of a progress display.
pub const CANCEL_PROGRESS: &str = "window/workDoneProgress/cancel";

/// The state of one connection.
pub(super) struct Reader<D> {
    outbox: Outbox,
    dispatch: D,
    framing: Framing,
    inflight: Inflight,
    tasks: JoinSet<()>,
    waiting: Waiting,
    /// The process whose end is the end of the connection.
    watch: watch::Sender<Option<u32>>,
    has_shut_down: bool,
    /// Whether anything came.
    has_begun: bool,
    /// Messages since others had their turn.
    in_a_row: usize,
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

impl<D: Dispatch> Reader<D> {
    pub(super) fn new(
        outbox: Outbox,
        dispatch: D,
        framing: Framing,
        watch: watch::Sender<Option<u32>>,
    ) -> Self {
        Self {
            outbox,
            dispatch,
            framing,
            inflight: Inflight::new(MAX_REQUESTS),
            tasks: JoinSet::new(),
            waiting: Waiting::default(),
            watch,
            has_shut_down: false,
            has_begun: false,
            in_a_row: 0,
        }
    }

    /// Whether the peer said `shutdown`.
    pub(super) fn has_shut_down(&self) -> bool {
        self.has_shut_down
    }

    pub(super) async fn finish_tasks(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }

    /// Drops every request, and so every upstream connection, and lets the writer see the end of the queue.
    pub(super) async fn abort(mut self) {
        self.tasks.shutdown().await;
    }

    /// Reads until the peer leaves. What it can't begin is kept back; where that is too much it reads no more, and
    /// then the peer waits.
    pub(super) async fn read(&mut self, mut input: impl AsyncRead + Unpin) -> End {
        let mut decoder = Decoder::new(self.framing, MAX_MESSAGE);
        let mut buffer = BytesMut::with_capacity(READ_SIZE);
        let end = 'reading: loop {
            while let Some(frame) = decoder.decode(&mut buffer) {
                if let Some(end) = self.take(frame).await {
                    break 'reading end;
                }
            }
            buffer.reserve(READ_SIZE);
            let mut space = (&mut buffer).limit(READ_SIZE);
            let read = tokio::select! {
                biased;
                () = self.room(), if !self.waiting.is_empty() => None,
                read = input.read_buf(&mut space), if !self.waiting.is_full() => Some(read),
            };
            match read {
                None => self.begin_waiting().await,
                Some(Ok(1..)) => {}
                Some(_) => {
                    let last = decoder.finish(&mut buffer);
                    if last.is_none() && !self.has_begun && self.framing == Framing::ContentLength {
                        tracing::warn!(
                            "the input ended before a message came: an editor starts this server, and speaks LSP with it"
                        );
                    }
                    let left = match last {
                        Some(frame) => self.take(frame).await,
                        None => None,
                    };
                    break left.unwrap_or(End::Input);
                }
            }
        };
        // A line door's script that is slow to read gets all that it asked for. Everybody else has left, and gets it
        // as long as somebody reads.
        let finishes = self.framing == Framing::Lines && end == End::Input;
        let limit = if finishes { Duration::MAX } else { DRAIN };
        while !self.waiting.is_empty() {
            if tokio::time::timeout(limit, self.room()).await.is_err() {
                return end;
            }
            self.begin_waiting().await;
        }
        while self.outbox.owed() > 0 && tokio::time::timeout(limit, self.outbox.paid(1)).await.is_ok() {}
        end
    }

    /// Whether another message may begin: there must be room for its answer. In lines requests wait for a place too,
    /// for a script has no use for `busy`.
    fn has_room(&self) -> bool {
        self.outbox.has_room() && (self.framing != Framing::Lines || self.inflight.has_place())
    }

    async fn room(&mut self) {
        while !self.has_room() {
            self.outbox.room().await;
            if self.framing == Framing::Lines {
                self.inflight.place().await;
            }
        }
    }

    async fn begin_waiting(&mut self) {
        while self.has_room()
            && let Some(message) = self.waiting.pop()
        {
            self.begin(message).await;
        }
    }

    /// Takes one frame off the wire.
    async fn take(&mut self, frame: Frame) -> Option<End> {
        self.has_begun = true;
        match frame {
            Frame::Message(bytes) => {
                let bytes = without_mark(bytes);
                if self.framing == Framing::Lines && batch::is_batch(&bytes) {
                    self.take_batch(bytes).await
                } else {
                    self.arrive(Message { bytes, batch: None }).await
                }
            }
            Frame::TooLong(length) => {
                self.dispatch.lost(None, None);
                self.refuse(format!("a message of {length} bytes is over the limit of {MAX_MESSAGE}"));
                None
            }
            Frame::Lost(reason) => {
                tracing::error!(reason, "the framing is lost");
                self.outbox.reply(Response::to_nobody(ErrorObject::parse_error(reason)));
                Some(End::Broken)
            }
        }
    }

    async fn take_batch(&mut self, bytes: Bytes) -> Option<End> {
        match beside(bytes.clone(), |bytes| batch::split(&bytes)).await {
            Ok(messages) if !messages.is_empty() => {
                let batch = Batch::new(self.outbox.clone());
                for bytes in messages {
                    if let Some(end) = self.arrive(Message { bytes, batch: Some(batch.clone()) }).await {
                        return Some(end);
                    }
                }
                None
            }
            Err(error) if error.is_data() => {
                self.refuse(format!("a batch has more than {} messages", batch::MAX_BATCH));
                None
            }
            // What is wrong with it is said where it is read.
            _ => self.arrive(Message { bytes, batch: None }).await,
        }
    }

    fn refuse(&self, reason: String) {
        let error = ErrorObject::invalid_request(format!("{reason}: send less at once"));
        self.outbox.reply(Response::to_nobody(error));
    }

    /// Begins a message, or keeps it back behind others. What needs no room goes on all the same: replies, cancels
    /// and the end.
    async fn arrive(&mut self, message: Message) -> Option<End> {
        if self.waiting.is_empty() && self.has_room() {
            return self.begin(message).await;
        }
        let Envelope { id, method, is_answer } = Envelope::scan(&message.bytes);
        match method.as_deref() {
            Some("exit" | "$/cancelRequest") if id.is_none() => return self.begin(message).await,
            None if is_answer => return self.begin(message).await,
            Some(CANCEL_PROGRESS) if id.is_none() => {
                if let Some(id) = self.waiting.with_progress_of(&message.bytes) {
                    self.cancel(&id);
                }
                return self.begin(message).await;
            }
            Some("shutdown") => self.has_shut_down = true,
            _ => {}
        }
        self.waiting.push(message, id.filter(|_| method.is_some()).as_ref());
        None
    }

    /// Begins what a message asks for.
    async fn begin(&mut self, Message { bytes, batch }: Message) -> Option<End> {
        while self.tasks.try_join_next().is_some() {}
        self.in_a_row += 1;
        if self.in_a_row == TURN {
            self.in_a_row = 0;
            tokio::task::yield_now().await;
        }
        let started = match beside(bytes, read).await {
            Incoming::Request { id, method, params } => self.start_request(id, method, params).await,
            Incoming::Notification { method, params } => self.take_notification(&method, params),
            Incoming::Reply { id, reply } => {
                self.outbox.answered(&id, reply);
                Started::Nothing
            }
            Incoming::Refused { id, error } => Started::Now(Response::new(id, Err(error))),
            Incoming::Lost { method, params, error } => {
                self.dispatch.lost(method.as_deref(), params.as_ref());
                Started::Now(Response::to_nobody(error))
            }
        };
        match started {
            Started::Nothing => {}
            Started::Now(response) => self.answer(response, batch.as_ref()),
            Started::Later(response) => {
                let outbox = self.outbox.clone();
                self.tasks.spawn(async move {
                    // Invariant: the response is the last message of its request, for the task that sent the
                    // partials sends it.
                    let response = response.await;
                    match batch {
                        Some(batch) => batch.add(response),
                        None => outbox.respond(response).await,
                    }
                });
            }
            Started::Exit => return Some(End::Exit),
        }
        None
    }

    fn answer(&self, response: Response, batch: Option<&Arc<Batch>>) {
        match batch {
            Some(batch) => batch.add(response),
            None => self.outbox.reply(response),
        }
    }

    fn take_notification(&mut self, method: &str, params: Option<Value>) -> Started {
        match method {
            "exit" => return Started::Exit,
            "$/cancelRequest" => {
                if let Some(id) = params.as_ref().and_then(|params| params.get("id")) {
                    self.cancel(id);
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

    fn cancel(&mut self, id: &Value) {
        if self.inflight.cancel(id) {
            return;
        }
        if let Some(message) = self.waiting.cancel(id) {
            let cancelled = Response::new(id.clone(), Err(D::refusal(Refusal::Cancelled)));
            self.answer(cancelled, message.batch.as_ref());
        }
    }

    async fn start_request(&mut self, id: Value, method: String, mut params: Option<Value>) -> Started {
        match method.as_str() {
            "initialize" => {
                if let Some(process) = parent::named_in(params.as_ref()) {
                    self.watch.send_replace(Some(process));
                }
            }
            "shutdown" => {
                self.has_shut_down = true;
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
            Slot::Full => return Started::Now(Response::new(id, Err(D::refusal(Refusal::Busy)))),
        };
        let call = self.dispatch.call(&method, params, slot.number, slot.cancelled.clone());
        let told = Told::of(&method, &id);
        let mut response = async move {
            let answer = AssertUnwindSafe(call).catch_unwind().await;
            let answer = answer.unwrap_or_else(|_| Err(D::refusal(Refusal::Defect)));
            drop(slot);
            told.ended(answer.as_ref().err());
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

/// What the log is told of a request: never its params, and never its answer.
struct Told(Option<(String, String, Instant)>);

impl Told {
    fn of(method: &str, id: &impl std::fmt::Debug) -> Self {
        let is_heard = tracing::enabled!(tracing::Level::DEBUG);
        let told = is_heard.then(|| (method.to_owned(), format!("{id:?}"), Instant::now()));
        if let Some((method, id, _)) = &told {
            tracing::trace!(?method, id, "a request begins");
        }
        Self(told)
    }

    fn ended(self, error: Option<&ErrorObject>) {
        let Some((method, id, since)) = self.0 else { return };
        let ms = since.elapsed().as_millis();
        match error {
            None => tracing::debug!(?method, id, ms, "answered"),
            Some(error) => tracing::debug!(?method, id, ms, code = error.code, "answered with an error"),
        }
    }
}
