//! Reads a value as JSON or Python writes it, also where it is cut off: vendors' errors stand in texts in either form.

use serde_json::{Map, Number, Value};

/// Deepest value that is read.
const MAX_DEPTH: usize = 24;

/// The value that a text begins with: JSON, or the text of a Python dict, list or tuple. None where it begins with
/// neither an object nor a list.
///
/// What is open where the text ends, or where it makes no sense any more, ends there: bodies are cut off at a limit.
pub(super) fn read(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text };
    reader.rest.starts_with(['{', '[']).then(|| reader.value(0)).flatten()
}

/// What Python's text of bytes says, such as `b'{\n  "message": "\xc3\xbc"}'`, from behind its first quotation mark to its
/// last.
pub(super) fn of_bytes(text: &str, quote: char) -> String {
    let mut bytes = Vec::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let character = match character {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some('x') => {
                    let digits = characters.as_str().get(..2).unwrap_or_default();
                    let Ok(byte) = u8::from_str_radix(digits, 16) else { break };
                    bytes.push(byte);
                    characters = characters.as_str()[2..].chars();
                    continue;
                }
                Some(other) => other,
                None => break,
            },
            end if end == quote => break,
            other => other,
        };
        bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// Blanks, also as they stand in the text of Python's bytes: `b'{\n  "error": …`.
    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
        while let Some(rest) = ["\\n", "\\r", "\\t"].iter().find_map(|blank| self.rest.strip_prefix(blank)) {
            self.rest = rest.trim_start();
        }
    }

    fn eat(&mut self, character: char) -> bool {
        self.skip_blanks();
        match self.rest.strip_prefix(character) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.skip_blanks();
        if depth > MAX_DEPTH {
            return None;
        }
        match self.rest.chars().next()? {
            '{' => Some(self.object(depth)),
            '[' => Some(self.list(depth, ']')),
            '(' => Some(self.list(depth, ')')),
            '"' | '\'' => Some(Value::String(self.string())),
            'b' if self.rest[1..].starts_with(['"', '\'']) => {
                self.rest = &self.rest[1..];
                Some(Value::String(self.string()))
            }
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Value {
        self.eat('{');
        let mut fields = Map::new();
        while !self.eat('}') {
            let Some(Value::String(name)) = self.value(depth + 1) else { break };
            if !self.eat(':') {
                break;
            }
            let Some(value) = self.value(depth + 1) else { break };
            fields.insert(name, value);
            self.eat(',');
        }
        Value::Object(fields)
    }

    fn list(&mut self, depth: usize, end: char) -> Value {
        self.rest = &self.rest[1..];
        let mut values = Vec::new();
        while !self.eat(end) {
            let Some(value) = self.value(depth + 1) else { break };
            values.push(value);
            self.eat(',');
        }
        Value::Array(values)
    }

    fn string(&mut self) -> String {
        let mut characters = self.rest.chars();
        let quote = characters.next();
        let mut string = String::new();
        while let Some(character) = characters.next() {
            match character {
                '\\' => match characters.next() {
                    Some('n') => string.push('\n'),
                    Some('t') => string.push('\t'),
                    Some('r') => string.push('\r'),
                    Some('u') => string.push(escaped(&mut characters)),
                    Some(other) => string.push(other),
                    None => break,
                },
                end if Some(end) == quote => break,
                other => string.push(other),
            }
        }
        self.rest = characters.as_str();
        string
    }

    /// A number, or one of the words that stand for a value. Any other word, such as the name of a class, is its text.
    fn word(&mut self) -> Option<Value> {
        let end = self.rest.find([',', '}', ']', ')', ':']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(match word.trim() {
            "" => return None,
            "null" | "None" | "NaN" | "nan" => Value::Null,
            "true" | "True" => Value::Bool(true),
            "false" | "False" => Value::Bool(false),
            word => word.parse::<Number>().map_or_else(|_| Value::String(word.to_owned()), Value::Number),
        })
    }
}

/// The character behind `\u`; half of a pair, and what is none, is a replacement character.
fn escaped(characters: &mut std::str::Chars<'_>) -> char {
    let first = unit(characters);
    let second = match first {
        Some(0xD800..0xDC00) if characters.as_str().starts_with("\\u") => {
            *characters = characters.as_str()[2..].chars();
            unit(characters)
        }
        _ => None,
    };
    let units = first.into_iter().chain(second);
    char::decode_utf16(units).next().and_then(Result::ok).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Four hexadecimal digits.
fn unit(characters: &mut std::str::Chars<'_>) -> Option<u16> {
    let digits = characters.as_str().get(..4)?;
    let unit = u16::from_str_radix(digits, 16).ok()?;
    *characters = characters.as_str()[4..].chars();
    Some(unit)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_and_python_are_one() {
        for (text, value) in [
            (
                r#"{"a": [1, -2.5, true, null], "b": {"c": "x\"y\u00e9\ud83d\ude80"}} and more"#,
                json!({"a": [1, -2.5, true, null], "b": {"c": "x\"yé🚀"}}),
            ),
            (
                r#"{'a': "it's", 'b': None, 'c': ('body', 0), 'd': False}"#,
                json!({"a": "it's", "b": null, "c": ["body", 0], "d": false}),
            ),
            (
                r"[{'type': 'x', 'input': <Thing at 0x1>, 'ctx': b'raw'}]",
                json!([{"type": "x", "input": "<Thing at 0x1>", "ctx": "raw"}]),
            ),
            (r#"{"a": NaN, "message": "cut o"#, json!({"a": null, "message": "cut o"})),
            (r#"{"a": {"b": [1, 2"#, json!({"a": {"b": [1, 2]}})),
            (r#"{"a" "b"}"#, json!({})),
            ("[]", json!([])),
            ("{", json!({})),
        ] {
            assert_eq!(read(text), Some(value), "{text}");
        }
        assert_eq!(read("text"), None);
        assert!(read(&"[".repeat(100_000)).is_some());
    }
}
