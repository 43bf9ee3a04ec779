//! One chunk of a chat, as LiteLLM sends it: typed, and borrowed from the event.
//!
//! Every field may be absent or null (litellm 1.101.3: `finish_reason` is absent until its chunk, `content` may be
//! absent or null). Of another type it is refused here, and the whole event goes the way of `mend`, which
//! is lenient and slower.

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::{
    rest::{Rest, keeps_rest},
    text::Text,
    usage::{self, Usage},
};

/// What few chunks have. It takes little room in all others, which are copied, and cleared where they are freed.
pub type Seldom = Option<Box<Value>>;

/// One chunk, or a whole answer.
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
    /// How fast and how dear it was.
    #[serde(borrow, default)]
    pub service_tier: Text<'a>,
    /// Sources, as Perplexity sends them, with every chunk.
    #[serde(default)]
    pub citations: Seldom,
    /// A failure in mid-stream, with HTTP status 200.
    #[serde(borrow, default)]
    pub error: Option<&'a RawValue>,
}

/// One of the answers.
#[derive(Debug, Default, Deserialize)]
pub struct Choice<'a> {
    /// Index of the choice; absent means 0.
    #[serde(default)]
    pub index: Option<u32>,
    /// What is new.
    #[serde(borrow, default)]
    pub delta: Option<Box<ChunkDelta<'a>>>,
    /// All that is said: of an answer that comes whole, or once more behind the deltas. With some servers a delta.
    #[serde(borrow, default)]
    pub message: Option<Box<ChunkDelta<'a>>>,
    /// What is new, in the stream of `/v1/completions`.
    #[serde(borrow, default)]
    pub text: Text<'a>,
    /// Why it stopped.
    #[serde(borrow, default)]
    pub finish_reason: Text<'a>,
    /// A failure in mid-stream, as OpenRouter tells it.
    #[serde(borrow, default)]
    pub error: Option<&'a RawValue>,
}

impl Choice<'_> {
    /// Whether it is of the answer itself: others are further answers, where several were asked for.
    pub fn is_first(&self) -> bool {
        self.index.unwrap_or(0) == 0
    }

    /// Whether it shows that its answer is there. Reasoning of one answer may come in several choices.
    pub(super) fn speaks(&self) -> bool {
        let said = |delta: &ChunkDelta<'_>| {
            delta.content.len() + delta.refusal.len() > 0
                || delta.tool_calls.as_ref().is_some_and(|calls| !calls.is_empty())
                || delta.function_call.is_some()
                || self.is_first() && delta.thought().is_some()
        };
        self.text.len() > 0 || [&self.delta, &self.message].into_iter().flatten().any(|delta| said(delta))
    }

    /// Leaves a message out that stands beside a delta which says something: it repeats what the deltas say.
    pub(super) fn drop_repetition(&mut self) {
        if self.message.is_some() && self.delta.as_ref().is_some_and(|delta| delta.weight(1) > 0) {
            self.message = None;
        }
    }
}

/// The choice's `delta`: what this chunk adds to the message.
#[derive(Debug, Default)]
pub struct ChunkDelta<'a> {
    /// More text.
    pub content: Text<'a>,
    /// More reasoning.
    pub reasoning_content: Text<'a>,
    /// More reasoning, as some vendors spell it.
    pub reasoning: Text<'a>,
    /// Anthropic's reasoning, with signatures.
    pub thinking_blocks: Option<&'a RawValue>,
    /// Pieces of tool calls.
    pub tool_calls: Option<Vec<ToolCallPiece<'a>>>,
    /// A piece of the one call of the API before tools.
    pub function_call: Option<FunctionPiece<'a>>,
    /// More of a refusal.
    pub refusal: Text<'a>,
    /// Images that the model made, mostly a list of `{image_url: {url}}`.
    pub images: Seldom,
    /// A piece of what the model spoke: `{id, data, transcript}`.
    pub audio: Seldom,
    /// Citations.
    pub annotations: Seldom,
    /// What only one provider has: refusals, signatures, citations. Read apart, for some send it empty with every
    /// chunk.
    pub provider_specific_fields: Option<&'a RawValue>,
    /// What else the vendor says, such as `reasoning_details`.
    pub rest: Rest<'a>,
}

/// How vendors spell the member with the reasoning. One that sends several sends the same in all.
pub const REASONING: [&str; 2] = ["reasoning_content", "reasoning"];

impl ChunkDelta<'_> {
    /// The reasoning, however it is spelled, unless it is empty.
    pub fn thought(&self) -> Option<&str> {
        self.reasoning_content.non_empty().or(self.reasoning.non_empty())
    }

    /// Leaves out of the reasoning what is known of it.
    pub fn leave_out_thought(&mut self, known: &str) {
        self.reasoning_content.leave_out(known);
        self.reasoning.leave_out(known);
    }
}

keeps_rest!(ChunkDelta {
    "content" => content,
    "reasoning_content" => reasoning_content,
    "reasoning" => reasoning,
    "thinking_blocks" => thinking_blocks,
    "tool_calls" => tool_calls,
    "function_call" => function_call,
    "refusal" => refusal,
    "images" => images,
    "audio" => audio,
    "annotations" => annotations,
    "provider_specific_fields" => provider_specific_fields,
} passes over { "role" });

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

/// What a tool call takes beside its texts, in bytes. Every piece may begin one.
const CALL: usize = 128;

impl Chunk<'_> {
    /// How much it adds to the answer, in bytes; 0 where nobody would see a difference. `length` is that of its event,
    /// which stands for all that is neither text nor tool call.
    pub fn weight(&self, length: usize) -> usize {
        let mut weight = 0;
        for choice in self.choices.iter().flatten() {
            weight += choice.text.len();
            weight += [&choice.delta, &choice.message]
                .into_iter()
                .flatten()
                .map(|delta| delta.weight(length))
                .sum::<usize>();
        }
        weight
    }
}

impl ChunkDelta<'_> {
    fn weight(&self, length: usize) -> usize {
        let mut weight = [&self.content, &self.refusal].map(Text::len).iter().sum::<usize>();
        weight += self.thought().map_or(0, str::len);
        weight += self.function_call.as_ref().map_or(0, FunctionPiece::weight);
        for piece in self.tool_calls.iter().flatten() {
            weight += piece.function.as_ref().map_or(0, FunctionPiece::weight);
            weight += piece.id.non_empty().map_or(0, |id| CALL + id.len());
            weight += if has_more(piece.provider_specific_fields, &piece.rest) { length } else { 0 };
        }
        weight + if self.has_more() { length } else { 0 }
    }

    /// Whether there is more than texts and tool calls.
    fn has_more(&self) -> bool {
        let is_list = |list: &Value| list.as_array().map_or(list.is_object(), |list| !list.is_empty());
        [&self.images, &self.annotations].into_iter().flatten().any(|list| is_list(list))
            || self.audio.as_ref().is_some_and(|audio| audio.is_object())
            || self.thinking_blocks.is_some_and(says_more)
            || has_more(self.provider_specific_fields, &self.rest)
    }
}

/// Whether a vendor adds something of its own.
fn has_more(fields: Option<&RawValue>, rest: &Rest<'_>) -> bool {
    fields.is_some_and(says_more) || rest.iter().any(|(_, value)| says_more(value))
}

fn says_more(value: &RawValue) -> bool {
    !matches!(value.get(), "null" | "{}" | "[]" | "\"\"" | "false")
}

impl FunctionPiece<'_> {
    fn weight(&self) -> usize {
        match self.arguments.len() + self.name.len() {
            0 => 0,
            length => CALL + length,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[test]
    fn borrows_plain_text() {
        let chunk: Chunk =
            serde_json::from_str(r#"{"choices":[{"delta":{"content":"plain","new":{}}}]}"#).unwrap();
        let content = &chunk.choices.as_ref().unwrap()[0].delta.as_ref().unwrap().content;
        assert!(matches!(content.0, Some(Cow::Borrowed("plain"))));
    }

    #[test]
    fn reasoning_is_read_in_each_spelling() {
        for name in REASONING {
            let event = format!(r#"{{"choices":[{{"delta":{{"{name}":"hm"}}}}]}}"#);
            let mut chunk: Chunk = serde_json::from_str(&event).unwrap();
            assert_eq!(chunk.weight(1000), 2, "{name}");
            let choice = &mut chunk.choices.as_mut().unwrap()[0];
            assert!(choice.speaks(), "{name}");
            let delta = choice.delta.as_mut().unwrap();
            assert_eq!(delta.thought(), Some("hm"), "{name}");
            delta.leave_out_thought("hm");
            assert_eq!(delta.thought(), None, "{name}");
        }
    }

    #[test]
    fn what_nobody_would_see_weighs_nothing() {
        for (delta, weight) in [
            (r#"{"role":"assistant","content":"","tool_calls":null,"provider_specific_fields":{}}"#, 0),
            (r#"{"content":"é"}"#, 2),
            (r#"{"reasoning":"ab","reasoning_content":"ab"}"#, 2),
            (r#"{"tool_calls":[{"function":{"arguments":"{"}}]}"#, 129),
            (r#"{"tool_calls":[{"id":"i","function":{"name":"n","arguments":""}}]}"#, 258),
            (r#"{"images":[{}]}"#, 1000),
        ] {
            let event = format!(r#"{{"choices":[{{"delta":{delta}}}]}}"#);
            let chunk: Chunk = serde_json::from_str(&event).unwrap();
            assert_eq!(chunk.weight(1000), weight, "{delta}");
        }
    }
}
