//! One chunk of a chat, as LiteLLM sends it: typed, borrowed from the event, and lenient field by field.
//!
//! Proxies leave out, null and mistype fields that a client could do without (litellm 1.101.3: `finish_reason` is
//! absent until its chunk, `content` may be absent or null). So every field may be missing or of another type.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

use super::{
    rest::{Rest, keeps_rest},
    usage::{self, Usage},
};

/// A text, borrowed where it has no escapes. None where the field is null, absent or of another type.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Text<'a>(pub Option<Cow<'a, str>>);

impl Text<'_> {
    /// The text, unless it is empty.
    pub fn non_empty(&self) -> Option<&str> {
        self.0.as_deref().filter(|text| !text.is_empty())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("anything")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Some(Cow::Borrowed(text))))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Some(Cow::Owned(text.to_owned()))))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Text(None))
            }
            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Text(None))
            }
            fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                Ok(Text(None))
            }
            fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
                Ok(Text(None))
            }
            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Text(None))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Text(None))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
                while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Text(None))
            }
        }
        deserializer.deserialize_any(TextVisitor)
    }
}

/// One chunk, or a whole answer: a message stands in the same place as a delta.
#[derive(Debug, Default, Deserialize)]
pub struct Chunk<'a> {
    /// The provider's id of the answer.
    #[serde(borrow, default)]
    pub id: Text<'a>,
    /// The model that answers.
    #[serde(borrow, default)]
    pub model: Text<'a>,
    /// Mostly one; absent, empty or several all happen.
    #[serde(borrow, default)]
    pub choices: Option<Vec<Choice<'a>>>,
    /// Tokens, in the last chunk.
    #[serde(default, deserialize_with = "usage::lenient")]
    pub usage: Option<Usage>,
    /// Sources, as Perplexity sends them, with every chunk.
    #[serde(default)]
    pub citations: Value,
    /// A failure in mid-stream, with HTTP status 200.
    #[serde(borrow, default)]
    pub error: Option<&'a RawValue>,
}

/// One of the answers.
#[derive(Debug, Default, Deserialize)]
pub struct Choice<'a> {
    /// Which; absent for the first.
    #[serde(default)]
    pub index: Option<u32>,
    /// What is new.
    #[serde(borrow, default, alias = "message")]
    pub delta: Option<ChunkDelta<'a>>,
    /// What is new, in the stream of `/v1/completions`.
    #[serde(borrow, default)]
    pub text: Text<'a>,
    /// Why it stopped.
    #[serde(borrow, default)]
    pub finish_reason: Text<'a>,
}

/// What is new in a chunk.
#[derive(Debug, Default)]
pub struct ChunkDelta<'a> {
    /// More text.
    pub content: Text<'a>,
    /// More reasoning.
    pub reasoning_content: Text<'a>,
    /// More reasoning, as some vendors spell it; a vendor that sends both sends the same in both.
    pub reasoning: Text<'a>,
    /// Anthropic's reasoning, with signatures.
    pub thinking_blocks: Option<&'a RawValue>,
    /// Pieces of tool calls.
    pub tool_calls: Option<Vec<ToolCallPiece<'a>>>,
    /// More of a refusal.
    pub refusal: Text<'a>,
    /// Images that the model made: `{image_url: {url}}`, each.
    pub images: Value,
    /// A piece of what the model spoke: `{id, data, transcript}`.
    pub audio: Value,
    /// Citations.
    pub annotations: Value,
    /// What only one provider has: refusals, signatures, citations. Read apart, for some send it empty with every
    /// chunk.
    pub provider_specific_fields: Option<&'a RawValue>,
    /// What else the vendor says, such as `reasoning_details`.
    pub rest: Rest<'a>,
}

keeps_rest!(ChunkDelta {
    "content" => content,
    "reasoning_content" => reasoning_content,
    "reasoning" => reasoning,
    "thinking_blocks" => thinking_blocks,
    "tool_calls" => tool_calls,
    "refusal" => refusal,
    "images" => images,
    "audio" => audio,
    "annotations" => annotations,
    "provider_specific_fields" => provider_specific_fields,
} passes over { "role", "function_call" });

/// A piece of a tool call.
#[derive(Debug, Default)]
pub struct ToolCallPiece<'a> {
    /// The vendor's number of the call; gaps and repetitions happen.
    pub index: Option<u32>,
    /// The vendor's id of the call; mostly in its first piece only.
    pub id: Text<'a>,
    /// The tool and its arguments.
    pub function: Option<FunctionPiece<'a>>,
    /// What the provider wants back with the call.
    pub provider_specific_fields: Option<&'a RawValue>,
    /// What else the vendor says, such as `extra_content`.
    pub rest: Rest<'a>,
}

keeps_rest!(ToolCallPiece {
    "index" => index,
    "id" => id,
    "function" => function,
    "provider_specific_fields" => provider_specific_fields,
} passes over { "type" });

/// The tool of a call and a piece of its arguments.
#[derive(Debug, Default)]
pub struct FunctionPiece<'a> {
    /// The tool.
    pub name: Text<'a>,
    /// More of the arguments.
    pub arguments: Text<'a>,
    /// What else the vendor says.
    pub rest: Rest<'a>,
}

keeps_rest!(FunctionPiece { "name" => name, "arguments" => arguments } passes over {});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_there_and_passes_over_the_rest() {
        let chunk: Chunk = serde_json::from_str(
            r#"{"id":7,"model":null,"choices":[{"index":0,"delta":{"content":"a\n","reasoning":["x"],"new":{}}}],"x":1}"#,
        )
        .unwrap();
        assert_eq!(chunk.id, Text(None));
        let choice = &chunk.choices.as_ref().unwrap()[0];
        let delta = choice.delta.as_ref().unwrap();
        assert_eq!(delta.content.non_empty(), Some("a\n"));
        assert_eq!(delta.reasoning, Text(None));
    }

    #[test]
    fn borrows_plain_text() {
        let chunk: Chunk = serde_json::from_str(r#"{"choices":[{"delta":{"content":"plain"}}]}"#).unwrap();
        let content = &chunk.choices.as_ref().unwrap()[0].delta.as_ref().unwrap().content;
        assert!(matches!(content.0, Some(Cow::Borrowed("plain"))));
    }
}
