//! Halves of characters: a surrogate without its partner, or a byte that is no UTF-8. A model writes tokens and not
//! characters, so that a server which does not wait for the rest sends one character in two events.
//!
//! In a text each half stands as one private character, its mark, until the other is there.

/// The marks of the 2,048 surrogates, then those of the bytes: at the end of the last private plane, where nobody has
/// characters of their own.
const SURROGATES: u32 = 0x10_F000;
const BYTES: u32 = SURROGATES + 0x800;

/// What a mark stands for.
#[derive(Clone, Copy)]
enum Half {
    Surrogate(u16),
    Byte(u8),
}

fn half(mark: char) -> Option<Half> {
    match u32::from(mark) {
        number @ SURROGATES..BYTES => u16::try_from(number - SURROGATES + 0xD800).ok().map(Half::Surrogate),
        number @ 0x10_F880..=0x10_F8FF => u8::try_from(number - BYTES).ok().map(Half::Byte),
        _ => None,
    }
}

/// Whether a character is the mark of a half.
pub(super) fn is_half(mark: char) -> bool {
    half(mark).is_some()
}

fn mark(number: u32) -> char {
    char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The mark of half a surrogate pair.
pub(super) fn of_surrogate(unit: u16) -> char {
    mark(SURROGATES + u32::from(unit) - 0xD800)
}

/// Bytes as a text, with marks where they are no UTF-8.
pub(super) fn marked(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| mark(BYTES + u32::from(*byte))));
    }
    text
}

/// Joins the halves in a text; what has no other half becomes `U+FFFD`. A half at the end may get its other from the
/// next piece, and is returned apart.
pub(super) fn joined(text: &str) -> (String, String) {
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_half) {
        joined.push_str(&rest[..start]);
        let length = rest[start..].find(|character| !is_half(character)).unwrap_or(rest.len() - start);
        let run: Vec<Half> = rest[start..start + length].chars().filter_map(half).collect();
        rest = &rest[start + length..];
        let open = join_run(&run, rest.is_empty(), &mut joined);
        if !open.is_empty() {
            return (joined, open);
        }
    }
    joined.push_str(rest);
    (joined, String::new())
}

/// Joins a run of halves; returns those that wait for their other halves, where the text ends with the run.
fn join_run(mut run: &[Half], is_last: bool, joined: &mut String) -> String {
    while let [first, rest @ ..] = run {
        run = rest;
        match (*first, rest) {
            (
                Half::Surrogate(high @ 0xD800..=0xDBFF),
                [Half::Surrogate(low @ 0xDC00..=0xDFFF), after @ ..],
            ) => {
                joined.extend(
                    char::decode_utf16([high, *low]).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)),
                );
                run = after;
            }
            (Half::Surrogate(high @ 0xD800..=0xDBFF), []) if is_last => return of_surrogate(high).into(),
            (Half::Surrogate(_), _) => joined.push(char::REPLACEMENT_CHARACTER),
            (Half::Byte(first), _) => {
                let more = rest.iter().map_while(|half| match half {
                    Half::Byte(byte) => Some(*byte),
                    Half::Surrogate(_) => None,
                });
                let bytes: Vec<u8> = std::iter::once(first).chain(more).collect();
                run = &rest[bytes.len() - 1..];
                let open = join_bytes(&bytes, is_last && run.is_empty(), joined);
                if !open.is_empty() {
                    return marked(open);
                }
            }
        }
    }
    String::new()
}

fn join_bytes<'a>(bytes: &'a [u8], is_last: bool, joined: &mut String) -> &'a [u8] {
    // Where the end of the bytes cuts a character, and nothing else is wrong with it.
    let cut = match bytes.utf8_chunks().last().map(|chunk| chunk.invalid()) {
        Some(invalid) if str::from_utf8(invalid).is_err_and(|error| error.error_len().is_none()) => {
            invalid.len()
        }
        _ => 0,
    };
    let (bytes, open) = bytes.split_at(bytes.len() - if is_last { cut } else { 0 });
    for chunk in bytes.utf8_chunks() {
        joined.push_str(chunk.valid());
        let invalid = chunk.invalid();
        if !invalid.is_empty() {
            joined.push(char::REPLACEMENT_CHARACTER);
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_find_each_other_within_a_text_and_across_its_end() {
        let (high, low) = (of_surrogate(0xD83D), of_surrogate(0xDE80));
        let bytes = marked("日".as_bytes());
        let byte = |number: usize| marked(&"日".as_bytes()[number..=number]);
        assert_eq!(bytes, "日");
        for (text, whole, open) in [
            (format!("a{high}{low}b"), "a🚀b", String::new()),
            (format!("a{high}"), "a", high.to_string()),
            (format!("a{high}b{low}"), "a\u{FFFD}b\u{FFFD}", String::new()),
            (format!("{high}{high}{low}"), "\u{FFFD}🚀", String::new()),
            (byte(0) + &byte(1) + &byte(2), "日", String::new()),
            (byte(0) + &byte(1), "", byte(0) + &byte(1)),
            (byte(1) + "x" + &byte(0), "\u{FFFD}x", byte(0)),
            (format!("{}{low}", byte(0)), "\u{FFFD}\u{FFFD}", String::new()),
            (marked(b"\xff"), "\u{FFFD}", String::new()),
            ("plain".into(), "plain", String::new()),
        ] {
            assert_eq!(joined(&text), (whole.to_owned(), open), "{text:?}");
        }
    }
}
