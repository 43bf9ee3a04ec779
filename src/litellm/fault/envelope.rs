//! Takes an error out of the envelopes that LiteLLM, and servers like it, put it in.

use serde_json::Value;

use crate::litellm::Secrets;

/// An error as it was sent.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Envelope {
    pub(super) message: String,
    /// `type`.
    pub(super) kind: Option<String>,
    pub(super) param: Option<String>,
    /// Mostly the HTTP status as a text.
    pub(super) code: Option<String>,
}

impl Envelope {
    /// The same without what must not be shown.
    pub(super) fn without(self, secrets: &Secrets) -> Self {
        let out_of = |word: Option<String>| word.map(|word| secrets.out_of(&word));
        Self {
            message: secrets.out_of(&self.message),
            kind: out_of(self.kind),
            param: out_of(self.param),
            code: out_of(self.code),
        }
    }

    /// The HTTP status in `code`, which error frames have too.
    pub(super) fn status(&self) -> Option<u16> {
        self.code.as_ref()?.parse().ok().filter(|status| (300..600).contains(status))
    }
}

/// Reads `{error: {…}}`, `{error: text}`, `{detail: text | {error} | [{msg, loc}]}`, `{type: "error", error: {…}}` and
/// `{message, type, code}`. `None` where the body is something else.
pub(super) fn read(body: &[u8]) -> Option<Envelope> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let body: Value = serde_json::from_slice(body).ok()?;
    let body = body.get(0).unwrap_or(&body);
    if let Some(invalid) = body["detail"].get(0) {
        return Some(validation(invalid));
    }
    let error = ["error", "detail"].iter().map(|name| &body[*name]).find(|error| !error.is_null());
    let fields = error.filter(|error| error.is_object()).unwrap_or(body);
    let message = match said(body) {
        Some(message) => message.to_owned(),
        None => error?.to_string(),
    };
    Some(Envelope {
        message,
        kind: word(&fields["type"]),
        param: word(&fields["param"]),
        code: word(&fields["code"]),
    })
}

/// The text in an error value: itself, or what it holds under `error`, `message` or `detail`.
pub(super) fn said(error: &Value) -> Option<&str> {
    match error {
        Value::String(text) => Some(text),
        Value::Array(errors) => said(errors.first()?),
        Value::Object(fields) => {
            ["error", "message", "detail"].iter().find_map(|name| fields.get(*name).and_then(said))
        }
        _ => None,
    }
}

/// The first entry of FastAPI's list of what is wrong with a body.
fn validation(invalid: &Value) -> Envelope {
    let place = invalid["loc"].as_array().into_iter().flatten().filter_map(word).collect::<Vec<_>>();
    let place = match place.as_slice() {
        [body, inner @ ..] if body == "body" && !inner.is_empty() => inner.join("."),
        place => place.join("."),
    };
    let problem = word(&invalid["msg"]).unwrap_or_else(|| invalid.to_string());
    Envelope {
        message: if place.is_empty() { problem } else { format!("{place}: {problem}") },
        param: Some(place).filter(|place| !place.is_empty() && place != "body"),
        kind: word(&invalid["type"]),
        code: None,
    }
}

/// A text or number. LiteLLM writes `"None"` for nothing.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text != "None" && !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
