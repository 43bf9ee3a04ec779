//! What of an answer at a cursor stands before it already, and so what is new of it.

use std::borrow::Cow;

use super::{
    indent::blanks,
    language::is_of_word,
    overlap::common,
    place::Place,
    repeats::{has_word, letters_to_say},
};

/// How much of the text before a cursor is looked at, in bytes: about 200 lines.
const NEAR: usize = 8 << 10;

/// An answer for a cursor without the lines that stand above it already. Where it says a part of the cursor's own line
/// again, or more than that line, it begins with that line and nothing else of the text.
pub(super) fn of<'a>(said: &'a str, place: Place<'_>) -> Cow<'a, str> {
    let line_before = place.around().line_before();
    let line = line_before.trim_start();
    if !is_at_cursor(place) || !line.is_empty() && said.trim_start().starts_with(line) {
        return Cow::Borrowed(said);
    }
    // Behind a prompt or the mark of an item.
    let bare = said.trim_start_matches(|letter| !is_of_word(letter));
    if has_word(line) && bare.starts_with(line) {
        return Cow::Borrowed(bare);
    }
    let Some(Repeat { end, begins_above }) = repeat(said, line_before, place) else {
        return Cow::Borrowed(said);
    };
    let rest = &said[end..];
    if line.is_empty() {
        return Cow::Borrowed(&rest[rest.find('\n').map_or(0, |end| end + 1)..]);
    }
    let last = if begins_above { said[..end].rsplit('\n').next().unwrap_or_default() } else { said };
    let rest = if line.ends_with([' ', '\t']) { rest.trim_start_matches([' ', '\t']) } else { rest };
    Cow::Owned([blanks(last), line, rest].concat())
}

/// Whether what came of an answer so far may be about to say again what stands before its cursor.
pub(super) fn may_be_repeat(said: &str, place: Place<'_>) -> bool {
    let near = near(place);
    let known: Vec<&str> = tokens(near).collect();
    let told: Vec<&str> = tokens(said).take(known.len() + 1).collect();
    let Some((last, others)) = told.split_last().filter(|_| is_at_cursor(place)) else { return false };
    known.windows(told.len()).any(|part| {
        let (end, begin) = part.split_last().unwrap_or((last, part));
        begin == others && end.starts_with(*last)
    })
}

/// What an answer begins with and stands before its cursor.
struct Repeat {
    /// Where it ends, in bytes of the answer.
    end: usize,
    /// Whether it begins above the line of the cursor.
    begins_above: bool,
}

fn repeat(said: &str, line_before: &str, place: Place<'_>) -> Option<Repeat> {
    let near = near(place);
    let mut known: Vec<&str> = tokens(near).collect();
    // A word that ends at the cursor may be half of one.
    let half = known.pop_if(|word| near.ends_with(*word) && word.ends_with(is_of_word));
    let told: Vec<&str> = tokens(said).take(known.len() + 1).collect();
    let is_own_line = line_before.trim().is_empty();
    let own_line = near.len() - line_before.len().min(near.len());
    common(&known, &told).into_iter().chain([0]).find_map(|count| {
        let begin = known.get(known.len() - count).or(half.as_ref())?;
        let end = match half {
            Some(half) => told
                .get(count)
                .filter(|word| word.starts_with(half))
                .map(|word| place_of(word, said) + half.len())?,
            None => told[..count].last().map(|word| place_of(word, said) + word.len())?,
        };
        let begin = place_of(begin, near);
        let begins_above = begin < own_line;
        let (repeated, rest) = said.split_at(end);
        let is_whole = near[..begin].rsplit('\n').next().unwrap_or_default().trim().is_empty();
        let goes_on = !is_own_line || rest.trim_start_matches([' ', '\t']).starts_with('\n');
        let is_said = !rest.trim().is_empty()
            && goes_on
            && match begins_above {
                true => is_whole && repeated.lines().map(letters_to_say).sum::<usize>() > 1,
                false => has_word(repeated) || is_operator(repeated.trim()),
            };
        is_said.then_some(Repeat { end, begins_above })
    })
}

/// Whether signs are one operator, and neither brackets nor quotes.
fn is_operator(signs: &str) -> bool {
    signs.len() > 1 && signs.chars().all(|sign| "=!<>&|+-*/%.:?~^".contains(sign))
}

fn is_at_cursor(place: Place<'_>) -> bool {
    place.selection.is_empty() && place.behind.is_empty()
}

fn near(place: Place<'_>) -> &str {
    &place.before[place.before.ceil_char_boundary(place.before.len().saturating_sub(NEAR))..]
}

/// The words of a text, and its other signs each by itself.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let end =
            if is_of_word(first) { rest.find(|letter| !is_of_word(letter)) } else { Some(first.len_utf8()) };
        let (token, behind) = rest.split_at(end.unwrap_or(rest.len()));
        rest = behind;
        Some(token)
    })
}

/// Where a part of a text begins in it.
fn place_of(part: &str, text: &str) -> usize {
    part.as_ptr().addr() - text.as_ptr().addr()
}
