//! A streamed answer, put together as a client does.

use serde_json::Value;

use crate::{
    failure::{Checked, ensure},
    peer::{Answer, Peer, is_answer},
};

/// The pieces of an answer, and the answer.
pub(crate) struct Streamed {
    pub(crate) deltas: Vec<Value>,
    /// The texts of the pieces, joined.
    pub(crate) text: String,
    pub(crate) answer: Answer,
}

impl Peer {
    /// Asks for a streamed answer, and reads to its end.
    pub(crate) fn stream(&mut self, params: Value) -> Checked<Streamed> {
        self.stream_as("pieces".into(), params)
    }

    /// The same under a token of the check's choice.
    pub(crate) fn stream_as(&mut self, token: Value, mut params: Value) -> Checked<Streamed> {
        params["partialResultToken"] = token.clone();
        let id = self.request(crate::check::COMPLETE, params);
        let mut deltas = Vec::new();
        loop {
            let mut message = self.next()?;
            if is_answer(&message) && message["id"] == id {
                let text = joined(&deltas, "text");
                let answer = match message.get_mut("error") {
                    Some(error) => Err(error.take()),
                    None => Ok(message["result"].take()),
                };
                return Ok(Streamed { deltas, text, answer });
            }
            if message["method"] == "$/progress" {
                ensure(message["params"]["token"] == token, || {
                    format!("a progress of another token: {message}")
                })?;
                deltas.push(message["params"]["value"].take());
            }
        }
    }
}

impl Streamed {
    /// The texts of the pieces of this type, joined.
    pub(crate) fn joined(&self, kind: &str) -> String {
        joined(&self.deltas, kind)
    }
}

fn joined(deltas: &[Value], kind: &str) -> String {
    deltas.iter().filter(|delta| delta["type"] == kind).filter_map(|delta| delta["text"].as_str()).collect()
}
