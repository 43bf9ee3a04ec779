//! Line ends: LF, CRLF and CR, all three that LSP knows.

use std::borrow::Cow;

/// A text with LF at the end of every line.
pub fn with_lf(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Whether two texts are the same but for their line ends.
pub fn same_text(one: &str, other: &str) -> bool {
    one == other || with_lf(one) == with_lf(other)
}

/// The first line end of a text, where CR alone is one or not. None in a text of one line.
pub(super) fn first(text: &str, by_cr: bool) -> Option<&'static str> {
    let place = text.find(ends(by_cr))?;
    Some(match &text[place..] {
        rest if rest.starts_with("\r\n") => "\r\n",
        rest if rest.starts_with('\r') => "\r",
        _ => before_feed(&text[..place]),
    })
}

/// The last line end of a text, where CR alone is one or not. None in a text of one line.
pub(super) fn last(text: &str, by_cr: bool) -> Option<&'static str> {
    let place = text.rfind(ends(by_cr))?;
    Some(if text[place..].starts_with('\r') { "\r" } else { before_feed(&text[..place]) })
}

fn ends(by_cr: bool) -> &'static [char] {
    if by_cr { &['\r', '\n'] } else { &['\n'] }
}

/// The line end that an LF behind a text is or completes.
fn before_feed(text: &str) -> &'static str {
    if text.ends_with('\r') { "\r\n" } else { "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_line_ends_are_one() {
        for text in ["a\nb\n\nc", "a\r\nb\r\n\r\nc", "a\rb\r\rc", "a\r\nb\n\rc"] {
            assert_eq!(with_lf(text), "a\nb\n\nc", "{text:?}");
            assert!(same_text(text, "a\nb\n\nc"), "{text:?}");
        }
        assert!(!same_text("a\nb", "a\n\nb") && !same_text("a\r\nb", "ab"));
    }

    #[test]
    fn the_line_ends_at_both_ends_of_a_text() {
        let ends = |text| (first(text, true), last(text, true));
        assert_eq!(ends("one"), (None, None));
        assert_eq!(ends("a\nb\r\nc\rd"), (Some("\n"), Some("\r")));
        assert_eq!(ends("a\r\nb\n"), (Some("\r\n"), Some("\n")));
        assert_eq!(ends("a\rb\r\n"), (Some("\r"), Some("\r\n")));
        let ends = |text| (first(text, false), last(text, false));
        assert_eq!(ends("one\rtwo"), (None, None));
        assert_eq!(ends("a\rb\r\nc\nd\r"), (Some("\r\n"), Some("\n")));
    }
}
