//! What a model does not take of a conversation: told otherwise once the proxy said so.

use litellm_ls_protocol::ErrorKind;
use serde_json::{Map, Value, json};

use crate::provider::Error;

/// The model knows no system text.
const ROLE: &str = "messages.role";
/// The model does not believe the reasoning of earlier turns, or misses it.
const THINKING: &str = "messages.thinking_blocks";
/// What every model takes of a message.
const NEEDED: [&str; 6] = ["role", "content", "tool_calls", "tool_call_id", "name", "refusal"];

/// What of the messages an error names as not taken, such as `messages.role`.
pub(super) fn named(error: &Error, fields: &Map<String, Value>) -> Option<String> {
    let messages = fields.get("messages")?.as_array()?;
    if !matches!(error.kind(), ErrorKind::UnsupportedParam | ErrorKind::InvalidRequest) {
        return None;
    }
    let lower = error.message.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let refuses = says(&[
        "not support",
        "unsupported",
        "not permitted",
        "not enabled",
        "not allowed",
        "unexpected",
        "unknown",
        "unrecognized",
        "additional propert",
    ]);
    if refuses
        && says(&[
            "system role",
            "'system'",
            "\"system\"",
            "system instruction",
            "developer instruction",
            "role system",
            "role: system",
        ])
        && messages.iter().any(|message| message["role"] == "system")
    {
        return Some(ROLE.into());
    }
    let thinks = fields.contains_key("thinking")
        || messages.iter().any(|message| !message["thinking_blocks"].is_null());
    if thinks
        && says(&["`thinking`", "thinking block"])
        && says(&["signature", "cannot be modified", "expected `thinking`"])
    {
        return Some(THINKING.into());
    }
    let is_named = |name: &str| {
        error.data.param.as_ref().is_some_and(|param| param.rsplit(['.', ']']).next() == Some(name))
            || refuses && ["'", "\"", "`", "."].iter().any(|mark| lower.contains(&format!("{mark}{name}")))
    };
    let members = messages.iter().filter_map(Value::as_object).flat_map(Map::keys);
    let mut added = members.filter(|name| !NEEDED.contains(&name.as_str()));
    added.find(|name| is_named(name)).map(|name| format!("messages.{name}"))
}

/// Whether that holds for other conversations too.
pub(super) fn is_lasting(refused: &str) -> bool {
    refused != THINKING
}

/// Tells a conversation without what was refused of it; says so in one sentence for each that was there.
pub(super) fn tell(fields: &mut Map<String, Value>, refused: &[String], model: &str) -> Vec<String> {
    refused.iter().filter_map(|refused| tell_one(fields, refused, model)).collect()
}

fn tell_one(fields: &mut Map<String, Value>, refused: &str, model: &str) -> Option<String> {
    let name = refused.strip_prefix("messages.")?;
    let messages = fields.get_mut("messages")?.as_array_mut()?;
    if refused == ROLE {
        let has_system = messages.iter().any(|message| message["role"] == "system");
        *messages = said_by_user(std::mem::take(messages));
        return has_system.then(|| format!("the system text was sent as the user's, for {model} knows none"));
    }
    let mut was_there = false;
    for message in messages.iter_mut().filter_map(Value::as_object_mut) {
        was_there |= message.shift_remove(name).is_some();
    }
    if refused == THINKING {
        let settings = ["thinking", "reasoning_effort"].map(|name| fields.shift_remove(name).is_some());
        was_there |= settings.contains(&true);
        return was_there.then(|| {
            format!("thinking was left out, for {model} does not take the reasoning of earlier turns")
        });
    }
    was_there.then(|| format!("`{name}` of earlier turns was left out, for {model} does not take it"))
}

/// The messages with system texts put before what the user says next: some models want the roles to alternate.
fn said_by_user(messages: Vec<Value>) -> Vec<Value> {
    let mut told = Vec::with_capacity(messages.len());
    let mut system: Option<Value> = None;
    for mut message in messages {
        if message["role"] == "system" {
            system = Some(joined(system, message["content"].take()));
            continue;
        }
        if message["role"] == "user" && system.is_some() {
            message["content"] = joined(system.take(), message["content"].take());
        }
        told.extend(system.take().map(user));
        told.push(message);
    }
    told.extend(system.map(user));
    told
}

fn user(content: Value) -> Value {
    json!({"role": "user", "content": content})
}

fn joined(first: Option<Value>, second: Value) -> Value {
    match (first, second) {
        (None, second) => second,
        (Some(Value::String(first)), Value::String(second)) => format!("{first}\n\n{second}").into(),
        (Some(first), second) => [parts(first), parts(second)].concat().into(),
    }
}

fn parts(content: Value) -> Vec<Value> {
    match content {
        Value::Array(parts) => parts,
        text => vec![json!({"type": "text", "text": text})],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Map<String, Value> {
        let fields = json!({"messages": [
            {"role": "system", "content": "S"}, {"role": "user", "content": "u"},
            {"role": "assistant", "content": "a", "thinking_blocks": [], "reasoning_content": "r", "extra": 1},
        ], "thinking": {}});
        fields.as_object().unwrap().clone()
    }

    #[test]
    fn an_error_names_what_of_the_messages_is_not_taken() {
        for (kind, message, param, name) in [
            (
                ErrorKind::UnsupportedParam,
                "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
                Some("messages[0].role"),
                Some(ROLE),
            ),
            (ErrorKind::InvalidRequest, "System role not supported", None, Some(ROLE)),
            (
                ErrorKind::InvalidRequest,
                "Developer instruction is not enabled for models/gemma-3",
                None,
                Some(ROLE),
            ),
            (
                ErrorKind::InvalidRequest,
                "messages.1.content.0: Invalid `signature` in `thinking` block",
                None,
                Some(THINKING),
            ),
            (
                ErrorKind::InvalidRequest,
                "`thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified.",
                None,
                Some(THINKING),
            ),
            (
                ErrorKind::InvalidRequest,
                "Expected `thinking` or `redacted_thinking`, but found `tool_use`.",
                None,
                Some(THINKING),
            ),
            (
                ErrorKind::InvalidRequest,
                "'messages.2' : property 'reasoning_content' is unsupported",
                None,
                Some("messages.reasoning_content"),
            ),
            (
                ErrorKind::UnsupportedParam,
                "Extra inputs are not permitted",
                Some("messages[2].extra"),
                Some("messages.extra"),
            ),
            (ErrorKind::InvalidRequest, "the system is on fire", None, None),
            (ErrorKind::InvalidRequest, "messages[2].content: too long", Some("messages[2].content"), None),
            (ErrorKind::RateLimited, "System role not supported", None, None),
        ] {
            let mut error = Error::new(kind, message, "");
            error.data.param = param.map(str::to_owned);
            assert_eq!(named(&error, &fields()).as_deref(), name, "{message}");
        }
    }

    fn told(messages: Value, refused: &str) -> (Value, usize) {
        let mut fields =
            Map::from_iter([("messages".to_owned(), messages), ("thinking".to_owned(), json!({}))]);
        let told = tell(&mut fields, &[refused.to_owned()], "m");
        (fields.into(), told.len())
    }

    #[test]
    fn a_system_text_becomes_the_users() {
        let user = |content: Value| json!({"role": "user", "content": content});
        let text = |text: &str| json!({"type": "text", "text": text});
        for (messages, expected, sentences) in [
            (
                json!([{"role": "system", "content": "S"}, user(json!("u"))]),
                json!([user(json!("S\n\nu"))]),
                1,
            ),
            (
                json!([{"role": "system", "content": "S"}, {"role": "system", "content": [text("T")]}, user(json!("u"))]),
                json!([user(json!([text("S"), text("T"), text("u")]))]),
                1,
            ),
            (
                json!([{"role": "system", "content": "S"}, {"role": "assistant", "content": "a"}]),
                json!([user(json!("S")), {"role": "assistant", "content": "a"}]),
                1,
            ),
            (
                json!([user(json!("u")), {"role": "system", "content": "S"}]),
                json!([user(json!("u")), user(json!("S"))]),
                1,
            ),
            (json!([user(json!("u"))]), json!([user(json!("u"))]), 0),
        ] {
            let (fields, count) = told(messages.clone(), ROLE);
            assert_eq!((&fields["messages"], count), (&expected, sentences), "{messages}");
        }
    }

    #[test]
    fn what_was_added_is_left_out_of_every_turn() {
        let messages = json!([{"role": "assistant", "content": "a", "thinking_blocks": [1], "extra": 1}]);
        let (fields, count) = told(messages.clone(), THINKING);
        assert_eq!(
            (fields, count),
            (json!({"messages": [{"role": "assistant", "content": "a", "extra": 1}]}), 1)
        );
        let (fields, count) = told(messages, "messages.extra");
        assert_eq!((&fields["messages"][0].get("extra"), count), (&None, 1));
        assert_eq!(told(json!([]), "seed").1, 0);
    }
}
