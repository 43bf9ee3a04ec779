//! The reader's state, and what its parts have in common: places, marks, blanks, properties.

use std::collections::HashMap;

use super::{
    characters,
    tree::{Kind, Node, NodeId, Span, Style, SyntaxError, Tree},
};

/// How deep nodes may lie in one another.
pub(crate) const DEPTH: usize = 64;
/// How many nodes a tree has at most; a configuration of 300 deployments has some 6,000.
const NODES: usize = 30_000;
/// How many nodes aliases may repeat: what one stands for counts as if it were written there again.
const REPEATED: usize = 100_000;
/// How many errors are kept.
const ERRORS: usize = 20;

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    /// Where the current line begins.
    pub(super) line: usize,
    /// Where reading ends: the end of the document.
    pub(super) end: usize,
    pub(super) depth: usize,
    pub(super) nodes: Vec<Node>,
    pub(super) errors: Vec<SyntaxError>,
    pub(super) anchors: HashMap<&'a str, NodeId>,
    /// Where each stands, so that a second one of a name is told.
    anchor_places: HashMap<&'a str, usize>,
    /// How often a bracket was not closed: looking for its end is then given up sooner.
    pub(super) unclosed: usize,
    /// From where on a double and a single quote have no partner.
    pub(super) unpaired: [usize; 2],
    /// Where reading stops although the text goes on: what stands open there is no fault of the text's.
    pub(super) cut: Option<usize>,
    /// How many nodes have been repeated so far, and how many of them when each node with an anchor began; once it has
    /// ended, how many nodes it stands for.
    pub(super) repeated: usize,
    sizes: HashMap<NodeId, Size>,
}

/// How many nodes one stands for, what it repeats included.
enum Size {
    /// It began when so many had been counted.
    From(usize),
    Is(usize),
}

/// Anchor and tag before a node.
#[derive(Default, Clone)]
pub(super) struct Properties<'a> {
    pub(super) anchor: Option<&'a str>,
    pub(super) tag: (u32, u32),
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            line: 0,
            end: text.len(),
            depth: 0,
            nodes: Vec::new(),
            errors: Vec::new(),
            anchors: HashMap::new(),
            anchor_places: HashMap::new(),
            unclosed: 0,
            unpaired: [usize::MAX; 2],
            cut: None,
            repeated: 0,
            sizes: HashMap::new(),
        }
    }

    /// Reads a text, or the beginning of one.
    pub(super) fn read(mut self, is_whole: bool) -> Tree {
        if u32::try_from(self.text.len()).is_err() {
            return Tree::default();
        }
        self.cut = (!is_whole).then_some(self.end);
        if let Some((at, c)) = characters::unreadable(self.text) {
            let message = format!(
                "The character U+{:04X} is nothing that LiteLLM's YAML parser reads, in comments neither; take it out.",
                u32::from(c)
            );
            self.error(at..at + c.len_utf8(), &message);
        }
        let another = self.find_document();
        let mut root = None;
        while let Some(column) = self.next_token() {
            if root.is_none() {
                root = Some(self.block(column, -1));
            } else {
                let line = self.rest_of_line();
                self.error(line, "This line belongs to nothing above it: check its indentation.");
                self.skip_line();
            }
        }
        let cut = self.cut.take();
        self.find_special();
        if let Some(start) = another {
            self.error(
                start..start + 3,
                "A second document begins here; LiteLLM reads files of one document only.",
            );
        }
        let mut tree = Tree { text: self.text.to_owned(), nodes: self.nodes, root, errors: self.errors };
        if let Some(cut) = cut {
            tree.cut_off(cut..self.text.ceil_char_boundary(cut + 1));
        }
        tree
    }

    /// Values that mean something only as keys: LiteLLM's parser makes nothing of them.
    fn find_special(&mut self) {
        let mut special = Vec::new();
        let mut look = |id: NodeId| {
            let node = &self.nodes[id.0 as usize];
            let span = node.start as usize..node.end as usize;
            let is_plain = matches!(node.kind, Kind::Scalar { style: Style::Plain, .. });
            if is_plain && node.tag.0 == node.tag.1 && matches!(&self.text[span.clone()], "<<" | "=") {
                special.push(span);
            }
        };
        for node in &self.nodes {
            match &node.kind {
                Kind::Map { entries, .. } => entries.iter().for_each(|entry| look(entry.value)),
                Kind::List { items } => items.iter().copied().for_each(&mut look),
                _ => {}
            }
        }
        for span in special {
            let message = format!("A bare `{}` is no value; put it in quotes.", &self.text[span.clone()]);
            self.error(span, &message);
        }
    }

    /// Finds where the first document begins and ends, and where another begins.
    fn find_document(&mut self) -> Option<usize> {
        self.at = if self.text.starts_with('\u{feff}') { 3 } else { 0 };
        self.line = self.at;
        let (mut seen_content, mut place, mut end) = (false, self.at, None);
        for line in self.text[self.at..].split_inclusive('\n') {
            let is = |mark| {
                line.strip_prefix(mark)
                    .is_some_and(|rest: &str| rest.starts_with([' ', '\n', '\r']) || rest.is_empty())
            };
            let blank = line.trim_start().is_empty() || line.trim_start().starts_with('#');
            if is("---") {
                if seen_content || end.is_some() {
                    self.end = end.unwrap_or(place);
                    return Some(place);
                }
                (self.at, self.line, seen_content) = (place + 3, place, line[3..].trim().len() > 1);
            } else if is("...") {
                end = end.or(Some(place));
            } else if line.starts_with('%') && !seen_content {
                self.at = place + line.len();
                self.line = self.at;
            } else if !blank {
                if end.is_some() {
                    self.end = end.unwrap_or(place);
                    return Some(place);
                }
                seen_content = true;
            }
            place += line.len();
        }
        self.end = end.unwrap_or(self.end);
        None
    }

    pub(super) fn peek(&self, ahead: usize) -> u8 {
        let at = self.at + ahead;
        if at < self.end { self.bytes[at] } else { 0 }
    }

    /// Whether the byte there ends a word: a blank, an end of line, or the end of the text.
    pub(super) fn blank_at(&self, at: usize) -> bool {
        at >= self.end || matches!(self.bytes[at], b' ' | b'\t' | b'\n' | b'\r')
    }

    pub(super) fn at_line_end(&self) -> bool {
        self.at >= self.end || matches!(self.bytes[self.at], b'\n' | b'\r')
    }

    /// The column of the current place, in bytes.
    pub(super) fn column(&self) -> usize {
        self.at - self.line
    }

    pub(super) fn error(&mut self, span: Span, message: &str) {
        let is_known = self.errors.last().is_some_and(|last| last.span.start == span.start)
            || self.cut.is_some_and(|cut| cut <= span.start);
        if self.errors.len() < ERRORS && !is_known {
            let (mut start, mut end) = (span.start.min(self.text.len()), span.end.min(self.text.len()));
            while !self.text.is_char_boundary(start) {
                start -= 1;
            }
            while !self.text.is_char_boundary(end) {
                end += 1;
            }
            self.errors.push(SyntaxError { span: start..end.max(start), message: message.to_owned() });
        }
    }

    pub(super) fn skip_spaces(&mut self) {
        while self.at < self.end && matches!(self.bytes[self.at], b' ' | b'\t') {
            if self.bytes[self.at] == b'\t' {
                self.tab();
            }
            self.at += 1;
        }
    }

    fn tab(&mut self) {
        self.tab_at(self.at);
    }

    pub(super) fn tab_at(&mut self, at: usize) {
        let line = self.line;
        if self.errors.last().is_none_or(|last| last.span.start < line) {
            self.error(at..at + 1, "A tab stands where LiteLLM's YAML parser takes spaces only.");
        }
    }

    /// Goes over the end of a line.
    fn line_break(&mut self) {
        self.at += if self.bytes[self.at..].starts_with(b"\r\n") { 2 } else { 1 };
        self.line = self.at;
    }

    pub(super) fn skip_line(&mut self) {
        let rest = &self.bytes[self.at.min(self.end)..self.end];
        self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    }

    /// What is left of the line, without blanks at its end.
    pub(super) fn rest_of_line(&self) -> Span {
        let rest = &self.bytes[self.at.min(self.end)..self.end];
        let length = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let written = self.text[self.at..self.at + length].trim_end().len();
        self.at..self.at + written.max(1).min(self.end - self.at)
    }

    /// Goes to the next token over blanks, ends of lines and comments, and returns its column.
    pub(super) fn next_token(&mut self) -> Option<usize> {
        loop {
            let blank_before = self.at == self.line || self.at == 0 || self.blank_at(self.at - 1);
            if self.at >= self.end {
                return None;
            }
            match self.bytes[self.at] {
                b' ' => self.at += 1,
                b'\t' => {
                    // A line of nothing but blanks is no token; PyYAML refuses its tabs all the same.
                    self.tab();
                    self.at += 1;
                }
                b'\n' | b'\r' => self.line_break(),
                b'#' if blank_before => self.skip_line(),
                _ => return Some(self.column()),
            }
        }
    }

    /// Anchors and tags before a node, on its line.
    pub(super) fn properties(&mut self) -> Properties<'a> {
        let mut found = Properties::default();
        loop {
            let start = self.at;
            match self.peek(0) {
                b'&' => {
                    let name = self.name();
                    if name.is_empty() || !self.name_ends() {
                        self.error(
                            start..start + 1,
                            "A name of ASCII letters and digits is expected after `&`; quote the value if it is text.",
                        );
                    }
                    if found.anchor.replace(name).is_some() {
                        self.error(start..self.at, "A value has one name behind `&` only.");
                    }
                }
                b'!' => {
                    if found.tag.1 > 0 {
                        self.error(start..start + 1, "A value has one tag only.");
                    }
                    found.tag = self.tag();
                }
                _ => return found,
            }
            self.skip_spaces();
        }
    }

    /// A tag, and where its name is in it: `!!str`, `!<tag:yaml.org,2002:str>`, or `!` alone.
    fn tag(&mut self) -> (u32, u32) {
        let start = self.at;
        let is_verbatim = self.bytes[start..self.end].starts_with(b"!<");
        self.at += 1;
        while !self.blank_at(self.at)
            && (is_verbatim || !matches!(self.bytes[self.at], b',' | b'[' | b']' | b'{' | b'}'))
        {
            self.at += 1;
        }
        let written = &self.text[start..self.at];
        let long = written.strip_prefix("!<tag:yaml.org,2002:").and_then(|rest| rest.strip_suffix('>'));
        let name = long.or_else(|| written.strip_prefix("!!"));
        let is_known = |name: &str| {
            let all = [
                "str",
                "int",
                "float",
                "bool",
                "null",
                "map",
                "seq",
                "set",
                "omap",
                "pairs",
                "binary",
                "timestamp",
            ];
            // Bytes in hexadecimal are not worth the while.
            all.contains(&name) || name.contains('%')
        };
        if written != "!" && !name.is_some_and(is_known) {
            let message = format!("LiteLLM's parser knows no tag {written}, and refuses the file.");
            self.error(start..self.at, &message);
        }
        let end = self.at - usize::from(long.is_some());
        ((end - name.unwrap_or_default().len()) as u32, end as u32)
    }

    /// The name behind `&` or `*`.
    pub(super) fn name(&mut self) -> &'a str {
        let start = self.at + 1;
        self.at = start;
        while self.at < self.end
            && (self.bytes[self.at].is_ascii_alphanumeric() || matches!(self.bytes[self.at], b'-' | b'_'))
        {
            self.at += 1;
        }
        &self.text[start..self.at]
    }

    /// Whether what stands behind a name of `&` or `*` may stand there.
    fn name_ends(&self) -> bool {
        self.blank_at(self.at) || b"?:,]}%@`".contains(&self.peek(0))
    }

    /// Reserves the place of a node, so that it is known by its anchor while it is read.
    pub(super) fn open(&mut self, start: usize, properties: &Properties<'a>) -> NodeId {
        if self.nodes.len() >= NODES && self.end > start {
            self.cut = Some(start);
            self.end = start;
        }
        let id = NodeId(self.nodes.len() as u32);
        let at = start as u32;
        self.nodes.push(Node { kind: Kind::Absent, start: at, end: at, tag: properties.tag });
        if let Some(anchor) = properties.anchor {
            self.sizes.insert(id, Size::From(self.counted()));
            // The same bytes may be read a second time.
            let place = anchor.as_ptr() as usize - self.text.as_ptr() as usize;
            let before = self.anchors.insert(anchor, id);
            let is_new = self.anchor_places.insert(anchor, place).is_none_or(|other| other == place);
            if before.is_some() && !is_new {
                let message =
                    format!("`&{anchor}` stands here a second time; LiteLLM's parser refuses the file.");
                self.error(place.saturating_sub(1)..place + anchor.len(), &message);
            }
        }
        id
    }

    pub(super) fn close(&mut self, id: NodeId, kind: Kind, end: usize) -> NodeId {
        let node = &mut self.nodes[id.0 as usize];
        node.kind = kind;
        node.end = (end as u32).max(node.start);
        if !self.sizes.is_empty() {
            let counted = self.counted();
            if let Some(size) = self.sizes.get_mut(&id)
                && let Size::From(before) = *size
            {
                *size = Size::Is(counted.saturating_sub(before) + 1);
            }
        }
        id
    }

    pub(super) fn absent(&mut self, at: usize, properties: &Properties<'a>) -> NodeId {
        let id = self.open(at, properties);
        self.close(id, Kind::Absent, at)
    }

    /// How many nodes there are, what is repeated included.
    fn counted(&self) -> usize {
        self.nodes.len() + self.repeated
    }

    /// What an alias stands for, where that does not repeat too much.
    fn repeat(&mut self, start: usize, target: NodeId) -> Option<NodeId> {
        let size = match self.sizes.get(&target) {
            Some(Size::Is(size)) => *size,
            // It stands in what it names.
            _ => 1,
        };
        if self.repeated + size <= REPEATED {
            self.repeated += size;
            return Some(target);
        }
        // Told once: where all is used up, the next repeats too much as well.
        if self.repeated < REPEATED {
            self.repeated = REPEATED;
            self.error(start..self.at, super::TOO_LARGE);
        }
        None
    }

    /// `*name`.
    pub(super) fn alias(&mut self) -> NodeId {
        let start = self.at;
        let name = self.name();
        let known = self.anchors.get(name).copied();
        if name.is_empty() || !self.name_ends() {
            while !self.blank_at(self.at) && !matches!(self.bytes[self.at], b',' | b']' | b'}') {
                self.at += 1;
            }
            self.error(
                start..self.at.max(start + 1),
                "A bare `*` begins a YAML alias; put the value in quotes.",
            );
            let id = self.open(start, &Properties::default());
            return self.close(id, Kind::Scalar { style: super::Style::Plain, decoded: None }, self.at);
        }
        if known.is_none() {
            let message = format!("`*{name}` is a YAML alias, and nothing above has the anchor `&{name}`.");
            self.error(start..self.at, &message);
        }
        let stands_for = known.and_then(|target| self.repeat(start, target));
        let id = self.open(start, &Properties::default());
        self.close(id, Kind::Alias(stands_for), self.at)
    }

    /// Says what is left on a line behind a finished value.
    pub(super) fn expect_line_end(&mut self) {
        self.skip_spaces();
        let comment = self.peek(0) == b'#' && self.at > 0 && self.blank_at(self.at - 1);
        if !self.at_line_end() && !comment {
            let span = self.rest_of_line();
            let message = match self.peek(0) {
                b':' => "A mapping is not allowed here: the value of this line is already given.",
                _ => "Nothing more is expected on this line behind the value.",
            };
            self.error(span, message);
        }
        self.skip_line();
    }
}
