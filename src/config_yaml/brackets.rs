//! What is written within brackets, where lines and their indentation say nothing: JSON and other flow style.

use super::{
    quotes::{plain_or_quoted, quoted},
    yaml::{Kind, NodeId, Resolved, Style, Tree, parse},
};

/// Lines of entries as they are written within brackets, as JSON where `json`. None where they can't stand there.
pub(crate) fn entries(lines: &str, json: bool) -> Option<String> {
    let tree = read(lines)?;
    let written = written(&tree, tree.root()?, json)?;
    Some(written.strip_prefix('{')?.strip_suffix('}')?.to_owned())
}

/// An item of a list, likewise.
pub(crate) fn item(line: &str, json: bool) -> Option<String> {
    let tree = read(line)?;
    written(&tree, tree.root()?, json)
}

fn read(lines: &str) -> Option<Tree> {
    // A comment would be lost.
    let has_comment = lines.lines().any(|line| line.trim_start().starts_with('#') || line.contains(" #"));
    Some(parse(lines)).filter(|tree| !has_comment && tree.errors().is_empty())
}

fn written(tree: &Tree, id: NodeId, json: bool) -> Option<String> {
    let one = |id: &NodeId| written(tree, *id, json);
    if tree.tag(id).is_some() {
        return None;
    }
    Some(match &tree.node(id).kind {
        Kind::Absent => "null".to_owned(),
        Kind::Alias(_) | Kind::Scalar { style: Style::Block, .. } => return None,
        Kind::Scalar { style, .. } => {
            let text = tree.scalar(id)?;
            match tree.resolved(id) {
                Some(Resolved::Text) if json || *style == Style::Double => quoted(text),
                Some(Resolved::Text) => plain_or_quoted(text),
                _ => text.to_owned(),
            }
        }
        Kind::List { items } => {
            format!("[{}]", items.iter().map(one).collect::<Option<Vec<_>>>()?.join(", "))
        }
        Kind::Map { entries, .. } => {
            let entry =
                |entry: &super::yaml::Entry| Some(format!("{}: {}", one(&entry.key)?, one(&entry.value)?));
            format!("{{{}}}", entries.iter().map(entry).collect::<Option<Vec<_>>>()?.join(", "))
        }
    })
}

/// Where something can be added behind the last part of what stands in brackets, and whether a comma is there. `text` is
/// what follows that part.
pub(crate) fn behind(text: &str) -> (usize, bool) {
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let rest = line.trim_start_matches([' ', '\t']);
        match rest.chars().next() {
            Some(',') => return (at + line.len() - rest.len() + 1, true),
            Some('#' | '\n' | '\r') | None => at += line.len(),
            Some(_) => break,
        }
    }
    (0, false)
}
