//! What editors say of documents, read as leniently as can be: a change that is not taken leaves a text behind that is
//! no longer the editor's.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tower_lsp::lsp_types::{Position, Range};

/// `DidOpenTextDocumentParams`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server) struct DidOpen {
    pub(in crate::server) text_document: OpenDocument,
}

/// `TextDocumentItem`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server) struct OpenDocument {
    pub(in crate::server) uri: String,
    #[serde(default, deserialize_with = "text")]
    pub(in crate::server) language_id: String,
    #[serde(default, deserialize_with = "version")]
    pub(in crate::server) version: Option<i64>,
    #[serde(default, deserialize_with = "text")]
    pub(in crate::server) text: String,
}

/// `DidChangeTextDocumentParams`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server) struct DidChange {
    pub(in crate::server) text_document: DocumentId,
    #[serde(default)]
    content_changes: Value,
}

/// `TextDocumentIdentifier`, with a version or without.
#[derive(Debug, Deserialize)]
pub(in crate::server) struct DocumentId {
    pub(in crate::server) uri: String,
    #[serde(default, deserialize_with = "version")]
    pub(in crate::server) version: Option<i64>,
}

/// `DidCloseTextDocumentParams`, and the part of other params that names the document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server) struct Named {
    pub(in crate::server) text_document: DocumentId,
}

/// One change of a text: what stands in a range becomes another text; without a range all of it does.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) range: Option<Range>,
    pub(super) text: String,
}

impl DidChange {
    /// The changes in order. None where one of them can't be read.
    pub(super) fn changes(self) -> Option<Vec<Change>> {
        match self.content_changes {
            Value::Null => Some(Vec::new()),
            Value::Array(changes) => changes.into_iter().map(change).collect(),
            one => Some(vec![change(one)?]),
        }
    }
}

fn change(change: Value) -> Option<Change> {
    let Value::Object(mut change) = change else { return None };
    let Some(Value::String(text)) = change.remove("text") else { return None };
    match change.remove("range") {
        None | Some(Value::Null) => Some(Change { range: None, text }),
        Some(found) => Some(Change { range: Some(read_range(&found)?), text }),
    }
}

fn read_range(value: &Value) -> Option<Range> {
    Some(Range { start: read_position(&value["start"])?, end: read_position(&value["end"])? })
}

fn read_position(value: &Value) -> Option<Position> {
    let number = |name: &str| {
        // Editors that know no integers write 1.0; what lies beyond an end is at that end.
        let number = value[name].as_f64()?.clamp(0.0, f64::from(u32::MAX));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is within the limits"
        )]
        Some(number as u32)
    };
    Some(Position { line: number("line")?, character: number("character")? })
}

/// A range of a text, for params of others.
pub(in crate::server) fn range<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Range, D::Error> {
    let value = Value::deserialize(deserializer)?;
    read_range(&value)
        .ok_or_else(|| serde::de::Error::custom("a range has start and end with line and character"))
}

/// A position in a text, for params of others.
pub(in crate::server) fn position<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Position, D::Error> {
    let value = Value::deserialize(deserializer)?;
    read_position(&value).ok_or_else(|| serde::de::Error::custom("a position has line and character"))
}

/// A version, which some editors leave out, send as `null`, as a text or with a fraction.
fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a version with a fraction is a whole number all the same"
    )]
    let whole = |number: f64| number as i64;
    Ok(value.as_i64().or_else(|| value.as_f64().map(whole)).or_else(|| value.as_str()?.trim().parse().ok()))
}

/// A text, which some editors send as `null`.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        _ => String::new(),
    })
}
