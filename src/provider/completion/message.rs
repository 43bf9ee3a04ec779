//! The whole message, put together chunk by chunk.

#[cfg(test)]
mod wrong_types;

use litellm_ls_protocol::{AssistantMessage, Part, SpokenAnswer, ToolCall};
use serde_json::{Value, value::RawValue};

use super::{
    blocks::Blocks,
    carried::{self, Carried},
    deltas::Deltas,
    extras,
};
use crate::{
    litellm::{
        chunk::{Choice, Chunk, ChunkDelta, Text, ToolCallPiece},
        rest::Rest,
        usage::Usage,
    },
    provider::{
        carried::{MADE_BY, Maker},
        request::tool_ids,
    },
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
    blocks: Blocks,
    tool_calls: Vec<NumberedCall>,
    refusal: String,
    images: Vec<Part>,
    audio: Option<SpokenAnswer>,
    annotations: Vec<Value>,
    carried: Carried,
}

/// A tool call under the vendor's number.
#[derive(Debug)]
struct NumberedCall {
    number: Option<u32>,
    call: ToolCall,
    carried: Carried,
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
            self.carried.add_field("citations", chunk.citations);
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
        let reasoning = delta.reasoning_content.non_empty().or(delta.reasoning.non_empty());
        if let Some(text) = reasoning {
            self.reasoning.push_str(text);
            deltas.reasoning(text);
        }
        let refusal = delta.refusal.non_empty();
        self.refusal.push_str(refusal.unwrap_or_default());
        self.absorb_added(
            delta.thinking_blocks,
            delta.provider_specific_fields,
            delta.rest,
            reasoning,
            refusal,
        );
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
        extras::add_images(&mut self.images, &delta.images);
        extras::add_spoken(&mut self.audio, &delta.audio);
        if let Value::Array(annotations) = delta.annotations {
            self.annotations.extend(annotations);
        }
    }

    /// Takes in what the provider adds. LiteLLM repeats some of a message in its `provider_specific_fields`: that is
    /// read there only where it stands nowhere else.
    fn absorb_added(
        &mut self,
        blocks: Option<&RawValue>,
        fields: Option<&RawValue>,
        rest: Rest<'_>,
        reasoning: Option<&str>,
        refusal: Option<&str>,
    ) {
        // Where the answer tells its reasoning as text too, a chunk without any adds none.
        let told = (!self.reasoning.is_empty()).then_some(reasoning.unwrap_or_default());
        let (details, rest): (Rest<'_>, Rest<'_>) =
            rest.into_iter().partition(|(name, _)| name == "reasoning_details");
        let details = details.first().map(|(_, details)| *details);
        for blocks in [blocks, details].into_iter().flatten() {
            self.blocks.absorb(blocks, told);
        }
        self.carried.add_rest(rest, None);
        for (name, value) in carried::members(fields).into_iter().flatten() {
            match name.as_str() {
                "thinking_blocks" if blocks.is_some() => {}
                "reasoning_details" if details.is_some() => {}
                "thinking_blocks" | "reasoning_details" => self.blocks.add_all(value, told),
                "reasoning" | "reasoning_content" if reasoning.is_some() => {}
                // litellm 1.101.3 tells a refusal here.
                "refusal" if refusal.is_some() => {}
                "refusal" => self.refusal.push_str(value.as_str().unwrap_or_default()),
                // Anthropic's citations come one by one.
                "citation" => self.carried.add_field("citations", Value::Array(vec![value])),
                name => self.carried.add_field(name, value),
            }
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
            self.tool_calls.push(NumberedCall { number: piece.index, call, carried: Carried::default() });
            let place = self.tool_calls.len() - 1;
            deltas.tool_call(index(place), id, name);
            place
        });
        let NumberedCall { call, carried, .. } = &mut self.tool_calls[place];
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
        carried.add_fields(piece.provider_specific_fields);
        carried.add_rest(piece.rest, None);
        carried.add_rest(function.rest, Some("function"));
        let fields = (!carried.is_empty()).then(|| Value::from(carried.whole()));
        if let Some(fields) = fields.filter(|fields| call.provider_fields.as_ref() != Some(fields)) {
            call.provider_fields = Some(fields.clone());
            deltas.call_fields(index(place), fields);
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

    /// Whether nobody would see that the model answered.
    pub(super) fn is_silent(&self) -> bool {
        let texts = [&self.text, &self.reasoning, &self.refusal];
        texts.iter().all(|text| text.is_empty())
            && self.tool_calls.is_empty()
            && self.images.is_empty()
            && self.audio.is_none()
    }

    /// The message as it stands; `made_by` says which model made it.
    pub(super) fn whole(&self, made_by: &Maker) -> AssistantMessage {
        let given = |text: &String| (!text.is_empty()).then(|| text.clone());
        AssistantMessage {
            text: self.text.clone(),
            reasoning: given(&self.reasoning),
            reasoning_blocks: self.blocks.whole(),
            tool_calls: self.tool_calls.iter().map(|numbered| numbered.call.clone()).collect(),
            refusal: given(&self.refusal),
            images: self.images.clone(),
            audio: self.audio.clone(),
            annotations: self.annotations.clone(),
            provider_fields: self.provider_fields(made_by),
        }
    }

    /// None where nothing is to be sent back but words and calls, which any model may read.
    fn provider_fields(&self, made_by: &Maker) -> Option<Value> {
        let plain =
            |numbered: &NumberedCall| numbered.carried.is_empty() && !tool_ids::is_signed(&numbered.call.id);
        if self.carried.is_empty() && self.blocks.is_empty() && self.tool_calls.iter().all(plain) {
            return None;
        }
        let mut fields = self.carried.whole();
        fields.insert(MADE_BY.into(), made_by.written());
        Some(fields.into())
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
