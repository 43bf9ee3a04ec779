//! A text that is written as a list of parts: texts, thinking, refusals, images.

use serde_json::Value;

use super::says_something;
use crate::litellm::picture::Picture;

/// What parts say.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) text: String,
    pub(super) reasoning: String,
    pub(super) refusal: String,
    pub(super) images: Vec<Value>,
    /// Thinking with a signature, as Anthropic writes it.
    pub(super) blocks: Vec<Value>,
}

impl Parts {
    /// The parts of a value, which may be a text itself. `is_less` becomes true where a part is not understood.
    pub(super) fn of(value: Value, is_less: &mut bool) -> Self {
        let mut parts = Self::default();
        parts.add(value, is_less);
        parts
    }

    /// All that they say, whatever it is.
    pub(super) fn all(self) -> String {
        self.reasoning + &self.text + &self.refusal
    }

    fn add(&mut self, value: Value, is_less: &mut bool) {
        match value {
            Value::String(text) => self.text.push_str(&text),
            Value::Array(items) => items.into_iter().for_each(|item| self.add(item, is_less)),
            Value::Object(_) => self.add_part(value, is_less),
            other => *is_less |= says_something(&other),
        }
    }

    fn add_part(&mut self, part: Value, is_less: &mut bool) {
        let said = said(&part);
        match part["type"].as_str().unwrap_or_default() {
            "thinking" | "redacted_thinking" if part["signature"].is_string() || part["data"].is_string() => {
                self.reasoning.push_str(&said);
                self.blocks.push(part);
            }
            "thinking" | "reasoning" | "reasoning_content" | "reasoning_text" | "summary_text" => {
                self.reasoning.push_str(&said);
            }
            "refusal" => self.refusal.push_str(&said),
            kind if is_picture(kind, &part) => self.images.push(part),
            // Mistral's places of citations, without a text of their own.
            "reference" => {}
            _ => {
                *is_less |= said.is_empty() && !has_text(&part) && says_something(&part);
                self.text.push_str(&said);
            }
        }
    }
}

/// Whether a part is a picture: it says so, or by what holds it. A URL alone may lead to a source.
fn is_picture(kind: &str, part: &Value) -> bool {
    let holds = |name: &&str| !part[*name].is_null();
    (kind.contains("image") || ["image_url", "b64_json", "inline_data", "inlineData"].iter().any(holds))
        && Picture::read(part).is_some()
}

/// The names that vendors give to the text of a part.
const TEXTS: [&str; 8] =
    ["text", "thinking", "reasoning", "content", "refusal", "summary", "value", "reasoning_content"];

/// The text in a part, or in the parts of it.
fn said(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(said).collect(),
        Value::Object(part) => TEXTS.iter().find_map(|name| part.get(*name)).map(said).unwrap_or_default(),
        _ => String::new(),
    }
}

/// Whether a part has a place for a text, be it empty.
fn has_text(part: &Value) -> bool {
    TEXTS.iter().any(|name| matches!(&part[*name], Value::String(_) | Value::Array(_)))
}
