//! Scalars without quotes, and block scalars.

use super::{
    reader::{Properties, Reader},
    tree::{Kind, NodeId, Style},
};

impl<'a> Reader<'a> {
    /// A plain scalar behind a key or a dash. Lines that lie deeper than `parent` go on with it.
    pub(super) fn plain(&mut self, parent: isize, properties: &Properties<'a>) -> NodeId {
        let start = self.at;
        let id = self.open(start, properties);
        let mut end = self.plain_line(true);
        let mut decoded: Option<String> = None;
        loop {
            // A comment ends it.
            let (at, line) = (self.at, self.line);
            self.skip_blank_spaces();
            if !self.at_line_end() {
                break;
            }
            let breaks = self.skip_empty_lines();
            let column = self.column() as isize;
            let ends = self.at >= self.end || column <= parent || matches!(self.peek(0), b'#' | b'\t');
            if ends || self.key_end(self.at).is_some() {
                (self.at, self.line) = (at, line);
                break;
            }
            let joined = decoded.get_or_insert_with(|| self.text[start..end].to_owned());
            let from = self.at;
            match breaks {
                0 | 1 => joined.push(' '),
                more => joined.extend(std::iter::repeat_n('\n', more - 1)),
            }
            end = self.plain_line(false);
            let joined = decoded.get_or_insert_default();
            joined.push_str(&self.text[from..end]);
        }
        self.skip_line();
        let decoded = decoded.map(String::into_boxed_str);
        self.close(id, Kind::Scalar { style: Style::Plain, decoded }, end)
    }

    /// Goes over one line of a plain scalar, and returns where what it says ends.
    fn plain_line(&mut self, first: bool) -> usize {
        let start = self.at;
        let mut end = start;
        while !self.at_line_end() {
            match self.bytes[self.at] {
                b'#' if self.at > start && self.bytes[self.at - 1] == b' ' => break,
                b'\t' => {
                    self.skip_spaces();
                    continue;
                }
                b':' if self.blank_at(self.at + 1) => {
                    let message = if first {
                        "A mapping is not allowed here; put the value in quotes if the `:` is part of it."
                    } else {
                        "A mapping is not allowed here: check the indentation of this line."
                    };
                    self.error(self.at..self.at + 1, message);
                    self.at += 1;
                    end = self.at;
                }
                b' ' => self.at += 1,
                _ => {
                    self.at += 1;
                    end = self.at;
                }
            }
        }
        end
    }

    pub(super) fn skip_blank_spaces(&mut self) {
        while self.at < self.end && self.bytes[self.at] == b' ' {
            self.at += 1;
        }
    }

    /// Goes to the first thing on the next line that has any, and returns how many ends of lines that were.
    pub(super) fn skip_empty_lines(&mut self) -> usize {
        let mut breaks = 0;
        while self.at < self.end && matches!(self.bytes[self.at], b'\n' | b'\r') {
            self.at += if self.bytes[self.at..].starts_with(b"\r\n") { 2 } else { 1 };
            self.line = self.at;
            breaks += 1;
            self.skip_blank_spaces();
        }
        breaks
    }

    /// `|` or `>` and the lines below that lie deeper than `parent`.
    pub(super) fn block_scalar(&mut self, parent: isize, properties: &Properties<'a>) -> NodeId {
        let start = self.at;
        let id = self.open(start, properties);
        let folded = self.peek(0) == b'>';
        self.at += 1;
        let (mut indent, mut kept) = (None, '\n');
        while matches!(self.peek(0), b'+' | b'-' | b'1'..=b'9') {
            if self.peek(0).is_ascii_digit() {
                indent = Some((parent.max(0) as usize) + usize::from(self.peek(0) - b'0'));
            } else {
                kept = char::from(self.peek(0));
            }
            self.at += 1;
        }
        self.expect_line_end();
        let (mut said, mut end) = (String::new(), self.at);
        while self.at < self.end {
            let (at, line) = (self.at, self.line);
            self.at += if self.bytes[self.at..].starts_with(b"\r\n") { 2 } else { 1 };
            self.line = self.at;
            self.skip_blank_spaces();
            if self.at_line_end() {
                said.push('\n');
                continue;
            }
            let column = self.column();
            let ends = match indent {
                Some(indent) => column < indent,
                None => column as isize <= parent,
            };
            if ends {
                (self.at, self.line) = (at, line);
                break;
            }
            let text_at = self.line + *indent.get_or_insert(column);
            self.at = text_at;
            self.skip_line();
            said.push_str(&self.text[text_at..self.at]);
            said.push(if folded { ' ' } else { '\n' });
            end = self.at;
        }
        // What stands at the end is one end of line, none behind `-`, and all that is written behind `+`.
        if kept != '+' {
            said.truncate(said.trim_end_matches([' ', '\n']).len());
        }
        if kept == '\n' && !said.is_empty() {
            said.push('\n');
        }
        self.close(id, Kind::Scalar { style: Style::Block, decoded: Some(said.into_boxed_str()) }, end)
    }
}
