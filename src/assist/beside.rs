//! What stands in the line of a selection beside it, and an answer says again.

use super::{language::Kind, overlap, place::Place, seam::is_of_word};

const SAID_AGAIN: &str = "the answer says again what stands beside the selection";
const BROKEN_ROW: &str = "the answer is no cell of the table";
const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];

/// Why an answer says again what stands around the selection in its line. None where it does not.
pub(super) fn doubt(code: &str, place: Place<'_>) -> Option<&'static str> {
    let (said, selected) = (code.trim(), place.selection.trim());
    let around = place.around();
    let (before, after) = (around.line_before(), around.line_after().trim_end());
    if selected.is_empty() || said.is_empty() {
        return None;
    }
    let is_cell =
        place.kind() == Kind::Markdown && before.trim_start().starts_with('|') && after.contains('|');
    if is_cell
        && !selected.contains(['|', '\n'])
        && (said.contains('\n') || said.replace("\\|", "").trim_matches('|').contains('|'))
    {
        return Some(BROKEN_ROW);
    }
    // The mark of an item, and another one.
    let mark = before.trim_start();
    let item = |text: &str| place.layout().item(text).is_some();
    let is_other_item = place.kind() == Kind::Markdown
        && item(mark)
        && !mark.replace("[x]", "").contains(char::is_alphanumeric)
        && item(said)
        && !item(selected)
        && !said.starts_with(mark);
    // The half of a word that stands before it.
    let head = before.len() - before.trim_end_matches(is_of_word).len();
    let head = &before[before.len() - head..];
    let halves = !head.is_empty() && selected.starts_with(is_of_word) && !selected.starts_with(head);
    let is_whole_word = halves && said.starts_with(head) && said[head.len()..].starts_with(is_of_word);
    let is_wrapped = BRACKETS.iter().any(|(open, close)| {
        before.trim_end().ends_with(*open)
            && after.trim_start().starts_with(*close)
            && !selected.starts_with(*open)
            && selected.contains([',', ':'])
            && is_between(said, *open, *close)
    });
    let goes_on = |text: &str| {
        let common = overlap::overlap(text, after);
        common > 1 && !selected.ends_with(&text[text.len() - common..])
    };
    let first = said.lines().next().unwrap_or_default();
    let is_head =
        said.contains('\n') && after.len() > 1 && !selected.contains('\n') && first.ends_with(after);
    let is_code = place.kind() == Kind::Code && !place.is_among_prose();
    let is_said = is_whole_word || is_other_item || is_wrapped || is_code && (is_head || goes_on(said));
    is_said.then_some(SAID_AGAIN)
}

/// Whether a text stands between a bracket and the one that closes it.
fn is_between(text: &str, open: char, close: char) -> bool {
    let mut depth = 0;
    let end = text.char_indices().find(|(_, letter)| {
        depth += i32::from(*letter == open) - i32::from(*letter == close);
        depth <= 0
    });
    text.starts_with(open) && end.is_some_and(|(at, letter)| at + letter.len_utf8() == text.len())
}
