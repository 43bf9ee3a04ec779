//! YAML as LiteLLM's parser (PyYAML, YAML 1.1) takes it, with exact spans, and a tree also where the text is broken.
//!
//! An own reader, since editors ask amid every word: it goes on behind each error, its time grows with the length of
//! the text and no faster, and depth and number of nodes are bounded.

mod block;
mod characters;
mod flow;
mod plain;
mod quoted;
mod reader;
mod resolve;
mod tree;

pub(crate) use reader::DEPTH;
pub(crate) use resolve::{Resolved, resolve};
pub(crate) use tree::{Entry, Kind, NodeId, PerNode, Span, Style, Tree};

/// How much of a text is read, in bytes: more would take memory that a server does not have to give.
pub(crate) const MOST: usize = 1 << 20;

/// What is said where reading ends before the text does.
pub(crate) const TOO_LARGE: &str = "The file is too large to be checked from here on.";

/// Reads a text of any kind, up to a length that no configuration has.
pub(crate) fn parse(text: &str) -> Tree {
    let read = &text[..text.floor_char_boundary(MOST)];
    let is_whole = read.len() == text.len();
    // Half a line says something else.
    let read = read.rfind('\n').filter(|_| !is_whole).map_or(read, |end| &read[..=end]);
    let ended = characters::with_line_ends(read);
    let mut tree = reader::Reader::new(&ended).read(is_whole);
    if ended != read {
        read.clone_into(&mut tree.text);
        tree.snap();
    }
    tree
}

/// Whether a text of one document or several is YAML, and more than words.
pub(crate) fn is_whole(text: &str) -> bool {
    let begins =
        |line: &str| line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let mut begin = 0;
    let mut at = 0;
    let mut is_one = |end: usize| {
        let tree = parse(&text[std::mem::replace(&mut begin, end)..end]);
        let has_words = |id| matches!(tree.node(id).kind, Kind::Scalar { style: Style::Plain, .. });
        tree.errors().is_empty() && !tree.root().is_some_and(has_words)
    };
    for line in text.split_inclusive('\n') {
        if begins(line.trim_end()) && at > 0 && !is_one(at) {
            return false;
        }
        at += line.len();
    }
    is_one(at)
}

#[cfg(test)]
mod tests;
