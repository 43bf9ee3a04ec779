//! LSP's base protocol: `Content-Length` messages, with limits.

use bytes::BytesMut;
use memchr::memmem;

use super::Frame;

/// Most bytes of a message's header.
const MAX_HEADER: usize = 8 << 10;

/// Cuts a stream of bytes into messages.
#[derive(Debug)]
pub struct Decoder {
    limit: usize,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Waits for the end of a header, already looked for in the first `scanned` bytes.
    Header { scanned: usize },
    /// Waits for a body of this length.
    Body(usize),
    /// Drops the rest of a body that is over the limit.
    Skip { left: usize, length: usize },
    /// Takes nothing any more.
    Lost,
}

impl Decoder {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, state: State::Header { scanned: 0 } }
    }

    pub(super) fn decode(&mut self, buffer: &mut BytesMut) -> Option<Frame> {
        loop {
            match &mut self.state {
                State::Header { scanned } => {
                    let from = scanned.saturating_sub(3);
                    let Some(at) = memmem::find(&buffer[from..], b"\r\n\r\n") else {
                        *scanned = buffer.len();
                        return (buffer.len() > MAX_HEADER).then(|| self.lose("this header is too long"));
                    };
                    let header = buffer.split_to(from + at + 4);
                    self.state = match content_length(&header) {
                        None => return Some(self.lose("this header has no usable Content-Length")),
                        Some(length) if length > self.limit => State::Skip { left: length, length },
                        Some(length) => State::Body(length),
                    };
                }
                State::Body(length) => {
                    if buffer.len() < *length {
                        buffer.reserve(*length - buffer.len());
                        return None;
                    }
                    let body = buffer.split_to(*length).freeze();
                    self.state = State::Header { scanned: 0 };
                    return Some(Frame::Message(body));
                }
                State::Skip { left, length } => {
                    let skipped = buffer.len().min(*left);
                    *left -= skipped;
                    let (left, length) = (*left, *length);
                    drop(buffer.split_to(skipped));
                    if left > 0 {
                        return None;
                    }
                    self.state = State::Header { scanned: 0 };
                    return Some(Frame::TooLong(length));
                }
                State::Lost => return None,
            }
        }
    }

    fn lose(&mut self, reason: &'static str) -> Frame {
        self.state = State::Lost;
        Frame::Lost(reason)
    }
}

/// The length that a header states. Names are read in any case, and other lines are passed over. None where there
/// is no length, none that can be read, or two that differ.
fn content_length(header: &[u8]) -> Option<usize> {
    let mut found = None;
    for line in header.split(|byte| *byte == b'\n') {
        let Some(colon) = memchr::memchr(b':', line) else { continue };
        if !line[..colon].trim_ascii().eq_ignore_ascii_case(b"content-length") {
            continue;
        }
        let digits = line[colon + 1..].trim_ascii();
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        // A length that no machine can hold is as much over the limit as any.
        let length = str::from_utf8(digits).ok()?.parse().unwrap_or(usize::MAX);
        if found.is_some_and(|found| found != length) {
            return None;
        }
        found = Some(length);
    }
    found
}
