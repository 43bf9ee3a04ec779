//! One message or batch a line, with a limit on its length.

use bytes::BytesMut;

use super::{Frame, envelope::Scanner};

/// Cuts a stream of bytes into lines; blank ones are passed over.
#[derive(Debug)]
pub struct Decoder {
    limit: usize,
    /// How far `buffer` has been searched for a newline.
    scanned: usize,
    /// How many bytes were dropped so far of a line over the limit, and what they say of it.
    skipped: Option<(usize, Scanner)>,
}

impl Decoder {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, scanned: 0, skipped: None }
    }

    pub(super) fn decode(&mut self, buffer: &mut BytesMut) -> Option<Frame> {
        loop {
            let Some(at) = memchr::memchr(b'\n', &buffer[self.scanned..]) else {
                self.scanned = buffer.len();
                if self.skipped.is_some() || buffer.len() > self.limit {
                    self.skip(buffer);
                    buffer.clear();
                    self.scanned = 0;
                }
                return None;
            };
            let mut line = buffer.split_to(self.scanned + at + 1);
            line.truncate(line.len() - 1);
            self.scanned = 0;
            if let Some(frame) = self.line(line) {
                return Some(frame);
            }
        }
    }

    pub(super) fn finish(&mut self, buffer: &mut BytesMut) -> Option<Frame> {
        self.scanned = 0;
        self.line(buffer.split())
    }

    fn skip(&mut self, bytes: &[u8]) {
        let (length, scanner) = self.skipped.get_or_insert_default();
        *length += bytes.len();
        scanner.read(bytes);
    }

    fn line(&mut self, line: BytesMut) -> Option<Frame> {
        if self.skipped.is_some() || line.len() > self.limit {
            self.skip(&line);
        }
        if let Some((length, scanner)) = self.skipped.take() {
            return Some(Frame::TooLong(length, scanner.into_envelope()));
        }
        let blank = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line).iter().all(u8::is_ascii_whitespace);
        (!blank).then(|| Frame::Message(line.freeze()))
    }
}
