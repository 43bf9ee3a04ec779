//! A request as the fake proxy got it, and the means to go on answering it.

use serde_json::Value;
use tokio::sync::mpsc;

use super::Answer;

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Which connection it came on, from 1.
    pub(crate) connection: usize,
    pub(crate) method: String,
    /// The path with its query.
    pub(crate) path: String,
    /// Names are lower case; order and repetitions are as sent.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Takes the rest of a held answer.
    pub(super) rest: mpsc::UnboundedSender<Answer>,
}

impl Request {
    /// Method and path without the query, such as `GET /v1/models`.
    pub(crate) fn route(&self) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        format!("{} {path}", self.method)
    }

    /// A header's value; the name is in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a body of JSON")
    }

    /// Plays these steps where the answer is [`held`](Answer::held), then what the script has after that.
    pub(crate) fn resume(&self, steps: Answer) {
        // The client may be gone by now; a test that cares looks at `closed`.
        let _ = self.rest.send(steps);
    }
}
