//! The lines that an answer ends with, that end a block which was begun before it, and stand below it already: chat models
//! like to close what they stand in.

use std::cell::LazyCell;

use super::{
    begins::blanks,
    blocks::{Opener, balance, lines_above, opener, unended},
    language::{Kind, Layout},
    place::Place,
};

/// Most lines of an answer's end that are looked at.
const MOST: usize = 16;

/// An answer without the lines at its end that end no block of its own and stand below its place already, however deep,
/// where what is left ends all that nothing below does.
pub(super) fn without<'a>(said: &'a str, place: Place<'_>) -> &'a str {
    let below = below(place);
    if below.is_empty() {
        return said;
    }
    let ends = ends_of_lines(said);
    let told: Vec<&str> = ends.iter().map(|(begin, end)| said[*begin..*end].trim()).collect();
    let most = told.len().saturating_sub(1).min(below.len());
    let above = LazyCell::new(|| lines_above(place));
    let repeated = (1..=most).rev().find(|count| {
        let (left, repeated) = told.split_at(told.len() - count);
        let end = ends[left.len() - 1].1;
        let is_needless = |by| balance(&said[..end], by, place) <= -unended(by, below[0], &above, place);
        repeated.iter().zip(&below).all(|(line, other)| *line == other.trim_start())
            && repeated.iter().all(|line| opener(line).is_some_and(is_needless))
    });
    repeated.map_or(said, |count| &said[..ends[told.len() - count - 1].1])
}

/// Whether some lines are ends of blocks, of which it is told here whether those below a place are theirs.
pub(super) fn are_ends(lines: &str, place: Place<'_>) -> bool {
    let mut lines = lines.lines().filter(|line| !line.trim().is_empty()).peekable();
    lines.peek().is_some() && lines.all(|line| opener(line).is_some()) && !below(place).is_empty()
}

/// Most ends of blocks of an answer that are looked at from its beginning, beside its last line.
const MOST_ENDS: usize = 64;

/// Whether a line of an answer stands at the margin and ends a block that the answer begins: a word or a mark does.
pub(super) fn end_its_own(said: &str, place: Place<'_>) -> bool {
    let end_at_margin = |pair: &[(usize, usize)]| {
        let [(_, end), (begin, last)] = *pair else { return None };
        let by =
            opener(&said[begin..last]).filter(|by| !matches!(by, Opener::Bracket(_) | Opener::Pattern))?;
        (!said[begin..].starts_with([' ', '\t'])).then_some((end, by))
    };
    let lines = ends_of_lines(said);
    // From the margin on the body of a block is at least as deep as its first line.
    let depth = |(begin, end): &(usize, usize)| blanks(&said[*begin..*end]).len();
    let body = lines.get(1).map_or(0, depth);
    let first_out =
        lines.iter().position(|line| depth(line) > 0 && depth(line) < body).unwrap_or(lines.len());
    let pairs = lines[..first_out].windows(2);
    // For each of them all before it is read.
    let mut ends =
        pairs.clone().filter_map(end_at_margin).take(MOST_ENDS).chain(pairs.last().and_then(end_at_margin));
    ends.any(|(end, by)| leaves_open(&said[..end], by, place))
}

/// Whether an answer that still comes may turn out to end such a block, or not to: its last line goes on.
pub(super) fn may_end_its_own(said: &str, place: Place<'_>) -> bool {
    let whole = said.trim_end().rfind('\n').map_or(said, |end| &said[..end]);
    leaves_open(whole, Opener::Line, place) || end_its_own(said, place) && !end_its_own(whole, place)
}

/// Whether an answer ends the block that a selection begins, whose end is not selected.
pub(super) fn end_what_goes_on(said: &str, selected: &str, place: Place<'_>) -> bool {
    let last = said.trim_end().lines().next_back().unwrap_or_default();
    let by = opener(last).filter(|by| !matches!(by, Opener::Bracket(_) | Opener::Pattern));
    // The answer may be of another name.
    let environments = |text: &str| text.matches("\\begin{").count() > text.matches("\\end{").count();
    by.is_some_and(|by| match by {
        Opener::Mark("\\begin{", _) => environments(selected) && !environments(said),
        _ => leaves_open(selected, by, place) && !leaves_open(said, by, place),
    })
}

/// What is known of such an answer while it still comes: its last lines may turn out to be such.
pub(super) fn known<'a>(said: &'a str, place: Place<'_>) -> &'a str {
    let below = below(place);
    if below.is_empty() {
        return said;
    }
    let ends = ends_of_lines(said);
    let may_be = |(begin, end): &&(usize, usize)| {
        let line = said[*begin..*end].trim();
        below.iter().any(|other| other.trim_start().starts_with(line))
    };
    let held = ends.iter().rev().take_while(may_be).count();
    match (held, ends.len() - held) {
        (0, _) | (_, 0) => said,
        (_, left) => &said[..ends[left - 1].1],
    }
}

/// The lines below a place that end a block, up to the first that does not. None where something stands behind it, or what
/// is selected ends with such a line itself.
fn below(place: Place<'_>) -> Vec<&str> {
    let is_structure = matches!(place.layout(), Layout::Colon | Layout::Data | Layout::Offside);
    let last = place.selection.trim_end().rsplit(['\n', '\r']).next().unwrap_or_default();
    let ends_block = !last.trim().is_empty() && opener(last).is_some();
    if is_structure || ends_block || !place.behind.is_empty() || place.kind() == Kind::Markdown {
        return Vec::new();
    }
    let below = place.below().unwrap_or_default();
    let lines = below.split(['\n', '\r']).map(str::trim_end).filter(|line| !line.is_empty());
    lines.take_while(|line| opener(line).is_some()).take(MOST).collect()
}

/// Where the lines of a text begin and end that are not blank.
fn ends_of_lines(text: &str) -> Vec<(usize, usize)> {
    let mut begin = 0;
    let lines = text.split('\n').filter_map(|line| {
        let at = begin;
        begin += line.len() + 1;
        (!line.trim().is_empty()).then_some((at, at + line.len()))
    });
    lines.collect()
}

/// Whether some lines leave a block open that such an end would end.
fn leaves_open(said: &str, by: Opener<'_>, place: Place<'_>) -> bool {
    balance(said, by, place) > 0
}

#[cfg(test)]
mod tests;
