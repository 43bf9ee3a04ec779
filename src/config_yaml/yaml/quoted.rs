//! Scalars in quotes.

use super::{
    reader::{Properties, Reader},
    tree::{Kind, NodeId, Style},
};

impl<'a> Reader<'a> {
    /// A scalar in quotes. One without its second quote ends with its line.
    pub(super) fn quoted(&mut self, properties: &Properties<'a>) -> NodeId {
        let start = self.at;
        let double = self.bytes[start] == b'"';
        let id = self.open(start, properties);
        let known = self.unpaired[usize::from(double)] <= start;
        let closing = if known { None } else { self.closing_quote(start, self.end) };
        let Some(end) = closing.filter(|end| self.may_follow_quote(*end)) else {
            if closing.is_none() {
                self.unpaired[usize::from(double)] = start;
            }
            let line = self.rest_of_line();
            // The quote may be closed on this line, and what follows it be wrong: then that is said there.
            if let Some(end) = closing.filter(|end| *end <= line.end) {
                self.at = end;
                return self.close(id, Kind::Scalar { style: style(double), decoded: None }, end);
            }
            self.error(start..line.end, "The quote at the beginning of this value is not closed.");
            self.at = line.end;
            let decoded = Some(self.text[start + 1..line.end.max(start + 1)].into());
            return self.close(id, Kind::Scalar { style: style(double), decoded }, line.end);
        };
        let inner = &self.text[start + 1..end - 1];
        let decoded = decode(inner, double);
        if double && let Some(at) = wrong_escape(inner) {
            let at = start + 1 + at;
            self.error(
                at..at + 1,
                "This backslash begins nothing that YAML knows; use single quotes, or write two.",
            );
        }
        if let Some(newline) = memchr::memrchr2(b'\n', b'\r', inner.as_bytes()) {
            self.line = start + 1 + newline + 1;
        }
        self.at = end;
        self.close(id, Kind::Scalar { style: style(double), decoded }, end)
    }

    /// Where the scalar in quotes that begins at `start` ends, if before `limit`.
    pub(super) fn closing_quote(&self, start: usize, limit: usize) -> Option<usize> {
        let mut at = start + 1;
        if self.bytes[start] == b'"' {
            loop {
                at += memchr::memchr2(b'"', b'\\', self.bytes.get(at..limit)?)?;
                if self.bytes[at] == b'"' {
                    return Some(at + 1);
                }
                at += 2;
            }
        }
        loop {
            at += memchr::memchr(b'\'', self.bytes.get(at..limit)?)?;
            if at + 1 < limit && self.bytes[at + 1] == b'\'' {
                at += 2;
            } else {
                return Some(at + 1);
            }
        }
    }

    /// Whether a value ends here, or a key: what else comes shows that the quote belongs to something else.
    fn may_follow_quote(&self, end: usize) -> bool {
        let mut at = end;
        while at < self.end && matches!(self.bytes[at], b' ' | b'\t') {
            at += 1;
        }
        at >= self.end || matches!(self.bytes[at], b'\n' | b'\r' | b':' | b',' | b']' | b'}' | b'#')
    }
}

/// A backslash before what it does not go with, or before a number that is no character.
fn wrong_escape(written: &str) -> Option<usize> {
    let mut rest = written.char_indices();
    while let Some((at, c)) = rest.next() {
        if c != '\\' {
            continue;
        }
        let Some((_, kind)) = rest.next() else { break };
        let is_right = match digits(kind) {
            Some(count) => {
                let code =
                    rest.as_str().get(..count).filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
                code.and_then(|code| u32::from_str_radix(code, 16).ok())
                    .is_some_and(|code| code <= 0x0010_ffff)
            }
            None => "0abt\tnvfre \"\\/N_LP\n\r\u{85}".contains(kind),
        };
        if !is_right {
            return Some(at);
        }
    }
    None
}

/// How many digits an escape has behind its letter. None for one that has none.
fn digits(kind: char) -> Option<usize> {
    match kind {
        'x' => Some(2),
        'u' => Some(4),
        'U' => Some(8),
        _ => None,
    }
}

fn style(double: bool) -> Style {
    if double { Style::Double } else { Style::Single }
}

/// What is said between quotes, where that differs from what is written.
fn decode(written: &str, double: bool) -> Option<Box<str>> {
    let special = if double {
        memchr::memchr3(b'\\', b'\n', b'\r', written.as_bytes())
    } else {
        memchr::memchr3(b'\'', b'\n', b'\r', written.as_bytes())
    };
    special?;
    let folded = fold(written);
    let said = if double { unescape(&folded) } else { folded.replace("''", "'") };
    Some(said.into_boxed_str())
}

/// Lines become one: an end of line is a blank, an empty line an end of line.
fn fold(written: &str) -> String {
    let mut said = String::with_capacity(written.len());
    let mut empty = 0;
    for (number, line) in written.lines().enumerate() {
        let line = if number == 0 { line } else { line.trim_start() };
        if number > 0 && line.trim().is_empty() {
            empty += 1;
            continue;
        }
        if number > 0 {
            let kept = said.trim_end_matches([' ', '\t']).len();
            said.truncate(kept);
            if said.ends_with('\\') {
                said.pop();
            } else if empty == 0 {
                said.push(' ');
            }
            said.extend(std::iter::repeat_n('\n', empty));
            empty = 0;
        }
        said.push_str(line);
    }
    said
}

fn unescape(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            said.push(c);
            continue;
        }
        let digits = match rest.next() {
            Some('n') => {
                said.push('\n');
                continue;
            }
            Some('t') => {
                said.push('\t');
                continue;
            }
            Some('r') => {
                said.push('\r');
                continue;
            }
            Some('0') => {
                said.push('\0');
                continue;
            }
            Some(other) => match digits(other) {
                Some(count) => count,
                None => {
                    said.push(other);
                    continue;
                }
            },
            None => break,
        };
        let code: String = rest.by_ref().take(digits).collect();
        said.push(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'));
    }
    said
}
