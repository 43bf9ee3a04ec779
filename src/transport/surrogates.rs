//! Half characters in messages: JavaScript cuts a text anywhere, and writes half an emoji as half a surrogate pair.

/// An escape such as `\ud83e`.
const ESCAPE: usize = 6;

/// Puts `U+FFFD` in the place of each half that has no other half, and returns whether there was any.
pub(super) fn mend(json: &mut [u8]) -> bool {
    let mut mended = false;
    let mut place = 0;
    while let Some(found) = memchr::memchr(b'\\', &json[place..]) {
        place += found;
        match (half(&json[place..]), half(json.get(place + ESCAPE..).unwrap_or_default())) {
            (Some(Half::First), Some(Half::Second)) => place += 2 * ESCAPE,
            (Some(_), _) => {
                json[place..place + ESCAPE].copy_from_slice(b"\\ufffd");
                mended = true;
                place += ESCAPE;
            }
            // Any other escape, `\\` too: what follows the backslash is a part of it.
            (None, _) => place = json.len().min(place + 2),
        }
    }
    mended
}

/// Which half of a pair.
enum Half {
    First,
    Second,
}

/// The half that a text begins with.
fn half(json: &[u8]) -> Option<Half> {
    let digits = json.get(..ESCAPE)?.strip_prefix(b"\\u")?;
    match u16::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()? {
        0xd800..=0xdbff => Some(Half::First),
        0xdc00..=0xdfff => Some(Half::Second),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_halves_are_mended() {
        for (json, mended) in [
            (r#""\ud83e\udd80""#, r#""\ud83e\udd80""#),
            (r#""a\ud83e""#, r#""a\ufffd""#),
            (r#""\udd80\ud83e""#, r#""\ufffd\ufffd""#),
            (r#""\ud83e\ud83e\udd80""#, r#""\ufffd\ud83e\udd80""#),
            (r#""\\ud83e""#, r#""\\ud83e""#),
            (r#""\\\ud83e""#, r#""\\\ufffd""#),
            (r#""\u00e9\n""#, r#""\u00e9\n""#),
            (r#""\ud8"#, r#""\ud8"#),
            ("\"\\", "\"\\"),
        ] {
            let mut bytes = json.as_bytes().to_vec();
            assert_eq!(mend(&mut bytes), json != mended, "{json}");
            assert_eq!(bytes, mended.as_bytes(), "{json}");
        }
    }
}
