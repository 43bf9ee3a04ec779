//! A conversation as OpenAI writes it, with what LiteLLM adds.

use litellm_ls_protocol::{Compatibility, Content, Message, Part, Role, ToolCall};
use serde_json::{Map, Value, json};

use super::{InvalidRequest, Target, family::Family, gemini, tool_ids};
use crate::provider::carried;

/// The messages with the system text first (D29).
///
/// The result of a tool can only be text there, so its images and other binary parts follow in a user message, after
/// all the results that belong together. Roo leaves them out (R29).
pub(super) fn wire(
    system: Option<&str>,
    messages: &[Message],
    target: &Target,
) -> Result<Vec<Value>, InvalidRequest> {
    let mut wire = Vec::with_capacity(messages.len() + 1);
    wire.extend(system.map(|text| json!({"role": "system", "content": text})));
    let mut shown_by_tools = Vec::new();
    // Whether the calls that results answer were the model's own.
    let mut own = true;
    for (index, message) in messages.iter().enumerate() {
        let path = format!("messages[{index}]");
        check(message, &path)?;
        if message.role != Role::Tool {
            wire.extend(shown(&mut shown_by_tools));
        }
        wire.push(match message.role {
            Role::System | Role::User => {
                json!({"role": message.role, "content": content(message.content.as_ref(), &path)?})
            }
            Role::Assistant => {
                own = target.made(message);
                assistant(message, &path, own, target)?
            }
            Role::Tool => {
                let (text, mut binaries) = result(message.content.as_ref(), &path)?;
                if target.compatibility != Compatibility::Roo {
                    shown_by_tools.append(&mut binaries);
                }
                let call_id = call_id(message.tool_call_id.as_deref().unwrap_or_default(), own, target);
                json!({"role": "tool", "tool_call_id": call_id, "content": text})
            }
        });
    }
    wire.extend(shown(&mut shown_by_tools));
    Ok(wire)
}

fn shown(by_tools: &mut Vec<Value>) -> Option<Value> {
    (!by_tools.is_empty()).then(|| json!({"role": "user", "content": std::mem::take(by_tools)}))
}

/// Whether a message has what its role needs, and nothing that another role has.
fn check(message: &Message, path: &str) -> Result<(), InvalidRequest> {
    let is_assistant = message.role == Role::Assistant;
    let is_tool = message.role == Role::Tool;
    let has_reasoning = message.reasoning.is_some() || !message.reasoning_blocks.is_empty();
    let (field, reason) = if !message.tool_calls.is_empty() && !is_assistant {
        ("toolCalls", "leave it out: only an assistant message calls tools")
    } else if has_reasoning && !is_assistant {
        ("reasoning", "leave it out: only an assistant message has reasoning")
    } else if message.provider_fields.is_some() && !is_assistant {
        ("providerFields", "leave it out: only an assistant message has some")
    } else if message.tool_call_id.is_some() && !is_tool {
        ("toolCallId", "leave it out: only a tool message answers a call")
    } else if message.tool_call_id.is_none() && is_tool {
        ("toolCallId", "give the id of the call that this message answers")
    } else if message.content.is_none() && !is_assistant && !is_tool {
        ("content", "give a text or parts")
    } else {
        return Ok(());
    };
    Err(InvalidRequest::new(format!("{path}.{field}"), reason))
}

/// What the provider added goes back where the model is its `own` maker, and nowhere else.
fn assistant(message: &Message, path: &str, own: bool, target: &Target) -> Result<Value, InvalidRequest> {
    let mut wire = Map::new();
    wire.insert("role".into(), "assistant".into());
    let text = match &message.content {
        Some(Content::Parts(parts)) => texts(parts),
        _ => None,
    };
    let content = text.map_or_else(|| content(message.content.as_ref(), path), |text| Ok(text.into()))?;
    let content =
        if content == "" && !message.tool_calls.is_empty() { no_text(target) } else { Some(content) };
    wire.extend(content.map(|content| ("content".to_owned(), content)));
    if let Some(reasoning) = message.reasoning.as_ref().filter(|_| own) {
        wire.insert("reasoning_content".into(), json!(reasoning));
    }
    let blocks = message.reasoning_blocks.iter().filter(|_| own).cloned();
    let (details, thinking): (Vec<_>, Vec<_>) = blocks.partition(is_detail);
    for (name, blocks) in [("thinking_blocks", thinking), ("reasoning_details", details)] {
        if !blocks.is_empty() {
            wire.insert(name.into(), blocks.into());
        }
    }
    if !message.tool_calls.is_empty() {
        let calls = message.tool_calls.iter().map(|call| tool_call(call, own, target));
        wire.insert("tool_calls".into(), calls.collect());
    }
    if let Some(fields) = message.provider_fields.as_ref().filter(|_| own) {
        put_fields(fields, &mut wire);
    }
    Ok(wire.into())
}

/// What stands for the text of a message that only calls tools. Claude takes an empty text for words of its own, or
/// refuses it, so that there is none; DeepSeek wants the member, and these local servers a text.
fn no_text(target: &Target) -> Option<Value> {
    let is_local =
        |name: &str| ["ollama/", "ollama_chat/", "lm_studio/"].iter().any(|server| name.starts_with(server));
    if target.compatibility == Compatibility::Roo || target.facts.names(target.model).any(is_local) {
        return Some("".into());
    }
    let mut names = target.facts.names(target.model);
    names.any(|name| name.to_ascii_lowercase().contains("deepseek")).then_some(Value::Null)
}

/// Whether a block is OpenRouter's, and not Anthropic's.
fn is_detail(block: &Value) -> bool {
    block["type"].as_str().is_some_and(|kind| kind.starts_with("reasoning."))
}

/// Puts what the provider added back to where it stood.
fn put_fields(fields: &Value, wire: &mut Map<String, Value>) {
    let (fields, beside) = carried::apart(fields);
    if let Some(fields) = fields {
        wire.insert("provider_specific_fields".into(), fields);
    }
    if let Some(beside) = beside {
        carried::put_back(beside, wire);
    }
}

/// A thought signature in an id is no other model's business.
fn call_id(id: &str, own: bool, target: &Target) -> String {
    let family = match target.family() {
        Family::Gemini if !own => Family::Other,
        family => family,
    };
    tool_ids::sent(id, family, target.compatibility)
}

fn tool_call(call: &ToolCall, own: bool, target: &Target) -> Value {
    let id = call_id(&call.id, own, target);
    let fields = call.provider_fields.as_ref().filter(|_| own);
    let fields = if target.family() == Family::Gemini {
        gemini::signed(&id, fields, target.compatibility)
    } else {
        fields.cloned()
    };
    let function = json!({"name": call.name, "arguments": call.arguments});
    let mut wire = Map::from_iter([
        ("id".to_owned(), id.into()),
        ("type".to_owned(), "function".into()),
        ("function".to_owned(), function),
    ]);
    if let Some(fields) = fields {
        put_fields(&fields, &mut wire);
    }
    wire.into()
}

/// The text of a tool's result, and its binary parts, for which the text has a placeholder each.
fn result(content: Option<&Content>, path: &str) -> Result<(String, Vec<Value>), InvalidRequest> {
    let mut lines = Vec::new();
    let mut binaries = Vec::new();
    match content {
        None => {}
        Some(Content::Text(text)) => lines.push(text.as_str()),
        Some(Content::Parts(parts)) => {
            for (index, part) in parts.iter().enumerate() {
                lines.push(match part {
                    Part::Text { text } if text.is_empty() => continue,
                    Part::Text { text } => text,
                    Part::Image { .. } => "(see following user message for image)",
                    Part::Document { .. } => "(see following user message for document)",
                    Part::Audio { .. } => "(see following user message for audio)",
                });
                if !matches!(part, Part::Text { .. }) {
                    binaries.push(wire_part(part, &format!("{path}.content[{index}]"))?);
                }
            }
        }
    }
    let text = lines.join("\n");
    // Gemini refuses an empty result.
    Ok((if text.is_empty() { "(empty)".to_owned() } else { text }, binaries))
}

/// A text as it is, or the parts without the empty texts, which providers refuse; nothing left is an empty text.
fn content(content: Option<&Content>, path: &str) -> Result<Value, InvalidRequest> {
    let parts = match content {
        None => return Ok("".into()),
        Some(Content::Text(text)) => return Ok(json!(text)),
        Some(Content::Parts(parts)) => parts,
    };
    let wire = parts
        .iter()
        .enumerate()
        .filter(|(_, part)| !matches!(part, Part::Text { text } if text.is_empty()))
        .map(|(index, part)| wire_part(part, &format!("{path}.content[{index}]")))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(if wire.is_empty() { "".into() } else { wire.into() })
}

/// Parts that are texts only, in one. Not every provider takes parts of an assistant.
fn texts(parts: &[Part]) -> Option<String> {
    let texts = parts.iter().map(|part| match part {
        Part::Text { text } => Some(text.as_str()),
        _ => None,
    });
    let texts = texts.collect::<Option<Vec<_>>>()?;
    Some(texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n"))
}

fn wire_part(part: &Part, path: &str) -> Result<Value, InvalidRequest> {
    Ok(match part {
        Part::Text { text } => json!({"type": "text", "text": text}),
        Part::Image { data, mime_type, url } => {
            let url = match Binary::of(data, mime_type, url, path)? {
                Binary::Data(url) => url,
                Binary::Url(url) => url.to_owned(),
            };
            json!({"type": "image_url", "image_url": {"url": url}})
        }
        Part::Document { data, mime_type, url, name } => {
            let mut file = match Binary::of(data, mime_type, url, path)? {
                Binary::Data(url) => json!({"file_data": url}),
                Binary::Url(url) => json!({"file_id": url}),
            };
            if let Some(name) = name {
                file["filename"] = json!(name);
            }
            json!({"type": "file", "file": file})
        }
        Part::Audio { data, format } => {
            json!({"type": "input_audio", "input_audio": {"data": data, "format": format}})
        }
    })
}

/// Where the bytes of a part are.
enum Binary<'a> {
    /// Here, as a data URL.
    Data(String),
    /// At this address.
    Url(&'a str),
}

impl<'a> Binary<'a> {
    fn of(
        data: &Option<String>,
        mime_type: &Option<String>,
        url: &'a Option<String>,
        path: &str,
    ) -> Result<Self, InvalidRequest> {
        match (data, mime_type, url) {
            (Some(data), Some(mime_type), None) => Ok(Self::Data(format!("data:{mime_type};base64,{data}"))),
            (Some(_), None, None) => Err(InvalidRequest::new(
                format!("{path}.mimeType"),
                "say what the data is, such as `image/png`",
            )),
            (None, _, Some(url)) => Ok(Self::Url(url)),
            _ => Err(InvalidRequest::new(path, "give either `data` with `mimeType`, or `url`")),
        }
    }
}
