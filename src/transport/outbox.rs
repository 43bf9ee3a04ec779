//! The one way out: a bounded queue to one writer.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::BufMut;
use serde::Serialize;
use serde_json::Value;
use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot},
    task::JoinHandle,
};

use super::{
    Framing,
    frame::{Encoded, encode, encode_aside},
    message::Response,
};
use crate::{lock::lock, memory};

/// How many messages wait for the writer before their senders wait too.
const QUEUE: usize = 8;
/// How many pieces of news wait beside them while the peer does not read: a few for each request in flight.
const NEWS: usize = 4096;
/// How many bytes of the loop's own answers may wait for the writer before nothing more is begun that is answered at
/// once. One message that is begun before may go beyond it.
const REPLIES: usize = 1 << 20;
/// A message at least this long is written by itself; shorter ones are joined into one write.
const LARGE: usize = 64 << 10;

/// The peer takes no more output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the peer takes no more output")]
pub struct Closed;

/// Where everything that goes to a peer goes through, in order.
#[derive(Debug, Clone)]
pub struct Outbox {
    /// Bounded by permits and by what is owed: every message in it counts as one or the other.
    queue: mpsc::UnboundedSender<Queued>,
    /// For what can wait for room.
    room: Arc<Semaphore>,
    /// For what can't.
    news: Arc<Semaphore>,
    /// What the loop owes, for it can't wait.
    owed: Arc<Owed>,
    framing: Framing,
    questions: Arc<Questions>,
}

/// A message on its way to the writer.
struct Queued {
    frame: Encoded,
    _counted: Counted,
}

/// What a message in the queue counts as, until the writer takes it.
enum Counted {
    Permit { _permit: OwnedSemaphorePermit },
    Owed { bytes: usize, owed: Arc<Owed> },
}

impl Drop for Counted {
    fn drop(&mut self) {
        if let Self::Owed { bytes, owed } = self {
            owed.bytes.fetch_sub(*bytes, Ordering::Relaxed);
            owed.paid.notify_waiters();
        }
    }
}

/// How many bytes of the loop's own answers wait for the writer.
#[derive(Debug, Default)]
struct Owed {
    bytes: AtomicUsize,
    paid: Notify,
}

/// Requests of ours that the peer has not answered yet.
#[derive(Debug, Default)]
struct Questions {
    next: AtomicU64,
    waiting: Mutex<HashMap<String, oneshot::Sender<Option<Value>>>>,
}

impl Questions {
    fn waiting(&self) -> MutexGuard<'_, HashMap<String, oneshot::Sender<Option<Value>>>> {
        lock(&self.waiting)
    }
}

#[derive(Serialize)]
struct Notification<'a, P> {
    jsonrpc: &'static str,
    method: &'a str,
    params: P,
}

#[derive(Serialize)]
struct Question<'a, P> {
    jsonrpc: &'static str,
    id: &'a str,
    method: &'a str,
    params: P,
}

#[derive(Serialize)]
struct Progress<'a, T, V> {
    token: &'a T,
    value: V,
}

impl Outbox {
    /// An outbox, and the task that writes what is put in. The task ends with an error when the peer closes its end,
    /// and without one when the last outbox is dropped.
    pub(super) fn new(
        framing: Framing,
        output: impl AsyncWrite + Send + Unpin + 'static,
    ) -> (Self, JoinHandle<std::io::Result<()>>) {
        let (queue, receiver) = mpsc::unbounded_channel();
        let writer = tokio::spawn(write(output, receiver));
        let [room, news] = [QUEUE, NEWS].map(|permits| Arc::new(Semaphore::new(permits)));
        let outbox = Self { queue, room, news, owed: Arc::default(), framing, questions: Arc::default() };
        (outbox, writer)
    }

    /// Sends a notification; waits while the queue is full.
    ///
    /// # Errors
    /// [`Closed`] where the peer takes no more output.
    pub async fn notify(&self, method: &str, params: impl Serialize) -> Result<(), Closed> {
        self.send(&Notification { jsonrpc: "2.0", method, params }).await
    }

    /// Sends a notification if there is room for it right now. For hints that a later one makes up for.
    pub fn notify_if_room(&self, method: &str, params: impl Serialize) {
        let Ok(permit) = self.room.clone().try_acquire_owned() else { return };
        let frame = self.encode(&Notification { jsonrpc: "2.0", method, params });
        let _ = self.push(frame, Counted::Permit { _permit: permit });
    }

    /// Sends a notification without waiting for room. For what is said once, where nothing can be awaited: it goes out
    /// in its turn, however long the peer does not read.
    pub fn notify_now(&self, method: &str, params: impl Serialize) {
        match self.news.clone().try_acquire_owned() {
            Ok(permit) => {
                let frame = self.encode(&Notification { jsonrpc: "2.0", method, params });
                let _ = self.push(frame, Counted::Permit { _permit: permit });
            }
            Err(_) => tracing::error!(method, "the peer does not read: {NEWS} pieces of news wait"),
        }
    }

    /// Sends a piece of an answer as `$/progress`.
    ///
    /// # Errors
    /// [`Closed`] where the peer takes no more output.
    pub async fn partial(&self, token: &impl Serialize, value: impl Serialize) -> Result<(), Closed> {
        self.notify("$/progress", Progress { token, value }).await
    }

    /// Asks the peer, and returns its result. None where it answers with an error, leaves, or takes longer than
    /// `limit`. A reply that comes after that is nobody's, and is passed over.
    pub async fn ask(&self, method: &str, params: impl Serialize, limit: Duration) -> Option<Value> {
        /// Forgets the question however its asker ends.
        struct Asked<'a>(&'a Questions, String);
        impl Drop for Asked<'_> {
            fn drop(&mut self) {
                self.0.waiting().remove(&self.1);
            }
        }
        let number = self.questions.next.fetch_add(1, Ordering::Relaxed);
        let asked = Asked(&self.questions, format!("litellm-ls/{number}"));
        let (sender, reply) = oneshot::channel();
        self.questions.waiting().insert(asked.1.clone(), sender);
        self.send(&Question { jsonrpc: "2.0", id: &asked.1, method, params }).await.ok()?;
        tokio::time::timeout(limit, reply).await.ok()?.ok()?
    }

    /// Hands the peer's reply to whoever asked.
    pub(super) fn answered(&self, id: &Value, reply: Option<Value>) {
        let asker = id.as_str().and_then(|id| self.questions.waiting().remove(id));
        match asker {
            Some(asker) => drop(asker.send(reply)),
            None => tracing::debug!("a reply that nobody waits for"),
        }
    }

    /// Has the peer be asked under numbers from this one on.
    pub fn count_questions_from(&self, number: u64) {
        self.questions.next.store(number, Ordering::Relaxed);
    }

    /// Says something to who carries the messages to the peer, in its turn and without waiting for room.
    pub fn aside(&self, said: &impl Serialize) {
        self.owe(encode_aside(self.framing, said));
    }

    /// Sends an answer of the loop's own without waiting for room; whoever sends many asks for [room](Self::has_room).
    pub(super) fn reply(&self, response: Response) {
        let (frame, _place) = response.encode(self.framing);
        self.owe(frame);
    }

    /// The same with the answers to a batch.
    pub(super) fn reply_to_batch(&self, responses: &[Response]) {
        self.owe(self.encode(&responses));
    }

    fn owe(&self, frame: Encoded) {
        let bytes = frame.len();
        self.owed.bytes.fetch_add(bytes, Ordering::Relaxed);
        // Where the writer has ended, the loop ends too.
        let _ = self.push(frame, Counted::Owed { bytes, owed: self.owed.clone() });
    }

    /// Whether the loop may owe another answer.
    pub(super) fn has_room(&self) -> bool {
        self.owed() < REPLIES
    }

    /// Waits until the loop may owe another answer.
    pub(super) async fn room(&self) {
        while !self.has_room() {
            self.paid(REPLIES).await;
        }
    }

    /// How many bytes the loop owes.
    pub(super) fn owed(&self) -> usize {
        self.owed.bytes.load(Ordering::Relaxed)
    }

    /// Waits until the loop owes less than `bytes`, or at least less than it did.
    pub(super) async fn paid(&self, bytes: usize) {
        let paid = self.owed.paid.notified();
        if self.owed() >= bytes {
            paid.await;
        }
    }

    fn encode(&self, message: &impl Serialize) -> Encoded {
        encode(self.framing, message)
    }

    async fn send(&self, message: &impl Serialize) -> Result<(), Closed> {
        self.send_frame(self.encode(message)).await
    }

    async fn send_frame(&self, frame: Encoded) -> Result<(), Closed> {
        let permit = self.room.clone().acquire_owned().await.map_err(|_| Closed)?;
        self.push(frame, Counted::Permit { _permit: permit })
    }

    /// Sends the response of a request and keeps its place until it has gone; waits while the queue is full.
    pub(super) async fn respond(&self, response: Response) {
        let (frame, _place) = response.encode(self.framing);
        // Where the peer takes no more output, nobody waits for it.
        let _ = self.send_frame(frame).await;
    }

    fn push(&self, frame: Encoded, counted: Counted) -> Result<(), Closed> {
        self.queue.send(Queued { frame, _counted: counted }).map_err(|_| Closed)
    }
}

/// Writes what is queued, as much as is there with one write and one flush.
async fn write(
    mut output: impl AsyncWrite + Send + Unpin,
    mut queue: mpsc::UnboundedReceiver<Queued>,
) -> std::io::Result<()> {
    let mut taken = Vec::with_capacity(QUEUE);
    let mut frames = Vec::with_capacity(QUEUE);
    let mut joined = Vec::with_capacity(LARGE);
    while queue.recv_many(&mut taken, QUEUE).await > 0 {
        memory::stir();
        // What is taken makes room at once.
        frames.extend(taken.drain(..).map(|queued: Queued| queued.frame));
        for frame in frames.drain(..) {
            if joined.len() + frame.len() > LARGE {
                output.write_all(&joined).await?;
                joined.clear();
            }
            if frame.len() >= LARGE {
                output.write_all_buf(&mut frame.bytes()).await?;
            } else {
                joined.put(frame.bytes());
            }
        }
        output.write_all(&joined).await?;
        joined.clear();
        output.flush().await?;
    }
    Ok(())
}
