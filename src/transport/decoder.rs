//! Cuts what is read into messages, in either framing.

use bytes::BytesMut;

use super::{Frame, Framing, content_length, lines};

/// Cuts a stream of bytes into messages. Any split of the bytes gives the same messages.
#[derive(Debug)]
pub enum Decoder {
    /// For [`Framing::ContentLength`].
    ContentLength(content_length::Decoder),
    /// For [`Framing::Lines`].
    Lines(lines::Decoder),
}

impl Decoder {
    /// A decoder that stores no message longer than `limit` bytes.
    pub fn new(framing: Framing, limit: usize) -> Self {
        match framing {
            Framing::ContentLength => Self::ContentLength(content_length::Decoder::new(limit)),
            Framing::Lines => Self::Lines(lines::Decoder::new(limit)),
        }
    }

    /// Takes the next message out of `buffer`; none until more bytes are there.
    pub fn decode(&mut self, buffer: &mut BytesMut) -> Option<Frame> {
        match self {
            Self::ContentLength(decoder) => decoder.decode(buffer),
            Self::Lines(decoder) => decoder.decode(buffer),
        }
    }

    /// Takes what is left when the input ends: a last line needs no newline.
    pub fn finish(&mut self, buffer: &mut BytesMut) -> Option<Frame> {
        match self {
            Self::ContentLength(decoder) => decoder.finish(buffer),
            Self::Lines(decoder) => decoder.finish(buffer),
        }
    }
}
