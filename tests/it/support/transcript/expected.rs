//! What a transcript expects of a value: JSON in which `…` stands for what does not matter.

use serde_json::Value;

/// The mark, as a value, as the name of a member, or as an item.
const ANY: &str = "…";

/// Reads JSON with bare `…` in it.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    let mut json = String::new();
    let mut open = Vec::new();
    let mut before = ' ';
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                json.push('"');
                while let Some(character) = characters.next() {
                    json.push(character);
                    match character {
                        '\\' => json.extend(characters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '…' if open.last() == Some(&'{') && before != ':' => json += "\"…\":0",
            '…' => json += "\"…\"",
            _ => json.push(character),
        }
        match character {
            '{' | '[' => open.push(character),
            '}' | ']' => drop(open.pop()),
            _ => {}
        }
        if !character.is_whitespace() {
            before = character;
        }
    }
    serde_json::from_str(&json).map_err(|error| format!("{error} in {text}"))
}

/// Whether a value is as expected.
pub(super) fn matches(expected: &Value, value: &Value) -> bool {
    match (expected, value) {
        (Value::String(any), _) if any == ANY => true,
        (Value::Object(expected), Value::Object(value)) => {
            let open = expected.contains_key(ANY);
            let named = expected.iter().filter(|(name, _)| *name != ANY);
            named
                .clone()
                .all(|(name, expected)| value.get(name).is_some_and(|value| matches(expected, value)))
                && (open || named.count() == value.len())
        }
        (Value::Array(expected), Value::Array(value)) => {
            let (open, named) = match expected.split_last() {
                Some((last, named)) if last == ANY => (true, named),
                _ => (false, &expected[..]),
            };
            named.len() <= value.len()
                && (open || named.len() == value.len())
                && named.iter().zip(value).all(|(expected, value)| matches(expected, value))
        }
        _ => expected == value,
    }
}

/// Fails where a value is not as expected.
pub(super) fn check(what: &str, expected: &Value, value: &Value) {
    assert!(matches(expected, value), "{what}\n  expected {expected}\n  but came {value}");
}

#[test]
fn ellipses_stand_for_what_does_not_matter() {
    let cases = [
        (r#"{"a":1}"#, r#"{"a":1}"#, true),
        (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, false),
        (r#"{"a":1, …}"#, r#"{"b":2,"a":1}"#, true),
        (r#"{"a":1, …}"#, r#"{"b":2}"#, false),
        (r#"{…}"#, r#"{}"#, true),
        (r#"{"a":…}"#, r#"{"a":[1]}"#, true),
        (r#"{"a":…}"#, r#"{}"#, false),
        (r#"[1, …]"#, r#"[1,2,3]"#, true),
        (r#"[1, …]"#, r#"[]"#, false),
        (r#"[{"a":1, …},{"b":2}]"#, r#"[{"a":1,"c":3},{"b":2}]"#, true),
        (r#"[1,2]"#, r#"[1]"#, false),
        (r#""say \"…\"""#, r#""say \"…\"""#, true),
        ("…", "null", true),
    ];
    for (expected, value, same) in cases {
        let (parsed, value) = (parse(expected).unwrap(), serde_json::from_str(value).unwrap());
        assert_eq!(matches(&parsed, &value), same, "{expected} against {value}");
    }
    assert!(parse(r#"{"a":}"#).is_err());
}
