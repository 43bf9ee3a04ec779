//! A scripted proxy on loopback: LiteLLM, as far as the checks need it. Each check has its own.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::failure::{Checked, Failure};

mod chat;
mod connection;
mod defaults;

/// Where chats go.
pub(crate) const CHAT: &str = "POST /v1/chat/completions";
/// Where models are described.
pub(crate) const MODEL_INFO: &str = "GET /v1/model/info";
/// Where names of models are listed.
pub(crate) const NAMES: &str = "GET /v1/models";

/// The proxy. It takes no new connection once it is dropped.
pub(crate) struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    patience: Duration,
}

/// What the connections and the check share.
#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    requests: Vec<Request>,
    /// Connections that are over.
    closed: HashSet<usize>,
    /// What comes in the place of the usual answers of a route, once each.
    next: HashMap<String, VecDeque<Answer>>,
    /// The same, for good.
    always: HashMap<String, Answer>,
    /// Routes whose answers wait.
    held: HashSet<String>,
    over: bool,
}

/// A request as the proxy got it.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    connection: usize,
    /// Such as `GET /v1/models`.
    pub(crate) route: String,
    /// Names are in lower case.
    headers: Vec<(String, String)>,
    pub(crate) body: Value,
}

impl Request {
    /// A header's value; the name is in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// An answer of the proxy.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Answer {
    /// A body of JSON.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self { status, headers: vec![("content-type", "application/json".into())], body: body.to_string() }
    }

    /// A page, as what is no LiteLLM answers.
    pub(crate) fn page(text: &str) -> Self {
        Self { status: 200, headers: vec![("content-type", "text/html".into())], body: text.into() }
    }

    /// An error as LiteLLM writes it.
    pub(crate) fn error(status: u16, kind: &str, message: &str) -> Self {
        let error =
            serde_json::json!({"message": message, "type": kind, "param": null, "code": status.to_string()});
        Self::json(status, &serde_json::json!({ "error": error }))
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

impl Proxy {
    /// Starts one on a free port.
    pub(crate) fn start(patience: Duration) -> Checked<Self> {
        let failed = |error: std::io::Error| Failure::new(format!("no proxy can be started: {error}"));
        let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        thread::spawn(move || accept(&listener, &theirs));
        Ok(Self { address, shared, patience })
    }

    /// The base URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What the next request to a route gets.
    pub(crate) fn next(&self, route: &str, answer: Answer) {
        self.state().next.entry(route.to_owned()).or_default().push_back(answer);
    }

    /// What every request to a route gets.
    pub(crate) fn always(&self, route: &str, answer: Answer) {
        self.state().always.insert(route.to_owned(), answer);
    }

    /// Answers to a route wait from now on.
    pub(crate) fn hold(&self, route: &str) {
        self.state().held.insert(route.to_owned());
    }

    /// All requests to a route so far.
    pub(crate) fn requests(&self, route: &str) -> Vec<Request> {
        self.state().requests.iter().filter(|request| request.route == route).cloned().collect()
    }

    /// The request of this number, from 1, to a route.
    pub(crate) fn request(&self, route: &str, number: usize) -> Checked<Request> {
        let what = format!("request {number} to {route} at the proxy");
        self.wait(&what, |state| {
            state.requests.iter().filter(|request| request.route == route).nth(number - 1).cloned()
        })
    }

    /// Waits until the server has closed the connection of a request.
    pub(crate) fn closed(&self, request: &Request) -> Checked {
        let what = format!("the end of the connection of {}", request.route);
        self.wait(&what, |state| state.closed.contains(&request.connection).then_some(()))
    }

    fn wait<T>(&self, what: &str, mut there: impl FnMut(&State) -> Option<T>) -> Checked<T> {
        let mut found = None;
        let waited = self.shared.changed.wait_timeout_while(self.state(), self.patience, |state| {
            found = there(state);
            found.is_none()
        });
        drop(waited);
        found.ok_or_else(|| Failure::new(format!("{what} did not come within {:?}", self.patience)))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state().over = true;
        self.shared.changed.notify_all();
        // What waits for a connection sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Notes a request; returns what was scripted for it, once its route is not held.
    fn scripted(&self, request: &Request) -> Option<Answer> {
        let mut state = self.state();
        state.requests.push(request.clone());
        self.changed.notify_all();
        while state.held.contains(&request.route) && !state.over {
            state = self.changed.wait(state).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        let next = state.next.get_mut(&request.route).and_then(VecDeque::pop_front);
        next.or_else(|| state.always.get(&request.route).cloned())
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for (number, stream) in listener.incoming().enumerate() {
        if shared.state().over {
            return;
        }
        let Ok(stream) = stream else { continue };
        let shared = Arc::clone(shared);
        thread::spawn(move || {
            connection::serve(stream, number, &shared);
            shared.state().closed.insert(number);
            shared.changed.notify_all();
        });
    }
}
