//! Closes a JSON text that was cut off, so that what it says up to there can be read.

/// The same text, closed. A text ends where it was cut; a number or a word is left out, for it may have been another.
pub(super) fn closed(cut: &[u8]) -> Vec<u8> {
    let mut open = Vec::new();
    let mut in_text = false;
    let mut is_name = false;
    let mut escape = None;
    // The last byte outside of texts that is no blank.
    let mut last = b' ';
    for (place, byte) in cut.iter().copied().enumerate() {
        match byte {
            _ if escape.is_some_and(|escape| escape + 1 == place) => {}
            b'\\' if in_text => escape = Some(place),
            b'"' => {
                if !in_text {
                    is_name = open.last() == Some(&b'}') && last != b':';
                }
                in_text = !in_text;
                last = byte;
            }
            _ if in_text || byte.is_ascii_whitespace() => {}
            b'{' | b'[' => {
                open.push(if byte == b'{' { b'}' } else { b']' });
                last = byte;
            }
            b'}' | b']' => {
                open.pop();
                last = byte;
            }
            other => last = other,
        }
    }
    let length = |start: usize| if cut.get(start + 1) == Some(&b'u') { 6 } else { 2 };
    let half = escape.filter(|start| in_text && start + length(*start) > cut.len());
    let mut json = cut[..half.unwrap_or(cut.len())].to_vec();
    if in_text {
        json.push(b'"');
    } else {
        let is_of_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-._".contains(byte);
        let word = json.iter().rev().take_while(|byte| is_of_word(byte)).count();
        json.truncate(json.len() - word);
        json.truncate(json.trim_ascii_end().len());
    }
    match json.last() {
        Some(b',') => drop(json.pop()),
        Some(b':') => json.extend(b"null"),
        Some(b'"') if is_name => json.extend(b":null"),
        _ => {}
    }
    json.extend(open.into_iter().rev());
    json
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_text_that_is_cut_anywhere_says_what_it_said_up_to_there() {
        let whole = json!({
            "a": [{"text": "quote \" back \\ é\u{1}", "n": 12.5, "is": true}, [], {}, null, ["x", 1]],
            "\"k": {"b": {"c": "d"}},
        });
        for text in [whole.to_string(), serde_json::to_string_pretty(&whole).unwrap()] {
            for end in (1..text.len()).filter(|end| text.is_char_boundary(*end)) {
                let read: Value = serde_json::from_slice(&closed(&text.as_bytes()[..end]))
                    .unwrap_or_else(|error| panic!("{}: {error}", &text[..end]));
                assert!(is_beginning(&read, &whole), "{}: {read}", &text[..end]);
            }
            assert_eq!(closed(text.as_bytes()), text.as_bytes());
        }
    }

    /// Whether a value says nothing that the whole one does not begin with.
    fn is_beginning(cut: &Value, whole: &Value) -> bool {
        match (cut, whole) {
            (Value::Null, _) => true,
            (Value::String(cut), Value::String(whole)) => whole.starts_with(cut),
            (Value::Array(cut), Value::Array(whole)) => {
                cut.len() <= whole.len() && cut.iter().zip(whole).all(|(cut, whole)| is_beginning(cut, whole))
            }
            (Value::Object(cut), Value::Object(whole)) => {
                cut.iter().all(|(name, cut)| match whole.get(name) {
                    Some(whole) => is_beginning(cut, whole),
                    None => cut.is_null(),
                })
            }
            (cut, whole) => cut == whole,
        }
    }
}
