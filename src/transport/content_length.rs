//! LSP's base protocol: `Content-Length` messages, with limits.

use bytes::BytesMut;

use super::Frame;

/// Most bytes of a message's header.
const MAX_HEADER: usize = 8 << 10;

/// Cuts a stream of bytes into messages.
#[derive(Debug)]
pub struct Decoder {
    limit: usize,
    state: State,
    /// Whether a header was read.
    has_begun: bool,
}

#[derive(Debug)]
enum State {
    /// Waits for the end of a header, already looked for in the first `scanned` bytes.
    Header { scanned: usize },
    /// Waits for a body of this length.
    Body(usize),
    /// Takes nothing any more.
    Lost,
}

impl Decoder {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, state: State::Header { scanned: 0 }, has_begun: false }
    }

    pub(super) fn decode(&mut self, buffer: &mut BytesMut) -> Option<Frame> {
        loop {
            match self.state {
                State::Header { .. } if !self.has_begun && is_json(buffer) => {
                    return Some(self.lose(BARE_JSON));
                }
                State::Header { scanned } => {
                    let Some(end) = end_of_header(buffer, scanned) else {
                        self.state = State::Header { scanned: buffer.len() };
                        return (buffer.len() > MAX_HEADER)
                            .then(|| self.lose("a header is too long, and ends the connection"));
                    };
                    let header = buffer.split_to(end);
                    self.has_begun = true;
                    self.state = match content_length(&header) {
                        Err(reason) => return Some(self.lose(reason)),
                        // To pass it over would be to wait for it, and to take for a part of it what is none.
                        Ok(length) if length > self.limit => {
                            let limit = self.limit;
                            return Some(self.lose(&format!(
                                "a Content-Length of {length} is over the limit of {limit} bytes, and ends the connection"
                            )));
                        }
                        Ok(length) => State::Body(length),
                    };
                }
                State::Body(length) => {
                    if buffer.len() < length {
                        buffer.reserve(length - buffer.len());
                        return None;
                    }
                    let body = buffer.split_to(length).freeze();
                    self.state = State::Header { scanned: 0 };
                    return Some(Frame::Message(body));
                }
                State::Lost => return None,
            }
        }
    }

    /// The input has ended: what is left is no message.
    pub(super) fn finish(&mut self, buffer: &mut BytesMut) -> Option<Frame> {
        let left = buffer.split();
        match self.state {
            State::Header { .. } if left.iter().all(u8::is_ascii_whitespace) => None,
            State::Header { .. } if is_json(&left) => Some(self.lose(BARE_JSON)),
            State::Header { .. } if is_http(&left) => Some(self.lose(HTTP)),
            State::Header { .. } => Some(self.lose(
                "the input ended with something that is no message: each has a Content-Length header, or, with \
                 `--transport lines`, a line of its own",
            )),
            State::Body(length) => {
                let came = left.len();
                Some(self.lose(&format!("the input ended with {came} of the {length} bytes of a message")))
            }
            State::Lost => None,
        }
    }

    fn lose(&mut self, reason: &str) -> Frame {
        self.state = State::Lost;
        Frame::Lost(reason.to_owned())
    }
}

/// What is met where somebody tries the server by hand, or takes it for another one.
const BARE_JSON: &str = "this is JSON without a Content-Length header, and ends the connection: start the server with \
    `--transport lines` to send one message a line";
const HTTP: &str = "this is HTTP, and ends the connection: JSON-RPC is spoken here, on standard input";

/// Whether they begin as JSON does. Their first byte decides, so that it does not matter how they are cut.
fn is_json(bytes: &[u8]) -> bool {
    matches!(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes), [b'{' | b'[', ..])
}

fn is_http(bytes: &[u8]) -> bool {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    memchr::memmem::find(line, b" HTTP/").is_some()
}

/// Where the body begins: behind the first empty line. Some clients end their lines with a line feed alone.
fn end_of_header(buffer: &[u8], scanned: usize) -> Option<usize> {
    let from = scanned.saturating_sub(2);
    memchr::memchr_iter(b'\n', &buffer[from..]).map(|at| from + at + 1).find_map(|next| {
        match buffer.get(next..)? {
            [b'\n', ..] => Some(next + 1),
            [b'\r', b'\n', ..] => Some(next + 2),
            _ => None,
        }
    })
}

/// The length that a header states. Names are read in any case, and other lines are passed over.
///
/// # Errors
/// Where there is no length, none that is a number, or two that differ.
fn content_length(header: &[u8]) -> Result<usize, &'static str> {
    let mut found = None;
    let header = header.strip_prefix(b"\xef\xbb\xbf").unwrap_or(header);
    if is_http(header) {
        return Err(HTTP);
    }
    for line in header.split(|byte| *byte == b'\n') {
        let Some(colon) = memchr::memchr(b':', line) else { continue };
        if !line[..colon].trim_ascii().eq_ignore_ascii_case(b"content-length") {
            continue;
        }
        let digits = line[colon + 1..].trim_ascii();
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return Err("a Content-Length is not a number, and ends the connection");
        }
        // A length that no machine can hold is as much over the limit as any.
        let length = str::from_utf8(digits).unwrap_or_default().parse().unwrap_or(usize::MAX);
        if found.is_some_and(|found| found != length) {
            return Err("a header has two lengths, and ends the connection");
        }
        found = Some(length);
    }
    found.ok_or("a header has no Content-Length, and ends the connection")
}
