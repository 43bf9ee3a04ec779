//! A JSON value as it was written, read leniently when someone asks.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// The largest whole number that JSON carries safely, 2^53-1.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

/// Most bytes of a list of words.
const MAX_WORDS: usize = 64 << 10;

/// A value or nothing. What is of the wrong type reads as absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loose<'a>(Option<&'a str>);

impl<'de: 'a, 'a> Deserialize<'de> for Loose<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Raw, because a number too large for a float or half a surrogate pair would else spoil the whole list.
        <&RawValue>::deserialize(deserializer).map(|raw| Self(Some(raw.get())))
    }
}

impl<'a> Loose<'a> {
    /// A value as JSON writes it; nothing, where it is empty.
    pub(in crate::litellm) fn written(json: &'a str) -> Self {
        Self((!json.is_empty()).then_some(json))
    }

    /// Whether the key was there, even with null.
    pub fn is_present(self) -> bool {
        self.0.is_some()
    }

    /// Whether there is something other than null.
    pub fn is_stated(self) -> bool {
        self.0.is_some_and(|json| json != "null")
    }

    /// A text.
    pub fn text(self) -> Option<Cow<'a, str>> {
        let inner = self.0?.strip_prefix('"')?.strip_suffix('"')?;
        if inner.contains('\\') {
            return serde_json::from_str(self.0?).ok().map(Cow::Owned);
        }
        Some(Cow::Borrowed(inner))
    }

    /// A text that is not blank.
    pub fn word(self) -> Option<String> {
        self.text().filter(|text| !text.trim().is_empty()).map(Cow::into_owned)
    }

    /// The texts of a list, less what is no text in it.
    pub fn words(self) -> Option<Vec<String>> {
        let json = self.0.filter(|json| json.starts_with('[') && json.len() <= MAX_WORDS)?;
        let items: Vec<Loose<'_>> = serde_json::from_str(json).ok()?;
        Some(items.into_iter().filter_map(Self::word).collect())
    }

    /// As it was written.
    pub fn json(self) -> Option<&'a str> {
        self.0
    }

    /// A finite number, as number or as decimal or exponent text with blanks around.
    pub fn number(self) -> Option<f64> {
        let text = match self.0?.bytes().next()? {
            b'"' => self.text()?,
            b'-' | b'0'..=b'9' => Cow::Borrowed(self.0?),
            _ => return None,
        };
        let text = text.trim();
        // Rust would also take `inf` and `nan`.
        let plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
        if plain { text.parse().ok().filter(|number: &f64| number.is_finite()) } else { None }
    }

    /// A limit in tokens: a whole number from 1 to 2^53-1 (D13).
    pub fn limit(self) -> Option<i64> {
        let whole = |number: &f64| number.fract() == 0.0 && (1.0..=MAX_SAFE).contains(number);
        self.number().filter(whole).map(|number| number as i64)
    }

    /// Yes or no, as boolean, number, or text `true` or `false` (D14).
    pub fn flag(self) -> Option<bool> {
        match self.0? {
            "true" => Some(true),
            "false" => Some(false),
            json if json.starts_with('"') => {
                let text = self.text()?;
                let is = |word: &str| text.trim().eq_ignore_ascii_case(word);
                if is("true") { Some(true) } else { is("false").then_some(false) }
            }
            _ => self.number().map(|number| number != 0.0),
        }
    }

    /// What JavaScript makes of the value in a condition (R11, R13, R14).
    pub fn truthy(self) -> bool {
        match self.0 {
            None | Some("null" | "false" | "\"\"") => false,
            Some(json) if json.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
                json.parse() != Ok(0.0)
            }
            Some(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loose(json: &str) -> Loose<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn limits_are_whole_safe_numbers() {
        for (json, limit) in [
            ("16384", Some(16384)),
            ("16384.0", Some(16384)),
            ("1e6", Some(1_000_000)),
            ("1", Some(1)),
            ("9007199254740991", Some(9_007_199_254_740_991)),
            ("9007199254740992", None),
            ("9007199254740993", None),
            ("1e400", None),
            ("-1e400", None),
            ("0", None),
            ("-0", None),
            ("-5", None),
            ("0.5", None),
            ("8192.5", None),
            ("true", None),
            ("null", None),
            ("[4096]", None),
            ("{}", None),
            (r#"" 16384\t""#, Some(16384)),
            (r#""1.6384E+4""#, Some(16384)),
            (r#""+8""#, Some(8)),
            (r#""8.""#, Some(8)),
            (r#""\u0038""#, Some(8)),
            (r#""\u00a08\u3000""#, Some(8)),
            (r#""""#, None),
            (r#"" ""#, None),
            (r#"".""#, None),
            (r#""e5""#, None),
            (r#""8 192""#, None),
            (r#""8_192""#, None),
            (r#""8,192""#, None),
            (r#""0x10""#, None),
            (r#""128k""#, None),
            (r#""inf""#, None),
            (r#""Infinity""#, None),
            (r#""NaN""#, None),
            (r#""1e999""#, None),
            (r#""٣""#, None),
        ] {
            assert_eq!(loose(json).limit(), limit, "{json}");
        }
    }

    #[test]
    fn flags_are_words_or_numbers() {
        for (json, flag) in [
            ("true", Some(true)),
            ("false", Some(false)),
            ("0", Some(false)),
            ("-0.0", Some(false)),
            ("2", Some(true)),
            ("-1", Some(true)),
            (r#"" TRUE\n""#, Some(true)),
            (r#""False""#, Some(false)),
            (r#""1""#, None),
            (r#""yes""#, None),
            (r#""""#, None),
            ("null", None),
            ("[]", None),
            ("{}", None),
        ] {
            assert_eq!(loose(json).flag(), flag, "{json}");
        }
    }

    #[test]
    fn truth_is_javascripts() {
        for json in ["null", "false", "0", "-0", "0.0e7", r#""""#] {
            assert!(!loose(json).truthy(), "{json}");
        }
        for json in ["true", "1", "-1", "1e999", r#""0""#, r#""false""#, r#"" ""#, "[]", "{}"] {
            assert!(loose(json).truthy(), "{json}");
        }
        assert!(!Loose::default().truthy());
    }

    #[test]
    fn texts_are_unescaped() {
        assert_eq!(loose(r#""a\u00e9\"b""#).text().unwrap(), "aé\"b");
        assert_eq!(loose(r#""plain""#).text().unwrap(), "plain");
        assert_eq!(loose(r#""\ud800""#).text(), None);
        assert_eq!(loose("7").text(), None);
        assert_eq!(loose(r#"" ""#).word(), None);
        assert_eq!(loose(r#"["a",7,"b\u0063",null,""]"#).words().unwrap(), ["a", "bc"]);
        assert_eq!(loose(r#""a""#).words(), None);
    }
}
