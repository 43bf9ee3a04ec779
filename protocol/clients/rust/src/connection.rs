//! Messages to the server and back: ids, answers, pieces of answers and events.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use litellm_ls_protocol::{
    Delta, DidChangeModels, DidChangeStatus, DidChangeUsage, Notification, ProgressParams, ProgressToken,
    ResponseError,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{json, value::RawValue};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{ChildStdin, ChildStdout},
    sync::{broadcast, mpsc, oneshot},
};

use crate::{Error, Event, Result};

/// Most events that wait for a slow reader.
const EVENTS: usize = 256;

/// One message of the server.
#[derive(Deserialize)]
struct Incoming {
    id: Option<i64>,
    method: Option<String>,
    params: Option<Box<RawValue>>,
    result: Option<Box<RawValue>>,
    error: Option<ResponseError>,
}

type Answer = Result<Box<RawValue>>;

#[derive(Default)]
struct State {
    last_id: i64,
    waiting: HashMap<i64, oneshot::Sender<Answer>>,
    streams: HashMap<i64, mpsc::UnboundedSender<Delta>>,
    is_gone: bool,
}

/// Both directions. Cloning it is cheap and leads to the same server.
#[derive(Clone)]
pub(crate) struct Connection {
    state: Arc<Mutex<State>>,
    /// `None` closes the server's input.
    outgoing: mpsc::UnboundedSender<Option<String>>,
    events: broadcast::Sender<Event>,
}

impl Connection {
    /// Reads and writes from now on.
    pub(crate) fn new(mut input: ChildStdin, output: ChildStdout) -> Self {
        let (outgoing, mut lines) = mpsc::unbounded_channel::<Option<String>>();
        tokio::spawn(async move {
            while let Some(Some(line)) = lines.recv().await {
                if input.write_all(line.as_bytes()).await.is_err() {
                    break;
                }
            }
        });
        let connection = Self { state: Arc::default(), outgoing, events: broadcast::channel(EVENTS).0 };
        let reader = connection.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                reader.take(&line);
            }
            let mut state = reader.state();
            state.is_gone = true;
            state.waiting.clear();
            state.streams.clear();
        });
        connection
    }

    pub(crate) fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    pub(crate) fn close(&self) {
        self.outgoing.send(None).ok();
    }

    /// Sends a request, and waits for its result.
    pub(crate) async fn request<T: DeserializeOwned>(
        &self,
        method: &str,
        params: &impl Serialize,
    ) -> Result<T> {
        self.begin(method, |_| Ok(serde_json::to_value(params)?))?.result().await
    }

    /// Sends a request whose params may hold its id.
    pub(crate) fn begin(
        &self,
        method: &str,
        params: impl FnOnce(i64) -> Result<serde_json::Value>,
    ) -> Result<Pending> {
        let mut state = self.state();
        if state.is_gone {
            return Err(Error::Gone);
        }
        state.last_id += 1;
        let id = state.last_id;
        let message = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params(id)? });
        let (answer, answered) = oneshot::channel();
        let (piece, pieces) = mpsc::unbounded_channel();
        state.waiting.insert(id, answer);
        state.streams.insert(id, piece);
        self.send(&message);
        drop(state);
        Ok(Pending { connection: self.clone(), id, answered, pieces, is_over: false })
    }

    fn send(&self, message: &serde_json::Value) {
        self.outgoing.send(Some(format!("{message}\n"))).ok();
    }

    fn cancel(&self, id: i64) {
        self.send(&json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": id } }));
    }

    fn take(&self, line: &str) {
        // What is no message of this protocol is of a newer one.
        let Ok(message) = serde_json::from_str::<Incoming>(line) else { return };
        let params = message.params.as_deref().map_or("{}", RawValue::get);
        match (message.method.as_deref(), message.id) {
            (Some("$/progress"), _) => self.piece(params),
            (Some(DidChangeStatus::METHOD), _) => self.tell(params, Event::Status),
            (Some(DidChangeModels::METHOD), _) => self.tell(params, Event::Models),
            (Some(DidChangeUsage::METHOD), _) => self.tell(params, Event::Usage),
            (None, Some(id)) => {
                let mut state = self.state();
                state.streams.remove(&id);
                let answer = match (message.error, message.result) {
                    (Some(error), _) => Err(Error::Refused(Box::new(error))),
                    (None, Some(result)) => Ok(result),
                    (None, None) => Ok(RawValue::NULL.to_owned()),
                };
                if let Some(waiting) = state.waiting.remove(&id) {
                    waiting.send(answer).ok();
                }
            }
            _ => {}
        }
    }

    fn piece(&self, params: &str) {
        let Ok(ProgressParams { token: ProgressToken::Number(id), value }) = serde_json::from_str(params)
        else {
            return;
        };
        if let Some(stream) = self.state().streams.get(&id) {
            stream.send(value).ok();
        }
    }

    fn tell<T: DeserializeOwned>(&self, params: &str, event: impl FnOnce(T) -> Event) {
        if let Ok(params) = serde_json::from_str(params) {
            // Nobody may listen.
            self.events.send(event(params)).ok();
        }
    }

    /// Nothing is left half changed by a panic.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("is_gone", &self.state().is_gone).finish_non_exhaustive()
    }
}

/// A request under way; one that is dropped is cancelled.
#[derive(Debug)]
pub(crate) struct Pending {
    connection: Connection,
    id: i64,
    answered: oneshot::Receiver<Answer>,
    pub(crate) pieces: mpsc::UnboundedReceiver<Delta>,
    is_over: bool,
}

impl Pending {
    pub(crate) async fn result<T: DeserializeOwned>(mut self) -> Result<T> {
        let answer = (&mut self.answered).await.unwrap_or(Err(Error::Gone));
        self.is_over = true;
        Ok(serde_json::from_str(answer?.get())?)
    }

    pub(crate) fn cancel(&self) {
        self.connection.cancel(self.id);
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.is_over {
            self.cancel();
        }
    }
}
