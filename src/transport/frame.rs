//! One message on the wire, in either framing.

use bytes::{Buf, Bytes};
use serde::Serialize;

use super::envelope::Envelope;

/// How messages are told apart on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// LSP's base protocol: a `Content-Length` header before each message.
    ContentLength,
    /// One message or batch a line.
    Lines,
}

/// What came off the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// The bytes of one message.
    Message(Bytes),
    /// A message of this many bytes, over the limit; it was skipped unstored, but for whose it is.
    TooLong(usize, Envelope),
    /// Where the next message begins can't be known any more, and why.
    Lost(String),
}

/// A message on its way out, in pieces that follow each other: a long result is not copied behind its header.
pub(super) struct Encoded([Bytes; 3]);

impl Encoded {
    /// How many bytes it has.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(Bytes::len).sum()
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> impl Buf {
        let [head, body, tail] = &self.0;
        head.as_ref().chain(body.as_ref()).chain(tail.as_ref())
    }
}

/// Writes one message.
///
/// # Panics
/// Where `message` has a map with keys that are no texts; no type of ours has one.
pub(super) fn encode(framing: Framing, message: &impl Serialize) -> Encoded {
    encode_behind(b"", framing, message)
}

fn encode_behind(mark: &[u8], framing: Framing, message: &impl Serialize) -> Encoded {
    let whole = framed(framing, 0, |bytes| {
        bytes.extend_from_slice(mark);
        write(bytes, message);
        if framing == Framing::Lines {
            bytes.push(b'\n');
        }
    });
    Encoded([whole, Bytes::new(), Bytes::new()])
}

/// What an aside begins with, and no message does: it is for who carries messages, and goes no further.
pub const ASIDE: u8 = 0;

/// Writes an aside.
///
/// # Panics
/// As [`encode`].
pub(super) fn encode_aside(framing: Framing, said: &impl Serialize) -> Encoded {
    encode_behind(&[ASIDE], framing, said)
}

/// Writes the response to a request of which the result is there already.
///
/// # Panics
/// As [`encode`].
pub(super) fn encode_result(framing: Framing, id: &impl Serialize, result: Bytes) -> Encoded {
    let tail: &[u8] = match framing {
        Framing::ContentLength => b"}",
        Framing::Lines => b"}\n",
    };
    let head = framed(framing, result.len() + tail.len(), |bytes| {
        bytes.extend_from_slice(br#"{"jsonrpc":"2.0","id":"#);
        write(bytes, id);
        bytes.extend_from_slice(br#","result":"#);
    });
    Encoded([head, result, Bytes::from_static(tail)])
}

/// What `write` writes, behind the header of a message of which so many bytes follow.
fn framed(framing: Framing, following: usize, write: impl FnOnce(&mut Vec<u8>)) -> Bytes {
    /// Room for any length, so that the body is written once, right behind its header.
    const HEADER: &[u8] = b"Content-Length: 0000000000\r\n\r\n";
    const DIGITS: std::ops::Range<usize> = 16..26;

    let mut bytes = Vec::with_capacity(256);
    if framing == Framing::ContentLength {
        bytes.extend_from_slice(HEADER);
    }
    let start = bytes.len();
    write(&mut bytes);
    if framing == Framing::ContentLength {
        let length = format!("{:010}", bytes.len() - start + following);
        bytes[DIGITS].copy_from_slice(length.as_bytes());
    }
    bytes.into()
}

fn write(bytes: &mut Vec<u8>, json: &impl Serialize) {
    #[expect(clippy::expect_used, reason = "a type of ours that is not JSON is a defect of this crate")]
    serde_json::to_writer(bytes, json).expect("our messages are JSON");
}
