//! Known secrets in a text that shows them in another spelling, which anybody can read back: escaped as in an address, in
//! HTML or in JSON, once or several times, or within base64 or hexadecimal digits.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use percent_encoding::percent_decode_str;

use super::MASK;

/// Bytes of a secret by which it is known, and of the shortest that is looked for.
const TOLD: usize = 12;
const SHORTEST: usize = 6;
/// How often a text may be escaped.
const DEEPEST: usize = 4;

/// The text without what `clean` takes out of it, however often it is escaped. What is shown is as it was, unless a secret
/// stands in it escaped.
pub(super) fn without_escaped(text: String, clean: impl Fn(&str) -> String) -> String {
    let mut shown = text;
    let mut read = shown.clone();
    for _ in 0..DEEPEST {
        let once = unescaped(&read);
        if once == read {
            break;
        }
        read = clean(&once);
        if read != once {
            shown.clone_from(&read);
        }
    }
    shown
}

/// A text with its escapes read: `%2F`, `&quot;`, `\u002f`, `\x2f`, `\057`, `\"`.
fn unescaped(text: &str) -> String {
    let text = percent_decode_str(text).decode_utf8_lossy();
    let mut read = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find('\\') {
        read += &rest[..at];
        rest = &rest[at + 1..];
        let (digits, radix) = match rest.as_bytes() {
            [b'u', ..] => (1..5, 16),
            [b'x', ..] => (1..3, 16),
            [b'0'..=b'3', ..] => (0..3, 8),
            _ => (0..0, 16),
        };
        let code = rest.get(digits.clone()).and_then(|digits| u32::from_str_radix(digits, radix).ok());
        match code.and_then(char::from_u32) {
            Some(character) => {
                read.push(character);
                rest = &rest[digits.end..];
            }
            None if rest.starts_with(['/', '"', '\'', '\\']) => {
                read += &rest[..1];
                rest = &rest[1..];
            }
            None => read.push('\\'),
        }
    }
    crate::plain::without_entities(&(read + rest))
}

/// The text with a mask in the place of every run of base64 or hexadecimal digits that holds a secret.
pub(super) fn without_packed(text: String, known: &[String]) -> String {
    let forms: Vec<String> =
        known.iter().filter(|secret| secret.len() >= SHORTEST).flat_map(|secret| forms(secret)).collect();
    if !forms.iter().any(|form| holds(&text, form)) {
        return text;
    }
    let is_digit = |character: char| character.is_ascii_alphanumeric() || "+/-_=".contains(character);
    let mut shown = String::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find(is_digit) {
        let length = rest[start..].find(|character| !is_digit(character)).unwrap_or(rest.len() - start);
        let run = &rest[start..start + length];
        shown += &rest[..start];
        shown += if forms.iter().any(|form| holds(run, form)) { MASK } else { run };
        rest = &rest[start + length..];
    }
    shown + rest
}

/// Whether a text holds a form, in whichever alphabet of base64 and case of digits.
fn holds(text: &str, form: &str) -> bool {
    let plain = |byte: u8| match byte {
        b'-' => b'+',
        b'_' => b'/',
        byte => byte,
    };
    let is_hex = form.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.as_bytes().windows(form.len()).any(|seen| {
        seen.iter().zip(form.bytes()).all(|(seen, digit)| match is_hex {
            true => seen.eq_ignore_ascii_case(&digit),
            false => plain(*seen) == digit,
        })
    })
}

/// The digits by which a secret is known: hexadecimal ones, and those of base64 behind none, one and two other bytes, of
/// which the ends are left out that depend on what stands around.
fn forms(secret: &str) -> impl Iterator<Item = String> {
    let told = &secret.as_bytes()[..secret.len().min(TOLD)];
    let of_base64 = (0..3).map(move |before| {
        let digits = BASE64.encode([&vec![0; before], told].concat());
        let start = (before * 8).div_ceil(6);
        let end = (before + told.len()) * 8 / 6;
        digits[start..end].to_owned()
    });
    let hex = told.iter().map(|byte| format!("{byte:02x}")).collect();
    of_base64.chain([hex])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::masking::without_known;

    const SECRET: &str = "sk-Ab/c+d=\"e&f'g<h>1234567890";

    fn percent(text: &str) -> String {
        text.bytes().map(|byte| format!("%{byte:02X}")).collect()
    }

    /// What says the same as a secret, in any spelling that can be read back.
    fn spellings() -> Vec<String> {
        let url: String = SECRET
            .chars()
            .map(|c| if c.is_alphanumeric() { c.to_string() } else { percent(&c.to_string()) })
            .collect();
        let html =
            SECRET.replace('&', "&amp;").replace('"', "&quot;").replace('\'', "&#39;").replace('<', "&lt;");
        let json: String = SECRET.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
        let python: String = SECRET.bytes().map(|byte| format!("\\x{byte:02x}")).collect();
        let hex: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
        let mut spellings = vec![
            SECRET.to_owned(),
            url.clone(),
            percent(SECRET).to_lowercase(),
            percent(SECRET),
            percent(&url),
            html.clone(),
            html.replace('&', "%26"),
            json,
            python,
            SECRET.replace('/', "\\/").replace('"', "\\\""),
            hex.to_uppercase(),
            hex,
        ];
        for before in ["", "u", "u:", "Bearer ", "user:"] {
            let text = format!("{before}{SECRET}");
            let packed = BASE64.encode(&text);
            spellings.push(packed.replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned());
            spellings.push(packed.replace('=', "%3D"));
            spellings.push(packed[..32].to_owned());
            spellings.push(packed);
        }
        spellings
    }

    #[test]
    fn a_secret_is_taken_out_in_every_spelling_and_the_rest_is_kept() {
        let known = [SECRET.to_owned()];
        for spelling in spellings() {
            let shown = without_known(&format!("no such key: {spelling}, 100% sure"), &known);
            assert!(shown.starts_with("no such key: …"), "{spelling}: {shown}");
            assert!(shown.ends_with(", 100% sure"), "{spelling}: {shown}");
            for piece in [&spelling[spelling.len() / 2..], &SECRET[8..]] {
                assert!(!shown.contains(piece), "{spelling}: {shown}");
            }
        }
        for text in [
            "GET /v1/models?name=a%20b%2Fc &amp; \\u0041 aGVsbG8gd29ybGQ=",
            "100%, %zz, \\u12, \\xq, &nothing; \\",
            "U2sgaXMgbm90IHRoZSBrZXk=",
            "",
        ] {
            assert_eq!(without_known(text, &known), text);
        }
    }
}
