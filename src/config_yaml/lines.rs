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
        let bytes = text.as_bytes();
        // CR ends a line too, but for one that LF follows.
        let breaks = memchr::memchr2_iter(b'\n', b'\r', bytes)
            .filter(|at| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'))
            .map(|at| at + 1);
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

/// Line ends as a text has them.
pub(crate) fn line_end(text: &str) -> &'static str {
    match (text.contains("\r\n"), text.contains('\n'), text.contains('\r')) {
        (true, ..) => "\r\n",
        (_, false, true) => "\r",
        _ => "\n",
    }
}

/// Where the line of a byte begins.
pub(crate) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1)
}

/// Where the line of a byte ends, before its line end.
pub(crate) fn line_stop(text: &str, at: usize) -> usize {
    text[at..].find(['\n', '\r']).map_or(text.len(), |length| at + length)
}

/// Where the line behind that of a byte begins.
pub(crate) fn next_line(text: &str, at: usize) -> usize {
    let stop = line_stop(text, at);
    stop + ["\r\n", "\n", "\r"].iter().find(|end| text[stop..].starts_with(**end)).map_or(0, |end| end.len())
}

/// The lines of a text, whatever ends them.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        (start < text.len()).then(|| {
            at = next_line(text, start);
            &text[start..line_stop(text, start)]
        })
    })
}

/// The lines of a text that are not empty, the last first.
pub(crate) fn last_lines(text: &str) -> impl Iterator<Item = &str> {
    text.rsplit(['\n', '\r']).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_the_three_line_ends_ends_a_line() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a: ä🦀", "", "b", ""].join(end);
            let known = Lines::of(&text);
            for (number, (line, column)) in [(0, 0), (2, 0), (3, 0)].into_iter().enumerate() {
                let starts = [0, "a: ä🦀".len() + 2 * end.len(), "a: ä🦀b".len() + 3 * end.len()];
                assert_eq!(known.line(starts[number]), (line, column), "{end:?}");
                assert_eq!(known.start(line), starts[number]);
            }
            assert_eq!(known.utf16("a: ä🦀".len()), (0, 6), "{end:?}");
            assert_eq!([0, 1, 2, 3, 4].map(|line| known.text(line)), ["a: ä🦀", "", "b", "", ""]);
            assert_eq!(last_lines(&text).collect::<Vec<_>>(), ["b", "a: ä🦀"]);
        }
        assert_eq!(Lines::of("a\r\n\rb\n\rc").line(7), (4, 0));
    }
}
