//! What stands within a line of Markdown: code, strong and slanted words.

use super::Tone;

/// Longest text in marks; what is longer is no emphasis.
const LONGEST: usize = 400;
/// The marks, the longest first.
const MARKS: [(&str, Tone); 3] = [("**", Tone::Strong), ("`", Tone::Code), ("*", Tone::Slanted)];

/// A line in pieces, the marks taken out that something closes.
pub(super) fn pieces(text: &str) -> Vec<(Tone, String)> {
    let mut pieces = Vec::new();
    let mut usual = String::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        match begins(rest, text[..at].chars().next_back()) {
            Some((mark, tone)) => match closes(rest, mark) {
                Some(inside) => {
                    if !usual.is_empty() {
                        pieces.push((Tone::Usual, std::mem::take(&mut usual)));
                    }
                    pieces.push((tone, inside.to_owned()));
                    at += inside.len() + 2 * mark.len();
                }
                None => {
                    usual.push_str(mark);
                    at += mark.len();
                }
            },
            None => {
                let letter = rest.chars().next().unwrap_or_default();
                usual.push(letter);
                at += letter.len_utf8();
            }
        }
    }
    if !usual.is_empty() {
        pieces.push((Tone::Usual, usual));
    }
    pieces
}

/// How much of an unfinished line can be drawn, whatever comes: whole words before a mark that is still open.
pub(super) fn settled(text: &str) -> usize {
    let mut at = 0;
    let mut settled = 0;
    while at < text.len() {
        let rest = &text[at..];
        if let Some((mark, _)) = begins(rest, text[..at].chars().next_back()) {
            match closes(rest, mark) {
                // More stars may follow, and make it another mark.
                Some(inside) if at + inside.len() + 2 * mark.len() < text.len() => {
                    at += inside.len() + 2 * mark.len();
                    continue;
                }
                None if rest.len() > farthest(mark) => {}
                _ => return settled,
            }
        }
        let letter = rest.chars().next().unwrap_or_default();
        at += letter.len_utf8();
        if letter == ' ' {
            settled = at;
        }
    }
    settled
}

/// The mark that a text begins with, where one can begin: before a word, and not within one.
fn begins(text: &str, before: Option<char>) -> Option<(&'static str, Tone)> {
    let (mark, tone) = MARKS.into_iter().find(|(mark, _)| text.starts_with(mark))?;
    let after = text[mark.len()..].chars().next();
    let fits = match mark {
        "`" => true,
        _ => {
            before.is_none_or(|before| !before.is_alphanumeric())
                && after.is_none_or(|after| !after.is_whitespace())
        }
    };
    fits.then_some((mark, tone))
}

/// The end of what has to be seen to know whether something closes a mark: the other mark, and what would make it another.
fn farthest(mark: &str) -> usize {
    LONGEST + 2 * mark.len() + 1
}

/// What a mark holds. None where nothing closes it.
fn closes<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let inside = &text[mark.len()..text.floor_char_boundary(farthest(mark))];
    let mut from = 0;
    loop {
        let end = from + inside[from..].find(mark)?;
        let is_end = end > 0
            && (mark == "`"
                || !(inside[..end].ends_with([' ', '*']) || mark == "*" && inside[end..].starts_with("**")));
        if is_end {
            return (end <= LONGEST).then_some(&inside[..end]);
        }
        from = end + mark.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_marks_that_close_are_marks() {
        let told = |text: &str| {
            pieces(text)
                .into_iter()
                .map(|(tone, text)| format!("{}{text}", tone as u8))
                .collect::<Vec<_>>()
                .join("|")
        };
        let (usual, strong, code, slanted) =
            (Tone::Usual as u8, Tone::Strong as u8, Tone::Code as u8, Tone::Slanted as u8);
        for (text, expected) in [
            ("a **b c** d", format!("{usual}a |{strong}b c|{usual} d")),
            ("`x * y` and *it*", format!("{code}x * y|{usual} and |{slanted}it")),
            ("2 * 3 * 4", format!("{usual}2 * 3 * 4")),
            ("**kwargs and *args", format!("{usual}**kwargs and *args")),
            ("a*b*c", format!("{usual}a*b*c")),
            ("an `open one", format!("{usual}an `open one")),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn what_may_still_change_waits() {
        for (text, ready) in [
            ("one two", "one "),
            ("one **two three", "one "),
            ("one **two** three", "one **two** "),
            ("one **two**", "one "),
            ("2 * 3 ", "2 * 3 "),
        ] {
            assert_eq!(&text[..settled(text)], ready, "{text}");
        }
    }
}
