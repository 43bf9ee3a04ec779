//! Bytes of a text as lines and columns.

/// Where the lines of a text begin.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    is_ascii: bool,
}

impl<'a> Lines<'a> {
    /// Those of a text.
    pub fn of(text: &'a str) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect(), is_ascii: text.is_ascii() }
    }

    /// The line of a byte, and how many bytes stand before it there; both from 0.
    pub fn line(&self, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= at) - 1;
        (line, at - self.starts[line])
    }

    /// The line of a byte, and the column in UTF-16 as LSP counts; both from 0.
    pub fn utf16(&self, at: usize) -> (usize, usize) {
        let (line, bytes) = self.line(at);
        // A long line of thousands of findings is not counted for each of them.
        let units = if self.is_ascii { bytes } else { self.text[at - bytes..at].encode_utf16().count() };
        (line, units)
    }

    /// A line without its end.
    pub fn text(&self, line: usize) -> &'a str {
        let start = self.starts.get(line).copied().unwrap_or(self.text.len());
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }

    /// Where a line begins.
    pub fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.text.len())
    }
}
