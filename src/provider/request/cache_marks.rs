//! Marks up to where a provider may cache the prompt.

use litellm_ls_protocol::Compatibility;
use serde_json::{Value, json};

/// Marks the system text, the last part of the last two user messages and the last tool, at most four in all, so that
/// the marks roll with the conversation (D26). Empty text stays unmarked, as providers refuse a mark there.
///
/// Roo marks empty text too, and no tool (R26).
pub(super) fn set(messages: &mut [Value], tools: &mut [Value], compatibility: Compatibility) {
    let system = messages.iter().take_while(|message| message["role"] == "system").count();
    let mut to_mark: Vec<usize> = system.checked_sub(1).into_iter().collect();
    let users = messages.iter().enumerate().rev().filter(|(_, message)| message["role"] == "user");
    to_mark.extend(users.map(|(index, _)| index).take(2));
    for index in to_mark {
        mark_last_part(&mut messages[index]["content"], compatibility);
    }
    if compatibility != Compatibility::Roo
        && let Some(tool) = tools.last_mut()
    {
        mark(tool);
    }
}

fn mark_last_part(content: &mut Value, compatibility: Compatibility) {
    let may_be_empty = compatibility == Compatibility::Roo;
    match content {
        Value::String(text) if may_be_empty || !text.is_empty() => {
            let mut part = json!({"type": "text", "text": text});
            mark(&mut part);
            *content = json!([part]);
        }
        // Empty text parts were dropped before.
        Value::Array(parts) => parts.last_mut().into_iter().for_each(mark),
        _ => {}
    }
}

fn mark(marked: &mut Value) {
    marked["cache_control"] = json!({"type": "ephemeral"});
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(mut messages: Value, mut tools: Value) -> String {
        set(messages.as_array_mut().unwrap(), tools.as_array_mut().unwrap(), Compatibility::Default);
        format!("{messages}{tools}").replace(r#""cache_control":{"type":"ephemeral"}"#, "MARK")
    }

    #[test]
    fn four_marks_at_most() {
        let messages = json!([
            {"role": "system", "content": "a"}, {"role": "system", "content": "b"},
            {"role": "user", "content": "1"}, {"role": "user", "content": "2"}, {"role": "user", "content": "3"},
        ]);
        let text = marked(messages, json!([{"name": "x"}, {"name": "y"}]));
        assert_eq!(text.matches("MARK").count(), 4);
        assert!(text.contains(r#""text":"b",MARK"#) && text.contains(r#""name":"y",MARK"#));
    }

    #[test]
    fn a_mark_goes_on_whatever_part_is_last() {
        let messages =
            json!([{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url"}]}]);
        assert!(marked(messages, json!([])).contains(r#"{"type":"image_url",MARK}"#));
    }

    #[test]
    fn nothing_to_mark_is_fine() {
        let messages = json!([{"role": "system", "content": ""}, {"role": "user", "content": []}, {"role": "assistant"}]);
        assert!(!marked(messages, json!([])).contains("MARK"));
    }
}
