//! Marks that the lines of a comment or of a quotation have, and marks that a text stands between. An answer may say them
//! again, or leave them out: written it has them once, as what it takes the place of had.

use super::{
    comments,
    indent::blanks,
    language::{self, Kind, Layout},
    line_ends::with_lf,
    lines,
    place::{Place, Written},
    prose, values,
};

pub(super) const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];
const OF_CODE: &str = "the answer may be meant as a comment or as code";
const OTHER_VALUE: &str = "the answer would be another value in its place";
const ENDS_TEXT: &str = "the answer would end the comment or the text that it stands in";

/// An answer without the quotes, brackets or marks that stand around its place already.
pub(super) fn unquoted<'a>(code: &'a str, place: Place<'_>) -> &'a str {
    const PAIRS: [(&str, &str); 12] = [
        ("“", "”"),
        ("‘", "’"),
        ("„", "“"),
        ("«", "»"),
        ("「", "」"),
        ("『", "』"),
        ("《", "》"),
        ("（", "）"),
        ("【", "】"),
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
    ];
    const QUOTES: [&str; 11] = ["\"\"\"", "'''", "```", "**", "$$", "$", "\"", "'", "`", "*", "_"];
    let Place { before, after, selection, .. } = place;
    let bare = code.trim();
    // The text of a link.
    if before.ends_with('[')
        && after.starts_with("](")
        && let Some((inside, link)) = bare.strip_prefix('[').and_then(|rest| rest.split_once("]("))
        && link.find(')') == Some(link.len() - 1)
    {
        return inside;
    }
    if let Some(inside) = without_brackets(bare, place) {
        return inside;
    }
    let between = |(open, close): (&str, &str)| {
        let inside = bare.strip_prefix(open)?.strip_suffix(close)?;
        (!inside.contains(close) && !selection.contains(close)).then_some(inside)
    };
    if selection.is_empty() {
        let quote = enclosing(place);
        return quote.and_then(|quote| between((quote, quote))).unwrap_or(code);
    }
    if let Some(said) = without_mark_of_line(bare, place) {
        return said;
    }
    // A cell of a table.
    if before.trim_end().ends_with('|')
        && after.trim_start().starts_with('|')
        && let Some(inside) = between(("|", "|"))
    {
        return inside.trim();
    }
    let quote = QUOTES.into_iter().find(|quote| before.ends_with(quote) && after.starts_with(quote));
    let is_around = |(open, close): &(&str, &str)| {
        before.ends_with(open) && after.starts_with(close) && (!open.is_ascii() || place.is_text())
    };
    let pair = quote.map(|quote| (quote, quote)).or_else(|| PAIRS.into_iter().find(is_around));
    let block = comments::open(before, place.language()).filter(|_| place.kind() == Kind::Code);
    match pair.and_then(between) {
        Some(inside) => inside,
        None => match block.and_then(between) {
            // `/**`
            Some(inside) => inside.trim_start_matches('*').trim_matches(' ').trim_matches('\n'),
            None => code,
        },
    }
}

/// What an answer has between brackets that the place stands directly between. As one element of what is written so it is
/// right too: a single one that is selected may have been meant to become one, but a block of braces is none within braces.
pub(super) fn without_brackets<'a>(said: &'a str, place: Place<'_>) -> Option<&'a str> {
    let Place { selection, .. } = place;
    let (open, close) = brackets_around(place)?;
    let is_sure = selection.is_empty() || open == '{' || selection.contains([',', ':']);
    let inside = (is_sure && !selection.starts_with(open)).then(|| between(said, open, close))??;
    Some(if inside.contains('\n') { inside } else { inside.trim() })
}

/// The brackets that a place of code stands directly between, within its line.
fn brackets_around(place: Place<'_>) -> Option<(char, char)> {
    let around = place.around();
    let (before, after) = (around.line_before().trim_end(), around.line_after().trim_start());
    let is_around = |(open, close): &(char, char)| before.ends_with(*open) && after.starts_with(*close);
    BRACKETS.into_iter().find(is_around).filter(|_| place.kind() == Kind::Code)
}

/// What stands between a bracket that a text begins with and the one that closes it, where that ends the text.
pub(super) fn between(text: &str, open: char, close: char) -> Option<&str> {
    let mut depth = 0;
    let end = text.find(|letter| {
        depth += i32::from(letter == open) - i32::from(letter == close);
        depth <= 0
    });
    text.strip_prefix(open)?.strip_suffix(close).filter(|inside| end == Some(inside.len() + open.len_utf8()))
}

/// An answer of one line without the mark of the heading that the selection is, or of the comment that it is behind code.
fn without_mark_of_line<'a>(said: &'a str, place: Place<'_>) -> Option<&'a str> {
    let line = place.around().line_before();
    let mark = match place.kind() {
        Kind::Markdown if line.trim_start().starts_with('#') || line.ends_with("[ ] ") => Some(line.trim()),
        Kind::Code => {
            let (code, comment) = comments::cut(line, place.language());
            comment.filter(|said| said.trim().is_empty() && !code.trim().is_empty())?;
            Some(line[code.len()..].trim())
        }
        _ => None,
    };
    let is_mark = |mark: &&str| !mark.contains(char::is_alphanumeric) && !place.selection.starts_with(mark);
    let rest = said.strip_prefix(mark.filter(is_mark)?)?;
    (!said.contains('\n') && rest.starts_with(' ')).then(|| rest.trim_start())
}

/// The quotes that a place of code stands directly between.
fn enclosing(place: Place<'_>) -> Option<&'static str> {
    let is_between = |quote: &&str| place.before.ends_with(*quote) && place.after.starts_with(*quote);
    ["\"", "'"].into_iter().find(|quote| place.kind() == Kind::Code && is_between(quote))
}

/// Whether what still comes may say the quotes or brackets again that the cursor stands between.
pub(super) fn may_be_quoted(code: &str, place: Place<'_>) -> bool {
    let begin = code.trim_start();
    let is_in_link = || place.before.ends_with('[') && place.after.starts_with("](");
    enclosing(place).is_some_and(|quote| begin.starts_with(quote))
        || begin.starts_with('[') && is_in_link()
        || brackets_around(place).is_some_and(|(open, _)| begin.starts_with(open))
}

/// An answer whose first line lacks the mark of the item that the selection is held by, and whose others have it, with that
/// mark. None where that is not so.
pub(super) fn with_item_mark(code: &str, selected: &str, place: Place<'_>) -> Option<String> {
    let layout = place.layout();
    let line_before = place.around().line_before();
    if let Some(marked) = with_comment_mark(code, place) {
        return Some(marked);
    }
    let mark = line_before.trim_start();
    if mark.is_empty() && layout == Layout::Data {
        return with_lost_mark(code, selected, place);
    }
    let is_mark = !mark.is_empty() && layout.item(mark) == Some(mark.len());
    let (first, others) = code.split_once('\n')?;
    let has_items =
        |text: &str| text.lines().any(|line| blanks(line).is_empty() && layout.item(line).is_some());
    (is_mark && !has_items(first) && has_items(others) && !has_items(selected))
        .then(|| format!("{mark}{code}"))
}

/// An answer behind the mark of a line in a comment whose lines each begin with one, with it before those that lack it.
/// None where it has one line, or stands elsewhere.
fn with_comment_mark(code: &str, place: Place<'_>) -> Option<String> {
    let line = place.around().line_before();
    let mark =
        comments::mark_within(line).filter(|mark| line.trim_start() == *mark && mark.ends_with(' '))?;
    let (_, close) = comments::open(place.before, place.language()).filter(|_| place.kind() == Kind::Code)?;
    let (first, others) = code
        .trim_end()
        .split_once('\n')
        .filter(|(first, _)| !first.is_empty() && place.selection.is_empty())?;
    let mut is_ended = first.contains(close);
    let marked = others.split('\n').map(|line| {
        let bare = line.trim_start();
        let has_mark = comments::mark_within(line).is_some() || bare.starts_with(close);
        let was_ended = is_ended;
        is_ended |= line.contains(close);
        match () {
            () if was_ended => line.to_owned(),
            () if has_mark => bare.to_owned(),
            () => format!("{mark}{line}").trim_end().to_owned(),
        }
    });
    Some(std::iter::once(first.to_owned()).chain(marked).collect::<Vec<_>>().join("\n"))
}

/// An answer that lacks the mark of the item which it takes the place of, with that mark: in YAML it would be no item of
/// the list. None where it has it, or where the selection is not one item among others.
fn with_lost_mark(code: &str, selected: &str, place: Place<'_>) -> Option<String> {
    const MARK: &str = "- ";
    let line_before = place.around().line_before();
    let mut lines = selected.lines().filter(|line| !line.trim().is_empty());
    let first = format!("{line_before}{}", lines.next()?);
    let depth = blanks(&first);
    let is_item = |line: &str| blanks(line) == depth && line.trim_start().starts_with(MARK);
    let (above, below) =
        (with_lf(&place.before[..place.before.len() - line_before.len()]), with_lf(place.after));
    let is_sibling = |line: Option<&str>| line.is_some_and(is_item);
    let is_deeper = |line: &&str| line.trim().is_empty() || blanks(line).len() > depth.len();
    let is_among = is_sibling(above.lines().rev().find(|line| !is_deeper(line)))
        || is_sibling(below.lines().skip(1).find(|line| !is_deeper(line)));
    let said = code.trim_start_matches('\n');
    let has_mark =
        |line: &str| line.trim_start().starts_with('-') || comments::is_one(line, place.language());
    if !is_item(&first) || lines.any(is_item) || !is_among || said.lines().any(has_mark) {
        return None;
    }
    let own = blanks(said);
    let item = said.lines().enumerate().map(|(at, line)| match line.strip_prefix(own).unwrap_or(line) {
        "" => String::new(),
        line => format!("{}{line}", if at == 0 { MARK } else { "  " }),
    });
    Some(item.collect::<Vec<_>>().join("\n"))
}

/// Why an answer would spoil the comment, the text or the value that it stands in. None where it would not.
pub(super) fn doubt(code: &str, place: Place<'_>) -> Option<&'static str> {
    let Place { before, after, selection, .. } = place;
    if selection.is_empty() {
        return None;
    }
    if values::is_another(code, place) {
        return Some(OTHER_VALUE);
    }
    if place.kind() != Kind::Code {
        return None;
    }
    if is_bare_comment(code, place) {
        return Some(OF_CODE);
    }
    let around = place.around();
    let (line_before, line_after) = (around.line_before(), around.line_after());
    let is_open =
        |quote: &str| line_before.replace(&format!("\\{quote}"), "").matches(quote).count() % 2 == 1;
    let has_templates = ["javascript", "go"].iter().any(|name| language::are_kin(name, place.language()));
    let template =
        || ["`"].into_iter().find(|quote| has_templates && is_open(quote) && line_after.contains(*quote));
    let block = || comments::open(before, place.language()).map(|(_, close)| close);
    let close = enclosing(place).or_else(template).or_else(block).filter(|close| after.contains(close))?;
    let ends = |text: &str| text.replace(&format!("\\{close}"), "").contains(close);
    (ends(code) && !ends(selection)).then_some(ENDS_TEXT)
}

/// Whether an answer is the words of a comment without its marks, in the place of the whole comment.
fn is_bare_comment(code: &str, place: Place<'_>) -> bool {
    let (said, selected) = (code.trim(), with_lf(place.selection));
    let selected = selected.trim();
    let language = place.language();
    let line_before = place.around().line_before();
    let is_block = comments::block(selected, language)
        .is_some_and(|(open, close)| selected.len() > open.len() && selected.ends_with(close));
    let is_behind_code = comments::cut(line_before, language).1.is_none()
        && !line_before.trim().is_empty()
        && comments::is_one(selected, language);
    let is_comment = if line_before.trim().is_empty() { is_block } else { is_behind_code };
    let is_said_so = comments::block(said, language).is_some() || comments::is_one(said, language);
    let are_words = said.lines().all(|line| prose::is_of_words(line) || prose::is_evident(line));
    is_comment && !is_said_so && are_words && !lines::is_ended_by(said)
}

/// An answer in the place of lines that have such a mark, with it in front of each. None where they have none.
pub(super) fn written(code: &str, place: Place<'_>) -> Option<Written> {
    let selected = with_lf(place.selection);
    let line_before = place.around().line_before();
    let (first, others) = selected.split_once('\n').unwrap_or((&selected, ""));
    let whole = format!("{line_before}{first}");
    let is_in_block = comments::open(place.before, place.language()).is_some();
    let mark_of = |line: &'_ str| match place.kind() {
        Kind::Code if is_in_block => comments::mark_within(line).map(str::to_owned),
        Kind::Code => comments::mark(line, place.language()).map(str::to_owned),
        Kind::Text if comments::is_known(place.language()) => {
            comments::mark(line, place.language()).map(str::to_owned)
        }
        Kind::Markdown | Kind::Text => quotation(line).map(str::to_owned),
    };
    let mark = mark_of(&whole)?;
    let bare = mark.trim_end();
    let is_marked = |line: &str| mark_of(line).is_some_and(|mark| mark.trim_end() == bare);
    let is_behind = line_before.trim_start().len() >= bare.len();
    let mut others = others.split('\n').filter(|line| !line.trim().is_empty()).peekable();
    let has_others = others.peek().is_some();
    if first.trim().is_empty() || !(is_behind || line_before.trim().is_empty()) || !others.all(is_marked) {
        return None;
    }
    let lines: Vec<&str> = code.trim().split('\n').collect();
    let are_words = lines.iter().all(|line| prose::is_of_words(line) || prose::is_evident(line));
    let is_doc = bare.len() > 2 || bare.ends_with(['!', '*', '|', '>']);
    let are_marked = || lines[1..].iter().all(|line| is_marked(line));
    // What follows a marked line without a mark is none of the comment.
    let is_mixed = is_marked(lines[0]) && place.kind() == Kind::Code && !are_marked();
    let is_sure = (has_others || is_doc || are_words) && !is_mixed || are_marked();
    let is_quotation = mark.starts_with('>');
    if !is_behind && (!are_words || is_quotation || lines.iter().any(|line| is_marked(line))) {
        // Marks and all, or code that is no comment any more.
        return None;
    }
    let indent = blanks(&whole);
    let said = |line: &str| match line.trim_start().strip_prefix(bare) {
        Some(said) if is_marked(line) => said.strip_prefix(&mark[bare.len()..]).unwrap_or(said).to_owned(),
        _ => line.strip_prefix(indent).unwrap_or(line).to_owned(),
    };
    let begin = match is_behind {
        true => blanks(first).to_owned(),
        false => format!("{}{mark}", blanks(first)),
    };
    // A blank line parts two comments, where the selection has such.
    let has_gap = selected.trim().contains("\n\n");
    let mut text = format!("{begin}{}", said(lines[0]).trim_start());
    for line in &lines[1..] {
        match has_gap && line.trim().is_empty() {
            true => text.push('\n'),
            false => text.push_str(format!("\n{indent}{mark}{}", said(line)).trim_end()),
        }
    }
    text.push_str(&selected[selected.trim_end().len()..]);
    Some(Written { text, doubt: (!is_sure).then_some(OF_CODE) })
}

/// The mark of a quotation that a line begins with, and the blank behind it.
fn quotation(line: &str) -> Option<&str> {
    let bare = line.trim_start();
    let end = bare.len() - bare.trim_start_matches(['>', ' ']).len();
    bare.starts_with('>').then(|| &bare[..end])
}

#[cfg(test)]
mod tests;
