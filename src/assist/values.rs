//! Whether an answer in the place of a value would be another one there than the model said: cut short at what begins a
//! comment, a cell or a line, or read by a rule of its text.

use super::{
    comments,
    language::{self, CELLS, Kind, VALUES_OF_LINES, is_of_word, is_one_of},
    line_ends::with_lf,
    place::Place,
};

/// Whether it would.
pub(super) fn is_another(code: &str, place: Place<'_>) -> bool {
    let (said, selected) = (code.trim(), with_lf(place.selection));
    let around = place.around();
    let (before, after) = (around.line_before(), around.line_after());
    if is_cut_by_end(said, after, place) {
        return true;
    }
    if selected.contains('\n') || before.trim().is_empty() {
        return false;
    }
    if place.kind() != Kind::Code {
        return is_cut_by_percent(said, &selected, before, after, place);
    }
    is_cut_by_line(said, before, place)
        || is_cut_by_comment(said, &selected, before, place)
        || is_cut_by_cell(said, &selected, before, after, place)
        || is_cut_by_tag(said, before, after, place)
        || is_read_otherwise(said, &selected, before)
}

/// Whether a value ends with its line here, but for marks that say otherwise.
fn ends_with_line(place: Place<'_>) -> bool {
    [VALUES_OF_LINES, &["makefile", "make"]].iter().any(|names| is_one_of(names, place.language()))
}

fn is_quoted(said: &str) -> bool {
    said.len() > 1 && ['"', '\''].iter().any(|quote| said.starts_with(*quote) && said.ends_with(*quote))
}

/// Whether the second line of an answer is none of its value: that ends with its line, as a comment behind code does.
fn is_cut_by_line(said: &str, before: &str, place: Place<'_>) -> bool {
    let Some((first, rest)) = said.split_once('\n') else { return false };
    let (code, comment) = comments::cut(before, place.language());
    let is_behind_code = comment.is_some() && !code.trim().is_empty();
    let goes_on = first.ends_with('\\') || rest.lines().all(|line| line.starts_with([' ', '\t']));
    is_behind_code
        || ends_with_line(place) && !goes_on
        || is_one_of(CELLS, place.language()) && !before.is_empty() && !is_quoted(said)
}

/// Whether a line of an answer ends what goes on behind the place: there a mark at the end of each line makes them one.
fn is_cut_by_end(said: &str, after: &str, place: Place<'_>) -> bool {
    let lines = said.rsplit_once('\n').map_or("", |(lines, _)| lines);
    place.kind() == Kind::Code
        && after.trim() == "\\"
        && lines.lines().any(|line| !line.trim_end().ends_with('\\'))
}

/// Whether an answer holds what begins a comment, where its value has no quotes.
fn is_cut_by_comment(said: &str, selected: &str, before: &str, place: Place<'_>) -> bool {
    let comment = |text| comments::cut(text, place.language()).1;
    let is_value = before.trim_end().ends_with(['=', ':', '-']);
    let is_said = comment(said).is_some_and(|words| match () {
        () if language::is_yaml(place.language()) => words.starts_with(is_of_word),
        () => ends_with_line(place),
    });
    is_value && is_said && comment(selected).is_none() && comment(before).is_none() && !is_quoted(said)
}

/// Whether an answer within a line of LaTeX has a sign that makes a comment of the rest of it.
fn is_cut_by_percent(said: &str, selected: &str, before: &str, after: &str, place: Place<'_>) -> bool {
    let cuts = |text: &str| text.replace("\\\\", "").replace("\\%", "").contains('%');
    is_one_of(&["latex", "tex", "plaintex"], place.language())
        && !after.trim().is_empty()
        && [before, selected].iter().all(|text| !cuts(text))
        && cuts(said.lines().next_back().unwrap_or_default())
}

/// Whether an answer for one cell is several.
fn is_cut_by_cell(said: &str, selected: &str, before: &str, after: &str, place: Place<'_>) -> bool {
    let mark =
        before.chars().next_back().or_else(|| after.chars().next()).filter(|mark| ",;\t|".contains(*mark));
    is_one_of(CELLS, place.language())
        && !is_quoted(said)
        && mark.is_some_and(|mark| said.contains(mark) && !selected.contains(mark))
}

/// Whether text between tags of XML has a letter that begins one, or an entity.
fn is_cut_by_tag(said: &str, before: &str, after: &str, place: Place<'_>) -> bool {
    is_one_of(&["xml", "svg"], place.language())
        && before.trim_end().ends_with('>')
        && after.trim_start().starts_with('<')
        && ["< ", "& "].iter().any(|mark| said.contains(mark))
}

/// Whether a path of Windows is a text with escapes in it.
fn is_read_otherwise(said: &str, selected: &str, before: &str) -> bool {
    let is_path = |text: &str| {
        let letter = |text: &str| text.starts_with(is_of_word);
        text.match_indices(":\\").any(|(at, _)| text[..at].ends_with(is_of_word) && letter(&text[at + 2..]))
    };
    let is_raw = ["r\"", "R\"", "@\"", "r'"].iter().any(|mark| before.ends_with(mark));
    before.ends_with(['"', '\'']) && !is_raw && is_path(said) && !is_path(selected)
}
