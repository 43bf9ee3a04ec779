//! Takes an error out of the envelopes that LiteLLM, vendors and gateways put it in.

use serde_json::{Map, Value};

use super::{
    members::Members,
    value::{in_text, place, problem, said, word},
};
use crate::{litellm::Secrets, plain};

/// An error as it was sent.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Envelope {
    pub(super) message: String,
    /// `type`.
    pub(super) kind: Option<String>,
    pub(super) param: Option<String>,
    /// Mostly the HTTP status as a text.
    pub(super) code: Option<String>,
    /// What it says in members of whatever depth.
    pub(super) members: Members,
    /// Whether it is an error as LiteLLM and vendors write it, not a remark that servers in front of them write too.
    pub(super) is_of_api: bool,
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
            members: self.members.map(|word| secrets.out_of(word)),
            ..self
        }
    }

    /// The HTTP status in `code`, which error frames have too.
    pub(super) fn status(&self) -> Option<u16> {
        self.code.as_ref()?.parse().ok().filter(|status| (300..600).contains(status))
    }
}

/// Reads `{error: {…}}`, `{error: text}`, `{errors: […]}`, `{detail: text | {error} | [{msg, loc}]}`, `{type: "error",
/// error: {…}}`, `{message, type, code}`, AWS' XML, and the same in a text, in JSON or as Python writes it. `None` where
/// the body is something else.
pub(super) fn read(body: &str) -> Option<Envelope> {
    let body = body.strip_prefix('\u{feff}').unwrap_or(body);
    let body = match serde_json::from_str(body) {
        Ok(body) => body,
        Err(_) => xml(body).or_else(|| in_text(body))?,
    };
    let members = Members::of(&body);
    let body = body.get(0).unwrap_or(&body);
    let first = ["detail", "errors"].iter().find_map(|name| body[*name].get(0));
    if let Some(invalid) = first.filter(|first| !first["loc"].is_null()) {
        return Some(validation(invalid, members));
    }
    let error = ["error", "detail", "errors"].iter().map(|name| &body[*name]).find(|error| !error.is_null());
    let fields = error.filter(|error| error.is_object()).unwrap_or(body);
    let message = match said(body) {
        Some(message) => message,
        None => error?.to_string(),
    };
    let is_problem = !body["title"].is_null() && !body["status"].is_null();
    Some(Envelope {
        message,
        kind: word(&fields["type"]),
        param: word(&fields["param"]),
        code: word(&fields["code"]),
        members,
        is_of_api: !is_problem
            && (error.is_some() || !fields["type"].is_null() || !fields["object"].is_null()),
    })
}

/// An error as AWS writes it in XML: `<Error><Code>…</Code><Message>…</Message></Error>`.
fn xml(body: &str) -> Option<Value> {
    if !body.trim_start().starts_with('<') {
        return None;
    }
    let inner = |name: &str| {
        let start = body.find(&format!("<{name}>"))? + name.len() + 2;
        let end = start + body[start..].find(&format!("</{name}>"))?;
        Some(Value::String(plain::without_entities(&body[start..end])))
    };
    let message = inner("Message").or_else(|| inner("message"))?;
    let mut fields = Map::from_iter([("message".to_owned(), message)]);
    fields.extend(inner("Code").map(|code| ("code".to_owned(), code)));
    Some(Value::Object(fields))
}

/// The first entry of FastAPI's list of what is wrong with a body.
fn validation(invalid: &Value, members: Members) -> Envelope {
    Envelope {
        message: problem(invalid),
        param: place(&invalid["loc"]).filter(|place| !place.is_empty() && place != "body"),
        kind: word(&invalid["type"]),
        code: None,
        members,
        is_of_api: true,
    }
}
