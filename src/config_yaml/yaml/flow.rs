//! Maps and lists in brackets.

use super::{
    reader::{DEPTH, Properties, Reader},
    tree::{Entry, Kind, NodeId, Style},
};

/// After how many unclosed brackets the end of another is no longer looked for beyond the next key.
const UNCLOSED: usize = 8;

/// Where reading a flow failed, and what was expected there.
struct Broken(usize, &'static str);

impl<'a> Reader<'a> {
    /// Reads what begins with a bracket. Where that is broken it ends before the next line that is a key or an item
    /// no deeper than `parent`, and what was read up to there is kept.
    pub(super) fn flow(&mut self, parent: isize, properties: &Properties<'a>) -> NodeId {
        let (at, line, nodes) = (self.at, self.line, self.nodes.len());
        let repeated = self.repeated;
        let errors = self.errors.len();
        let (end, unpaired) = (self.end, self.unpaired);
        if self.unclosed >= UNCLOSED {
            self.end = self.end_of_broken(parent, at);
        }
        let outcome = self.flow_node(properties, false);
        self.end = self.cut.map_or(end, |cut| end.min(cut));
        let broken = match outcome {
            Ok(node) => return node,
            Err(broken) => broken,
        };
        (self.at, self.line, self.unpaired) = (at, line, unpaired);
        self.nodes.truncate(nodes);
        self.repeated = repeated;
        self.errors.truncate(errors);
        self.anchors.retain(|_, id| (id.0 as usize) < nodes);
        let limit = match self.cut {
            Some(cut) if cut <= broken.0 => cut,
            _ => {
                self.unclosed += 1;
                let limit = self.end_of_broken(parent, at);
                let place = if broken.0 <= limit { broken.0.min(self.end) } else { at };
                let message = if broken.0 <= limit { broken.1 } else { "This bracket is not closed." };
                self.error(place.min(limit)..(place + 1).min(self.end.max(place.min(limit))), message);
                limit
            }
        };
        let end = self.end;
        self.end = limit;
        let depth = self.depth;
        let node = self.flow_node(properties, true).unwrap_or_else(|_| self.absent(at, properties));
        (self.end, self.depth) = (self.cut.map_or(end, |cut| end.min(cut)), depth);
        self.at = self.at.max(limit);
        // The line that was reached begins behind the last end of line before it.
        self.line = memchr::memrchr2(b'\n', b'\r', &self.bytes[..self.at])
            .map_or(0, |place| place + 1)
            .max(self.line);
        node
    }

    /// Where a broken flow ends at the latest.
    fn end_of_broken(&self, parent: isize, start: usize) -> usize {
        let mut at = start;
        while let Some(length) = memchr::memchr2(b'\n', b'\r', &self.bytes[at..self.end]) {
            let ending = at + length;
            let line = ending + 1;
            let mut token = line;
            while token < self.end && self.bytes[token] == b' ' {
                token += 1;
            }
            let is_dash = token < self.end && self.bytes[token] == b'-' && self.blank_at(token + 1);
            let no_deeper = (token - line) as isize <= parent.max(0);
            if no_deeper && token < self.end && (is_dash || self.key_end(token).is_some()) {
                return ending;
            }
            at = line;
        }
        self.end
    }

    fn flow_node(&mut self, properties: &Properties<'a>, lenient: bool) -> Result<NodeId, Broken> {
        self.depth += 1;
        if self.depth > DEPTH {
            self.depth -= 1;
            return Err(Broken(self.at, "The file is nested too deeply to be checked."));
        }
        let node = match self.peek(0) {
            b'[' => self.flow_list(properties, lenient),
            b'{' => self.flow_map(properties, lenient),
            b'"' | b'\'' => Ok(self.quoted(properties)),
            b'*' => Ok(self.alias()),
            b'?' if !lenient && self.blank_at(self.at + 1) => {
                Err(Broken(self.at, "A value is expected here."))
            }
            b'@' | b'`' | b'%' | b'|' | b'>' if !lenient => {
                Err(Broken(self.at, "This character cannot begin a value; put the value in quotes."))
            }
            _ => Ok(self.flow_plain(properties)),
        };
        self.depth -= 1;
        node
    }

    fn flow_value(&mut self, lenient: bool) -> Result<NodeId, Broken> {
        self.next_token();
        let properties = self.properties();
        self.next_token();
        if self.at >= self.end || matches!(self.peek(0), b',' | b']' | b'}') {
            return Ok(self.absent(self.at.min(self.end), &properties));
        }
        self.flow_node(&properties, lenient)
    }

    fn flow_list(&mut self, properties: &Properties<'a>, lenient: bool) -> Result<NodeId, Broken> {
        let id = self.open(self.at, properties);
        self.at += 1;
        let mut items = Vec::new();
        loop {
            if self.flow_ends(b']', lenient)? {
                break;
            }
            let (before, line) = (self.at, self.line);
            let key = self.flow_value(lenient)?;
            self.next_token();
            let item = if self.peek(0) == b':' { self.flow_pair(key, line, lenient)? } else { key };
            items.push(item);
            if self.separator(b']', lenient, before)? {
                break;
            }
        }
        let end = self.at;
        Ok(self.close(id, Kind::List { items }, end))
    }

    /// `key: value` as an item of a list is a map of its own.
    fn flow_pair(&mut self, key: NodeId, line: usize, lenient: bool) -> Result<NodeId, Broken> {
        if self.line != line && !lenient {
            return Err(Broken(self.at, "`,` or `]` is expected here."));
        }
        let start = self.nodes[key.0 as usize].start as usize;
        let id = self.open(start, &Properties::default());
        self.at += 1;
        let value = self.flow_value(lenient)?;
        let entry = Entry { key, value };
        let end = self.at;
        Ok(self.close(id, Kind::Map { entries: vec![entry], flow: true }, end))
    }

    fn flow_map(&mut self, properties: &Properties<'a>, lenient: bool) -> Result<NodeId, Broken> {
        let id = self.open(self.at, properties);
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            if self.flow_ends(b'}', lenient)? {
                break;
            }
            let (before, line) = (self.at, self.line);
            let key = self.flow_value(lenient)?;
            if let Kind::Map { .. } | Kind::List { .. } = self.nodes[key.0 as usize].kind {
                let node = &self.nodes[key.0 as usize];
                let span = node.start as usize..node.end as usize;
                self.error(span, "A map or a list cannot be a key; put the value in quotes.");
            }
            self.next_token();
            let value = if self.peek(0) == b':' {
                if self.line != line && !lenient {
                    return Err(Broken(self.at, "`,` or `}` is expected here."));
                }
                self.at += 1;
                self.flow_value(lenient)?
            } else {
                self.absent(self.nodes[key.0 as usize].end as usize, &Properties::default())
            };
            entries.push(Entry { key, value });
            if self.separator(b'}', lenient, before)? {
                break;
            }
        }
        let end = self.at;
        Ok(self.close(id, Kind::Map { entries, flow: true }, end))
    }

    /// Goes to the next item. Whether the flow ends before it; leniently it does where text or an outer flow ends, too.
    fn flow_ends(&mut self, closing: u8, lenient: bool) -> Result<bool, Broken> {
        loop {
            self.next_token();
            match self.peek(0) {
                byte if byte == closing => {
                    self.at += 1;
                    return Ok(true);
                }
                _ if self.at >= self.end && lenient => return Ok(true),
                b',' if lenient => self.at += 1,
                b']' | b'}' if lenient => return Ok(true),
                b',' | b']' | b'}' | 0 if !lenient => {
                    let expected = match closing {
                        b']' => "A value or `]` is expected here.",
                        _ => "A key or `}` is expected here.",
                    };
                    return Err(Broken(self.at, expected));
                }
                _ => return Ok(false),
            }
        }
    }

    /// Goes over what stands between two items. Whether the flow ends there.
    fn separator(&mut self, closing: u8, lenient: bool, before: usize) -> Result<bool, Broken> {
        self.next_token();
        match self.peek(0) {
            b',' => self.at += 1,
            byte if byte == closing => {
                self.at += 1;
                return Ok(true);
            }
            _ if self.at >= self.end => {
                return if lenient { Ok(true) } else { Err(Broken(self.at, "This bracket is not closed.")) };
            }
            _ if lenient => {
                if self.at == before {
                    self.at += self.text[self.at..].chars().next().map_or(1, char::len_utf8);
                }
            }
            _ if closing == b']' => return Err(Broken(self.at, "`,` or `]` is expected here.")),
            _ => return Err(Broken(self.at, "`,` or `}` is expected here.")),
        }
        Ok(false)
    }

    fn flow_plain(&mut self, properties: &Properties<'a>) -> NodeId {
        let start = self.at;
        let id = self.open(start, properties);
        let mut decoded: Option<String> = None;
        let mut end = self.flow_words();
        loop {
            let (at, line) = (self.at, self.line);
            self.skip_blank_spaces();
            if !self.at_line_end() || self.at >= self.end {
                break;
            }
            self.skip_empty_lines();
            let ends = self.at >= self.end
                || self.ends_flow_plain(self.at)
                || matches!(self.peek(0), b'#' | b'\t' | b' ');
            if ends {
                (self.at, self.line) = (at, line);
                break;
            }
            let from = self.at;
            let said = self.text[start..end].to_owned();
            end = self.flow_words();
            let joined = decoded.get_or_insert(said);
            joined.push(' ');
            joined.push_str(&self.text[from..end]);
        }
        self.at = self.at.max(end);
        let decoded = decoded.map(String::into_boxed_str);
        self.close(id, Kind::Scalar { style: Style::Plain, decoded }, end)
    }

    fn ends_flow_plain(&self, at: usize) -> bool {
        match self.bytes[at] {
            b',' | b'?' | b'[' | b']' | b'{' | b'}' => true,
            b':' => self.blank_at(at + 1) || matches!(self.bytes[at + 1], b',' | b'[' | b']' | b'{' | b'}'),
            _ => false,
        }
    }

    /// Goes over the words of one line, and returns where the last ends.
    fn flow_words(&mut self) -> usize {
        let mut end = self.at;
        while !self.at_line_end() && !self.ends_flow_plain(self.at) {
            match self.bytes[self.at] {
                b'#' if self.at > 0 && self.bytes[self.at - 1] == b' ' => break,
                b'\t' => break,
                b' ' => self.at += 1,
                _ => {
                    self.at += 1;
                    end = self.at;
                }
            }
        }
        end
    }
}
