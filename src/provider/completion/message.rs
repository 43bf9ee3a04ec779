//! The whole message, put together chunk by chunk.

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod other_choices;
#[cfg(test)]
mod other_streams;
#[cfg(test)]
mod wrong_types;

use std::mem;

use litellm_ls_protocol::{AssistantMessage, Part, SpokenAnswer, Tool, ToolCall};
use serde_json::{Value, value::RawValue};

use super::{
    UNREADABLE_PART,
    blocks::{Blocks, are_details},
    carried::{Carried, is_nothing},
    deltas::Deltas,
    extras,
    tool_calls::ToolCalls,
};
use crate::{
    litellm::{
        chunk::{Choice, Chunk, ChunkDelta, REASONING},
        rest::Rest,
        text::Text,
        usage::{Usage, is_other_tier},
    },
    provider::carried::{MADE_BY, Maker},
};

/// What a model has said so far.
#[derive(Debug, Default)]
pub(super) struct Message {
    pub(super) id: Option<String>,
    pub(super) model: Option<String>,
    pub(super) finish_reason: Option<String>,
    /// All that was counted.
    pub(super) usage: Option<Usage>,
    /// Whether a service tier answered that has prices of its own.
    is_of_other_tier: bool,
    text: String,
    reasoning: String,
    blocks: Blocks,
    tool_calls: ToolCalls,
    refusal: String,
    images: Vec<Part>,
    audio: Option<SpokenAnswer>,
    annotations: Vec<Value>,
    carried: Carried,
    /// Whether the caller asked for several answers, of which the first is the message.
    is_of_several: bool,
    /// Whether another one said something.
    has_others: bool,
    /// Whether something came in deltas, which a message behind them repeats.
    has_deltas: bool,
    /// Whether there was an image that could not be read.
    has_unread: bool,
}

impl Message {
    /// Nothing yet, from a model that may call these tools, and whether it gives several answers.
    pub(super) fn of(tools: &[Tool], is_of_several: bool) -> Self {
        Self { tool_calls: ToolCalls::of(tools), is_of_several, ..Self::default() }
    }

    /// What was counted. None where nothing was.
    pub(super) fn counted(&self) -> Option<Usage> {
        let usage = self.usage?;
        Some(Usage { is_of_other_tier: usage.is_of_other_tier || self.is_of_other_tier, ..usage })
    }

    /// Takes in a chunk, and puts what is new into `deltas`.
    pub(super) fn absorb(&mut self, chunk: Chunk<'_>, deltas: &mut Deltas) {
        keep_first(&mut self.id, &chunk.id);
        keep_first(&mut self.model, &chunk.model);
        // `/v1/completions` streams zeros with every chunk (litellm 1.101.3): they count nothing.
        if let Some(usage) =
            chunk.usage.filter(|usage| usage.prompt_tokens != Some(0) || usage.completion_tokens != Some(0))
        {
            self.usage = Some(self.usage.map_or(usage, |before| usage.with(before)));
        }
        self.is_of_other_tier |= chunk.service_tier.non_empty().is_some_and(is_other_tier);
        if let Some(citations) = chunk.citations.filter(|citations| !is_nothing(citations)) {
            self.carried.add_field("citations", *citations);
        }
        for choice in chunk.choices.into_iter().flatten() {
            if !choice.is_first() {
                self.absorb_other(choice, deltas);
                continue;
            }
            if let Some(text) = choice.text.non_empty() {
                self.add_text(text, deltas);
            }
            if let Some(delta) = choice.delta {
                self.absorb_delta(*delta, deltas);
                self.has_deltas |= choice.message.is_none() && !self.is_silent();
            }
            if let Some(mut message) = choice.message {
                if self.has_deltas {
                    self.leave_out_known(&mut message);
                }
                self.absorb_delta(*message, deltas);
            }
            if let Some(reason) = choice.finish_reason.non_empty() {
                self.end(finish_reason(reason));
            }
        }
    }

    /// Takes in a choice that is not the first: another answer, or more reasoning of the same one. The bridge to
    /// `/v1/responses` puts each part of a summary into a choice of its own (litellm 1.101.3).
    fn absorb_other(&mut self, choice: Choice<'_>, deltas: &mut Deltas) {
        let delta = choice.delta.or(choice.message).unwrap_or_default();
        let texts = [&choice.text, &delta.content, &delta.refusal];
        self.has_others |= texts.iter().any(|text| text.non_empty().is_some())
            || delta.tool_calls.as_ref().is_some_and(|calls| !calls.is_empty());
        if self.is_of_several {
            return;
        }
        if let Some(text) = delta.thought() {
            self.reasoning.push_str(text);
            deltas.reasoning(text);
        }
    }

    /// Leaves out of a message what had come in deltas.
    fn leave_out_known(&self, message: &mut ChunkDelta<'_>) {
        message.content.leave_out(&self.text);
        message.leave_out_thought(&self.reasoning);
        message.refusal.leave_out(&self.refusal);
        if !self.tool_calls.is_empty() {
            (message.tool_calls, message.function_call) = (None, None);
        }
        if !self.images.is_empty() {
            message.images = None;
        }
        if self.audio.is_some() {
            message.audio = None;
        }
        if !self.annotations.is_empty() {
            message.annotations = None;
        }
        if !self.blocks.is_empty() {
            message.thinking_blocks = None;
            message.rest.retain(|(name, _)| name != "reasoning_details");
        }
    }

    /// Takes in why the answer stopped. Some gateways close every answer with one more reason: what was cut off stays so.
    fn end(&mut self, reason: &str) {
        if self.finish_reason.as_deref().is_none_or(|known| weight(known) <= weight(reason)) {
            self.finish_reason = Some(reason.to_owned());
        }
    }

    fn absorb_delta(&mut self, mut delta: ChunkDelta<'_>, deltas: &mut Deltas) {
        let rest = mem::take(&mut delta.rest);
        let reasoning = delta.thought();
        if let Some(text) = reasoning {
            self.reasoning.push_str(text);
            deltas.reasoning(text);
        }
        let refusal = delta.refusal.non_empty();
        self.refusal.push_str(refusal.unwrap_or_default());
        self.absorb_added(delta.thinking_blocks, delta.provider_specific_fields, rest, reasoning, refusal);
        if let Some(text) = delta.content.non_empty() {
            self.add_text(text, deltas);
        }
        self.tool_calls.absorb(delta.tool_calls.unwrap_or_default(), deltas);
        if let Some(function) = delta.function_call {
            self.tool_calls.absorb_function(function, deltas);
        }
        if let Some(images) = delta.images {
            self.has_unread |= !extras::add_images(&mut self.images, &images);
        }
        if let Some(piece) = delta.audio {
            extras::add_spoken(&mut self.audio, &piece);
        }
        if let Some(Value::Array(annotations)) = delta.annotations.map(|annotations| *annotations) {
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
            rest.into_iter().partition(|(name, value)| name == "reasoning_details" && are_details(value));
        let details = details.first().map(|(_, details)| *details);
        for blocks in [blocks, details].into_iter().flatten() {
            self.blocks.absorb(blocks, told);
        }
        self.carried.add_rest(rest, None);
        for (name, value) in self.carried.members(fields) {
            match name.as_str() {
                "thinking_blocks" if blocks.is_some() => {}
                "reasoning_details" if details.is_some() => {}
                "thinking_blocks" | "reasoning_details" | "refusal" if is_nothing(&value) => {}
                "thinking_blocks" | "reasoning_details" if value.is_array() => {
                    self.blocks.add_all(value, told)
                }
                name if REASONING.contains(&name) && reasoning.is_some() => {}
                // litellm 1.101.3 tells a refusal here.
                "refusal" if refusal.is_some() => {}
                "refusal" if value.is_string() => self.refusal.push_str(value.as_str().unwrap_or_default()),
                // Anthropic's citations come one by one.
                "citation" if !is_nothing(&value) => {
                    self.carried.add_field("citations", Value::Array(vec![value]))
                }
                name => self.carried.add_field(name, value),
            }
        }
    }

    fn add_text(&mut self, text: &str, deltas: &mut Deltas) {
        self.text.push_str(text);
        deltas.text(text);
    }

    /// The answer has ended as it should: makes its calls whole. `unique` is no other answer's. Returns what is odd about
    /// it, in sentences.
    pub(super) fn finish(&mut self, unique: &str, deltas: &mut Deltas) -> Vec<&'static str> {
        let stops_by_itself = matches!(self.finish_reason.as_deref(), None | Some("stop" | "toolCalls"));
        self.tool_calls.finish(stops_by_itself, unique, deltas);
        let calls = !self.tool_calls.is_empty();
        if calls && stops_by_itself {
            self.finish_reason = Some("toolCalls".into());
        }
        let is_silent = self.is_silent();
        let says_that_it_calls = self.finish_reason.as_deref() == Some("toolCalls");
        [
            (is_silent, "the model said nothing, and called no tool"),
            (
                !is_silent && !calls && says_that_it_calls,
                "the model said that it calls a tool, and called none",
            ),
            (self.tool_calls.is_any_nameless(), "the model called a tool without naming it"),
            (self.has_unread, UNREADABLE_PART),
            (
                self.has_others,
                "the model gave several answers: the first is kept, and the others are left out though they are paid for",
            ),
        ]
        .into_iter()
        .filter_map(|(is_so, sentence)| is_so.then_some(sentence))
        .collect()
    }

    /// The calls of tools as they stand.
    pub(super) fn calls(&self) -> Vec<ToolCall> {
        self.tool_calls.whole()
    }

    /// Whether there are more of them than any answer should have.
    pub(super) fn are_calls_too_many(&self) -> bool {
        self.tool_calls.are_too_many()
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
            tool_calls: self.calls(),
            refusal: given(&self.refusal),
            images: self.images.clone(),
            audio: self.audio.clone(),
            annotations: self.annotations.clone(),
            provider_fields: self.provider_fields(made_by),
        }
    }

    /// None where nothing is to be sent back but words and calls, which any model may read.
    fn provider_fields(&self, made_by: &Maker) -> Option<Value> {
        if self.carried.is_empty() && self.blocks.is_empty() && self.tool_calls.are_plain() {
            return None;
        }
        let mut fields = self.carried.whole();
        fields.insert(MADE_BY.into(), made_by.written());
        Some(fields.into())
    }
}

fn keep_first(kept: &mut Option<String>, text: &Text<'_>) {
    if kept.is_none() {
        *kept = text.non_empty().map(str::to_owned);
    }
}

/// How much a reason tells of what may be missing.
fn weight(reason: &str) -> u8 {
    match reason {
        "stop" => 0,
        "toolCalls" => 1,
        "length" | "contentFilter" | "error" => 3,
        _ => 2,
    }
}

/// The words of OpenAI, and of vendors who mean the same, in our spelling; any other is the provider's own.
fn finish_reason(reason: &str) -> &str {
    match reason.to_ascii_lowercase().as_str() {
        "stop" | "eos" | "eos_token" | "end_turn" | "stop_sequence" => "stop",
        "length" | "max_tokens" | "model_length" => "length",
        "tool_calls" | "function_call" | "tool_use" => "toolCalls",
        "content_filter" | "content_filtered" | "safety" => "contentFilter",
        "error" => "error",
        _ => reason,
    }
}
