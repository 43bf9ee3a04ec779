//! What of an answer stands at its place already.

use super::Around;

/// Code as it is put in at a place: without what stands there already.
pub(super) fn fitted(code: &str, around: Around<'_>) -> String {
    without_overlap(unrepeated(code, around.line_before()).to_owned(), around.after)
}

/// The beginning of such code while the rest of it still comes.
pub(super) fn begun(code: &str, around: Around<'_>) -> String {
    let said = around.line_before().trim_start();
    // It may be about to say the line again.
    if said.starts_with(code.trim_start_matches([' ', '\t'])) && !said.is_empty() {
        return String::new();
    }
    unrepeated(code, around.line_before()).trim_end().to_owned()
}

/// A text without the blanks at its end, and without what stands behind the place already.
pub(super) fn without_overlap(mut text: String, after: &str) -> String {
    text.truncate(text.trim_end().len());
    text.truncate(text.len() - overlap(&text, after));
    text.truncate(text.trim_end().len());
    text
}

/// The answer without the beginning of the line, which chat models like to say again.
fn unrepeated<'a>(answer: &'a str, line_before: &str) -> &'a str {
    let said = line_before.trim_start();
    let bare = answer.trim_start_matches([' ', '\t']);
    match bare.strip_prefix(said) {
        Some(rest) if !said.is_empty() => rest,
        // The indentation is there already.
        _ if said.is_empty() && !line_before.is_empty() => bare,
        _ => answer,
    }
}

/// Bytes at the end of a text that stand behind the place already. A letter or two mean nothing, nor does a bracket
/// that closes one of the text itself.
fn overlap(text: &str, after: &str) -> usize {
    let after = after.trim_start();
    let longest = text.len().min(after.len());
    let candidates = (1..=longest)
        .rev()
        .filter(|&length| text.is_char_boundary(text.len() - length) && after.is_char_boundary(length));
    let matching = |&length: &usize| {
        let end = &after[..length];
        text.ends_with(end)
            && (length > 2 || !end.contains(char::is_alphanumeric))
            && !end.trim().is_empty()
            && end.chars().all(|letter| !closes_one_of(text, letter))
    };
    candidates.into_iter().find(matching).unwrap_or(0)
}

/// Whether a letter is a closing bracket that has its opening one in the text.
fn closes_one_of(text: &str, letter: char) -> bool {
    let pairs = [('(', ')'), ('[', ']'), ('{', '}')];
    let Some((open, close)) = pairs.into_iter().find(|(_, close)| *close == letter) else { return false };
    text.matches(close).count() <= text.matches(open).count()
}
