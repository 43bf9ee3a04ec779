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
    envelope::Envelope,
    inflight::{Inflight, Slot},
    message::{Incoming, Response},
    parent,
    read::{LARGE, beside, read, without_mark},
    unreadable::sorted_by,
    waiting::{Message, Waiting},
};
use crate::{
    masking::masked,
    memory,
    off_thread::{Work, off_thread},
};

/// How much is read at once.
const READ_SIZE: usize = 64 << 10;
/// For how long messages are begun one after another before others have their turn: who writes many at once delays
/// nobody's stream.
const TURN: Duration = Duration::from_micros(100);

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
    taking: Option<Taking>,
    /// The process whose end is the end of the connection.
    watch: watch::Sender<Option<u32>>,
    has_shut_down: bool,
    /// Whether anything came.
    has_begun: bool,
    /// When others last had their turn.
    turn: Instant,
}

/// What became of one message.
enum Started {
    /// Nothing to say, or nothing yet.
    Nothing,
    /// Answered at once.
    Now(Response),
    /// There is more to do; a notification comes to no answer.
    Later(Work<Option<Response>>),
    /// The peer leaves.
    Exit,
}

/// A large message that is taken in beside the thread that serves everybody. What comes behind it waits for its turn, but
/// for what [needs no room](Reader::arrive).
struct Taking {
    step: BoxFuture<'static, Taken>,
    /// How far it has come, once a step is done.
    taken: Option<Taken>,
    batch: Option<Arc<Batch>>,
    /// What was cancelled meanwhile and is not known: it may be this one.
    cancelled: Vec<Value>,
}

enum Taken {
    Read(Incoming),
    Begun(Work<Option<Response>>),
}

impl Taking {
    fn new(step: impl Future<Output = Taken> + Send + 'static, batch: Option<Arc<Batch>>) -> Self {
        Self { step: step.boxed(), taken: None, batch, cancelled: Vec::new() }
    }
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
            taking: None,
            watch,
            has_shut_down: false,
            has_begun: false,
            turn: Instant::now(),
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
            let asked = Instant::now();
            let read = tokio::select! {
                biased;
                () = self.ready(), if self.holds_back() => None,
                read = input.read_buf(&mut space), if !self.waiting.is_full() => Some(read),
            };
            memory::stir();
            // Whoever waited that long has left the others their turn.
            if asked.elapsed() >= TURN {
                self.turn = Instant::now();
            }
            match read {
                None => {
                    if let Some(end) = self.go_on().await {
                        break end;
                    }
                }
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
        while self.holds_back() {
            if tokio::time::timeout(limit, self.ready()).await.is_err() {
                return end;
            }
            self.go_on().await;
        }
        while self.outbox.owed() > 0 && tokio::time::timeout(limit, self.outbox.paid(1)).await.is_ok() {}
        end
    }

    /// Whether another message may begin: the one before it must have, and there must be room for its answer. In lines
    /// requests wait for a place too, for a script has no use for `busy`.
    fn has_room(&self) -> bool {
        self.taking.is_none()
            && self.outbox.has_room()
            && (self.framing != Framing::Lines || self.inflight.has_place())
    }

    /// Whether something has come that has not begun.
    fn holds_back(&self) -> bool {
        self.taking.is_some() || !self.waiting.is_empty()
    }

    /// Waits until what is held back can go on.
    async fn ready(&mut self) {
        if let Some(taking) = &mut self.taking {
            taking.taken = Some((&mut taking.step).await);
            return;
        }
        while !self.has_room() {
            self.outbox.room().await;
            if self.framing == Framing::Lines {
                self.inflight.place().await;
            }
        }
    }

    /// Goes on with what is held back.
    async fn go_on(&mut self) -> Option<End> {
        if let Some(Taking { taken: Some(taken), batch, cancelled, .. }) = self.taking.take() {
            match taken {
                Taken::Read(incoming) => {
                    let end = self.start(incoming, batch, true).await;
                    cancelled.iter().for_each(|id| self.cancel(id));
                    return end;
                }
                Taken::Begun(work) => self.finish(work, batch),
            }
        }
        while self.has_room()
            && let Some(message) = self.waiting.pop()
        {
            self.begin(message).await;
        }
        None
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
            Frame::TooLong(length, envelope) => {
                let error =
                    too_much(&format!("a message of {length} bytes is over the limit of {MAX_MESSAGE}"));
                self.start(sorted_by(envelope, error, || None), None, false).await
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
                let error = too_much(&format!("a batch has more than {} messages", batch::MAX_BATCH));
                self.outbox.reply(Response::to_nobody(error));
                None
            }
            // What is wrong with it is said where it is read.
            _ => self.arrive(Message { bytes, batch: None }).await,
        }
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
        if self.turn.elapsed() >= TURN {
            tokio::task::yield_now().await;
            self.turn = Instant::now();
        }
        // What can't wait while another is taken in is waited for.
        if bytes.len() >= LARGE && self.taking.is_none() {
            let reading = off_thread(move || Taken::Read(read(bytes)));
            self.taking = Some(Taking::new(reading, batch));
            return None;
        }
        let incoming = beside(bytes, read).await;
        self.start(incoming, batch, false).await
    }

    /// Starts what a message asks for; a large one beside the thread that serves everybody.
    async fn start(
        &mut self,
        incoming: Incoming,
        mut batch: Option<Arc<Batch>>,
        is_large: bool,
    ) -> Option<End> {
        let started = match incoming {
            Incoming::Request { id, method, params } => {
                self.start_request(id, method, params, is_large).await
            }
            Incoming::Notification { method, params } => {
                // No answer waits for it.
                batch = None;
                self.take_notification(&method, params, is_large)
            }
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
            Started::Later(work) if is_large => {
                let beginning = async { Taken::Begun(work.begin_beside().await) };
                self.taking = Some(Taking::new(beginning, batch));
            }
            Started::Later(work) => self.finish(work, batch),
            Started::Exit => return Some(End::Exit),
        }
        None
    }

    /// Has what is begun come to its end.
    fn finish(&mut self, work: Work<Option<Response>>, batch: Option<Arc<Batch>>) {
        let outbox = self.outbox.clone();
        self.tasks.spawn(async move {
            // Invariant: the response is the last message of its request, for the task that sent the partials sends it.
            match (work.finish().await, batch) {
                (Some(response), Some(batch)) => batch.add(response),
                (Some(response), None) => outbox.respond(response).await,
                (None, _) => {}
            }
        });
    }

    fn answer(&self, response: Response, batch: Option<&Arc<Batch>>) {
        match batch {
            Some(batch) => batch.add(response),
            None => self.outbox.reply(response),
        }
    }

    fn take_notification(&mut self, method: &str, params: Option<Value>, is_large: bool) -> Started {
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
        let notification = AssertUnwindSafe(self.dispatch.notify(method, params)).catch_unwind();
        let mut work = Work::new(notification.map(|_| None), is_large);
        match is_large {
            false if work.begin().is_some() => Started::Nothing,
            _ => Started::Later(work),
        }
    }

    fn cancel(&mut self, id: &Value) {
        if self.inflight.cancel(id) {
            return;
        }
        if let Some(message) = self.waiting.cancel(id) {
            let cancelled = Response::new(id.clone(), Err(D::refusal(Refusal::Cancelled)));
            self.answer(cancelled, message.batch.as_ref());
        } else if let Some(taking) = self.taking.as_mut().filter(|it| it.cancelled.len() < MAX_REQUESTS) {
            taking.cancelled.push(id.clone());
        }
    }

    async fn start_request(
        &mut self,
        id: Value,
        method: String,
        mut params: Option<Value>,
        is_large: bool,
    ) -> Started {
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
        let response = async move {
            let answer = AssertUnwindSafe(call).catch_unwind().await;
            let answer = answer.unwrap_or_else(|_| Err(D::refusal(Refusal::Defect)));
            drop(slot);
            told.ended(answer.as_ref().err());
            Some(Response::new(id, answer).in_place(place))
        };
        let mut work = Work::new(response, is_large);
        // A barrier: requests sent behind `initialize` must not be refused for coming early.
        if method == "initialize" {
            return work.finish().await.map_or(Started::Nothing, Started::Now);
        }
        // Invariant: what a handler does before its first await is done before the next message begins.
        match if is_large { None } else { work.begin() } {
            Some(response) => response.map_or(Started::Nothing, Started::Now),
            None => Started::Later(work),
        }
    }
}

fn too_much(reason: &str) -> ErrorObject {
    ErrorObject::invalid_request(format!("{reason}: send less at once"))
}

/// What the log is told of a request: never its params, and never its answer.
struct Told(Option<(String, String, Instant)>);

impl Told {
    fn of(method: &str, id: &impl std::fmt::Debug) -> Self {
        let is_heard = tracing::enabled!(tracing::Level::DEBUG);
        let told = is_heard.then(|| (masked(method), format!("{id:?}"), Instant::now()));
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
