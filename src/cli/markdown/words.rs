//! Where a line may be broken.

use unicode_width::UnicodeWidthChar;

/// A text in pieces between which a line may be broken, each with the blanks behind it. Scripts without blanks, as in
/// East Asia, may be broken at each letter.
pub(super) fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        let is_wide = |letter: char| letter.width() == Some(2) && letter.is_alphanumeric();
        if at > start
            && (before == ' ' && letter != ' '
                || is_wide(before) && letter != ' ' && letter.is_alphanumeric())
        {
            words.push(&text[start..at]);
            start = at;
        }
        before = letter;
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}
