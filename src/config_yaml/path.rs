//! Where a place of a file is: the keys around it.

use super::{
    lines::{last_lines, line_start, line_stop, lines, next_line},
    tables::{Nested, tables},
    yaml::{DEPTH, Kind, NodeId, Span, Tree},
};

/// What stands at a place, with the keys around it, outermost first; `[]` is an item of a list.
#[derive(Debug)]
pub(crate) struct Hit<'a> {
    pub(crate) path: Vec<&'a str>,
    /// The key itself, or the key whose value it is.
    pub(crate) key: &'a str,
    pub(crate) node: NodeId,
    pub(crate) is_key: bool,
    /// The map around it.
    pub(crate) map: Option<NodeId>,
}

/// The scalar at a place.
pub(crate) fn at(tree: &Tree, offset: usize) -> Option<Hit<'_>> {
    let mut hit = Hit { path: Vec::new(), key: "", node: tree.root()?, is_key: false, map: None };
    loop {
        let holds = |id: NodeId| {
            let span = tree.span(id);
            span.start <= offset && offset <= span.end
        };
        match &tree.node(hit.node).kind {
            Kind::Map { entries, .. } => {
                let map = hit.node;
                let entry = entries.iter().find(|entry| holds(entry.key) || holds(entry.value))?;
                if hit.map.is_some() && !hit.key.is_empty() {
                    hit.path.push(hit.key);
                }
                hit.map = Some(map);
                hit.key = tree.scalar(entry.key).unwrap_or_default();
                if holds(entry.key) {
                    return Some(Hit { node: entry.key, is_key: true, ..hit });
                }
                hit.node = entry.value;
            }
            Kind::List { items } => {
                hit.node = *items.iter().find(|item| holds(**item))?;
                hit.path.push(hit.key);
                hit.key = "[]";
            }
            Kind::Scalar { .. } | Kind::Alias(_) | Kind::Absent => return Some(hit),
        }
    }
}

/// What the tables call the map that a path leads to.
pub(crate) fn section(path: &[&str]) -> Option<&'static str> {
    Some(match path {
        [] => "top_level",
        ["litellm_settings"] => "litellm_settings",
        ["general_settings"] => "general_settings",
        ["router_settings"] => "router_settings",
        ["model_list", "[]"] => "deployment",
        ["model_list", "[]", "litellm_params"] | ["credential_list", "[]", "credential_values"] => {
            "litellm_params"
        }
        ["model_list", "[]", "model_info"] => "model_info",
        _ => {
            let fits = |(step, key): (&&str, &&str)| *step == "*" || step == key;
            let leads = |nested: &&Nested| {
                nested.steps.len() == path.len() && nested.steps.iter().zip(path).all(fits)
            };
            return tables().nested().iter().find(leads).map(|nested| nested.section);
        }
    })
}

/// What is being written at a place, by lines alone, for the tree may not hold amid a word.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Writing<'a> {
    pub(crate) path: Vec<&'a str>,
    /// The key whose value is written. None where a key is.
    pub(crate) key: Option<&'a str>,
    /// What is written of it so far, and where it begins and ends.
    pub(crate) word: &'a str,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Keys of the same map.
    pub(crate) siblings: Vec<&'a str>,
}

/// How many lines around a place are looked at.
const LINES: usize = 3000;

/// How many dashes in a row are told apart.
const DASHES: usize = 64;

struct Line<'a> {
    column: usize,
    /// Columns of the dashes before its text.
    dashes: Vec<usize>,
    text: &'a str,
}

fn line(text: &str) -> Line<'_> {
    let mut rest = text.trim_end_matches(['\n', '\r']);
    let (mut column, mut dashes) = (rest.len() - rest.trim_start_matches(' ').len(), Vec::new());
    rest = &rest[column..];
    while let Some(after) = rest.strip_prefix('-').filter(|after| after.is_empty() || after.starts_with(' '))
        && dashes.len() < DASHES
    {
        dashes.push(column);
        let inner = after.trim_start_matches(' ');
        column += rest.len() - inner.len();
        rest = inner;
    }
    Line { column, dashes, text: rest }
}

/// A key and where what is behind its colon begins, in the text of a line.
fn key_of(text: &str) -> Option<(&str, usize)> {
    let colon = text
        .match_indices(':')
        .map(|(at, _)| at)
        .find(|at| text[at + 1..].is_empty() || text[at + 1..].starts_with(' '))?;
    let key = text[..colon].trim().trim_matches(['"', '\'']);
    (!key.is_empty() && !key.starts_with(['#', '{', '['])).then_some((key, colon + 1))
}

/// What is being written.
pub(crate) fn writing(text: &str, offset: usize) -> Option<Writing<'_>> {
    let offset = offset.min(text.len());
    text.get(..offset)?;
    let (start, end) = (line_start(text, offset), line_stop(text, offset));
    let current = line(&text[start..end]);
    let before = &text[start..offset];
    if before.contains(" #") || before.trim_start().starts_with('#') {
        return None;
    }
    let mut path = around(text, start, &current);
    // The last open bracket of the line says what is written within it.
    let mut from = start + (text[start..end].len() - current.text.len());
    let (mut stack, mut pending): (Vec<(char, usize)>, Vec<&str>) = (Vec::new(), Vec::new());
    for (at, c) in text[from.min(offset)..offset].char_indices() {
        match c {
            // Nothing is read so deep.
            '{' | '[' if stack.len() == DEPTH => return None,
            '{' | '[' => stack.push((c, from + at + 1)),
            '}' | ']' => drop(stack.pop()),
            ',' => {
                if let Some(top) = stack.last_mut() {
                    top.1 = from + at + 1;
                }
            }
            _ => {}
        }
    }
    if !current.dashes.is_empty() {
        path.push("[]");
    }
    let mut in_flow_list = false;
    let mut piece_start = from;
    for (bracket, at) in &stack {
        if let Some((key, _)) = key_of(text[piece_start..*at].trim_start().trim_end_matches(['{', '['])) {
            pending.push(key);
        }
        in_flow_list = *bracket == '[';
        if in_flow_list {
            pending.push("[]");
        }
        piece_start = *at;
    }
    path.extend(pending);
    from = piece_start;
    let flow = !stack.is_empty();
    let stop = if flow { text[offset..end].find([',', '}', ']']).map_or(end, |at| offset + at) } else { end };
    let piece = &text[from..stop];
    let siblings = if flow { Vec::new() } else { siblings(text, start, &current) };
    match key_of(piece) {
        Some((key, behind)) if from + behind <= offset => {
            let (word, span) = written(text, from + behind..stop, offset)?;
            Some(Writing { path, key: Some(key), word, start: span.start, end: span.end, siblings })
        }
        found => {
            let key_end = found.map_or(stop, |(_, behind)| from + behind - 1);
            let (word, span) = written(text, from..key_end.max(offset), offset)?;
            let is_item =
                in_flow_list || path.last() == Some(&"[]") && found.is_none() && is_list_of_words(&path);
            let key = is_item.then_some("[]");
            Some(Writing { path, key, word, start: span.start, end: span.end, siblings })
        }
    }
}

/// What is written of a piece of a line up to a place, and the bytes of the whole word. What stands further right, behind
/// blanks, is no part of it.
fn written(text: &str, piece: Span, offset: usize) -> Option<(&str, Span)> {
    let whole = text.get(piece.start.min(offset)..piece.end)?;
    let first = piece.start.min(offset) + whole.len() - whole.trim_start().len();
    let span =
        if offset < first { offset..offset } else { first..comment(text, first, piece.end).max(offset) };
    Some((text.get(span.start..offset)?, span))
}

/// Lists whose items are words, so that what is written behind a dash is no key.
fn is_list_of_words(path: &[&str]) -> bool {
    !matches!(
        path,
        ["model_list" | "credential_list" | "guardrails", "[]"]
            | [_, "routing_groups" | "pass_through_endpoints", "[]"]
    )
}

/// Where a value that begins at a place ends, before a comment.
fn comment(text: &str, start: usize, end: usize) -> usize {
    let start = start.min(end);
    let value = &text[start..end];
    let value = if value.starts_with('#') { "" } else { value.split(" #").next().unwrap_or(value) };
    start + value.trim_end().len()
}

/// The keys around a line, outermost first.
fn around<'a>(text: &'a str, start: usize, current: &Line<'a>) -> Vec<&'a str> {
    let mut path = Vec::new();
    // A key or a dash holds what is deeper than it. An item also belongs to a key at the column of its dash, but not to
    // another dash there: that is the item before it.
    let dash = current.dashes.first();
    let (mut key_limit, mut dash_limit) =
        dash.map_or((current.column, current.column), |dash| (dash + 1, *dash));
    for (count, written) in last_lines(&text[..start]).enumerate() {
        if count > LINES || key_limit == 0 {
            break;
        }
        let above = line(written);
        if above.text.is_empty() && above.dashes.is_empty() || above.text.starts_with('#') {
            continue;
        }
        if above.column < key_limit
            && let Some((key, _)) = key_of(above.text)
        {
            path.push(key);
            (key_limit, dash_limit) = (above.column, above.column);
        }
        for dash in above.dashes.iter().rev() {
            if *dash < dash_limit {
                path.push("[]");
                (key_limit, dash_limit) = (dash + 1, *dash);
            }
        }
    }
    path.reverse();
    path
}

fn siblings<'a>(text: &'a str, start: usize, current: &Line<'_>) -> Vec<&'a str> {
    let column = current.column;
    let mut found = Vec::new();
    let mut one = |written: &'a str| -> bool {
        let above = line(written);
        if above.text.is_empty() || above.text.starts_with('#') {
            return true;
        }
        if above.column == column
            && let Some((key, _)) = key_of(above.text)
        {
            found.push(key);
        }
        above.column >= column && above.dashes.is_empty()
    };
    // What stands above a dash belongs to another item.
    let above = if current.dashes.is_empty() { LINES } else { 0 };
    for written in last_lines(&text[..start]).take(above) {
        if !one(written) {
            break;
        }
    }
    for written in lines(&text[next_line(text, start)..]).take(LINES) {
        let below = line(written);
        if !below.dashes.is_empty() || !one(written) {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_known_whatever_ends_the_lines() {
        let text = "general_settings:\n  master_key: x\n\nmodel_list:\n  # one\n  - model_name: a\n    litellm_params:\n      model: openai/x\n      api_\n      rpm: 1\n  - model_name: b\n";
        for end in ["\n", "\r\n", "\r"] {
            let text = text.replace('\n', end);
            let of = |mark: &str| writing(&text, text.find(mark).unwrap() + mark.len()).unwrap();
            let key = of("api_");
            assert_eq!(
                (&key.path[..], key.key, key.word),
                (&["model_list", "[]", "litellm_params"][..], None, "api_"),
                "{end:?}"
            );
            assert_eq!(key.siblings, ["model", "rpm"], "{end:?}");
            let value = of("model: openai/x");
            assert_eq!((value.key, value.word), (Some("model"), "openai/x"), "{end:?}");
            assert_eq!(&text[value.start..value.end], "openai/x");
            assert_eq!(of("master_key: x").path, ["general_settings"]);
        }
    }
}
