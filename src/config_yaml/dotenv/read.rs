//! The words of a `.env`, as python-dotenv reads them, by which LiteLLM finds its variables.

use std::ops::Range;

/// One name with its value.
pub(super) struct Binding {
    pub(super) name: String,
    /// Where the name stands.
    pub(super) name_at: Range<usize>,
    pub(super) value: String,
    /// Where the value stands, with its quotes and without a comment behind it.
    pub(super) value_at: Range<usize>,
}

/// Reads all that are set, in order. A line that can't be read sets nothing.
pub(super) fn bindings(text: &str) -> Vec<Binding> {
    let mut reader = Reader { text, at: 0 };
    let mut found = Vec::new();
    loop {
        reader.skip(char::is_whitespace);
        if reader.rest().is_empty() {
            return found;
        }
        match reader.binding() {
            Ok(binding) => found.extend(binding),
            Err(Unreadable) => reader.skip(|c| !is_line_end(c)),
        }
    }
}

struct Unreadable;

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

fn is_line_end(c: char) -> bool {
    c == '\n' || c == '\r'
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() && !is_line_end(c)
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip(&mut self, is_one: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !is_one(c)).unwrap_or(rest.len());
    }

    /// What is set in a line. None in a comment, and where there is no value.
    fn binding(&mut self) -> Result<Option<Binding>, Unreadable> {
        if self.rest().strip_prefix("export").is_some_and(|rest| rest.starts_with(is_blank)) {
            self.at += "export".len();
            self.skip(is_blank);
        }
        let name_at = self.name()?;
        self.skip(is_blank);
        let mut binding = None;
        if let Some(name_at) = name_at
            && self.rest().starts_with('=')
        {
            self.at += 1;
            let (value, value_at) = self.value()?;
            let name = self.text[name_at.clone()].to_owned();
            binding = Some(Binding { name, name_at, value, value_at });
        }
        self.skip(is_blank);
        if self.rest().starts_with('#') {
            self.skip(|c| !is_line_end(c));
        }
        if self.rest().is_empty() || self.rest().starts_with(is_line_end) {
            Ok(binding)
        } else {
            Err(Unreadable)
        }
    }

    /// Where a name stands. None where a comment begins.
    fn name(&mut self) -> Result<Option<Range<usize>>, Unreadable> {
        let rest = self.rest();
        if rest.starts_with('#') {
            return Ok(None);
        }
        let (start, length, behind) = match rest.strip_prefix('\'') {
            Some(quoted) => (self.at + 1, quoted.find('\'').ok_or(Unreadable)?, 1),
            None => {
                let is_end = |c: char| c == '=' || c == '#' || c.is_whitespace();
                (self.at, rest.find(is_end).unwrap_or(rest.len()), 0)
            }
        };
        if length == 0 {
            return Err(Unreadable);
        }
        self.at = start + length + behind;
        Ok(Some(start..start + length))
    }

    /// A value, behind the equals sign.
    fn value(&mut self) -> Result<(String, Range<usize>), Unreadable> {
        let sign = self.at;
        self.skip(is_blank);
        let (start, rest) = (self.at, self.rest());
        if let Some(quote) = rest.chars().next().filter(|c| ['"', '\''].contains(c)) {
            let end = start + 1 + closing(&rest[1..], quote).ok_or(Unreadable)?;
            self.at = end + 1;
            return Ok((unescaped(&self.text[start + 1..end], quote), start..self.at));
        }
        let line = &rest[..rest.find(is_line_end).unwrap_or(rest.len())];
        self.at += line.len();
        // Nothing, and a comment behind it.
        if line.starts_with('#') && start > sign {
            return Ok((String::new(), sign..sign));
        }
        let value = line[..comment(line)].trim_end();
        Ok((value.to_owned(), start..start + value.len()))
    }
}

/// Where a quoted text ends. A backslash takes what follows it for no end.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices().find_map(|(at, letter)| {
        let ends = letter == quote && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        ends.then_some(at)
    })
}

/// Where blanks and a comment begin in a line.
fn comment(line: &str) -> usize {
    let begins = line.match_indices('#').find(|(at, _)| line[..*at].ends_with(char::is_whitespace));
    begins.map_or(line.len(), |(at, _)| at)
}

/// A quoted text as it is meant.
fn unescaped(text: &str, quote: char) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let escaped = match letters.peek() {
            Some(next) if letter == '\\' => match next {
                '\\' | '\'' => Some(*next),
                '"' if quote == '"' => Some('"'),
                'a' if quote == '"' => Some('\u{7}'),
                'b' if quote == '"' => Some('\u{8}'),
                'f' if quote == '"' => Some('\u{c}'),
                'n' if quote == '"' => Some('\n'),
                'r' if quote == '"' => Some('\r'),
                't' if quote == '"' => Some('\t'),
                'v' if quote == '"' => Some('\u{b}'),
                _ => None,
            },
            _ => None,
        };
        if escaped.is_some() {
            letters.next();
        }
        plain.push(escaped.unwrap_or(letter));
    }
    plain
}
