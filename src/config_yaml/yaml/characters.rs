//! Characters that PyYAML refuses, or takes for ends of lines.

use std::borrow::Cow;

/// The text with the line ends of YAML 1.1 that editors do not count (U+0085, U+2028, U+2029) as `\n`. Every place stays
/// where it was: blanks go before.
pub(super) fn with_line_ends(text: &str) -> Cow<'_, str> {
    let is_end = |c: char| matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}');
    if text.is_ascii() || !text.contains(is_end) {
        return text.into();
    }
    let mut ended = String::with_capacity(text.len());
    for c in text.chars() {
        if is_end(c) {
            ended.extend(std::iter::repeat_n(' ', c.len_utf8() - 1));
            ended.push('\n');
        } else {
            ended.push(c);
        }
    }
    ended.into()
}

/// The first character that PyYAML reads nowhere, not even in a comment.
pub(super) fn unreadable(text: &str) -> Option<(usize, char)> {
    text.char_indices().find(|(_, c)| {
        let is_read =
            matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}') || *c > '\u{ffff}';
        !is_read
    })
}
