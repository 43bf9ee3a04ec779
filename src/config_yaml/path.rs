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

/// How long the text in quotes is that a line goes on with. None where its quote is open, as one that is being written is.
fn quoted_length(text: &str) -> Option<usize> {
    let mark = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut rest = text[1..].char_indices();
    while let Some((at, c)) = rest.next() {
        let end = at + 2;
        if c == '\\' && mark == '"' || c == '\'' && mark == '\'' && text[end..].starts_with('\'') {
            rest.next();
        } else if c == mark {
            // Where it can't end, that is the first quote of another text.
            let behind = text[end..].trim_start_matches([' ', '\t']).chars().next();
            return behind.is_none_or(|c| ",]}:#\n\r".contains(c)).then_some(end);
        }
    }
    None
}

/// The characters of a piece of a line that stand in no quotes.
fn unquoted(piece: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut at, mut may_begin) = (0, true);
    std::iter::from_fn(move || {
        if may_begin && let Some(length) = quoted_length(&piece[at..]) {
            (at, may_begin) = (at + length, false);
        }
        let (here, c) = (at, piece[at..].chars().next()?);
        at += c.len_utf8();
        may_begin = matches!(c, '[' | '{' | ',' | ':') || may_begin && matches!(c, ' ' | '\t' | '-');
        Some((here, c))
    })
}

/// Where the comment of a piece of a line begins.
fn comment(piece: &str) -> Option<usize> {
    let begins = |at: usize| at == 0 || piece[..at].ends_with([' ', '\t']);
    unquoted(piece).find(|(at, c)| *c == '#' && begins(*at)).map(|(at, _)| at)
}

/// A key and where what is behind its colon begins, in the text of a line.
fn key_of(text: &str) -> Option<(&str, usize)> {
    let ends = |at: &usize| text[at + 1..].is_empty() || text[at + 1..].starts_with(' ');
    let mut colons = unquoted(text).filter(|(_, c)| *c == ':').map(|(at, _)| at);
    let colon = colons.find(ends)?;
    let written = text[..colon].trim();
    let key = written.trim_matches(['"', '\'']);
    (!key.is_empty() && !written.starts_with(['#', '{', '['])).then_some((key, colon + 1))
}

/// What is being written.
pub(crate) fn writing(text: &str, offset: usize) -> Option<Writing<'_>> {
    let offset = offset.min(text.len());
    text.get(..offset)?;
    let (start, end) = (line_start(text, offset), line_stop(text, offset));
    let current = line(&text[start..end]);
    if comment(&text[start..end]).is_some_and(|at| start + at < offset) {
        return None;
    }
    let mut path = around(text, start, &current);
    // The last open bracket of the line says what is written within it.
    let mut from = start + (text[start..end].len() - current.text.len());
    let (mut stack, mut pending): (Vec<(char, usize)>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut bare = unquoted(current.text).map(|(at, c)| (from + at, c)).peekable();
    while let Some((at, c)) = bare.next_if(|(at, _)| *at < offset) {
        match c {
            // Nothing is read so deep.
            '{' | '[' if stack.len() == DEPTH => return None,
            '{' | '[' => stack.push((c, at + 1)),
            '}' | ']' => drop(stack.pop()),
            ',' => {
                if let Some(top) = stack.last_mut() {
                    top.1 = at + 1;
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
    let flow = !stack.is_empty();
    let stop = bare.find(|(_, c)| flow && matches!(c, ',' | '}' | ']')).map_or(end, |(at, _)| at);
    from = piece_start;
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
        if offset < first { offset..offset } else { first..value_end(text, first, piece.end).max(offset) };
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
fn value_end(text: &str, start: usize, end: usize) -> usize {
    let value = &text[start.min(end)..end];
    let value = &value[..comment(value).unwrap_or(value.len())];
    start.min(end) + value.trim_end().len()
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

    #[test]
    fn what_stands_in_quotes_is_one_word_whatever_it_says() {
        for said in ["b, c", "b]", "{b", "b: c", "b # c", "é,日", r#"b 'c' \"d\", e"#, "'b', c", "-, b"] {
            let single = format!("'{}'", said.replace('\'', "''"));
            for word in [format!("\"{said}\""), single] {
                for (before, behind, path, key) in [
                    ("k: ", "", &[][..], Some("k")),
                    ("k: ", " # why", &[], Some("k")),
                    ("- k: ", "", &["[]"], Some("k")),
                    ("", ": v", &[], None),
                    ("  - ", ": v", &["[]"], None),
                    ("k: [", "]", &["k", "[]"], Some("[]")),
                    ("k: [x, ", " , y] # why", &["k", "[]"], Some("[]")),
                    ("k: [\"x, y\", ", ", 'y']", &["k", "[]"], Some("[]")),
                    ("k: {l: {m: ", ", n: o}}", &["k", "l"], Some("m")),
                    ("k: {l: m, ", ": [n]}", &["k"], None),
                ] {
                    let text = format!("{before}{word}{behind}\n");
                    let starts = word.char_indices().map(|(at, _)| before.len() + at);
                    for at in starts.chain([before.len() + word.len()]) {
                        let found = writing(&text, at).unwrap_or_else(|| panic!("{text} at {at}"));
                        assert_eq!((&found.path[..], found.key), (path, key), "{text} at {at}");
                        assert_eq!(&text[found.start..found.end], word, "{text} at {at}");
                    }
                }
            }
        }
    }

    /// `|` is the cursor.
    #[test]
    fn an_open_quote_ends_where_the_word_ends() {
        for (text, word) in [
            ("k: [x, \"b|]", "\"b"),
            ("k: [\"x\", \"b|, \"c\"]", "\"b"),
            ("k: {l: 'b|, m: 'n'}", "'b"),
            ("k: [it's|, it's]", "it's"),
            ("k: \"b| # why", "\"b"),
        ] {
            let at = text.find('|').unwrap();
            let text = text.replace('|', "");
            let found = writing(&text, at).unwrap();
            assert_eq!(&text[found.start..found.end], word, "{text}");
        }
    }
}
