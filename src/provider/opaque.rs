//! JSON that belongs to somebody else: read so that it can be written again as it was, its numbers too. In a request it
//! stands in the messages alone; what a client says beside them, such as the schema of a tool, is its own.
//!
//! JSON allows numbers that this program, and most clients, can't hold or would spell otherwise: `1e3`, `1.10`, one of
//! thirty digits. Such a number is kept as `{"$number": "1e3"}` until it goes back to where it came from; a member that
//! is called so by itself has one `$` more until then.

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};

use crate::numbers::{self, AsWritten};

/// The only member of an object that stands for a number.
const NUMBER: &str = "$number";

/// Reads a JSON text. None where it is none.
pub(super) fn read(text: &str) -> Option<Value> {
    let read = serde_json::from_slice(&numbers::with_all_kept(text.as_bytes())).ok()?;
    Some(numbers::kept_as(read, NUMBER))
}

/// What a member is called among what [`read`] has read, where its object was not read there.
pub(super) fn name(member: String) -> String {
    numbers::beside(member, NUMBER)
}

/// Whether an object stands for a number that [`read`] kept.
pub(super) fn is_number(members: &Map<String, Value>) -> bool {
    numbers::literal(members, NUMBER).is_some()
}

/// The member of a request in which there may be numbers that [`read`] kept.
const MESSAGES: &str = "messages";

/// Writes a request with the numbers that [`read`] kept, and with those that a client gave.
pub(super) fn write(fields: &Map<String, Value>) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Neither values nor a vector can fail.
    let _ = serde_json::to_writer(&mut bytes, &Request(fields));
    bytes
}

/// Reads a request that [`write`] wrote, so that it can be written again as it was. None where it is none.
pub(super) fn read_request(request: &[u8]) -> Option<Map<String, Value>> {
    let mut fields: Map<String, Value> = serde_json::from_slice(&numbers::with_all_kept(request)).ok()?;
    if let Some(messages) = fields.get_mut(MESSAGES) {
        *messages = numbers::kept_as(messages.take(), NUMBER);
    }
    Some(fields)
}

struct Request<'a>(&'a Map<String, Value>);

impl Serialize for Request<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|(name, value)| match name.as_str() {
            MESSAGES => object.serialize_entry(name, &AsWritten::and(value, NUMBER)),
            _ => object.serialize_entry(name, &AsWritten::of(value)),
        })?;
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn rewritten(text: &str) -> String {
        let fields = Map::from_iter([(MESSAGES.to_owned(), read(text).expect("JSON"))]);
        let written = write(&fields);
        let again = read_request(&written).map(|fields| write(&fields));
        assert_eq!(again.as_ref(), Some(&written), "it can be read again");
        let written = String::from_utf8(written).expect("UTF-8");
        written
            .strip_prefix(r#"{"messages":"#)
            .and_then(|rest| rest.strip_suffix('}'))
            .expect("it")
            .to_owned()
    }

    #[test]
    fn every_number_is_written_as_it_was() {
        for text in [
            "0",
            "-0",
            "-0.0",
            "1.10",
            "1e3",
            "1E+400",
            "18446744073709551616",
            "123456789012345678901234567890",
            "0.1",
            "3.14159265358979323846264338327950288",
            "[1,-2,[3.0,4e0]]",
            r#"{"b":1.50,"a":"1e3 \" 2e2","c":"\\"}"#,
        ] {
            assert_eq!(rewritten(text), text);
        }
        assert_eq!(read(r#"{"plain":1.5}"#), Some(json!({"plain": 1.5})));
        assert_eq!(read("1e3"), Some(json!({NUMBER: "1e3"})));
        assert_eq!(read("1..2"), Some(json!({NUMBER: "1..2"})));
        assert_eq!(read("{"), None);
    }

    #[test]
    fn what_only_looks_like_a_kept_number_stays() {
        for text in [
            r#"{"$number":"one"}"#,
            r#"{"$number":1}"#,
            r#"{"$number":"1"}"#,
            r#"{"$$number":"1"}"#,
            r#"[{"$number":{"$$$number":1e3}}]"#,
            r#"{"$number":"1","x":2}"#,
            r#"{"$number":"1 2"}"#,
        ] {
            assert_eq!(rewritten(text), text);
            let kept = read(text).expect("JSON");
            assert!(kept.as_object().is_none_or(|members| !is_number(members)), "{kept}");
        }
        assert!(read("1e3").expect("JSON").as_object().is_some_and(is_number));
    }

    #[test]
    fn what_a_client_says_beside_the_messages_is_its_own() {
        let schema = json!({"default": {NUMBER: "1e3"}, "properties": {NUMBER: {"type": "number"}}});
        let kept = json!([{"role": "assistant", "signature": {NUMBER: "1e3"}}]);
        let fields = json!({"messages": kept, "tools": [{"parameters": schema}], "extra": {NUMBER: "1"}});
        let Value::Object(fields) = fields else { panic!("an object") };
        let written = write(&fields);
        let seen: Value = serde_json::from_slice(&written).expect("JSON");
        assert_eq!((&seen["tools"], &seen["extra"]), (&fields["tools"], &fields["extra"]));
        assert!(String::from_utf8_lossy(&written).contains(r#""signature":1e3"#));
        assert_eq!(read_request(&written).map(|fields| write(&fields)), Some(written));
    }

    proptest! {
        #[test]
        fn any_json_is_written_as_it_was(
            names in prop::collection::vec("\\PC{0,8}", 0..5), whole in any::<i128>(), point in any::<f64>(),
            exponent in -500..500, text in "\\PC{0,20}",
        ) {
            let text = serde_json::to_string(&text).expect("a text");
            let mut members: Vec<String> = Vec::new();
            for (place, name) in names.iter().enumerate() {
                let name = serde_json::to_string(&format!("{place}{name}")).expect("a text");
                let number = if point.is_finite() { format!("{point:?}") } else { "null".into() };
                members.push(format!("{name}:[{whole},{number},1e{exponent},{text},{{}},null,true]"));
            }
            let json = format!("{{{}}}", members.join(","));
            prop_assert_eq!(rewritten(&json), json);
        }
    }
}
