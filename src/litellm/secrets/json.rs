//! Changes texts in JSON where they stand, whatever else is wrong with it.

/// The JSON with its texts changed, names of members too, but for what the members say that are `kept`. `change` gets what
/// stands between the quotes. None where nothing changes.
pub(super) fn changed(
    json: &[u8],
    kept: &[&str],
    change: impl Fn(&[u8]) -> Option<Vec<u8>>,
) -> Option<Vec<u8>> {
    let mut written = Vec::new();
    let mut copied = 0;
    let mut depth = 0_usize;
    // How deep the member is that is kept.
    let mut keeps = None;
    let mut at = 0;
    while let Some(byte) = json.get(at) {
        at += 1;
        match byte {
            b'"' => {
                let end = at + length(&json[at..]);
                let text = &json[at..end];
                let is_name =
                    json[end..].get(1..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b":"));
                if keeps.is_none() && is_name && kept.iter().any(|name| name.as_bytes() == text) {
                    keeps = Some(depth);
                } else if keeps.is_none()
                    && let Some(changed) = change(text)
                {
                    written.extend_from_slice(&json[copied..at]);
                    written.extend_from_slice(&changed);
                    copied = end;
                }
                at = end + 1;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                keeps = keeps.filter(|deep| *deep <= depth);
            }
            b',' => keeps = keeps.filter(|deep| *deep < depth),
            _ => {}
        }
    }
    if copied == 0 {
        return None;
    }
    written.extend_from_slice(&json[copied..]);
    Some(written)
}

/// How long a text is up to its closing quote, or the end where it has none.
fn length(rest: &[u8]) -> usize {
    let mut from = 0;
    while let Some(found) = memchr::memchr2(b'"', b'\\', &rest[from..]) {
        match rest[from + found] {
            b'"' => return from + found,
            _ => from = (from + found + 2).min(rest.len()),
        }
    }
    rest.len()
}

/// What stands between quotes, changed as the text that it means. None where it stays as it is.
pub(super) fn text(written: &[u8], change: impl Fn(&str) -> String) -> Option<Vec<u8>> {
    let quoted = [b"\"", written, b"\""].concat();
    let Ok(text) = serde_json::from_slice::<String>(&quoted) else {
        // Half a character, or bytes that are none: what is wrong with it is mended later.
        let text = String::from_utf8_lossy(written);
        let changed = change(&text);
        return (changed != text).then(|| changed.into_bytes());
    };
    let changed = change(&text);
    let is_other = changed != text;
    let changed = serde_json::to_vec(&changed).ok().filter(|_| is_other)?;
    Some(changed[1..changed.len() - 1].to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_changed_where_they_stand_and_what_is_kept_is_not() {
        let loud = |bytes: &[u8]| text(bytes, |text| text.replace("key", "KEY"));
        for (json, expected) in [
            (r#"{"a":"a key","key":["key",1,{"b":"key"}]}"#, r#"{"a":"a KEY","KEY":["KEY",1,{"b":"KEY"}]}"#),
            (r#"{"said":"key","a":"key"}"#, r#"{"said":"key","a":"KEY"}"#),
            (
                r#"{"said" : {"x":["key",{"said":"key"}],"y":"key"},"a":"key"}"#,
                r#"{"said" : {"x":["key",{"said":"key"}],"y":"key"},"a":"KEY"}"#,
            ),
            (r#"{"b":{"said":["key"]},"a":"key"}"#, r#"{"b":{"said":["key"]},"a":"KEY"}"#),
            (r#"[{"said":"key"},"key","said"]"#, r#"[{"said":"key"},"KEY","said"]"#),
            (r#"{"a":"\"key\\","b":"\ud83dkey"}"#, r#"{"a":"\"KEY\\","b":"\ud83dKEY"}"#),
            // What is no JSON.
            (r#"{"a":"key"#, r#"{"a":"KEY"#),
            (r#"}}{"said":"key"},"key" "key\"#, r#"}}{"said":"key"},"KEY" "KEY\"#),
        ] {
            let shown =
                changed(json.as_bytes(), &["said"], loud).map(|shown| String::from_utf8(shown).unwrap());
            assert_eq!(shown.as_deref(), Some(expected), "{json}");
        }
        for json in [r#"{"a":"b","said":"key"}"#, "key", "", "\"", "\"\\"] {
            assert_eq!(changed(json.as_bytes(), &["said"], loud), None, "{json}");
        }
    }
}
