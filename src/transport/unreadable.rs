//! Messages that can't be read: what becomes of them, and what is wrong with them.

use serde_json::{Value, error::Category};

use super::{
    envelope::Envelope,
    message::{ErrorObject, Incoming},
};

/// Most levels of lists and objects within each other: what serde_json reads.
pub const MAX_LEVELS: usize = 127;

/// What becomes of a message that can't be read.
pub(super) fn sorted(json: &[u8], error: ErrorObject) -> Incoming {
    sorted_by(Envelope::scan(json), error, || params(json))
}

/// The same where only its envelope is known, and perhaps its params: an answer under its id, a reply that says nothing, or a
/// notification of which only its subject is known.
pub(super) fn sorted_by(
    envelope: Envelope,
    error: ErrorObject,
    params: impl FnOnce() -> Option<Value>,
) -> Incoming {
    let Envelope { id, method, is_answer } = envelope;
    match id {
        Some(id) if is_answer && method.is_none() => Incoming::Reply { id, reply: None },
        Some(id) => Incoming::Refused { id, error },
        None => Incoming::Lost { method, params: params(), error },
    }
}

/// The params of a message that is JSON but for bytes that are no UTF-8.
fn params(json: &[u8]) -> Option<Value> {
    str::from_utf8(json).err()?;
    let mended: Value = serde_json::from_str(&String::from_utf8_lossy(json)).ok()?;
    mended.get("params").cloned()
}

/// What is wrong with bytes that are no JSON, truthfully.
pub(super) fn reason(json: &[u8], error: &serde_json::Error) -> String {
    if json.starts_with(b"\xff\xfe") || json.starts_with(b"\xfe\xff") || json.get(1) == Some(&0) {
        return "this message is UTF-16: send UTF-8".into();
    }
    if let Err(error) = str::from_utf8(json) {
        let place = error.valid_up_to();
        let byte = json[place];
        return format!("this message is not UTF-8, but perhaps Latin-1: its byte {place} is 0x{byte:02X}");
    }
    let text = error.to_string();
    match error.classify() {
        Category::Eof => "this message ends before its JSON does".into(),
        _ if text.starts_with("recursion limit") => {
            format!("this message is nested too deep: {MAX_LEVELS} levels are read")
        }
        _ if text.starts_with("trailing characters") => "this message goes on behind its JSON".into(),
        // It names a place and what was expected there, and quotes nothing.
        _ => format!("this message is not JSON: {text}"),
    }
}
