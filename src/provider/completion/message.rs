//! The whole message, put together chunk by chunk.

use litellm_ls_protocol::{AssistantMessage, Part, SpokenAnswer, ToolCall};
use serde_json::{Map, Value};

use super::{deltas::Deltas, extras};
use crate::litellm::{
    chunk::{Choice, Chunk, ChunkDelta, Text, ToolCallPiece},
    usage::Usage,
};

/// What a model has said so far.
#[derive(Debug, Default)]
pub(super) struct Message {
    pub(super) id: Option<String>,
    pub(super) model: Option<String>,
    pub(super) finish_reason: Option<String>,
    /// The last that was sent: some vendors count on the way.
    pub(super) usage: Option<Usage>,
    text: String,
    reasoning: String,
    reasoning_blocks: Vec<Value>,
    tool_calls: Vec<NumberedCall>,
    refusal: String,
    images: Vec<Part>,
    audio: Option<SpokenAnswer>,
    annotations: Vec<Value>,
    provider_fields: Map<String, Value>,
}

/// A tool call under the vendor's number.
#[derive(Debug)]
struct NumberedCall {
    number: Option<u32>,
    call: ToolCall,
}

impl Message {
    /// Takes in a chunk, and puts what is new into `deltas`.
    pub(super) fn absorb(&mut self, chunk: Chunk<'_>, deltas: &mut Deltas) {
        keep_first(&mut self.id, &chunk.id);
        keep_first(&mut self.model, &chunk.model);
        // `/v1/completions` streams zeros with every chunk (litellm 1.101.3): they count nothing.
        if chunk
            .usage
            .is_some_and(|usage| usage.prompt_tokens != Some(0) || usage.completion_tokens != Some(0))
        {
            self.usage = chunk.usage;
        }
        if !chunk.citations.is_null() {
            self.provider_fields.insert("citations".into(), chunk.citations);
        }
        // Several answers come where the caller's `extraBody` asked for them; the first is the message.
        let first = |choice: &Choice<'_>| choice.index.unwrap_or(0) == 0;
        for choice in chunk.choices.into_iter().flatten().filter(first) {
            if let Some(text) = choice.text.non_empty() {
                self.add_text(text, deltas);
            }
            if let Some(delta) = choice.delta {
                self.absorb_delta(delta, deltas);
            }
            if let Some(reason) = choice.finish_reason.non_empty() {
                self.finish_reason = Some(finish_reason(reason).to_owned());
            }
        }
    }

    fn absorb_delta(&mut self, delta: ChunkDelta<'_>, deltas: &mut Deltas) {
        if let Some(text) = delta.reasoning_content.non_empty().or(delta.reasoning.non_empty()) {
            self.reasoning.push_str(text);
            deltas.reasoning(text);
        }
        for block in delta.thinking_blocks.into_iter().flatten() {
            add_block(&mut self.reasoning_blocks, block);
        }
        if let Some(text) = delta.content.non_empty() {
            self.add_text(text, deltas);
        }
        let pieces = delta.tool_calls.unwrap_or_default();
        let several = pieces.len() > 1;
        for (place, mut piece) in (0..).zip(pieces) {
            // Where they come together and without numbers, their order is their number.
            piece.index = piece.index.or(several.then_some(place));
            self.absorb_tool_call(piece, deltas);
        }
        let refusal = delta.refusal.non_empty();
        self.refusal.push_str(refusal.unwrap_or_default());
        if let Some(fields) = delta.provider_specific_fields {
            let repeated = &mut String::new();
            let refusal = if refusal.is_some() { repeated } else { &mut self.refusal };
            extras::add_fields(&mut self.provider_fields, fields, refusal);
        }
        extras::add_images(&mut self.images, &delta.images);
        extras::add_spoken(&mut self.audio, &delta.audio);
        if let Value::Array(annotations) = delta.annotations {
            self.annotations.extend(annotations);
        }
    }

    fn add_text(&mut self, text: &str, deltas: &mut Deltas) {
        self.text.push_str(text);
        deltas.text(text);
    }

    fn absorb_tool_call(&mut self, piece: ToolCallPiece<'_>, deltas: &mut Deltas) {
        let id = piece.id.non_empty().unwrap_or_default();
        let function = piece.function.unwrap_or_default();
        let name = function.name.non_empty().unwrap_or_default();
        let place = self.place_of(piece.index, id).unwrap_or_else(|| {
            let call = ToolCall { id: id.to_owned(), name: name.to_owned(), ..ToolCall::default() };
            self.tool_calls.push(NumberedCall { number: piece.index, call });
            let place = self.tool_calls.len() - 1;
            deltas.tool_call(index(place), id, name);
            place
        });
        let call = &mut self.tool_calls[place].call;
        // Some vendors send the name or the id after the first piece, and some with every piece.
        if call.name.is_empty() && !name.is_empty() || call.id.is_empty() && !id.is_empty() {
            fill(&mut call.name, name);
            fill(&mut call.id, id);
            deltas.tool_call(index(place), &call.id, &call.name);
        }
        if let Some(arguments) = function.arguments.non_empty() {
            call.arguments.push_str(arguments);
            deltas.arguments(index(place), arguments);
        }
        if let Some(fields) = piece.provider_specific_fields.filter(|fields| !fields.is_null()) {
            call.provider_fields = Some(fields);
        }
    }

    /// Gives every call an id, for its result must name it: some vendors send none. `unique` is no other answer's.
    pub(super) fn name_calls(&mut self, unique: &str, deltas: &mut Deltas) {
        for (place, NumberedCall { call, .. }) in self.tool_calls.iter_mut().enumerate() {
            if call.id.is_empty() {
                call.id = format!("call_{unique}_{place}");
                deltas.tool_call(index(place), &call.id, "");
            }
        }
    }

    /// Which call a piece belongs to; none where it begins one. Number and id are the vendor's: either may be missing
    /// or repeated (litellm 1.101.3 passes them on), so that neither is trusted alone.
    fn place_of(&self, number: Option<u32>, id: &str) -> Option<usize> {
        let belongs = |known: &NumberedCall| {
            let other_id = !id.is_empty() && !known.call.id.is_empty() && known.call.id != id;
            !other_id && (number.is_none() || known.number == number)
        };
        self.tool_calls.iter().rposition(belongs)
    }

    /// The message as it stands.
    pub(super) fn whole(&self) -> AssistantMessage {
        let given = |text: &String| (!text.is_empty()).then(|| text.clone());
        AssistantMessage {
            text: self.text.clone(),
            reasoning: given(&self.reasoning),
            reasoning_blocks: self.reasoning_blocks.clone(),
            tool_calls: self.tool_calls.iter().map(|numbered| numbered.call.clone()).collect(),
            refusal: given(&self.refusal),
            images: self.images.clone(),
            audio: self.audio.clone(),
            annotations: self.annotations.clone(),
            provider_fields: (!self.provider_fields.is_empty()).then(|| self.provider_fields.clone().into()),
        }
    }
}

fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn fill(kept: &mut String, text: &str) {
    if kept.is_empty() {
        kept.push_str(text);
    }
}

fn keep_first(kept: &mut Option<String>, text: &Text<'_>) {
    if kept.is_none() {
        *kept = text.non_empty().map(str::to_owned);
    }
}

/// OpenAI's words in our spelling; any other is the provider's own.
fn finish_reason(reason: &str) -> &str {
    match reason {
        "tool_calls" | "function_call" => "toolCalls",
        "content_filter" => "contentFilter",
        other => other,
    }
}

/// Adds a piece of Anthropic's reasoning: pieces of one block come one by one, its signature last.
fn add_block(blocks: &mut Vec<Value>, piece: Value) {
    let is_thinking = |block: &Value| block["type"] == "thinking";
    let signed = |block: &Value| block["signature"].as_str().is_some_and(|signature| !signature.is_empty());
    match blocks.last_mut().filter(|last| is_thinking(last) && !signed(last)) {
        Some(Value::Object(last)) if is_thinking(&piece) => {
            let so_far = last.get("thinking").and_then(Value::as_str).unwrap_or_default();
            let more = piece["thinking"].as_str().unwrap_or_default();
            last.insert("thinking".into(), format!("{so_far}{more}").into());
            if signed(&piece) {
                last.insert("signature".into(), piece["signature"].clone());
            }
        }
        _ => blocks.push(piece),
    }
}
