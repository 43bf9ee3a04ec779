//! Whose a message is that can't be read.

use serde_json::Value;

use crate::numbers;

/// Longest id or method that is read of a message that can't be, in bytes.
const LONGEST_WORD: usize = 1 << 20;

/// What the top level of a message says of it, as far as its bytes allow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// Its id, where that is a text, a number or null.
    pub(super) id: Option<Value>,
    /// Its method.
    pub(super) method: Option<String>,
    /// Whether it has a result or an error.
    pub(super) is_answer: bool,
}

impl Envelope {
    /// Reads the members of the top level, whatever lies below them: without recursion, and on past bytes that are no
    /// UTF-8, up to where the message was cut off.
    pub(super) fn scan(json: &[u8]) -> Self {
        let mut scanner = Scanner::default();
        scanner.read(json);
        scanner.envelope
    }

    fn take(&mut self, name: &[u8], value: &[u8]) {
        match (name, serde_json::from_slice(&numbers::with_large_kept(value))) {
            (b"id", Ok(id)) if is_id(&id) => self.id = Some(id),
            (b"method", Ok(Value::String(method))) => self.method = Some(method),
            (b"result" | b"error", _) => self.is_answer = true,
            _ => {}
        }
    }
}

/// Reads the envelope of a message that comes in pieces, and keeps nothing else of it.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    envelope: Envelope,
    depth: usize,
    inside: Inside,
    /// Whether a colon came behind the last name.
    is_value: bool,
    /// The last name of the top level, without its quotes.
    name: Vec<u8>,
    /// What came of the text or the bare word that it is in, as far as that matters.
    word: Vec<u8>,
    /// Whether the object has ended, or there is none.
    is_over: bool,
}

#[derive(Debug, Default, Clone, Copy)]
enum Inside {
    #[default]
    Nothing,
    Text,
    /// Behind a backslash.
    Escape,
    /// A number, or another word without quotes.
    Bare,
}

impl Scanner {
    /// What was read.
    pub(super) fn into_envelope(self) -> Envelope {
        self.envelope
    }

    /// Reads on.
    pub(super) fn read(&mut self, mut json: &[u8]) {
        while let Some(byte) = json.first().filter(|_| !self.is_over) {
            let count = match self.inside {
                Inside::Nothing => {
                    self.enter(*byte);
                    1
                }
                Inside::Text => self.read_text(json),
                Inside::Escape => {
                    self.keep(&json[..1]);
                    self.inside = Inside::Text;
                    1
                }
                Inside::Bare => self.read_bare(json),
            };
            json = &json[count..];
        }
    }

    fn enter(&mut self, byte: u8) {
        match byte {
            // Only the top level of an object has names.
            b'[' if self.depth == 0 => self.is_over = true,
            b'{' | b'[' => {
                if self.depth == 1 {
                    self.envelope.take(&self.name, b"");
                }
                self.depth += 1;
            }
            b'}' | b']' if self.depth <= 1 => self.is_over = true,
            b'}' | b']' => self.depth -= 1,
            b':' if self.depth == 1 => self.is_value = true,
            b',' if self.depth == 1 => self.is_value = false,
            b'"' => self.begin(byte, Inside::Text),
            byte if self.depth == 1 && !byte.is_ascii_whitespace() => self.begin(byte, Inside::Bare),
            _ => {}
        }
    }

    fn begin(&mut self, byte: u8, inside: Inside) {
        self.word.clear();
        self.inside = inside;
        self.keep(&[byte]);
    }

    /// Reads to the end of a text or to an escape in it, and says how many bytes these are.
    fn read_text(&mut self, json: &[u8]) -> usize {
        let Some(end) = memchr::memchr2(b'"', b'\\', json) else {
            self.keep(json);
            return json.len();
        };
        self.keep(&json[..=end]);
        if json[end] == b'\\' {
            self.inside = Inside::Escape;
        } else {
            self.inside = Inside::Nothing;
            match (self.depth, self.is_value) {
                (1, true) => self.envelope.take(&self.name, &self.word),
                (1, false) => self.name = self.word[1..].strip_suffix(b"\"").unwrap_or_default().to_vec(),
                _ => {}
            }
        }
        end + 1
    }

    fn read_bare(&mut self, json: &[u8]) -> usize {
        let end = json.iter().position(|byte| b",}] \t\r\n".contains(byte));
        let count = end.unwrap_or(json.len());
        self.keep(&json[..count]);
        // A number that the end of the message cuts off may have had more digits.
        if end.is_some() {
            self.inside = Inside::Nothing;
            if self.is_value {
                self.envelope.take(&self.name, &self.word);
            }
        }
        count
    }

    fn keep(&mut self, bytes: &[u8]) {
        let matters = !self.is_value || [&b"id"[..], b"method"].contains(&&*self.name);
        if self.depth == 1 && matters {
            // One that is too long is cut off, and so none.
            let room = (LONGEST_WORD + 1).saturating_sub(self.word.len());
            self.word.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
    }
}

/// Whether a value can be the id of a message: a text, a number of any size, or null.
pub(super) fn is_id(value: &Value) -> bool {
    matches!(value, Value::String(_) | Value::Number(_) | Value::Null) || numbers::kept(value).is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_top_level_is_read_whatever_lies_below() {
        let deep = format!(r#"{{"params":{}{},"id":7,"method":"x"}}"#, "[".repeat(9999), "]".repeat(9999));
        let of = |id: Value, method: Option<&str>, is_answer| Envelope {
            id: Some(id),
            method: method.map(str::to_owned),
            is_answer,
        };
        let none = Envelope::default;
        let cases: [(&[u8], Envelope); 16] = [
            (br#"{"id":1,"method":"m"}"#, of(json!(1), Some("m"), false)),
            (b"{\"id\":\"a\",\"method\":\"m\",\"params\":\"caf\xe9", of(json!("a"), Some("m"), false)),
            (b"{\"params\":{\"id\":2,\"x\":\"\xe9\"},\"id\":\"b\"}", of(json!("b"), None, false)),
            (deep.as_bytes(), of(json!(7), Some("x"), false)),
            (br#"{"id" : -1.5e3 , "result":{}}"#, of(json!(-1500.0), None, true)),
            (br#"{"id":"\"\\","error":1}"#, of(json!("\"\\"), None, true)),
            (br#"{"id":null,"method":"m"}"#, of(Value::Null, Some("m"), false)),
            (br#"{"id":12"#, none()),
            (br#"{"id":12,"#, of(json!(12), None, false)),
            (br#"{"id":{},"x":"id"}"#, none()),
            (br#"{"x":"id","y":{"id":1}}"#, none()),
            (br#"[{"id":1}]"#, none()),
            (br#"{"id":true}"#, none()),
            (br#"{"id":"cut o"#, none()),
            (br#""id""#, none()),
            (b"}", none()),
        ];
        for (json, envelope) in cases {
            assert_eq!(Envelope::scan(json), envelope, "{}", String::from_utf8_lossy(json));
            let mut scanner = Scanner::default();
            json.iter().for_each(|byte| scanner.read(&[*byte]));
            assert_eq!(scanner.into_envelope(), envelope, "byte by byte: {}", String::from_utf8_lossy(json));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// No bytes at all make it stumble, and what is behind the end of the object counts for nothing.
        #[test]
        fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200), json in "[\\[\\]{}\":,id1\\\\ ]{0,60}") {
            Envelope::scan(&bytes);
            Envelope::scan(json.as_bytes());
            let message = [br#"{"id":5,"method":"m"}"#, &bytes[..]].concat();
            prop_assert_eq!(Envelope::scan(&message).id, Some(json!(5)));
        }

        /// What serde reads at the top level, this reads too.
        #[test]
        fn the_same_id_as_a_reader_of_json(id in any::<i64>(), text in "\\PC{0,20}", first in any::<bool>()) {
            for id in [json!(id), json!(text)] {
                let message = match first {
                    true => json!({"id": id, "params": {"id": text}}),
                    false => json!({"params": [text, {"id": 1}], "id": id}),
                };
                prop_assert_eq!(Envelope::scan(message.to_string().as_bytes()).id, Some(id));
            }
        }
    }
}
