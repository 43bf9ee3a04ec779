//! The tree of a text.

use std::{
    collections::{HashMap, HashSet, hash_map},
    ops::Range,
};

/// Bytes of the text.
pub(crate) type Span = Range<usize>;

/// A node of one tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeId(pub(super) u32);

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Single,
    Double,
    /// `|` or `>`.
    Block,
}

#[derive(Debug)]
pub(crate) enum Kind {
    /// Nothing is written where a value could be.
    Absent,
    /// What it says, where that differs from what is written.
    Scalar {
        style: Style,
        decoded: Option<Box<str>>,
    },
    Map {
        entries: Vec<Entry>,
        flow: bool,
    },
    List {
        items: Vec<NodeId>,
    },
    /// None where nothing bears that name.
    Alias(Option<NodeId>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) key: NodeId,
    pub(crate) value: NodeId,
}

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// What is written, quotes and brackets included, anchor and tag not.
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// The tag without its `!`s, as a span: empty where there is none.
    pub(super) tag: (u32, u32),
}

/// A place that LiteLLM's parser refuses, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    pub(crate) span: Span,
    pub(crate) message: String,
}

/// A text and its nodes.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(super) text: String,
    pub(super) nodes: Vec<Node>,
    pub(super) root: Option<NodeId>,
    pub(super) errors: Vec<SyntaxError>,
}

/// Something that is known of nodes of one tree.
#[derive(Debug)]
pub(crate) struct PerNode<T>(Vec<Option<T>>);

impl<T: Copy> PerNode<T> {
    /// Nothing is known yet.
    pub(crate) fn of(tree: &Tree) -> Self {
        Self(vec![None; tree.nodes.len()])
    }

    pub(crate) fn get(&self, id: NodeId) -> Option<T> {
        self.0[id.0 as usize]
    }

    pub(crate) fn set(&mut self, id: NodeId, what: T) {
        self.0[id.0 as usize] = Some(what);
    }
}

/// Maps of so few entries need no table to tell whether a name comes twice.
const FEW: usize = 16;
/// How many merges (`<<`) into each other are followed.
const MERGES: usize = 8;
/// How many entries merges may add to one map.
const MERGED_ENTRIES: usize = 10_000;

/// What a map has in effect, as far as it is put together.
#[derive(Default)]
struct Merged<'a> {
    entries: Vec<Entry>,
    /// Where each name is in `entries`.
    places: HashMap<&'a str, usize>,
    /// The maps that are in it.
    seen: HashSet<NodeId>,
}

impl Tree {
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// Moves every place to where a character of the text begins: what was read had others there.
    pub(super) fn snap(&mut self) {
        let text = &self.text;
        let snap = |at: &mut u32| *at = text.floor_char_boundary(*at as usize) as u32;
        for node in &mut self.nodes {
            [&mut node.start, &mut node.end, &mut node.tag.0, &mut node.tag.1].into_iter().for_each(snap);
        }
        for error in &mut self.errors {
            let span = &error.span;
            error.span = text.floor_char_boundary(span.start)..text.floor_char_boundary(span.end);
        }
    }

    /// Says that more than this is not read.
    pub(crate) fn cut_off(&mut self, span: Span) {
        self.errors.push(SyntaxError { span, message: super::TOO_LARGE.to_owned() });
    }

    /// The outermost node, where the text has any.
    pub(crate) fn root(&self) -> Option<NodeId> {
        self.root
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub(crate) fn span(&self, id: NodeId) -> Span {
        let node = self.node(id);
        node.start as usize..node.end as usize
    }

    /// Every node, each once, in the order in which they begin to be read.
    pub(crate) fn ids(&self) -> impl Iterator<Item = NodeId> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    /// What an alias stands for; any other node itself.
    pub(crate) fn target(&self, mut id: NodeId) -> NodeId {
        for _ in 0..MERGES {
            match self.node(id).kind {
                Kind::Alias(Some(target)) => id = target,
                _ => break,
            }
        }
        id
    }

    /// The text of a scalar, aliases followed. None for anything else.
    pub(crate) fn scalar(&self, id: NodeId) -> Option<&str> {
        self.scalar_styled(id).map(|(text, _)| text)
    }

    /// The text of a scalar and how it is written, aliases followed.
    pub(crate) fn scalar_styled(&self, id: NodeId) -> Option<(&str, Style)> {
        let id = self.target(id);
        let Kind::Scalar { style, decoded } = &self.node(id).kind else { return None };
        if let Some(decoded) = decoded {
            return Some((decoded, *style));
        }
        let span = self.span(id);
        let written = match style {
            Style::Single | Style::Double => span.start + 1..(span.end - 1).max(span.start + 1),
            Style::Plain | Style::Block => span,
        };
        Some((&self.text[written], *style))
    }

    /// The items of a list, aliases followed. None for anything else.
    pub(crate) fn items(&self, id: NodeId) -> Option<&[NodeId]> {
        match &self.node(self.target(id)).kind {
            Kind::List { items } => Some(items),
            _ => None,
        }
    }

    /// The entries of a map as they are written: no merges, aliases followed. None for anything else.
    pub(crate) fn own_entries(&self, id: NodeId) -> Option<&[Entry]> {
        match &self.node(self.target(id)).kind {
            Kind::Map { entries, .. } => Some(entries),
            _ => None,
        }
    }

    pub(crate) fn is_map(&self, id: NodeId) -> bool {
        self.own_entries(id).is_some()
    }

    /// Whether nothing is written there, or a word for nothing.
    pub(crate) fn is_null(&self, id: NodeId) -> bool {
        let id = self.target(id);
        match &self.node(id).kind {
            Kind::Absent => true,
            Kind::Scalar { style: Style::Plain, .. } => {
                super::resolve(self.scalar(id).unwrap_or_default()) == super::Resolved::Null
            }
            _ => false,
        }
    }

    /// The entries that a map has in effect: of equal keys the last, then what it merges and does not have itself.
    pub(crate) fn entries(&self, id: NodeId) -> Vec<Entry> {
        if let Some(own) = self.own_entries(id)
            && own.len() <= FEW
            && let Some(found) = self.few_entries(own)
        {
            return found;
        }
        let mut merged = Merged::default();
        self.add_entries(id, &mut merged, MERGES);
        merged.entries
    }

    /// The same of a small map that merges nothing, without a table of its names. None where it merges.
    fn few_entries(&self, own: &[Entry]) -> Option<Vec<Entry>> {
        let mut found: Vec<Entry> = Vec::with_capacity(own.len());
        for entry in own {
            let Some((name, style)) = self.scalar_styled(entry.key) else { continue };
            if name == "<<" && style == Style::Plain {
                return None;
            }
            match found.iter_mut().find(|other| self.scalar(other.key) == Some(name)) {
                Some(other) => *other = *entry,
                None => found.push(*entry),
            }
        }
        Some(found)
    }

    fn add_entries<'a>(&'a self, id: NodeId, merged: &mut Merged<'a>, depth: usize) {
        let id = self.target(id);
        let Some(own) = self.own_entries(id) else { return };
        // A second time it adds nothing, and would be walked once for each way that leads to it.
        if depth == 0 || merged.entries.len() > MERGED_ENTRIES || !merged.seen.insert(id) {
            return;
        }
        let (first, mut merges) = (merged.entries.len(), Vec::new());
        for entry in own {
            let key = self.scalar_styled(entry.key);
            match key {
                Some(("<<", Style::Plain)) => merges.push(entry.value),
                Some((name, _)) => match merged.places.entry(name) {
                    hash_map::Entry::Occupied(place) if *place.get() >= first => {
                        merged.entries[*place.get()] = *entry;
                    }
                    hash_map::Entry::Occupied(_) => {}
                    hash_map::Entry::Vacant(place) => {
                        place.insert(merged.entries.len());
                        merged.entries.push(*entry);
                    }
                },
                None => {}
            }
        }
        for merge in merges {
            match self.items(merge) {
                Some(items) => items.iter().for_each(|item| self.add_entries(*item, merged, depth - 1)),
                None => self.add_entries(merge, merged, depth - 1),
            }
        }
    }

    /// The entry of a key in a map, merges included.
    pub(crate) fn entry(&self, id: NodeId, name: &str) -> Option<Entry> {
        let own = self.own_entries(id)?;
        let named = own.iter().rev().find(|entry| self.scalar(entry.key) == Some(name)).copied();
        let merges = || own.iter().any(|entry| self.scalar(entry.key) == Some("<<"));
        if named.is_some() || !merges() {
            return named;
        }
        self.entries(id).into_iter().find(|entry| self.scalar(entry.key) == Some(name))
    }

    /// The value of a key in a map, merges included.
    pub(crate) fn get(&self, id: NodeId, name: &str) -> Option<NodeId> {
        self.entry(id, name).map(|entry| entry.value)
    }

    /// The tag of a node, such as `str` of `!!str`.
    pub(crate) fn tag(&self, id: NodeId) -> Option<&str> {
        Some(&self.text[self.tag_span(id)?])
    }

    /// Where the tag of a node is, without its `!`s.
    pub(crate) fn tag_span(&self, id: NodeId) -> Option<Span> {
        let (start, end) = self.node(id).tag;
        (start < end).then_some(start as usize..end as usize)
    }

    /// What a scalar is to LiteLLM: a plain one may be a number, a date, a boolean. None for maps and lists.
    pub(crate) fn resolved(&self, id: NodeId) -> Option<super::Resolved> {
        let id = self.target(id);
        if let Kind::Absent = self.node(id).kind {
            return Some(super::Resolved::Null);
        }
        let (text, style) = self.scalar_styled(id)?;
        Some(match (self.tag(id), style) {
            (None, Style::Plain) => super::resolve(text),
            (None | Some("" | "str"), _) => super::Resolved::Text,
            (Some(_), _) => super::resolve(text),
        })
    }
}
