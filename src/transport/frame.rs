//! One message on the wire, in either framing.

use bytes::Bytes;
use serde::Serialize;

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
    /// A message of this many bytes, over the limit; it was skipped unstored.
    TooLong(usize),
    /// Where the next message begins can't be known any more, and why.
    Lost(String),
}

/// Writes one message.
///
/// # Panics
/// Where `message` has a map with keys that are no texts; no type of ours has one.
pub(super) fn encode(framing: Framing, message: &impl Serialize) -> Bytes {
    /// Room for any length, so that the body is written once, right behind its header.
    const HEADER: &[u8] = b"Content-Length: 0000000000\r\n\r\n";
    const DIGITS: std::ops::Range<usize> = 16..26;

    let mut bytes = Vec::with_capacity(256);
    if framing == Framing::ContentLength {
        bytes.extend_from_slice(HEADER);
    }
    let start = bytes.len();
    #[expect(clippy::expect_used, reason = "a type of ours that is not JSON is a defect of this crate")]
    serde_json::to_writer(&mut bytes, message).expect("our messages are JSON");
    match framing {
        Framing::ContentLength => {
            let length = format!("{:010}", bytes.len() - start);
            bytes[DIGITS].copy_from_slice(length.as_bytes());
        }
        Framing::Lines => bytes.push(b'\n'),
    }
    bytes.into()
}
