//! Maps and lists by indentation.

use super::{
    reader::{DEPTH, Properties, Reader},
    tree::{Entry, Kind, NodeId, Span},
};

/// How long a key may be, as in YAML.
const KEY: usize = 1024;

const CROWDED: &str = "A blank is missing behind the `:` of this key.";

/// Whether a line is `key:value`, which YAML takes for one text; an address is none.
fn is_crowded(line: &str) -> bool {
    line.split_once(':').is_some_and(|(key, value)| {
        let is_key = !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        is_key && !value.is_empty() && !value.starts_with([' ', '/', ':'])
    })
}

impl<'a> Reader<'a> {
    /// Reads the node that begins at the current token. `parent` is the column of what it lies in.
    pub(super) fn block(&mut self, column: usize, parent: isize) -> NodeId {
        self.depth += 1;
        let node = if self.depth > DEPTH {
            let start = self.at;
            self.error(start..start + 1, "The file is nested too deeply to be checked.");
            self.at = self.end;
            self.absent(start, &Properties::default())
        } else if self.is_dash() {
            self.sequence(column, Properties::default())
        } else if self.is_question() || self.key_end(self.at).is_some() {
            self.mapping(column, Properties::default())
        } else {
            self.value(parent, false)
        };
        self.depth -= 1;
        node
    }

    fn is_dash(&self) -> bool {
        self.peek(0) == b'-' && self.blank_at(self.at + 1)
    }

    fn is_question(&self) -> bool {
        self.peek(0) == b'?' && self.blank_at(self.at + 1)
    }

    fn sequence(&mut self, column: usize, properties: Properties<'a>) -> NodeId {
        let start = self.at;
        let id = self.open(start, &properties);
        let (mut items, mut end) = (Vec::new(), start + 1);
        loop {
            let dash = self.at;
            self.at += 1;
            let item = self.value(column as isize, false);
            end = end.max(self.nodes[item.0 as usize].end as usize).max(dash + 1);
            items.push(item);
            match self.next_token() {
                Some(next) if next == column && self.is_dash() => {}
                Some(next) if next > column => {
                    let span = self.rest_of_line();
                    self.error(span, "This line is indented deeper than the list it follows.");
                    if !self.is_dash() {
                        self.block(next, column as isize);
                        match self.next_token() {
                            Some(next) if next == column && self.is_dash() => continue,
                            _ => break,
                        }
                    }
                }
                _ => break,
            }
        }
        self.close(id, Kind::List { items }, end)
    }

    fn mapping(&mut self, column: usize, properties: Properties<'a>) -> NodeId {
        let start = self.at;
        let id = self.open(start, &properties);
        let (mut entries, mut end) = (Vec::new(), start + 1);
        loop {
            if let Some(entry) = self.map_entry(column) {
                end = end.max(self.nodes[entry.value.0 as usize].end as usize);
                end = end.max(self.nodes[entry.key.0 as usize].end as usize);
                entries.push(entry);
            }
            match self.next_token() {
                Some(next) if next == column => {}
                Some(next) if next > column => {
                    let value = entries.last().and_then(|entry| self.crowded(entry.value, next));
                    let message = match value {
                        Some(_) => CROWDED,
                        None => "This line is indented deeper than the keys it stands among.",
                    };
                    let span = value.unwrap_or_else(|| self.rest_of_line());
                    self.error(span, message);
                }
                _ => break,
            }
        }
        self.close(id, Kind::Map { entries, flow: false }, end)
    }

    /// Where a text stands that should be the first entry of a map, at the column of the next one: `model:gpt`.
    fn crowded(&self, id: NodeId, column: usize) -> Option<Span> {
        let node = &self.nodes[id.0 as usize];
        let (start, end) = (node.start as usize, node.end as usize);
        let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let first = self.text[start..end].lines().next().unwrap_or_default();
        let is_plain = matches!(node.kind, Kind::Scalar { style: super::Style::Plain, .. });
        (is_plain && start - line == column && is_crowded(first)).then(|| start..start + first.len())
    }

    /// One `key: value`. None where the line is none.
    fn map_entry(&mut self, column: usize) -> Option<Entry> {
        if self.is_question() {
            return Some(self.explicit_entry(column));
        }
        let Some(colon) = self.key_end(self.at) else {
            let span = self.rest_of_line();
            let message = if self.is_dash() {
                "A list item stands where a key is expected: check its indentation."
            } else if is_crowded(&self.text[span.clone()]) {
                CROWDED
            } else {
                "A key and a `:` are expected here."
            };
            self.error(span, message);
            self.skip_line();
            return None;
        };
        let properties = self.properties();
        let key = self.key(colon, &properties);
        self.at = colon + 1;
        let value = self.value(column as isize, true);
        Some(Entry { key, value })
    }

    fn explicit_entry(&mut self, column: usize) -> Entry {
        self.at += 1;
        let key = self.value(column as isize, false);
        let value = match self.next_token() {
            Some(next) if next == column && self.peek(0) == b':' && self.blank_at(self.at + 1) => {
                self.at += 1;
                self.value(column as isize, false)
            }
            _ => self.absent(self.at, &Properties::default()),
        };
        Entry { key, value }
    }

    fn key(&mut self, colon: usize, properties: &Properties<'a>) -> NodeId {
        match self.peek(0) {
            b'"' | b'\'' => self.quoted(properties),
            b'*' => self.alias(),
            _ => {
                let id = self.open(self.at, properties);
                let end = self.at + self.text[self.at..colon].trim_end().len();
                if let Some(tab) = memchr::memchr(b'\t', &self.bytes[self.at..colon]) {
                    self.tab_at(self.at + tab);
                }
                self.close(id, Kind::Scalar { style: super::Style::Plain, decoded: None }, end)
            }
        }
    }

    /// The place of the colon of a key that begins there. None where no key does.
    pub(super) fn key_end(&self, start: usize) -> Option<usize> {
        let mut at = start;
        let limit = self.end.min(start + KEY);
        while at < limit && matches!(self.bytes[at], b'&' | b'!') {
            while at < limit && !self.blank_at(at) {
                at += 1;
            }
            while at < limit && self.bytes[at] == b' ' {
                at += 1;
            }
        }
        let first = *self.bytes.get(at).filter(|_| at < limit)?;
        match first {
            b'"' | b'\'' => {
                let mut end = self.closing_quote(at, limit)?;
                while end < self.end && self.bytes[end] == b' ' {
                    end += 1;
                }
                (end < self.end && self.bytes[end] == b':' && self.blank_at(end + 1)).then_some(end)
            }
            b'[' | b'{' | b']' | b'}' | b',' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => None,
            b'-' | b'?' | b':' if self.blank_at(at + 1) => None,
            _ => {
                while at < limit {
                    match self.bytes[at] {
                        b'\n' | b'\r' => return None,
                        b':' if self.blank_at(at + 1) => return Some(at),
                        b'#' if self.bytes[at - 1] == b' ' && at > start => return None,
                        _ => at += 1,
                    }
                }
                None
            }
        }
    }

    /// What stands behind `key:` or `-`: on the line, or below it and deeper than `parent`.
    fn value(&mut self, parent: isize, of_key: bool) -> NodeId {
        let mark = self.at;
        self.skip_spaces();
        let before = self.at;
        let inline = if of_key { None } else { self.inline_block() };
        if let Some(node) = inline {
            return node;
        }
        let properties = self.properties();
        let comment = self.peek(0) == b'#' && self.blank_at(self.at.max(1) - 1);
        if !self.at_line_end() && !comment {
            return self.scalar_or_flow(parent, &properties);
        }
        let end = if before == self.at { mark } else { self.at };
        let Some(column) = self.next_token() else { return self.absent(end, &properties) };
        let deeper = column as isize > parent;
        let beside = of_key && column as isize == parent && self.is_dash();
        if !deeper && !beside {
            return self.absent(end, &properties);
        }
        let has_properties = properties.anchor.is_some() || properties.tag.0 < properties.tag.1;
        if !has_properties {
            return self.block(column, parent);
        }
        self.depth += 1;
        let node = if self.depth > DEPTH {
            self.at = self.end;
            self.absent(end, &properties)
        } else if self.is_dash() {
            self.sequence(column, properties)
        } else if self.key_end(self.at).is_some() {
            self.mapping(column, properties)
        } else {
            self.scalar_or_flow(parent, &properties)
        };
        self.depth -= 1;
        node
    }

    /// A map or a list that begins on the line of its dash.
    fn inline_block(&mut self) -> Option<NodeId> {
        let begins =
            !self.at_line_end() && (self.is_dash() || self.is_question() || self.key_end(self.at).is_some());
        begins.then(|| self.block(self.column(), self.column() as isize - 1))
    }

    fn scalar_or_flow(&mut self, parent: isize, properties: &Properties<'a>) -> NodeId {
        let start = self.at;
        match self.peek(0) {
            b'|' | b'>' => self.block_scalar(parent, properties),
            b'[' | b'{' => {
                let node = self.flow(parent, properties);
                self.expect_line_end();
                node
            }
            b'"' | b'\'' => {
                let node = self.quoted(properties);
                self.expect_line_end();
                node
            }
            b'*' => {
                let node = self.alias();
                self.expect_line_end();
                node
            }
            first => {
                let message = match first {
                    b'-' if self.blank_at(start + 1) => {
                        "A list is not allowed behind a key on the same line."
                    }
                    b'@' | b'`' | b'%' => "This character cannot begin a value; put the value in quotes.",
                    b',' | b']' | b'}' => {
                        "A bracket or comma without its beginning; put the value in quotes if it is text."
                    }
                    b':' if self.blank_at(start + 1) => "A `:` stands here without its key.",
                    _ => return self.plain(parent, properties),
                };
                self.error(start..start + 1, message);
                self.plain(parent, properties)
            }
        }
    }
}
