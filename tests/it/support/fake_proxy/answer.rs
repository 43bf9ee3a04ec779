//! The script of one answer, step by step.

use std::{collections::VecDeque, time::Duration};

use serde_json::{Value, json};

/// What the proxy does about one request, in order. After the last step the body ends as its framing asks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    pub(super) steps: VecDeque<Step>,
}

#[derive(Debug, Clone)]
pub(super) enum Step {
    Head { status: u16, headers: Vec<(String, String)>, body: Body },
    Piece(Vec<u8>),
    Raw(Vec<u8>),
    Forever(Vec<u8>, Duration),
    Hold,
    Close,
    Reset,
}

/// How the client learns where a body ends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Body {
    /// By `content-length`.
    Length(usize),
    /// By chunks.
    Chunked,
    /// By the connection's end.
    UntilClose,
}

impl Answer {
    /// No step: the start of a raw answer, or what resumes a held one. `nothing().held()` is no answer at all.
    pub(crate) fn nothing() -> Self {
        Self::default()
    }

    /// A status; headers and pieces follow.
    pub(crate) fn head(status: u16, body: Body) -> Self {
        Self::nothing().then(Step::Head { status, headers: Vec::new(), body })
    }

    /// A body with its length.
    pub(crate) fn whole(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self::head(status, Body::Length(body.len())).header("content-type", content_type).piece(body)
    }

    /// A body of JSON.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::whole(status, "application/json", body.to_string())
    }

    /// Another address.
    pub(crate) fn redirect(status: u16, location: &str) -> Self {
        Self::head(status, Body::Length(0)).header("location", location)
    }

    /// Server-sent events, chunked.
    pub(crate) fn stream() -> Self {
        Self::head(200, Body::Chunked).header("content-type", "text/event-stream; charset=utf-8")
    }

    /// Adds a header to the head before.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        let head = self.steps.iter_mut().rev().find_map(|step| match step {
            Step::Head { headers, .. } => Some(headers),
            _ => None,
        });
        head.expect("a head before its headers").push((name.to_owned(), value.to_owned()));
        self
    }

    /// A piece of the body, written on its own.
    pub(crate) fn piece(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.then(Step::Piece(bytes.into()))
    }

    /// A piece of the body, each byte written on its own.
    pub(crate) fn bytewise(self, bytes: impl AsRef<[u8]>) -> Self {
        bytes.as_ref().iter().fold(self, |answer, byte| answer.piece([*byte]))
    }

    /// Bytes as they are, such as half a chunk.
    pub(crate) fn raw(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.then(Step::Raw(bytes.into()))
    }

    /// A server-sent event.
    pub(crate) fn event(self, data: &Value) -> Self {
        self.piece(format!("data: {data}\n\n"))
    }

    /// A chunk of a chat with this text.
    pub(crate) fn text(self, text: &str) -> Self {
        self.delta(json!({"content": text}))
    }

    /// A chunk of a chat with this delta.
    pub(crate) fn delta(self, delta: Value) -> Self {
        self.event(&json!({"id": "chatcmpl-1", "model": "gpt", "choices": [{"index": 0, "delta": delta}]}))
    }

    /// The chunk of a chat that says why it ended.
    pub(crate) fn finish(self, reason: &str) -> Self {
        let choice = json!({"index": 0, "delta": {}, "finish_reason": reason});
        self.event(&json!({"id": "chatcmpl-1", "model": "gpt", "choices": [choice]}))
    }

    /// The chunk of a chat that says what it took; LiteLLM sends it with a choice.
    pub(crate) fn usage(self, usage: Value) -> Self {
        let choice = json!({"index": 0, "delta": {}});
        self.event(&json!({"id": "chatcmpl-1", "model": "gpt", "choices": [choice], "usage": usage}))
    }

    /// The mark at the end of a chat.
    pub(crate) fn done(self) -> Self {
        self.piece("data: [DONE]\n\n")
    }

    /// The same piece again and again, until the client goes.
    pub(crate) fn forever(self, piece: impl Into<Vec<u8>>, pause: Duration) -> Self {
        self.then(Step::Forever(piece.into(), pause))
    }

    /// Nothing, until the test [resumes](super::Request::resume) it.
    pub(crate) fn held(self) -> Self {
        self.then(Step::Hold)
    }

    /// FIN, wherever the body stands.
    pub(crate) fn close(self) -> Self {
        self.then(Step::Close)
    }

    /// RST.
    pub(crate) fn reset(self) -> Self {
        self.then(Step::Reset)
    }

    fn then(mut self, step: Step) -> Self {
        self.steps.push_back(step);
        self
    }
}

/// Packs bytes as gzip, without making them smaller.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut blocks = bytes.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let length = block.len() as u16;
        packed.push(blocks.peek().is_none().into());
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(block);
    }
    packed.extend(checksum(bytes).to_le_bytes());
    packed.extend((bytes.len() as u32).to_le_bytes());
    packed
}

/// CRC-32 as gzip wants it.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
    })
}
