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

pub(crate) use resolve::{Resolved, resolve};
pub(crate) use tree::{Entry, Kind, NodeId, Span, Style, Tree};

/// Reads a text of any kind.
pub(crate) fn parse(text: &str) -> Tree {
    let ended = characters::with_line_ends(text);
    let mut tree = reader::Reader::new(&ended).read();
    if ended != text {
        text.clone_into(&mut tree.text);
    }
    tree
}

#[cfg(test)]
mod tests;
