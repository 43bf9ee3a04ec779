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
    let closing: Vec<u8> = [('(', b')'), ('[', b']'), ('{', b'}')]
        .into_iter()
        .filter(|(open, close)| text.matches(char::from(*close)).count() <= text.matches(*open).count())
        .map(|(_, close)| close)
        .collect();
    let (text, after) = (text.as_bytes(), after.trim_start().as_bytes());
    let after = &after[..after.len().min(text.len())];
    let after = &after[..after.iter().position(|byte| closing.contains(byte)).unwrap_or(after.len())];
    let meaning = |length: &usize| {
        *length > 2 || !String::from_utf8_lossy(&after[..*length]).contains(char::is_alphanumeric)
    };
    common(&text[text.len() - after.len()..], after).into_iter().find(meaning).unwrap_or(0)
}

/// How many bytes a text may end with that another of its length begins with, the most first: in one pass over each, by
/// the rule of Knuth, Morris and Pratt.
fn common(text: &[u8], other: &[u8]) -> Vec<usize> {
    // For each beginning of the other how much of it, short of all, it ends with itself.
    let mut shorter: Vec<u32> = Vec::with_capacity(other.len());
    let next = |shorter: &[u32], mut length: usize, byte: u8| {
        while length == other.len() || other[length] != byte {
            match length {
                0 => return 0,
                _ => length = shorter[length - 1] as usize,
            }
        }
        length + 1
    };
    for (place, byte) in other.iter().enumerate() {
        let length = match place {
            0 => 0,
            _ => next(&shorter, shorter[place - 1] as usize, *byte),
        };
        shorter.push(length as u32);
    }
    let longest = text.iter().fold(0, |length, byte| match other {
        [] => 0,
        _ => next(&shorter, length, *byte),
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
            ("one\ntwo", "\n\ntwo\nthree", "one\n"),
            ("return a", "a", "return a"),
            ("x\", \"y", "\", \"y", "x"),
            ("é", "é", "é"),
            ("", "a", ""),
            ("a", "", "a"),
        ] {
            assert_eq!(without_overlap(text.to_owned(), after), left.trim_end(), "{text:?} before {after:?}");
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
        ] {
            assert!(without_overlap(text.clone(), &after).len() <= text.len());
        }
    }
}
