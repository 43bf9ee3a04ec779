//! The shape of a file: what folds, and what a selection grows to.

use super::{
    finding::MOST_SHOWN,
    project::Project,
    yaml::{Kind, NodeId, Span, Style, Tree},
};

/// Bytes that can be folded into the first of their lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// The bytes, from the beginning of what stays to be seen.
    pub range: Span,
    /// Whether they are comments.
    pub is_comment: bool,
}

/// What can be folded in a file: sections, deployments, maps, lists and comments of several lines.
pub fn folds(project: &Project, file: usize) -> Vec<Fold> {
    let Some(source) = project.sources().get(file) else { return Vec::new() };
    let (tree, text) = (&source.tree, source.text());
    let mut found = Vec::new();
    let mut add = |range: Span| {
        let end = range.start + text[range.clone()].trim_end().len();
        if text[range.start..end].contains('\n') {
            found.push(Fold { range: range.start..end, is_comment: false });
        }
    };
    for id in tree.ids() {
        match &tree.node(id).kind {
            Kind::Map { entries, .. } => {
                entries.iter().for_each(|entry| add(tree.span(entry.key).start..end_of(tree, entry)));
            }
            Kind::List { items } => items.iter().for_each(|item| add(tree.span(*item))),
            _ => {}
        }
    }
    found.extend(comments(tree));
    found.sort_by_key(|fold| (fold.range.start, std::cmp::Reverse(fold.range.end)));
    // An item and its only key are one.
    let line = |at: usize| text[..at].rfind('\n');
    let mut last = None;
    found.retain(|fold| {
        let lines = (line(fold.range.start), fold.range.end);
        last.replace(lines) != Some(lines)
    });
    found.truncate(MOST_SHOWN);
    found
}

fn end_of(tree: &Tree, entry: &super::yaml::Entry) -> usize {
    tree.span(entry.value).end.max(tree.span(entry.key).end)
}

/// Comments of several lines, those in texts left aside.
fn comments(tree: &Tree) -> Vec<Fold> {
    let is_text = |id: &NodeId| matches!(tree.node(*id).kind, Kind::Scalar { style: Style::Block, .. });
    let mut texts: Vec<Span> = tree.ids().filter(is_text).map(|id| tree.span(id)).collect();
    texts.sort_by_key(|span| span.start);
    let in_text = |at: usize| {
        let before = texts.partition_point(|span| span.start <= at);
        before > 0 && at < texts[before - 1].end
    };
    let (mut found, mut open, mut start) = (Vec::new(), None::<(Span, usize)>, 0);
    let mut close = |open: Option<(Span, usize)>| {
        let several = open.filter(|(_, lines)| *lines > 1);
        found.extend(several.map(|(range, _)| Fold { range, is_comment: true }));
    };
    for line in tree.text().split_inclusive('\n') {
        let begins = start + line.len() - line.trim_start().len();
        if line.trim_start().starts_with('#') && !in_text(begins) {
            let end = start + line.trim_end().len();
            open = Some(match open {
                Some((range, lines)) => (range.start..end, lines + 1),
                None => (begins..end, 1),
            });
        } else {
            close(open.take());
        }
        start += line.len();
    }
    close(open);
    found
}

/// What a selection at a place grows to, the least first: a value, its entry, the map around it, up to the file.
pub fn selections(project: &Project, file: usize, offset: usize) -> Vec<Span> {
    let Some(source) = project.sources().get(file) else { return Vec::new() };
    let tree = &source.tree;
    let mut found: Vec<Span> = std::iter::once(0..source.text().len()).collect();
    let holds = |span: &Span| span.start <= offset && offset <= span.end;
    let mut next = tree.root();
    while let Some(id) = next {
        let span = tree.span(id);
        if !holds(&span) {
            break;
        }
        found.push(span.clone());
        next = match &tree.node(id).kind {
            Kind::Map { entries, .. } => {
                let whole = |entry: &super::yaml::Entry| tree.span(entry.key).start..end_of(tree, entry);
                entries.iter().find(|entry| holds(&whole(entry))).map(|entry| {
                    found.push(whole(entry));
                    if holds(&tree.span(entry.key)) { entry.key } else { entry.value }
                })
            }
            Kind::List { items } => items.iter().find(|item| holds(&tree.span(**item))).copied(),
            Kind::Scalar { style: Style::Single | Style::Double, .. } if span.len() >= 2 => {
                let inner = span.start + 1..span.end - 1;
                found.extend(holds(&inner).then_some(inner));
                None
            }
            Kind::Scalar { .. } | Kind::Alias(_) | Kind::Absent => None,
        };
    }
    found.dedup();
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config_yaml::Disk;

    const TEXT: &str = "# one\n# two\nmodel_list:\n  - model_name: a # why\n    litellm_params:\n      model: \"openai/x\"\n\n  - model_name: b\n    note: |\n      # no\n      # comment\nlitellm_settings: {}\n";

    fn project() -> Project {
        Project::read(Path::new("c.yaml"), TEXT, &Disk)
    }

    #[test]
    fn folds_are_whole_entries_and_items() {
        let line = |at: usize| TEXT[..at].matches('\n').count();
        let folds = folds(&project(), 0);
        let lines: Vec<_> = folds
            .iter()
            .map(|fold| (line(fold.range.start), line(fold.range.end), fold.is_comment))
            .collect();
        assert_eq!(
            lines,
            [(0, 1, true), (2, 10, false), (3, 5, false), (4, 5, false), (7, 10, false), (8, 10, false)]
        );
    }

    #[test]
    fn a_selection_grows_from_the_value_to_the_file() {
        let at = TEXT.find("nai/x").unwrap();
        let grown: Vec<&str> = selections(&project(), 0, at).into_iter().map(|span| &TEXT[span]).collect();
        assert_eq!(grown[..3], ["openai/x", "\"openai/x\"", "model: \"openai/x\""]);
        assert_eq!(grown.last(), Some(&TEXT));
        for pair in grown.windows(2) {
            assert!(pair[1].contains(pair[0]), "{pair:?}");
        }
    }
}
