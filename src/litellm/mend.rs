//! The second way to read an event, for what the strict one refuses: whatever can be understood is put into the shape
//! that [`chunk`](super::chunk) reads, and it is noted whether a text may be lost.

mod closed;
mod halves;
mod parts;
mod repair;
mod shape;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// Most texts whose last half character is kept for the next event. A character in a text beyond these is lost.
const MAX_OPEN: usize = 64;

/// An event in the shape of a chunk.
#[derive(Debug)]
pub(super) struct Mended {
    /// A chunk, as JSON.
    pub(super) json: String,
    /// Whether something was left out that may have been a text.
    pub(super) is_less: bool,
}

/// Mends the events of one stream, in order.
#[derive(Debug, Default)]
pub(super) struct Mender {
    /// The halves of characters at the ends of texts, by where the text stands.
    open: BTreeMap<Vec<Step>, String>,
}

/// A step to a place in JSON.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Member(String),
    /// The item of a list with this `index`, or else at this place.
    Item(u64),
}

impl Mender {
    /// Whether the next event must come here, whatever it is: it may hold the other half of a character.
    pub(super) fn is_waiting(&self) -> bool {
        !self.open.is_empty()
    }

    /// The chunk that an event was meant to be. None where it can't be read.
    pub(super) fn mend(&mut self, event: &[u8]) -> Option<Mended> {
        let mut event: Value = serde_json::from_str(&repair::repair(event)).ok()?;
        let mut is_less = false;
        shape::chunk(event.as_object_mut()?, &mut is_less);
        self.join(&mut event, &mut Vec::new());
        Some(Mended { json: event.to_string(), is_less })
    }

    /// The chunk that an event says up to where it was cut off.
    pub(super) fn mend_cut(&mut self, event: &[u8]) -> Option<Mended> {
        self.mend(&closed::closed(event))
    }

    /// What is left when the stream has ended: a chunk for each half character, to stand for it.
    pub(super) fn finish(&mut self) -> Vec<String> {
        let open = std::mem::take(&mut self.open).into_keys();
        open.map(|path| {
            let text = Value::from(char::REPLACEMENT_CHARACTER.to_string());
            let chunk = path.into_iter().rev().fold(text, |inner, step| match step {
                Step::Member(name) => json!({ name: inner }),
                Step::Item(index) => match inner {
                    Value::Object(mut fields) => {
                        fields.insert("index".into(), index.into());
                        json!([fields])
                    }
                    other => json!([other]),
                },
            });
            chunk.to_string()
        })
        .collect()
    }

    /// Joins half characters in all texts of a value, with those of the same text in earlier events.
    fn join(&mut self, value: &mut Value, path: &mut Vec<Step>) {
        match value {
            Value::String(text) => {
                let before = self.open.remove(path).unwrap_or_default();
                if before.is_empty() && !text.contains(halves::is_half) {
                    return;
                }
                if text.is_empty() {
                    self.open.insert(path.clone(), before);
                    return;
                }
                let (mut joined, open) = halves::joined(&(before + text));
                if !open.is_empty() && self.open.len() < MAX_OPEN {
                    self.open.insert(path.clone(), open);
                } else if !open.is_empty() {
                    joined.push(char::REPLACEMENT_CHARACTER);
                }
                *text = joined;
            }
            Value::Array(items) => {
                for (place, item) in (0..).zip(items) {
                    path.push(Step::Item(item["index"].as_u64().unwrap_or(place)));
                    self.join(item, path);
                    path.pop();
                }
            }
            Value::Object(fields) => {
                fields.retain(|name, _| !name.contains(halves::is_half));
                for (name, field) in fields {
                    path.push(Step::Member(name.clone()));
                    self.join(field, path);
                    path.pop();
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// A text of JSON in which what JSON does not know is mended: `NaN`, numbers beyond all numbers, half characters.
pub(super) fn text(bytes: &[u8]) -> String {
    let (mut text, open) = halves::joined(&repair::repair(bytes));
    text.extend(open.chars().map(|_| char::REPLACEMENT_CHARACTER));
    text
}

/// Whether a value says anything: an `error` of `false`, `""` or `{}` does not.
pub(super) fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(fields) => fields.values().any(says_something),
    }
}

type Fields = Map<String, Value>;
