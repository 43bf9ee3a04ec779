//! Short words for what most tests say to the server, and for what they expect of every answer.

use litellm_ls::Door;
use litellm_ls_protocol::{CompleteResult, Delta, ErrorData, ErrorKind};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{
    fake_proxy::FakeProxy,
    real_proxy::{MASTER_KEY, RealProxy},
    server::TestServer,
};

/// A peer of the line door, with a scripted proxy behind it and a key for it.
pub(crate) async fn with_fake() -> (FakeProxy, TestServer) {
    let fake = FakeProxy::start().await;
    let server = with(&fake.url(), "sk-fake");
    (fake, server)
}

/// A peer of a door, initialized where that has it so, with a scripted proxy behind it and no key.
pub(crate) async fn peer(door: Door) -> (FakeProxy, TestServer) {
    let fake = FakeProxy::start().await;
    let mut server = TestServer::memory(door, &[("LITELLM_BASE_URL", &fake.url())]);
    if matches!(door, Door::Lsp) {
        server.initialize(json!({})).await;
    }
    (fake, server)
}

/// A peer of the line door, with the real proxy behind it.
pub(crate) async fn with_real() -> (&'static RealProxy, TestServer) {
    let proxy = RealProxy::shared().await;
    (proxy, with(&proxy.url, MASTER_KEY))
}

/// A peer of the line door whose environment names a proxy and a key; an empty key is none.
pub(crate) fn with(url: &str, key: &str) -> TestServer {
    TestServer::memory(Door::Lines, &[("LITELLM_BASE_URL", url), ("LITELLM_API_KEY", key)])
}

/// A streamed answer, as it came.
#[derive(Debug)]
pub(crate) struct Streamed {
    pub(crate) deltas: Vec<Delta>,
    pub(crate) outcome: Result<CompleteResult, ErrorData>,
}

impl TestServer {
    /// Sends a request that must succeed.
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> Value {
        match self.call(method, params).await {
            Ok(result) => result,
            Err(error) => panic!("{method} failed: {error}"),
        }
    }

    /// Sends a request that must fail in this way, and returns what the error says beside that.
    pub(crate) async fn fails(&mut self, method: &str, params: Value, kind: ErrorKind) -> ErrorData {
        match self.call(method, params).await {
            Ok(result) => panic!("{method} succeeded: {result}"),
            Err(error) => failure(&error, kind),
        }
    }

    /// Reads the news of a state, and returns it.
    pub(crate) async fn told_state(&mut self) -> Value {
        self.notification("provider/didChangeStatus").await["state"].take()
    }

    /// Asks for a streamed answer, reads it to its end, and checks that the pieces are what the whole says. News of the
    /// provider's state are passed over.
    pub(crate) async fn stream(&mut self, mut params: Value) -> Streamed {
        params["partialResultToken"] = json!("pieces");
        let id = self.request("provider/complete", params).await;
        let mut deltas = Vec::new();
        let mut response = loop {
            let mut message = self.next_message().await;
            if message["id"] == id {
                break message;
            }
            if message["params"]["token"] == "pieces" {
                deltas.push(parsed(message["params"]["value"].take()));
            }
        };
        let outcome: Result<CompleteResult, ErrorData> = match response.get("error") {
            Some(error) => Err(parsed(error["data"].clone())),
            None => Ok(parsed(response["result"].take())),
        };
        let whole = match &outcome {
            Ok(result) => Some(result),
            Err(error) => error.partial.as_deref(),
        };
        assert_eq!(texts(&deltas), whole.map_or("", |whole| whole.message.text.as_str()), "{deltas:?}");
        Streamed { deltas, outcome }
    }
}

/// What an error says: it must be of this kind, with the kind's code, a sentence and a remedy.
pub(crate) fn failure(error: &Value, kind: ErrorKind) -> ErrorData {
    let data: ErrorData = parsed(error["data"].clone());
    assert_eq!((data.kind, &error["code"]), (kind, &json!(kind.code())), "{error}");
    let message = error["message"].as_str().unwrap_or_default();
    assert!(!message.is_empty() && !message.contains('\n'), "{error}");
    assert!(data.remedy.as_deref().is_some_and(|remedy| !remedy.is_empty()), "{error}");
    data
}

/// The texts of a stream, joined.
fn texts(deltas: &[Delta]) -> String {
    let text = |delta: &Delta| match delta {
        Delta::Text { text } => text.clone(),
        _ => String::new(),
    };
    deltas.iter().map(text).collect()
}

/// A value as its type on the wire.
pub(crate) fn parsed<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error} in {value}"))
}
