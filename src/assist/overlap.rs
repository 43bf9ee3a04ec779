//! What of an answer stands behind its place already.

use super::{
    Around,
    indent::blanks,
    line_ends::with_lf,
    open::{open_brackets, unpaired_brackets},
};

/// How much of the text before a cursor is looked at for brackets, in bytes.
const NEAR: usize = 8 << 10;

/// A text without what stands behind its place already, and whether it goes on there within the line. What counts is
/// the rest of the cursor's own line, and whole lines that are indented as those below it are and close nothing that the
/// text has opened. The blanks at the end are off.
pub(super) fn without_overlap<'a>(text: &'a str, around: Around<'_>) -> (&'a str, bool) {
    let text = text.trim_end();
    let after = with_lf(around.after);
    let (here, below) = after.split_once('\n').unwrap_or((&after, ""));
    let here = here.trim();
    let line = around.line_before();
    // What stands deeper below a line that the text goes on from is the body of that.
    let next = below.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let has_body = !line.trim().is_empty() && blanks(next).len() > blanks(line).len();
    let above = without_lines(text, below, has_body);
    if here.is_empty() {
        return (above, false);
    }
    let within = |text: &'a str| &text[..text.len() - overlap(text, here)];
    // What stands below counts only behind the rest of this line.
    let joined = within(above);
    if above.len() - joined.len() == here.len() {
        return (joined, true);
    }
    let joined = within(text);
    (joined, joined.len() < text.len())
}

/// What is left of the last line of an answer that says the cursor's line from its begin to its end, without what stands
/// behind the cursor, where brackets are as even as with it. None where it says another line.
pub(super) fn without_rest<'a>(text: &'a str, said: &str, around: Around<'_>) -> Option<&'a str> {
    let (line, here) = (around.line_before(), around.line_after().trim());
    let is_said =
        !here.is_empty() && !line.trim().is_empty() && said.trim_start().starts_with(line.trim_start());
    let left = text.strip_suffix(here).filter(|_| is_said && !text.contains('\n'))?;
    let skew = |text: &str| open_brackets(&[line, text, here].concat()).map(isize::abs).iter().sum::<isize>();
    (skew(left) <= skew(text)).then_some(left)
}

/// Whether a text closes a bracket before a cursor that the line behind it closes too, or ends with what nothing there
/// needs.
pub(super) fn closes_twice(text: &str, around: Around<'_>) -> bool {
    let here = around.line_after().trim();
    let before = &around.before[around.before.ceil_char_boundary(around.before.len().saturating_sub(NEAR))..];
    here.starts_with([')', ']', '}']).then(|| ")]}".find(&here[..1])).flatten().is_some_and(|kind| {
        let closed = |text: &str| unpaired_brackets(text)[kind].0;
        let (_, open) = unpaired_brackets(before)[kind];
        let joined = [text, here].concat();
        let is_needless = closed(here) > open && text.ends_with(here);
        is_needless || closed(&joined) > open.max(closed(here)) && closed(text) > 0
    })
}

/// A text without the lines at its end that stand below its place already. The first line of an answer is never one. What
/// stands below a line that opens a block is its own, unless the body of that is what stands below the place.
fn without_lines<'a>(text: &'a str, below: &str, has_body: bool) -> &'a str {
    let lines: Vec<&str> = text.split('\n').skip(1).map(str::trim_end).collect();
    let below: Vec<&str> =
        below.lines().map(str::trim_end).skip_while(|line| line.is_empty()).take(lines.len()).collect();
    let closing = Closing::of(text);
    let begins: Vec<usize> = text.match_indices('\n').map(|(place, _)| place + 1).collect();
    common(&lines[lines.len() - below.len()..], &below)
        .into_iter()
        .map(|count| begins[begins.len() - count])
        .find(|&begin| {
            let opens = text[..begin].trim_end().ends_with([':', '{', '(', '[']) || closing.is_torn(begin);
            says_something(&text[begin..]) && (has_body || !opens)
        })
        .map_or(text, |begin| text[..begin].trim_end())
}

/// Bytes at the end of a text that a line begins with.
pub(super) fn overlap(text: &str, line: &str) -> usize {
    let closing = Closing::of(text);
    let (end, line) = (text.len(), &line.as_bytes()[..line.len().min(text.len())]);
    common(&text.as_bytes()[end - line.len()..], line)
        .into_iter()
        .find(|length| says_something(&text[end - length..]) && !closing.is_torn(end - length))
        .unwrap_or(0)
}

/// Whether a repetition means something: a letter or two do not.
fn says_something(repeated: &str) -> bool {
    repeated.len() > 2 || !repeated.contains(char::is_alphanumeric)
}

/// Where a text can be cut without taking a bracket off that closes one of what is left.
struct Closing(Vec<bool>);

impl Closing {
    fn of(text: &str) -> Self {
        let mut torn = vec![false; text.len() + 1];
        for (open, close) in [(b'(', b')'), (b'[', b']'), (b'{', b'}')] {
            let count = |count: usize, byte: u8, more: u8, less: u8| match byte {
                byte if byte == more => count + 1,
                byte if byte == less => count.saturating_sub(1),
                _ => count,
            };
            let mut opened = 0;
            let mut is_open = vec![false];
            is_open.extend(text.bytes().map(|byte| {
                opened = count(opened, byte, open, close);
                opened > 0
            }));
            let mut closed = 0;
            for (place, byte) in text.bytes().enumerate().rev() {
                closed = count(closed, byte, close, open);
                torn[place] |= closed > 0 && is_open[place];
            }
        }
        Self(torn)
    }

    fn is_torn(&self, place: usize) -> bool {
        self.0[place]
    }
}

/// How many bytes or lines a text may end with that another of its length begins with, the most first: in one pass over
/// each, by the rule of Knuth, Morris and Pratt.
pub(super) fn common<T: PartialEq>(text: &[T], other: &[T]) -> Vec<usize> {
    // For each beginning of the other how much of it, short of all, it ends with itself.
    let mut shorter: Vec<u32> = Vec::with_capacity(other.len());
    let next = |shorter: &[u32], mut length: usize, part: &T| {
        while length == other.len() || other[length] != *part {
            match length {
                0 => return 0,
                _ => length = shorter[length - 1] as usize,
            }
        }
        length + 1
    };
    for (place, part) in other.iter().enumerate() {
        let length = match place {
            0 => 0,
            _ => next(&shorter, shorter[place - 1] as usize, part),
        };
        shorter.push(length as u32);
    }
    let longest = text.iter().fold(0, |length, part| match other {
        [] => 0,
        _ => next(&shorter, length, part),
    });
    let lengths =
        std::iter::successors(Some(longest), |length| Some(shorter[length.checked_sub(1)?] as usize));
    lengths.take_while(|length| *length > 0).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_common_is_what_one_ends_and_the_other_begins_with(
            text in "[ab]{0,12}é?[ab]{0,3}",
            other in "[ab]{0,12}é?[ab]{0,3}",
        ) {
            let (text, other) = (text.as_bytes(), other.as_bytes());
            let length = text.len().min(other.len());
            let (text, other) = (&text[text.len() - length..], &other[..length]);
            let expected: Vec<usize> =
                (1..=length).rev().filter(|length| text.ends_with(&other[..*length])).collect();
            prop_assert_eq!(common(text, other), expected);
        }
    }

    #[test]
    fn what_stands_behind_the_place_is_left_out() {
        for (text, after, left) in [
            ("a + b;\n}", "}\n", "a + b;\n"),
            ("if a { b }", " }\n", "if a { b }"),
            ("f(a)", ")", "f(a)"),
            ("f(a))", ")", "f(a)"),
            ("one\ntwo", "\n\ntwo\nthree", "one"),
            ("one\r\n  two".replace('\r', "").as_str(), "\r\n\r\n  two\r\nthree", "one"),
            ("return a", "a", "return a"),
            ("x\", \"y", "\", \"y", "x"),
            ("a)\nb()", ")\nb()\nc()", "a"),
            ("x + 1\n\nprint(1)\n", "\n\nprint(1)\n", "x + 1"),
            ("é", "é", "é"),
            ("", "a", ""),
            ("a", "", "a"),
            // A line that says the same at another depth, or without which the one before says nothing.
            ("if y:\n        return x", "\n    return x\n", "if y:\n        return x"),
            ("if y:\nreturn x", "\nreturn x\n", "if y:\nreturn x"),
            ("fn a() {\n}", "\n}\n", "fn a() {\n}"),
            // The first line is what the answer says.
            ("b()", "\n\nb()\n", "b()"),
            ("  - x: 1", "\n\n  - x: 1\n", "  - x: 1"),
        ] {
            let around = Around { before: "", after };
            assert_eq!(without_overlap(text, around).0, left, "{text:?} before {after:?}");
        }
    }

    #[test]
    fn a_bracket_that_is_closed_behind_a_cursor_is_not_closed_twice() {
        for (before, text, after, is_twice) in [
            ("if (", "a) {\n  b();\n}", ") {\n}", true),
            ("fn f(", "a: u8) -> u8 {\n    a\n}", ") {}", true),
            ("def f(", "a):\n    return a", "):", true),
            ("\\textbf{", "a} and \\emph{b}", "}", true),
            ("x.ba", "r()", ")", true),
            ("f(g(", "a), h(", "))", false),
            ("if (", "a && (b)", ") {\n}", false),
            ("f(\n  x.ba", "r()", ")", false),
            ("f(", "\")\"", ")", false),
            // A pattern of a shell.
            ("case $1 in\n  a", "|b", ")", false),
        ] {
            assert_eq!(
                closes_twice(text, Around { before, after }),
                is_twice,
                "{before:?} + {text:?} + {after:?}"
            );
        }
    }

    /// In a time that grows as the texts do: one that repeats itself took hours.
    #[test]
    fn long_texts_take_no_longer_than_they_are() {
        let many = |text: &str| text.repeat(200_000);
        for (text, after) in [
            (many("{") + &many("}"), many("}")),
            (many("a") + "b", many("a") + "a"),
            (many("ab"), many("ba")),
            (many("{\n") + &many("}\n"), String::from("\n") + &many("}\n")),
            (many("a\n") + "b", String::from("\n") + &many("a\n")),
        ] {
            assert!(without_overlap(&text, Around { before: "", after: &after }).0.len() <= text.len());
        }
    }
}
