//! Rewrites what is almost JSON into JSON: words that are no values, bare control characters, halves of characters.

use super::halves;

/// The same text as JSON. A word that JSON does not know, such as `NaN`, and a number beyond all numbers become `null`;
/// a control character in a text is escaped; half a character stands as a mark of [`halves`]. What is broken in another
/// way stays broken.
pub(super) fn repair(bytes: &[u8]) -> String {
    let text = halves::marked(bytes);
    let mut json = String::with_capacity(text.len() + 16);
    let mut rest = text.as_str();
    let mut in_text = false;
    while let Some(character) = rest.chars().next() {
        let length = match character {
            '\\' if in_text => escape(rest, &mut json),
            control if in_text && control < ' ' => {
                json.push_str(&format!("\\u{:04x}", u32::from(control)));
                1
            }
            word if !in_text && is_of_word(word) => {
                let length = rest.find(|character| !is_of_word(character)).unwrap_or(rest.len());
                json.push_str(value(&rest[..length]));
                length
            }
            other => {
                in_text ^= other == '"';
                json.push(other);
                other.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    json
}

fn is_of_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '+' | '-' | '.' | '_')
}

/// A bare word as JSON.
fn value(word: &str) -> &str {
    let is_value =
        matches!(word, "true" | "false" | "null") || serde_json::from_str::<serde_json::Number>(word).is_ok();
    if is_value { word } else { "null" }
}

/// Adds the escape that a text begins with; returns its length.
fn escape(text: &str, json: &mut String) -> usize {
    match text.as_bytes().get(1) {
        Some(b'u') => match (unit(text), text.get(6..).and_then(unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => {
                json.push_str(&text[..12]);
                12
            }
            (Some(half @ 0xD800..=0xDFFF), _) => {
                json.push(halves::of_surrogate(half));
                6
            }
            (Some(_), _) => {
                json.push_str(&text[..6]);
                6
            }
            (None, _) => {
                json.push_str("\\\\");
                1
            }
        },
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
            json.push_str(&text[..2]);
            2
        }
        // An escape of another language: the quote it means.
        Some(b'\'') => {
            json.push('\'');
            2
        }
        // A backslash that was meant as one.
        _ => {
            json.push_str("\\\\");
            1
        }
    }
}

/// The UTF-16 unit of an escape such as `\ud83d` that a text begins with.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if plain { u16::from_str_radix(digits, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_no_values_are_null() {
        for (almost, json) in [
            (
                r#"{"a":NaN,"b":-Infinity,"c":[1e999,01,1.5,-0,.5,+1]}"#,
                r#"{"a":null,"b":null,"c":[null,null,1.5,-0,null,null]}"#,
            ),
            (r#"{"NaN":"NaN \" NaN"}"#, r#"{"NaN":"NaN \" NaN"}"#),
            ("{\"a\":\"x\ny\t\"}", r#"{"a":"x\u000ay\u0009"}"#),
            (r#"{"a":"\d\'\u12"}"#, r#"{"a":"\\d'\\u12"}"#),
            (r#"{"a":"\ud83d\ude80 \u00e9"}"#, r#"{"a":"\ud83d\ude80 \u00e9"}"#),
            (r#"{"a": tru"#, r#"{"a": null"#),
            ("\\", "\\"),
        ] {
            assert_eq!(repair(almost.as_bytes()), json, "{almost}");
        }
    }
}
