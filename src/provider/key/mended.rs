//! Mends a key that was copied with more than the key.

use secrecy::zeroize::Zeroizing;

use crate::plain;

/// What people quote with, opening and closing.
const QUOTES: [(char, char); 6] = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’'), ('«', '»')];

/// A key as it was meant.
pub(super) struct Mended {
    pub(super) key: Zeroizing<String>,
    /// What was left out, in words. Blanks at the ends are nobody's slip.
    pub(super) without: Vec<&'static str>,
}

/// Leaves out what no key has: characters that are not seen, and quotation marks around it, behind `Bearer` too. Blanks
/// and line breaks inside stay: what they mean is not to be guessed at.
pub(super) fn mended(text: &str) -> Mended {
    let mut without = Vec::new();
    let mut key = Zeroizing::new(String::with_capacity(text.len()));
    key.extend(text.chars().filter(|character| plain::is_seen(*character) || character.is_whitespace()));
    if key.len() < text.len() {
        without.push("invisible characters");
    }
    let (bearer, rest) = match key.trim().split_once(char::is_whitespace) {
        Some((word, rest)) if word.eq_ignore_ascii_case("bearer") => ("Bearer ", rest),
        _ => ("", key.trim()),
    };
    let bare = unquoted(rest);
    if bare.len() < rest.trim().len() {
        without.push("quotation marks");
    }
    let mut mended = Zeroizing::new(String::with_capacity(text.len()));
    mended.push_str(bearer);
    mended.push_str(bare);
    Mended { key: mended, without }
}

/// A text without the quotation marks around it.
pub(super) fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let inner = |(open, close)| text.strip_prefix(open)?.strip_suffix(close);
    QUOTES.into_iter().find_map(inner).map_or(text, unquoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_no_key_has_is_left_out() {
        let (quotes, unseen) = ("quotation marks", "invisible characters");
        for (text, key, without) in [
            (" sk-1\r\n", "sk-1", vec![]),
            ("\"sk-1\"", "sk-1", vec![quotes]),
            ("'\u{201c}sk-1\u{201d}'\n", "sk-1", vec![quotes]),
            ("`sk-1`", "sk-1", vec![quotes]),
            ("\u{feff}sk\u{200b}-1\u{a0}", "sk-1", vec![unseen]),
            ("\u{200b}\"sk-1\u{7}\"", "sk-1", vec![unseen, quotes]),
            ("Bearer \"sk-1\"", "Bearer sk-1", vec![quotes]),
            ("\"Bearer sk-1\"", "Bearer sk-1", vec![quotes]),
            ("sk-'1", "sk-'1", vec![]),
            ("\"sk-1", "\"sk-1", vec![]),
            ("sk-1\nsk-2", "sk-1\nsk-2", vec![]),
            ("\"\"", "", vec![quotes]),
        ] {
            let mended = mended(text);
            assert_eq!((mended.key.as_str(), mended.without), (key, without), "{text:?}");
        }
    }
}
