//! What an answer says again of the text around the selection.

use super::{
    blocks, comments,
    indent::blanks,
    language::{self, Kind, Layout},
    line_ends::with_lf,
    lines,
    overlap::common,
    parts,
    place::Place,
    words::MODIFIERS,
};

/// How many lines above and below are looked at.
const LINES: usize = 200;
/// So many lines at the beginning of a file that an answer begins with are no accident.
const HEAD: usize = 2;
/// So many digits of several lines are no accident.
const DIGITS: usize = 4;
/// Why such an answer is not written.
pub(super) const SAYS_MORE: &str = "the answer says more than was selected";

/// Whether an answer says more than what takes the place of the selection: what stands before that, what stands behind it,
/// or what a file alone begins with.
pub(super) fn says_more(code: &str, selected: &str, place: Place<'_>) -> bool {
    is_begun_before(code, selected, place)
        || is_ended_behind(code, selected, place)
        || (place.kind() == Kind::Code && begins_a_file(code, selected, place))
}

/// Whether an answer begins with what stands before the selection: the line that it is in or the last word of that, or
/// the lines above it.
fn is_begun_before(code: &str, selected: &str, place: Place<'_>) -> bool {
    let line_before = place.around().line_before();
    let bare = line_before.trim();
    let word = bare.split_whitespace().next_back().unwrap_or_default();
    let is_led = line_before.ends_with([' ', '\t']) || bare.ends_with(['=', ':', '.', '"', '\'']);
    let says = |text: &str, begin: &str| {
        let rest = text.trim_start().strip_prefix(begin);
        rest.is_some_and(|rest| {
            !(begin.ends_with(char::is_alphanumeric) && rest.starts_with(char::is_alphanumeric))
        })
    };
    let is_said_again = |begin: &str| says(code, begin) && !says(selected, begin);
    if bare.contains(char::is_alphabetic) && is_said_again(bare)
        || is_led && has_word(word) && is_said_again(word)
    {
        return true;
    }
    let above = with_lf(&place.before[..place.before.len() - line_before.len()]);
    let above: Vec<&str> = said(&above).collect();
    let answered: Vec<&str> = said(code).collect();
    let Some(first) = answered.first().filter(|first| said(selected).next() != Some(**first)) else {
        return false;
    };
    // The header of what the selection stands in, short of a word.
    let is_header = letters_to_say(first) > 1 && first.ends_with(['{', ':']) && !selected.contains(*first);
    let near = &above[above.len().saturating_sub(LINES)..];
    let are_modifiers = |text: &str| text.split_whitespace().all(|word| MODIFIERS.have(word));
    let are_alike = |line: &str| {
        line.strip_suffix(*first).is_some_and(|rest| rest.ends_with(' '))
            || letters_to_say(line) > 1
                && first.strip_suffix(line).is_some_and(|rest| rest.ends_with(' ') && are_modifiers(rest))
    };
    if is_header && near.iter().any(|line| are_alike(line)) || is_head_again(first, selected, place) {
        return true;
    }
    // One line of one letter is an accident.
    let say_something = |lines: &[&str]| {
        let digits = lines.iter().flat_map(|line| line.chars()).filter(char::is_ascii_digit).count();
        lines.iter().map(|line| letters_to_say(line)).sum::<usize>() > usize::from(lines.len() == 1)
            || lines.len() > 1 && digits >= DIGITS
    };
    // What stands above all of it, changed or not.
    let is_file = above.len() >= HEAD && answered.len() > HEAD && above[..HEAD] == answered[..HEAD];
    // From a line above to the selection it says what is there.
    let most = above.len().min(answered.len() - 1);
    let mut counts = common(&above[above.len() - most..], &answered[..most]).into_iter();
    is_file && say_something(&answered[..HEAD]) || counts.any(|count| say_something(&answered[..count]))
}

/// Whether a line names what a line above begins that the selection stands in, however the rest of it is.
fn is_head_again(first: &str, selected: &str, place: Place<'_>) -> bool {
    let name = |line: &str| {
        let (name, _) = parts::heading(line.trim(), place).filter(|(name, _)| !name.is_empty())?;
        let words = line.split(|letter| !language::is_of_word(letter)).filter(|word| !word.is_empty());
        Some(format!("{} {name}", words.take_while(|word| *word != name).last()?))
    };
    let Some(named) = name(first).filter(|named| name(selected).as_ref() != Some(named)) else {
        return false;
    };
    let before = with_lf(place.before);
    let (above, line) = before.rsplit_once('\n').unwrap_or(("", &before));
    let mut least = blanks(&format!("{line}{selected}")).len();
    above.lines().rev().filter(|line| !line.trim().is_empty()).take(LINES).any(|line| {
        let is_around = blanks(line).len() < least;
        least = least.min(blanks(line).len());
        is_around && name(line).as_ref() == Some(&named)
    })
}

/// Why an answer in more lines than were selected begins with the line above the selection, or ends with the one below it,
/// which it says more often than the selection does. None where it does not.
pub(super) fn neighbour(written: &str, place: Place<'_>) -> Option<&'static str> {
    let around = place.around();
    let selected = with_lf(place.selection);
    let written = with_lf(written);
    let lines = |text: &'_ str| -> Vec<String> {
        text.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let whole = |text: &str| lines(&[around.line_before(), text].concat());
    let (told, given) = (whole(&written), whole(&selected));
    if selected.trim().is_empty() || told.len() <= given.len() {
        return None;
    }
    let count = |lines: &[String], line: &str| lines.iter().filter(|one| one.trim() == line.trim()).count();
    let is_more = |line: &str| count(&told, line) > count(&given, line);
    let (before, below) = (with_lf(place.before), with_lf(place.below().unwrap_or_default()));
    let above = before.rsplit('\n').skip(1).find(|line| !line.trim().is_empty()).unwrap_or_default();
    let is_above = || {
        around.line_before().trim().is_empty()
            && !above.is_empty()
            && told.first().is_some_and(|first| first.trim() == above.trim())
            && is_more(above)
    };
    let below = below.lines().map(str::trim_end).find(|line| !line.is_empty()).unwrap_or_default();
    let last = told.last().map_or("", String::as_str);
    // The line below a heading of Markdown or reStructuredText, however long.
    let underlines = |line: &str| {
        let sign = line.chars().next().filter(|sign| "=-~".contains(*sign))?;
        (place.kind() != Kind::Code && line.chars().all(|one| one == sign)).then_some(sign)
    };
    let is_underlined = || underlines(below).is_some() && underlines(last) == underlines(below);
    let is_said_below = || last == below && !below.is_empty() && !ends_block(below);
    let is_below = || (is_said_below() || is_underlined()) && is_more(last);
    (is_above() || is_below()).then_some(SAYS_MORE)
}

/// Whether a line ends a block: that of the answer may end so too.
fn ends_block(line: &str) -> bool {
    let word = line.trim().trim_end_matches([';', ',', ')', '(']).to_ascii_lowercase();
    blocks::opener(line).is_some() || word.starts_with("end ")
}

/// Whether an answer ends with lines that stand behind the selection.
fn is_ended_behind(code: &str, selected: &str, place: Place<'_>) -> bool {
    /// So many letters of one line are no accident.
    const LETTERS: usize = 8;
    let Some(below) = place.below().filter(|_| !selected.is_empty()) else { return false };
    // Of an answer that is as deep as its place a line says the same where it is as deep as well.
    let depth = blanks(&format!("{}{selected}", place.around().line_before())).len();
    let is_deep = |line: &str| line.trim().is_empty() || blanks(line).len() >= depth;
    let has_depth = code.lines().skip(1).all(is_deep);
    let lines = |text: &'_ str| -> Vec<String> {
        let line = |line: &str| if has_depth { line.trim_end() } else { line.trim() }.to_owned();
        text.lines().filter(|line| !line.trim().is_empty()).map(line).collect()
    };
    let (answered, selected) = (lines(code), lines(selected));
    let mut below = lines(&with_lf(below));
    below.truncate(LINES);
    let letters = |lines: &[String]| lines.concat().chars().filter(|letter| letter.is_alphanumeric()).count();
    let is_said_again = |count: usize| {
        let (end, repeated) = (&answered[answered.len() - count..], &below[..count]);
        let is_begun = count > 1 && blocks::opener(&end[0]).is_none();
        let says_something = letters(end) >= LETTERS && end[0].contains(char::is_alphanumeric)
            || is_begun && end.concat().contains(char::is_alphabetic);
        end == repeated && says_something && !selected.ends_with(end)
    };
    let most = below.len().min(answered.len().saturating_sub(1));
    (1..=most).any(is_said_again) || closes_more(&answered, &below)
}

/// Whether the last line of an answer is a tag's end that belongs to what stands below.
fn closes_more(answered: &[String], below: &[String]) -> bool {
    let Some(last) = answered.last().map(|line| line.trim()) else { return false };
    let Some(name) = last.strip_prefix("</").and_then(|rest| rest.strip_suffix('>')) else { return false };
    let count = |mark: &str| answered.iter().map(|line| line.matches(mark).count()).sum::<usize>();
    below.first().is_some_and(|line| line.trim() == last)
        && count(&format!("<{name}")) < count(&format!("</{name}"))
}

/// Whether an answer begins with what only a file begins with, deep in one.
fn begins_a_file(code: &str, selected: &str, place: Place<'_>) -> bool {
    const ANYWHERE: &[&str] = &["<!doctype", "<html", "<?xml", "<?php", "#!"];
    const AT_THE_MARGIN: &[&str] = &["package ", "import ", "#include", "export ", "namespace "];
    let begins = |text: &str, words: &[&str]| {
        let first = said(text).next().unwrap_or_default().to_lowercase();
        words.iter().any(|word| first.starts_with(word))
    };
    let line = format!("{}{selected}", place.around().line_before());
    let is_deep = !blanks(line.lines().find(|line| !line.trim().is_empty()).unwrap_or_default()).is_empty();
    // These import within functions, and indent all of a script.
    let is_free = place.layout() == Layout::Free
        && !["scala", "julia", "vue", "svelte", "astro", "html"].contains(&place.language());
    let begins_anew = |words| begins(code, words) && !begins(selected, words);
    begins_anew(ANYWHERE) && !place.before.trim().is_empty()
        || is_deep && is_free && !code.trim_start().starts_with("import(") && begins_anew(AT_THE_MARGIN)
}

/// Why an answer is not what belongs among the members of an object of JSON. None where it is.
pub(super) fn no_member(code: &str, place: Place<'_>) -> Option<&'static str> {
    let is_json = language::are_kin(place.language(), "json");
    let is_pair = |text: &str| {
        let key = text.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
        key.is_some_and(|(_, rest)| rest.trim_start().starts_with(':'))
    };
    let code = comments::without(code, "jsonc");
    let is_among_members = match place.selection.trim() {
        "" => place.before.trim_end().ends_with('{'),
        selected => is_pair(selected),
    };
    (is_json && is_among_members && !is_pair(&code))
        .then_some("the answer is no member of the object that it stands in")
}

/// How many letters of a line say something: what ends a block may well stand there twice.
pub(super) fn letters_to_say(line: &str) -> usize {
    let line = line.trim();
    match line.starts_with("</") || lines::is_ended_by(line) {
        true => 0,
        false => line.chars().filter(|letter| letter.is_alphabetic()).count(),
    }
}

pub(super) fn has_word(line: &str) -> bool {
    line.chars().filter(|letter| letter.is_alphabetic()).count() > 1
}

/// The lines of a text that say something.
fn said(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests;
