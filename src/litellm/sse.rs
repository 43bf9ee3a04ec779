//! Turns bytes into server-sent events.
//!
//! Own code, for it must be bounded and lenient: lines may end in CR, LF or CRLF, comments keep a connection alive, a
//! byte order mark may come first, and any split of the bytes gives the same events. Only `data` matters; LiteLLM
//! names no events, and a chat is never resumed, for asking again is billed again.

use memchr::memchr2;

/// Most bytes of one event, and of one line. Generated images come as one event of several MiB.
pub const MAX_EVENT: usize = 32 << 20;

/// An event or a line is longer than the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event of the stream is longer than {limit} bytes")]
pub struct TooLong {
    limit: usize,
}

/// Cuts a stream of bytes into the data of its events.
#[derive(Debug)]
pub struct Decoder {
    limit: usize,
    buffer: Vec<u8>,
    /// Where the next line begins in `buffer`.
    line: usize,
    /// How far that line has been searched for its end.
    scanned: usize,
    /// The data of the event under way.
    data: Data,
    /// The last line ended in CR, so that a LF right now belongs to it.
    after_return: bool,
    /// Nothing has been read yet, so that a byte order mark may come.
    at_start: bool,
}

/// The data lines of an event so far.
#[derive(Debug)]
enum Data {
    None,
    /// One line, where it stands in the buffer: the usual case is never copied.
    One(std::ops::Range<usize>),
    /// Several lines, joined.
    Many(Vec<u8>),
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new(MAX_EVENT)
    }
}

impl Decoder {
    /// A decoder that takes no event longer than `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            buffer: Vec::new(),
            line: 0,
            scanned: 0,
            data: Data::None,
            after_return: false,
            at_start: true,
        }
    }

    /// Takes more bytes of the stream. Call [`Self::next`] until it has no more events before the next push.
    pub fn push(&mut self, bytes: &[u8]) {
        // What has been read is dropped here, once a piece of the stream and not once an event.
        let keep = match &mut self.data {
            Data::One(range) => {
                let start = range.start;
                *range = 0..range.len();
                self.line -= start;
                self.scanned -= start;
                start
            }
            _ => {
                let start = std::mem::take(&mut self.line);
                self.scanned -= start;
                start
            }
        };
        self.buffer.drain(..keep);
        self.buffer.extend_from_slice(bytes);
    }

    /// The data of the next whole event; none until more bytes are there.
    ///
    /// # Errors
    /// [`TooLong`]; the stream can't be read on after it.
    #[expect(clippy::should_implement_trait, reason = "an iterator can't lend its items")]
    pub fn next(&mut self) -> Option<Result<&[u8], TooLong>> {
        loop {
            match self.read_line() {
                Line::Pending if self.pending_length() > self.limit => {
                    return Some(Err(TooLong { limit: self.limit }));
                }
                Line::Pending => return None,
                Line::Blank if matches!(self.data, Data::None) => {}
                Line::Blank => return Some(Ok(self.take_data())),
                Line::Text(line) => self.read_field(line),
            }
        }
    }

    /// The data of an event that the end of the stream cut short. A last event needs no empty line after it.
    pub fn finish(&mut self) -> Option<&[u8]> {
        let end = self.buffer.len();
        if self.line < end {
            self.read_field(self.line..end);
            self.line = end;
            self.scanned = end;
        }
        (!matches!(self.data, Data::None)).then(|| self.take_data())
    }

    /// Bytes of data that are no whole event yet; a comment is none.
    pub fn pending_data(&self) -> usize {
        match self.buffer.get(self.line) {
            Some(b'd') | None => self.pending_length(),
            Some(_) => self.pending_length() - (self.buffer.len() - self.line),
        }
    }

    /// Bytes of the event and the line under way.
    fn pending_length(&self) -> usize {
        let data = match &self.data {
            Data::None => 0,
            Data::One(range) => range.len(),
            Data::Many(bytes) => bytes.len(),
        };
        data + self.buffer.len() - self.line
    }

    fn read_line(&mut self) -> Line {
        if self.after_return {
            match self.buffer.get(self.line) {
                None => return Line::Pending,
                Some(b'\n') => {
                    self.line += 1;
                    self.scanned = self.line;
                }
                Some(_) => {}
            }
            self.after_return = false;
        }
        let Some(length) = memchr2(b'\n', b'\r', &self.buffer[self.scanned..]) else {
            self.scanned = self.buffer.len();
            return Line::Pending;
        };
        let end = self.scanned + length;
        let line = self.line..end;
        self.after_return = self.buffer[end] == b'\r';
        self.line = end + 1;
        self.scanned = self.line;
        if line.is_empty() { Line::Blank } else { Line::Text(line) }
    }

    fn read_field(&mut self, mut line: std::ops::Range<usize>) {
        if std::mem::take(&mut self.at_start) && self.buffer[line.clone()].starts_with(b"\xEF\xBB\xBF") {
            line.start += 3;
        }
        let value = match &self.buffer[line.clone()] {
            [b'd', b'a', b't', b'a', b':', b' ', ..] => line.start + 6..line.end,
            [b'd', b'a', b't', b'a', b':', ..] => line.start + 5..line.end,
            b"data" => line.end..line.end,
            _ => return,
        };
        self.data = match std::mem::replace(&mut self.data, Data::None) {
            Data::None => Data::One(value),
            Data::One(first) => {
                let mut bytes = self.buffer[first].to_vec();
                bytes.push(b'\n');
                bytes.extend_from_slice(&self.buffer[value]);
                Data::Many(bytes)
            }
            Data::Many(mut bytes) => {
                bytes.push(b'\n');
                bytes.extend_from_slice(&self.buffer[value]);
                Data::Many(bytes)
            }
        };
    }

    fn take_data(&mut self) -> &[u8] {
        match std::mem::replace(&mut self.data, Data::None) {
            Data::None => &[],
            Data::One(range) => &self.buffer[range],
            Data::Many(bytes) => {
                // Kept in front of the unread line, so that it can be lent like any other.
                let length = bytes.len();
                self.buffer.splice(..self.line, bytes);
                self.scanned = self.scanned - self.line + length;
                self.line = length;
                &self.buffer[..length]
            }
        }
    }
}

/// What the next line is.
enum Line {
    /// Not all of it is there.
    Pending,
    /// Empty: the event under way ends.
    Blank,
    /// A field or a comment, where it stands in the buffer.
    Text(std::ops::Range<usize>),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::litellm::noise::{cut, noise};

    /// The events of a stream that comes in these pieces.
    fn events<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<String> {
        let mut decoder = Decoder::default();
        let mut events = Vec::new();
        for piece in pieces {
            decoder.push(piece);
            while let Some(event) = decoder.next() {
                events.push(String::from_utf8_lossy(event.unwrap()).into_owned());
            }
        }
        events.extend(decoder.finish().map(|event| String::from_utf8_lossy(event).into_owned()));
        events
    }

    #[test]
    fn reads_what_servers_send() {
        for (stream, expected) in [
            ("data: a\n\ndata: b\n\n", vec!["a", "b"]),
            ("data: a\r\n\r\ndata: b\r\n\r\n", vec!["a", "b"]),
            ("data: a\r\rdata: b\r\r", vec!["a", "b"]),
            ("data:a\n\n", vec!["a"]),
            ("data:  a\n\n", vec![" a"]),
            ("data: a\ndata: b\n\n", vec!["a\nb"]),
            ("data: a\ndata: b\ndata: c\n\ndata: d\n\n", vec!["a\nb\nc", "d"]),
            ("data\n\n", vec![""]),
            ("\u{FEFF}data: a\n\n", vec!["a"]),
            (": keep-alive\n\n: again\n\ndata: a\n\n", vec!["a"]),
            ("event: x\nid: 1\nretry: 5\ndata: a\n\n", vec!["a"]),
            ("datax: a\n\ndata: b\n\n", vec!["b"]),
            ("\n\n\ndata: a\n\n\n\n", vec!["a"]),
            ("data: a", vec!["a"]),
            ("data: a\n", vec!["a"]),
            ("data: a\n\r", vec!["a"]),
            ("", vec![]),
            ("data: 日本語 🚀\n\n", vec!["日本語 🚀"]),
        ] {
            assert_eq!(events([stream.as_bytes()]), expected, "{stream:?}");
        }
    }

    #[test]
    fn refuses_what_never_ends() {
        let mut decoder = Decoder::new(100);
        decoder.push(b"data: ");
        for _ in 0..10 {
            assert!(decoder.next().is_none());
            decoder.push(&[b'x'; 10]);
        }
        assert_eq!(decoder.next(), Some(Err(TooLong { limit: 100 })));

        let mut decoder = Decoder::new(100);
        let mut refused = false;
        for _ in 0..20 {
            decoder.push(b"data: 0123456789\n");
            refused |= decoder.next().is_some_and(|event| event.is_err());
        }
        assert!(refused, "an event of many lines must be bounded too");
    }

    proptest! {
        /// Any split of the bytes gives the same events.
        #[test]
        fn splits_do_not_matter(
            lines in prop::collection::vec(
                prop::sample::select(vec![
                    "data: {\"a\":1}", "data: 語🚀", "data", "data:", ": comment", "event: x", "", "", "\u{FEFF}data: b",
                ]),
                0..20,
            ),
            ends in prop::collection::vec(prop::sample::select(vec!["\n", "\r", "\r\n"]), 20),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        ) {
            let stream: String = lines.iter().zip(&ends).flat_map(|(line, end)| [*line, *end]).collect();
            let bytes = stream.as_bytes();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            prop_assert_eq!(events(pieces), events([bytes]));
        }

    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100_000))]

        /// No bytes make it panic, and no split of them matters.
        #[test]
        fn takes_any_bytes(seed: u64) {
            let pieces: [&[u8]; 9] = [b"data: ", b"data", b"x", b": c", b"event: e", b"\n", b"\r", b"\n\n", b"\xEF\xBB\xBF"];
            let bytes = noise(seed, &pieces);
            prop_assert_eq!(events(cut(seed, &bytes)), events([bytes.as_slice()]));
        }
    }
}
