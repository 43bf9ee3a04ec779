//! Numbers that a `serde_json::Value` can't hold as they were written. They are kept as texts until they go on, so that
//! who can read them gets them as they were.

use std::{
    borrow::Cow,
    hash::{BuildHasher, Hasher, RandomState},
    sync::LazyLock,
};

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::{Map, Number, Value, value::RawValue};

/// Fewest digits of a whole number that 64 bits can't hold.
const DIGITS: usize = 19;

/// The one member of an object that stands for a number here. Nobody can know it, so that no message has it by itself.
static NAME: LazyLock<String> =
    LazyLock::new(|| format!("$number-{:016x}", RandomState::new().build_hasher().finish()));

/// A message in which each whole number of more than 64 bits is kept. Others are as they were, for who reads them takes
/// `1.10` and `1.1` for the same.
pub(crate) fn with_large_kept(json: &[u8]) -> Cow<'_, [u8]> {
    if !has_long_run(json) {
        return json.into();
    }
    with_kept(json, &NAME, |literal| is_whole(literal) && !fits(literal))
}

/// A text in which every number is kept that would be written otherwise, down to `1e3`.
pub(crate) fn with_all_kept(json: &[u8]) -> Cow<'_, [u8]> {
    with_kept(json, &NAME, |literal| !survives(literal))
}

/// Whether a number is written as it was read.
pub(crate) fn survives(literal: &str) -> bool {
    serde_json::from_str::<Number>(literal).is_ok_and(|number| number.to_string() == literal)
}

/// The number that a value stands for, as it was written. None for a value that is what it is.
pub(crate) fn kept(value: &Value) -> Option<&str> {
    literal(value.as_object()?, &NAME)
}

/// A value that was read by [`with_all_kept`], with its numbers under another name: one that everybody can know. Members
/// of that name, which stand for no number, get one `$` more, as do those that have more of them already.
pub(crate) fn kept_as(value: Value, name: &str) -> Value {
    match value {
        Value::Object(members) => match literal(&members, &NAME) {
            Some(literal) => Map::from_iter([(name.to_owned(), literal.into())]).into(),
            None => {
                let inner = members.into_iter();
                let inner = inner.map(|(member, value)| (beside(member, name), kept_as(value, name)));
                inner.collect::<Map<_, _>>().into()
            }
        },
        Value::Array(items) => items.into_iter().map(|item| kept_as(item, name)).collect(),
        plain => plain,
    }
}

/// What a member is called beside numbers that are kept under a name.
pub(crate) fn beside(member: String, name: &str) -> String {
    if is_like(&member, name) { format!("${member}") } else { member }
}

/// Whether a member has this name, or this with more `$` before it.
fn is_like(member: &str, name: &str) -> bool {
    member.strip_suffix(name).is_some_and(|before| before.bytes().all(|byte| byte == b'$'))
}

/// A value with its numbers as they were.
pub(crate) struct AsWritten<'a> {
    value: &'a Value,
    /// Another name under which numbers are kept in it.
    other: Option<&'a str>,
}

impl<'a> AsWritten<'a> {
    /// With the numbers that are kept here.
    pub(crate) fn of(value: &'a Value) -> Self {
        Self { value, other: None }
    }

    /// The same, and those that [`kept_as`] has put under another name.
    pub(crate) fn and(value: &'a Value, other: &'a str) -> Self {
        Self { value, other: Some(other) }
    }

    fn number(&self, members: &Map<String, Value>) -> Option<Box<RawValue>> {
        let own = literal(members, &NAME);
        let literal = own.or_else(|| literal(members, self.other?))?;
        RawValue::from_string(literal.to_owned()).ok()
    }

    /// What a member is called where it goes.
    fn name(&self, member: &'a str) -> &'a str {
        let is_longer = |other: &str| member.len() > other.len() && is_like(member, other);
        if self.other.is_some_and(is_longer) { &member[1..] } else { member }
    }

    fn inner(&self, value: &'a Value) -> Self {
        Self { value, other: self.other }
    }
}

impl Serialize for AsWritten<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Object(members) => match self.number(members) {
                Some(number) => number.serialize(serializer),
                None => {
                    let mut object = serializer.serialize_map(Some(members.len()))?;
                    members.iter().try_for_each(|(name, value)| {
                        object.serialize_entry(self.name(name), &self.inner(value))
                    })?;
                    object.end()
                }
            },
            Value::Array(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(&self.inner(item)))?;
                list.end()
            }
            plain => plain.serialize(serializer),
        }
    }
}

/// The number that an object stands for, where its member has this name.
pub(crate) fn literal<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    let literal = members.get(name).filter(|_| members.len() == 1)?.as_str()?;
    literal.starts_with(|first| matches!(first, '-' | '0'..='9')).then_some(literal)
}

fn is_whole(literal: &str) -> bool {
    literal.bytes().all(|byte| matches!(byte, b'-' | b'0'..=b'9'))
}

fn fits(literal: &str) -> bool {
    literal.parse::<i64>().is_ok() || literal.parse::<u64>().is_ok()
}

/// Whether as many digits stand in a row anywhere: of these one is at each place that is looked at.
fn has_long_run(json: &[u8]) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    json.iter().enumerate().skip(DIGITS - 1).step_by(DIGITS).any(|(at, byte)| {
        is_digit(byte) && {
            let before = json[..at].iter().rev().take_while(|byte| is_digit(byte)).count();
            let behind = json[at..].iter().take_while(|byte| is_digit(byte)).count();
            before + behind >= DIGITS
        }
    })
}

/// A text in which the chosen numbers are objects of one member. What is no JSON stays that.
pub(crate) fn with_kept<'a>(json: &'a [u8], name: &str, is_chosen: impl Fn(&str) -> bool) -> Cow<'a, [u8]> {
    let mut kept = Vec::new();
    let mut written = 0;
    let mut at = 0;
    while let Some(&byte) = json.get(at) {
        let rest = &json[at..];
        let length = match byte {
            b'"' => string_length(rest),
            b'-' | b'0'..=b'9' => number_length(rest),
            _ => 1,
        };
        let literal = str::from_utf8(&rest[..length]).unwrap_or_default();
        if matches!(byte, b'-' | b'0'..=b'9') && is_chosen(literal) {
            kept.extend_from_slice(&json[written..at]);
            kept.extend_from_slice(format!(r#"{{"{name}":"{literal}"}}"#).as_bytes());
            written = at + length;
        }
        at += length;
    }
    if kept.is_empty() {
        return json.into();
    }
    kept.extend_from_slice(&json[written..]);
    kept.into()
}

fn number_length(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')).count()
}

/// How long the string is that begins here, its quotes included; to the end where it has none.
fn string_length(text: &[u8]) -> usize {
    let mut escaped = false;
    let end = text.iter().skip(1).position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn rewritten(text: &str) -> String {
        let read: Value = serde_json::from_slice(&with_large_kept(text.as_bytes())).expect("JSON");
        serde_json::to_string(&AsWritten::of(&read)).expect("JSON")
    }

    #[test]
    fn whole_numbers_of_any_size_are_written_as_they_were() {
        for text in [
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775808",
            "-9223372036854775809",
            "[12345678901234567890123,7,-12345678901234567890123]",
            r#"{"a":{"b":[12345678901234567890123]},"c":"12345678901234567890123"}"#,
            r#"{"\"12345678901234567890123":1.5}"#,
        ] {
            assert_eq!(rewritten(text), text);
        }
        assert!(matches!(with_large_kept(b"[1.10, 1e3, 1234567890123456789]"), Cow::Borrowed(_)));
        let read: Value = serde_json::from_slice(&with_large_kept(b"[18446744073709551616]")).expect("JSON");
        assert_eq!(kept(&read[0]), Some("18446744073709551616"));
        assert!(kept(&json!({"$number": "1"})).is_none() && kept(&json!(1)).is_none());
    }

    proptest! {
        /// Wherever a long number stands, it is seen.
        #[test]
        fn no_long_number_is_rounded(before in 0_usize..60, digits in 20_usize..60, behind in 0_usize..60) {
            let text = format!("[\"{}\",{},\"{}\"]", "x".repeat(before), "7".repeat(digits), "y".repeat(behind));
            prop_assert_eq!(rewritten(&text), text);
        }
    }
}
