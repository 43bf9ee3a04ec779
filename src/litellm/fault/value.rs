//! What the values say that an error is written in.

use serde_json::Value;

use super::literal;

/// The text in an error value: itself, or what it holds under one of the names that servers give it.
pub(in crate::litellm) fn said(error: &Value) -> Option<String> {
    const NAMES: [&str; 13] = [
        "error",
        "message",
        "detail",
        "errors",
        "msg",
        "Message",
        "fault",
        "faultstring",
        "base_resp",
        "status_msg",
        "error_message",
        "error_description",
        "title",
    ];
    match error {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(errors) => said(errors.first()?),
        Value::Object(fields) => {
            // OpenRouter says only here what the vendor said.
            let raw = fields.get("metadata").and_then(|metadata| metadata["raw"].as_str());
            if let Some(raw) = raw.filter(|raw| !raw.trim().is_empty()) {
                return Some(raw.to_owned());
            }
            if fields.contains_key("loc") && fields.contains_key("msg") {
                return Some(problem(error));
            }
            NAMES.iter().find_map(|name| fields.get(*name).and_then(said))
        }
        _ => None,
    }
}

/// The first value within a text that says what is wrong.
pub(super) fn in_text(text: &str) -> Option<Value> {
    /// Most places that are tried, and most bytes of a text.
    const PLACES: usize = 16;
    const BYTES: usize = 64 << 10;
    let text = &text[..text.floor_char_boundary(BYTES)];
    let tells = |value: &Value| {
        let value = value.get(0).unwrap_or(value);
        ["error", "errors", "message", "detail", "msg", "Message"].iter().any(|name| !value[*name].is_null())
    };
    let read = |at: usize| match text[..at].strip_suffix(['\'', '"']).filter(|before| before.ends_with('b')) {
        Some(before) => {
            let quote = text[before.len()..].chars().next()?;
            literal::read(&literal::of_bytes(&text[at..], quote))
        }
        None => literal::read(&text[at..]),
    };
    text.match_indices(['{', '[']).take(PLACES).find_map(|(at, _)| read(at).filter(tells))
}

/// What is wrong, in one entry of FastAPI's list, with its path.
pub(super) fn problem(invalid: &Value) -> String {
    let place = place(&invalid["loc"]).unwrap_or_default();
    let problem = word(&invalid["msg"]).unwrap_or_else(|| invalid.to_string());
    if place.is_empty() { problem } else { format!("{place}: {problem}") }
}

/// The path of FastAPI's `loc`, without the body that all of them are in.
pub(super) fn place(loc: &Value) -> Option<String> {
    let place = loc.as_array()?.iter().filter_map(word).collect::<Vec<_>>();
    Some(match place.as_slice() {
        [body, inner @ ..] if body == "body" && !inner.is_empty() => inner.join("."),
        place => place.join("."),
    })
}

/// A text or number. LiteLLM writes `"None"` for nothing.
pub(super) fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text != "None" && !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
