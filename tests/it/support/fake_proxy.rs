//! A scripted HTTP/1.1 server on loopback, for what no real proxy does on demand.

mod answer;
mod connection;
mod defaults;
mod request;

use std::{
    collections::{HashMap, HashSet, VecDeque},
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
};

pub(crate) use answer::{Answer, Body, gzip};
pub(crate) use request::Request;

use super::within;

/// The proxy. It ends, with all connections, when it is dropped.
///
/// Without a script it is a small working proxy: two models, `gpt` and `claude`, and a chat that says "Hello there".
pub(crate) struct FakeProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    taken: AtomicUsize,
    task: JoinHandle<()>,
}

/// What the connections and the test share.
#[derive(Default)]
struct Shared {
    routes: Mutex<HashMap<String, Route>>,
    seen: watch::Sender<Seen>,
}

/// What clients did so far.
#[derive(Default)]
struct Seen {
    connections: usize,
    /// Those that are over.
    closed: HashSet<usize>,
    requests: Vec<Request>,
}

type Script = Arc<dyn Fn(&Request) -> Answer + Send + Sync>;

/// How one route answers: first from the queue, then always the same.
#[derive(Default)]
struct Route {
    queue: VecDeque<Answer>,
    always: Option<Script>,
}

impl FakeProxy {
    /// Starts a proxy on a free port.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port on loopback");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared::default());
        let task = tokio::spawn(accept(listener, Arc::clone(&shared)));
        let proxy = Self { address, shared, taken: AtomicUsize::new(0), task };
        defaults::fill(&proxy);
        proxy
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Scripts a route, such as `POST /v1/chat/completions`; a query is no part of it.
    pub(crate) fn on<'a>(&'a self, route: &'a str) -> Scripting<'a> {
        Scripting { proxy: self, route }
    }

    /// The next request that the test has not seen yet, in the order of arrival.
    pub(crate) async fn next_request(&self) -> Request {
        let number = self.taken.fetch_add(1, Ordering::Relaxed);
        self.saw("a request to the fake proxy", |seen| seen.requests.len() > number).await;
        self.shared.seen.borrow().requests[number].clone()
    }

    /// Like [`next_request`](Self::next_request), but passes over those to other routes.
    pub(crate) async fn next_on(&self, route: &str) -> Request {
        loop {
            let request = self.next_request().await;
            if request.route() == route {
                return request;
            }
        }
    }

    /// Every request so far of a route.
    pub(crate) fn requests_on(&self, route: &str) -> Vec<Request> {
        self.requests().into_iter().filter(|request| request.route() == route).collect()
    }

    /// Every request so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.seen.borrow().requests.clone()
    }

    /// How many connections were made so far.
    pub(crate) fn connections(&self) -> usize {
        self.shared.seen.borrow().connections
    }

    /// Returns when the connection of a request is over: closed by the client, or reset by the script.
    pub(crate) async fn closed(&self, request: &Request) {
        let what = format!("the client's end of {}", request.route());
        self.saw(&what, |seen| seen.closed.contains(&request.connection)).await;
    }

    async fn saw(&self, what: &str, condition: impl FnMut(&Seen) -> bool) {
        let mut seen = self.shared.seen.subscribe();
        within(what, seen.wait_for(condition)).await.expect("a proxy that still runs");
    }
}

impl Drop for FakeProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A route that is being scripted.
pub(crate) struct Scripting<'a> {
    proxy: &'a FakeProxy,
    route: &'a str,
}

impl Scripting<'_> {
    /// Adds an answer to the route's queue: it is given once.
    pub(crate) fn answer(self, answer: Answer) -> Self {
        self.change(|route| route.queue.push_back(answer));
        self
    }

    /// Gives this answer whenever the queue is empty.
    pub(crate) fn always(self, answer: Answer) -> Self {
        self.always_with(move |_| answer.clone())
    }

    /// Gives an answer that depends on the request whenever the queue is empty.
    pub(crate) fn always_with(self, script: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        self.change(|route| route.always = Some(Arc::new(script)));
        self
    }

    fn change(&self, change: impl FnOnce(&mut Route)) {
        let mut routes = self.proxy.shared.routes.lock().expect("routes");
        change(routes.entry(self.route.to_owned()).or_default());
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // The set owns the connections, so that they end with this task.
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        shared.seen.send_modify(|seen| seen.connections += 1);
        let number = shared.seen.borrow().connections;
        connections.spawn(connection::serve(stream, number, Arc::clone(&shared)));
        while connections.try_join_next().is_some() {}
    }
}

impl Shared {
    fn answer(&self, request: &Request) -> Answer {
        let mut routes = self.routes.lock().expect("routes");
        let route = routes.get_mut(&request.route());
        let (queued, always) =
            route.map_or((None, None), |route| (route.queue.pop_front(), route.always.clone()));
        queued
            .or_else(|| always.map(|script| script(request)))
            .unwrap_or_else(|| Answer::json(404, &serde_json::json!({"detail": "Not Found"})))
    }
}
