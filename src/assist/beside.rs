//! What stands in the line of a selection beside it, and an answer says again.

use super::{
    language::{Kind, is_of_word},
    line_ends::with_lf,
    marked, open, overlap,
    place::Place,
};

const SAID_AGAIN: &str = "the answer says again what stands beside the selection";
/// What ends a sentence.
const ENDS: [char; 6] = ['.', '!', '?', '。', '！', '？'];
const BROKEN_ROW: &str = "the answer is no cell or row of the table";
/// How much of the text before a selection is looked at for the bracket that it stands in, in bytes.
const NEAR: usize = 4 << 10;

/// Why an answer says again what stands around the selection in its line. None where it does not.
pub(super) fn doubt(code: &str, place: Place<'_>) -> Option<&'static str> {
    let (said, selected) = (code.trim(), place.selection.trim());
    let around = place.around();
    // Behind whole lines the next one is another.
    let after = if place.selection.ends_with(['\n', '\r']) { "" } else { around.line_after().trim_end() };
    let before = around.line_before();
    if selected.is_empty() || said.is_empty() {
        return None;
    }
    let is_cell =
        place.kind() == Kind::Markdown && before.trim_start().starts_with('|') && after.contains('|');
    let cells =
        |text: &str, mark: char| text.lines().all(|line| line.trim().is_empty() || line.contains(mark));
    let row = [('\t', "tsv"), (',', "csv"), (';', "csv")]
        .into_iter()
        .find(|(mark, language)| place.language().eq_ignore_ascii_case(language) && cells(selected, *mark));
    // Rows have as many cells as those beside them, as far as no quotes hide some.
    let width = |text: &str, mark: char| {
        let mut widths =
            text.lines().filter(|line| !line.trim().is_empty()).map(|line| line.matches(mark).count());
        let first = widths.next().filter(|_| !text.contains('"'))?;
        widths.all(|width| width == first).then_some(first)
    };
    let is_other_row = |mark| {
        let own = width(selected, mark);
        let of_neighbour = [place.above(), place.below().and_then(|below| below.lines().next())];
        let is_told =
            of_neighbour.into_iter().flatten().any(|line| own.is_some() && width(line, mark) == own);
        is_told && !said.contains('"') && width(said, mark) != own
    };
    let is_broken = |mark| !cells(said, mark) || said.starts_with('|') || is_other_row(mark);
    if row.is_some_and(|(mark, _)| before.is_empty() && is_broken(mark)) {
        return Some(BROKEN_ROW);
    }
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
    let level = |text: &str| text.chars().take_while(|letter| *letter == '#').count();
    let is_other_heading = place.kind() == Kind::Markdown
        && level(mark) > 0
        && level(said) > 0
        && level(selected) == 0
        && level(mark) != level(said);
    let is_code = !place.is_text();
    // The sentence would end twice, by two signs.
    let end = |text: &str| text.chars().next_back().filter(|end| ENDS.contains(end));
    let is_ended_twice = !is_code
        && end(selected).is_none()
        && end(said).zip(after.chars().next()).is_some_and(|(end, next)| end != next && ENDS.contains(&next));
    // The half of a word that stands before it.
    let head = before.len() - before.trim_end_matches(is_of_word).len();
    let head = &before[before.len() - head..];
    let halves = !head.is_empty() && selected.starts_with(is_of_word) && !selected.starts_with(head);
    let is_whole_word = halves && said.starts_with(head) && said[head.len()..].starts_with(is_of_word);
    let is_wrapped =
        is_code && marked::without_brackets(said, place).is_none() && is_wrapped(said, selected, place);
    let goes_on = |text: &str| {
        let common = overlap::overlap(text, after);
        common > 1 && !selected.ends_with(&text[text.len() - common..])
    };
    let first = said.lines().next().unwrap_or_default();
    let is_head =
        said.contains('\n') && after.trim().len() > 1 && !selected.contains('\n') && first.ends_with(after);
    let is_said = is_whole_word
        || is_other_item
        || is_other_heading
        || is_ended_twice
        || is_wrapped
        || is_code && (is_head || goes_on(said));
    is_said.then_some(SAID_AGAIN)
}

/// Whether an answer has the brackets around it that items which it takes the place of stand between.
fn is_wrapped(said: &str, selected: &str, place: Place<'_>) -> bool {
    let before =
        with_lf(&place.before[place.before.ceil_char_boundary(place.before.len().saturating_sub(NEAR))..]);
    let before = before.trim_end();
    let are_items = selected.contains([',', ':'])
        && !selected.ends_with([';', '}'])
        && before.ends_with(['(', '[', '{', ',']);
    let close = |open| marked::BRACKETS.into_iter().find(|brackets| brackets.0 == open);
    let around = open::innermost_open(before).and_then(|(_, open)| close(open));
    are_items
        && around.is_some_and(|(open, close)| {
            !selected.starts_with(open) && marked::between(said, open, close).is_some()
        })
}
