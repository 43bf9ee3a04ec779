//! Changes to a file that keep its comments, its order, its line ends and its indentation.

mod lists;

use memchr::memmem;

use super::{
    brackets,
    config::{Config, Pair, Place},
    edits::Edit,
    lines::{line_end, line_start, line_stop, lines, next_line},
    yaml::{Kind, Span, Style},
};

/// How deep a new map lies in another, where the file shows no way of its own.
const STEP: usize = 2;

/// Lines with the indentation of a place put before each but the first.
fn indented(lines: &str, indent: usize, end: &str) -> String {
    let mut text = String::new();
    for (number, line) in lines.lines().enumerate() {
        if number > 0 {
            text.push_str(end);
            if !line.trim().is_empty() {
                text.extend(std::iter::repeat_n(' ', indent));
            }
        }
        text.push_str(line);
    }
    text
}

/// Whether `&` or `*` at a place may begin the name of an anchor.
fn binds(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || "[{,".contains(c));
    before && text[at + 1..].starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-')
}

impl Config<'_> {
    /// The column of an entry's key. None where something else than blanks and dashes stands before it.
    fn column(&self, place: Place) -> Option<usize> {
        let (text, start) = (self.tree(place).text(), self.span(place).start);
        let before = &text[line_start(text, start)..start];
        before.bytes().all(|byte| matches!(byte, b' ' | b'-')).then_some(before.len())
    }

    /// Adds entries, as lines without indentation, at the end of the value of a key: of a map, or of nothing yet.
    pub(crate) fn added(&self, pair: &Pair<'_>, lines: &str) -> Option<Edit> {
        let (tree, text) = (self.tree(pair.key), self.tree(pair.key).text());
        let (file, end) = (pair.key.file, line_end(text));
        // What an alias stands for may be meant elsewhere too.
        match &tree.node(pair.value.node).kind {
            Kind::Map { flow: true, .. } => self.added_in_brackets(pair.value, lines),
            Kind::Map { entries, .. } => {
                let (first, last) = (entries.first()?, entries.last()?);
                let column = self.column(Place { file, node: first.key })?;
                let last = tree.span(last.value).end.max(tree.span(last.key).end);
                let at = line_stop(text, text[..last].trim_end().len());
                let lines = indented(lines, column, end);
                Some(Edit { file, range: at..at, text: format!("{end}{}{lines}", " ".repeat(column)) })
            }
            _ if self.is_null(pair.value) && self.is_in_brackets(pair.key) => {
                let map = format!("{{{}}}", brackets::entries(lines, self.is_json(pair.key))?);
                let written = self.span(pair.value);
                let colon = self.span(pair.key).end;
                let colon = colon + text[colon..].find(':')? + 1;
                Some(match written.is_empty() {
                    true => Edit { file, range: colon..colon, text: format!(" {map}") },
                    false => Edit { file, range: written, text: map },
                })
            }
            _ if self.is_null(pair.value) => {
                let column = self.column(pair.key)? + STEP;
                let written = self.span(pair.value);
                let colon = self.span(pair.key).end;
                let at = line_stop(text, colon);
                // A word for nothing goes.
                let range = if written.is_empty() { at..at } else { written };
                let is_last = text[range.end..at].trim().is_empty();
                let lines = indented(lines, column, end);
                is_last.then(|| Edit { file, range, text: format!("{end}{}{lines}", " ".repeat(column)) })
            }
            _ => None,
        }
    }

    /// Whether a key or a value stands within brackets.
    fn is_in_brackets(&self, place: Place) -> bool {
        let source = &self.project().sources()[place.file];
        let holder = source.hung().places.get(place.node).and_then(|place| place.holder);
        holder.is_some_and(|holder| match source.tree.node(holder).kind {
            Kind::Map { flow, .. } => flow,
            Kind::List { .. } => source.text()[source.tree.span(holder)].starts_with('['),
            _ => false,
        })
    }

    /// Whether a key is written as JSON writes it.
    fn is_json(&self, key: Place) -> bool {
        self.tree(key).scalar_styled(key.node).is_some_and(|(_, style)| style == Style::Double)
    }

    /// What stands between two entries or items: on lines of their own, or on one.
    fn gap(&self, part: Place) -> String {
        let text = self.tree(part).text();
        self.column(part)
            .map_or_else(|| " ".to_owned(), |column| line_end(text).to_owned() + &" ".repeat(column))
    }

    /// Adds entries to a map in brackets.
    fn added_in_brackets(&self, map: Place, lines: &str) -> Option<Edit> {
        let tree = self.tree(map);
        let Kind::Map { entries, flow: true } = &tree.node(map.node).kind else { return None };
        // In a list a pair is a map without brackets.
        if !tree.text()[self.span(map)].starts_with('{') {
            return None;
        }
        let last = entries.last();
        let key = last.map(|entry| Place { node: entry.key, ..map });
        let lines = brackets::entries(lines, key.is_some_and(|key| self.is_json(key)))?;
        let end = last.map(|entry| tree.span(entry.value).end.max(tree.span(entry.key).end));
        Some(self.behind(map, key.zip(end), &lines))
    }

    /// Puts something behind the last part of what stands in brackets.
    fn behind(&self, holder: Place, last: Option<(Place, usize)>, new: &str) -> Edit {
        let (file, text) = (holder.file, self.tree(holder).text());
        let Some((part, end)) = last else {
            let at = self.span(holder).start + 1;
            return Edit { file, range: at..at, text: new.to_owned() };
        };
        let (further, has_comma) = brackets::behind(&text[end..]);
        let comma = if has_comma { "" } else { "," };
        let at = end + further;
        Edit { file, range: at..at, text: format!("{comma}{}{new}", self.gap(part)) }
    }

    /// Puts an entry before another one of the same map.
    pub(crate) fn before(&self, pair: &Pair<'_>, lines: &str) -> Option<Edit> {
        let text = self.tree(pair.key).text();
        if self.is_in_brackets(pair.key) {
            let (file, start) = (pair.key.file, self.span(pair.key).start);
            let lines = brackets::entries(lines, self.is_json(pair.key))?;
            return Some(Edit { file, range: start..start, text: format!("{lines},{}", self.gap(pair.key)) });
        }
        let (start, column) = (self.span(pair.key).start, self.column(pair.key)?);
        let end = line_end(text);
        let lines = indented(lines, column, end);
        let text = format!("{lines}{end}{}", " ".repeat(column));
        Some(Edit { file: pair.key.file, range: start..start, text })
    }

    /// Puts an entry behind another one of the same map.
    pub(crate) fn after(&self, pair: &Pair<'_>, lines: &str) -> Option<Edit> {
        let text = self.tree(pair.key).text();
        let last = self.end(pair);
        if self.is_in_brackets(pair.key) {
            let lines = brackets::entries(lines, self.is_json(pair.key))?;
            let text = format!(",{}{lines}", self.gap(pair.key));
            return Some(Edit { file: pair.key.file, range: last..last, text });
        }
        let (column, end) = (self.column(pair.key)?, line_end(text));
        let at = line_stop(text, text[..last].trim_end().len());
        let lines = indented(lines, column, end);
        let text = format!("{end}{}{lines}", " ".repeat(column));
        Some(Edit { file: pair.key.file, range: at..at, text })
    }

    /// Adds an outermost entry to the first file.
    pub(crate) fn outermost(&self, lines: &str) -> Option<Edit> {
        let tree = &self.project().sources()[0].tree;
        let (text, place) = (tree.text(), |node| Place { file: 0, node });
        let column = match tree.root().map(|root| (root, &tree.node(root).kind)) {
            Some((root, Kind::Map { flow: true, .. })) => return self.added_in_brackets(place(root), lines),
            Some((_, Kind::Map { entries, .. })) => self.column(place(entries.first()?.key))?,
            Some((_, Kind::Absent)) | None => 0,
            Some(_) => return None,
        };
        // Not into another document, and not behind what ends this one.
        let may_end =
            ["...", "---"].iter().any(|mark| memmem::find(text.as_bytes(), mark.as_bytes()).is_some());
        if may_end && super::lines::lines(text).any(|line| line == "..." || line == "---") {
            return None;
        }
        let end = line_end(text);
        let gap = if text.is_empty() || text.ends_with(['\n', '\r']) { "" } else { end };
        let (indent, lines) = (" ".repeat(column), indented(lines, column, end));
        Some(Edit { file: 0, range: text.len()..text.len(), text: format!("{gap}{indent}{lines}{end}") })
    }

    /// Adds entries to an outermost section, which is made where there is none.
    pub(crate) fn in_section(&self, section: &str, lines: &str) -> Option<Edit> {
        match self.top(section) {
            Some(pair) => self.added(&pair, lines),
            None => {
                let inner = lines.lines().map(|line| format!("\n{}{line}", " ".repeat(STEP)));
                self.outermost(&format!("{section}:{}", inner.collect::<String>()))
            }
        }
    }

    /// An entry as lines without indentation, comments on them included. None where it can't be moved.
    pub(crate) fn lines_of(&self, pair: &Pair<'_>) -> Option<String> {
        let text = self.tree(pair.key).text();
        let whole = self.lines_span(pair)?;
        if self.is_in_brackets(pair.key) {
            let entry = &text[whole.start..self.end(pair)];
            return match entry.contains(['\n', '\r']) {
                true => brackets::entries(entry, self.is_json(pair.key)),
                false => Some(entry.to_owned()),
            };
        }
        let column = self.column(pair.key)?;
        let mut entry = String::new();
        for (number, line) in lines(&text[whole]).enumerate() {
            let blank = line.len() - line.trim_start_matches(' ').len();
            if number > 0 {
                entry.push('\n');
            }
            entry.push_str(if number > 0 { &line[blank.min(column)..] } else { line });
        }
        Some(entry)
    }

    /// From an entry's key to the end of its last line.
    fn lines_span(&self, pair: &Pair<'_>) -> Option<Span> {
        let (tree, text) = (self.tree(pair.key), self.tree(pair.key).text());
        let (start, end) = (self.span(pair.key).start, self.end(pair));
        // An alias or an anchor binds it to its place, and what it merges stands elsewhere.
        let is_own = start <= end
            && tree.node(pair.value.node).start as usize >= start
            && !text[start..end].match_indices(['&', '*']).any(|(at, _)| binds(&text[start..end], at));
        let end = line_stop(text, start + text[start..end].trim_end().len());
        is_own.then_some(start..end)
    }

    /// Takes the only entry out of the value of a key of a map. That key goes with it, unless there are comments on it.
    pub(crate) fn removed_last(&self, map: Place, whole: &Pair<'_>, pair: &Pair<'_>) -> Option<Vec<Edit>> {
        if self.entries(whole.value).count() != 1 {
            return None;
        }
        let (file, text) = (pair.key.file, self.tree(pair.key).text());
        let (around, own) = (self.lines_span(whole)?, self.lines_span(pair)?);
        let key = self.span(whole.key).end;
        let is_flow = self.is_in_brackets(pair.key);
        let end = if is_flow { self.end(pair) } else { own.end };
        if !text[key..own.start].contains('#') && !text[end..around.end.max(end)].contains('#') {
            return Some(vec![self.removed(map, whole)?]);
        }
        let removed = |range| Edit { file, range, text: String::new() };
        if is_flow {
            return Some(vec![removed(own.start..end)]);
        }
        let colon = key + text[key..].find(':')? + 1;
        let empty = Edit { file, range: colon..colon, text: " {}".to_owned() };
        Some(vec![empty, removed(line_start(text, own.start)..next_line(text, end))])
    }

    /// Where an entry ends.
    fn end(&self, pair: &Pair<'_>) -> usize {
        self.span(pair.value).end.max(self.span(pair.key).end)
    }

    /// Takes an entry out of its map. None where that leaves no map behind.
    pub(crate) fn removed(&self, map: Place, pair: &Pair<'_>) -> Option<Edit> {
        let (tree, text) = (self.tree(pair.key), self.tree(pair.key).text());
        let Kind::Map { entries, flow } = &tree.node(tree.target(map.node)).kind else { return None };
        let place = entries.iter().position(|entry| entry.key == pair.key.node)?;
        let next = entries.get(place + 1).map(|entry| tree.span(entry.key).start);
        let file = pair.key.file;
        if entries.len() == 1 {
            return None;
        }
        let range = if *flow {
            let (start, end) = (self.span(pair.key).start, self.end(pair));
            let last = place.checked_sub(1).map(|before| &entries[before]);
            let last = last.map(|last| tree.span(last.value).end.max(tree.span(last.key).end));
            // What is said of another one stays.
            match (next, last) {
                (Some(next), _) if text[end..next].contains('#') => {
                    start..end + brackets::behind(&text[end..]).0
                }
                (Some(next), _) => start..next,
                (None, Some(last)) if text[last..start].contains('#') => start..end,
                (None, Some(last)) => last..end,
                (None, None) => return None,
            }
        } else {
            let whole = self.lines_span(pair)?;
            let begins = line_start(text, whole.start);
            let before = text[begins..whole.start].trim();
            if before.is_empty() {
                begins..next_line(text, whole.end)
            } else if before.ends_with('-') {
                // The first of an item: the next one takes its place behind the dash.
                let next = next.filter(|next| text[whole.end..*next].trim().is_empty())?;
                whole.start..next
            } else {
                return None;
            }
        };
        Some(Edit { file, range, text: String::new() })
    }
}
