//! Plays a transcript: what the peer says, what the proxy says, and what must come back, in that order.
//!
//! ```text
//! # A comment. `…` stands for any value, or for more members or items.
//! --> provider/complete {"model":"gpt","prompt":"hello","partialResultToken":"t"}
//! proxy <- POST /v1/chat/completions {"model":"gpt", …}
//! proxy -> data: {"choices":[{"delta":{"content":"Hi"}}]}
//! <-- $/progress {"token":"t","value":{"type":"text","text":"Hi"}}
//! proxy -> data: [DONE]
//! <-- result {"message":{"text":"Hi"}, …}
//! ```
//!
//! | line | meaning |
//! |---|---|
//! | `--> METHOD PARAMS` | the peer sends a request; ids count from 1, and `initialize` has none where it is not written |
//! | `--> notify METHOD PARAMS` | the peer sends a notification |
//! | `--> result VALUE` | the peer answers the server's last request |
//! | `<-- METHOD PARAMS` | the server sends a notification or a request |
//! | `<-- result VALUE`, `<-- error VALUE` | the server answers the peer's last request, or with `result 2` the second |
//! | `proxy <- METHOD PATH BODY` | a request reaches the proxy; the body may be left out |
//! | `proxy -> STATUS VALUE` | the proxy answers it with JSON |
//! | `proxy -> LINE` | the proxy streams a line of an event, with the empty line after it |
//! | `proxy -> end`, `close`, `reset` | the stream ends without `[DONE]`, by FIN or by RST |
//!
//! A route that no line names is answered by the fake proxy as ever. `$PROXY` is the proxy's URL, `$HOST` its host and port.

mod expected;
mod step;

use litellm_ls::Door;
use serde_json::{Value, json};

use super::{
    fake_proxy::{Answer, FakeProxy, Request},
    server::TestServer,
};
use step::{Proxy, Step};

/// Plays the transcript in a file of this name through a door.
///
/// # Panics
///
/// At the first line that does not come true, naming it.
pub(crate) async fn play(name: &str, text: &str, door: Door) {
    let fake = FakeProxy::start().await;
    let text = text.replace("$PROXY", &fake.url()).replace("$HOST", fake.url().trim_start_matches("http://"));
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let steps: Vec<(usize, Step)> = lines
        .map(|(number, line)| {
            let _line = Line { name, number };
            (number, Step::parse(line).unwrap_or_else(|error| panic!("{error}")))
        })
        .collect();
    for (_, step) in &steps {
        if let Step::Reaches(route, _) = step {
            fake.on(route).always(Answer::nothing().held());
        }
    }
    let server = TestServer::memory(door, &[("LITELLM_BASE_URL", &fake.url())]);
    let mut stage = Stage { server, fake, asked: Value::Null, exchange: None };
    let opens_itself = matches!(steps.first(), Some((_, Step::Request(method, _))) if method == "initialize");
    if matches!(door, Door::Lsp) && !opens_itself {
        stage.server.initialize(json!({})).await;
    }
    let mut scripted = Vec::new();
    for (number, step) in steps {
        let _line = Line { name, number };
        if let Step::Reaches(route, _) = &step {
            scripted.push(route.clone());
        }
        stage.perform(step).await;
    }
    let reached = stage.fake.requests().into_iter().map(|request| request.route());
    let reached: Vec<_> = reached.filter(|route| scripted.contains(route)).collect();
    assert_eq!(reached, scripted, "{name}: requests to the proxy");
    stage.server.end().await;
}

/// A line of a transcript; it names itself when its step fails.
struct Line<'a> {
    name: &'a str,
    number: usize,
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("at {}:{}", self.name, self.number);
        }
    }
}

/// Who plays.
struct Stage {
    server: TestServer,
    fake: FakeProxy,
    /// The id of the server's last request.
    asked: Value,
    /// The request that the proxy answers now.
    exchange: Option<Exchange>,
}

impl Stage {
    async fn perform(&mut self, step: Step) {
        match step {
            Step::Request(method, params) => drop(self.server.request(&method, params).await),
            Step::Notify(method, params) => self.server.notify(&method, params).await,
            Step::Answer(result) => {
                self.server.send(&json!({"jsonrpc": "2.0", "id": self.asked, "result": result})).await
            }
            Step::Message(method, params) => {
                let message = self.server.next_message().await;
                assert_eq!(message["method"], method, "{message}");
                expected::check(&method, &params, &message["params"]);
                self.asked = message["id"].clone();
            }
            Step::Response(number, outcome) => {
                let message = self.server.next_message().await;
                let id = number.unwrap_or(self.server.requests());
                assert_eq!(message["id"], id, "{message}");
                let (member, value) = match &outcome {
                    Ok(result) => ("result", result),
                    Err(error) => ("error", error),
                };
                expected::check(member, value, message.get(member).unwrap_or(&message));
            }
            Step::Reaches(route, body) => {
                let request = self.fake.next_on(&route).await;
                if let Some(body) = body {
                    expected::check(&route, &body, &request.json());
                }
                self.exchange = Some(Exchange { request, begun: false });
            }
            Step::ProxySays(says) => self.exchange.as_mut().expect("a request before its answer").says(says),
        }
    }
}

/// A request that the transcript answers.
struct Exchange {
    request: Request,
    /// Whether the stream has begun.
    begun: bool,
}

impl Exchange {
    fn says(&mut self, says: Proxy) {
        let start = if self.begun { Answer::nothing() } else { Answer::stream() };
        self.begun = true;
        self.request.resume(match says {
            Proxy::Whole(status, body) => Answer::json(status, &body),
            Proxy::Line(line) if line == "data: [DONE]" => start.done(),
            Proxy::Line(line) => start.piece(line + "\n\n").held(),
            Proxy::End => start,
            Proxy::Close => start.close(),
            Proxy::Reset => start.reset(),
        });
    }
}
