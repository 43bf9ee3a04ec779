//! Changes to lists.

use crate::config_yaml::{
    brackets,
    config::{Config, Place},
    edits::Edit,
    lines::{line_end, line_start, line_stop, next_line},
    yaml::Kind,
};

impl Config<'_> {
    /// Adds an item to the end of a list.
    pub(crate) fn item_added(&self, list: Place, item: &str) -> Option<Edit> {
        let (tree, text) = (self.tree(list), self.tree(list).text());
        let (file, end) = (list.file, line_end(text));
        let Kind::List { items } = &tree.node(list.node).kind else { return None };
        let span = self.span(list);
        if text[span.clone()].starts_with('[') {
            let last = items.last().map(|item| Place { node: *item, ..list });
            let json = last.is_some_and(|item| text[self.span(item)].starts_with('"'));
            let item = brackets::item(item, json)?;
            let part = last.map(|last| (last, self.span(last).end));
            return text[span].ends_with(']').then(|| self.behind(list, part, &item));
        }
        let column = span.start - line_start(text, span.start);
        let at = line_stop(text, text[..span.end].trim_end().len());
        Some(Edit { file, range: at..at, text: format!("{end}{}- {item}", " ".repeat(column)) })
    }

    /// Takes an item out of a list that keeps others. None where it is no text on a line of its own or in brackets.
    pub(crate) fn item_removed(&self, list: Place, item: Place) -> Option<Edit> {
        let (tree, text) = (self.tree(list), self.tree(list).text());
        let Kind::List { items } = &tree.node(list.node).kind else { return None };
        let place = items.iter().position(|one| *one == item.node).filter(|_| items.len() > 1)?;
        let (file, span) = (list.file, self.span(item));
        let near = |place: usize| items.get(place).map(|node| tree.span(*node));
        let range = if text[self.span(list)].starts_with('[') {
            match (near(place + 1), place.checked_sub(1).and_then(near)) {
                (Some(next), _) => span.start..next.start,
                (None, Some(last)) => last.end..span.end,
                (None, None) => return None,
            }
        } else {
            let line = line_start(text, span.start)..next_line(text, span.end);
            let is_alone = text[line.start..span.start].trim() == "-" && !text[span.clone()].contains('\n');
            is_alone.then_some(line)?
        };
        // What is said of others stays.
        let is_bare = !text[range.clone()].replace(&text[span], "").contains('#');
        is_bare.then(|| Edit { file, range, text: String::new() })
    }
}
