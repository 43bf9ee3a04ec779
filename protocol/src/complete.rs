//! `provider/complete`: a question to a model, and its answer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    one_of::{unless_data_or_url, unless_one_of},
    whole::{self, LARGEST_WHOLE},
};

/// A question to a model. Exactly one of `messages`, `prompt` and `fim` must be given.
///
/// Nothing is sent to the proxy that the caller or a documented rule did not ask for: no stray temperature, no
/// `parallel_tool_calls`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("not" = unless_one_of(&["messages", "prompt", "fim"])))]
pub struct CompleteParams {
    /// Name of the profile. Default: the active one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The model, sent exactly as given, listed or not. Default: the configured one, else the proxy's default model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// System text, sent before the messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// A conversation, of one message at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub messages: Option<Vec<Message>>,
    /// A single user message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// A gap to fill in a text. Sent to `/v1/completions` with its `suffix`; to a model that fills gaps by marks in
    /// its prompt, and whose provider knows no `suffix`, with those marks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fim: Option<FillInTheMiddle>,
    /// Tools the model may call; their schemas are passed on untouched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Tool>,
    /// Whether the model must call a tool. Default: as the model thinks fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_choice: Option<ToolChoice>,
    /// Most output tokens. Default: the model's limit where the proxy states it, else none is sent.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "whole::some_tokens")]
    #[schemars(range(min = 1, max = LARGEST_WHOLE))]
    pub max_tokens: Option<u64>,
    /// Sent where given, `0` too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Nucleus sampling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f64>,
    /// Texts that end the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<String>,
    /// For answers that can be repeated, where the model knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<i64>,
    /// OpenAI's `response_format`, passed on untouched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_format: Option<Value>,
    /// How hard to think, such as `low`, `medium`, `high`: one of the model's `reasoningEfforts`, where the proxy
    /// states these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_effort: Option<String>,
    /// Most tokens to think with; at least 1,024.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "whole::some_tokens")]
    #[schemars(range(min = 1024, max = LARGEST_WHOLE))]
    pub thinking_budget: Option<u64>,
    /// Whether to set cache marks. Default `auto`.
    #[serde(default, skip_serializing_if = "PromptCache::is_auto")]
    pub prompt_cache: PromptCache,
    /// Tags for the proxy's spend log. LiteLLM only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Groups the calls of one conversation in the proxy's logs. LiteLLM only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// The end user, for the proxy's spend log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// W3C trace context of the caller, sent as the header `traceparent`; the proxy logs its trace id with the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// Names this call, so that it is made once: a text of 1 to 200 bytes, new for each call, such as a UUID. A call under
    /// a key that is taken is refused with `alreadyCalled`, which says what became of the earlier one; PROTOCOL.md says
    /// what is guaranteed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 200))]
    pub idempotency_key: Option<String>,
    /// More body fields, passed on untouched; they win over those of this request.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub extra_body: serde_json::Map<String, Value>,
    /// Streams the answer as `$/progress` with this token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial_result_token: Option<ProgressToken>,
    /// Reports begin and end as `$/progress` with this token, in the shape of LSP's `WorkDoneProgressBegin` and
    /// `WorkDoneProgressEnd`, for an editor's own progress display.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_done_token: Option<ProgressToken>,
}

/// A token of `$/progress`, chosen by the client.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ProgressToken {
    /// A number.
    Number(i64),
    /// A text.
    String(String),
}

/// A gap to fill.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FillInTheMiddle {
    /// The text before the gap.
    pub prefix: String,
    /// The text after the gap.
    #[serde(default)]
    pub suffix: String,
}

/// One message of a conversation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said. Absent in an assistant message that only calls tools.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// The calls of an assistant message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCall>,
    /// Which call a `tool` message answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_call_id: Option<String>,
    /// The reasoning of an assistant message, as it came in the result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<String>,
    /// The reasoning blocks of an assistant message with their signatures, unchanged as they came in the result.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasoning_blocks: Vec<Value>,
    /// What the provider wants back with an assistant message, unchanged as it came in the result. It also says which
    /// model made the message: only that one gets its reasoning, blocks and provider fields back. Without it they go to
    /// whichever model is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_fields: Option<Value>,
}

impl Message {
    /// A message that says this, and nothing more.
    pub fn of(role: Role, content: Content) -> Self {
        Self {
            role,
            content: Some(content),
            tool_calls: Vec::new(),
            tool_call_id: None,
            reasoning: None,
            reasoning_blocks: Vec::new(),
            provider_fields: None,
        }
    }
}

/// Who speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Instructions.
    System,
    /// The user.
    #[default]
    User,
    /// The model.
    Assistant,
    /// The result of a tool call.
    Tool,
}

/// What is said: a text, or parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Content {
    /// A text.
    Text(String),
    /// Texts, images, documents and sounds.
    Parts(Vec<Part>),
}

/// A part of a message. A binary part has either `data` (base64) with `mimeType`, or `url`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Part {
    /// A text.
    Text {
        /// The text.
        text: String,
    },
    /// An image.
    #[schemars(extend("not" = unless_data_or_url()))]
    Image {
        /// Base64.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        data: Option<String>,
        /// Such as `image/png`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mime_type: Option<String>,
        /// Where it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    },
    /// A document.
    #[schemars(extend("not" = unless_data_or_url()))]
    Document {
        /// Base64.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        data: Option<String>,
        /// Such as `application/pdf`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mime_type: Option<String>,
        /// Where it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
        /// Its file name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// A sound.
    Audio {
        /// Base64.
        data: String,
        /// Such as `wav` or `mp3`.
        format: String,
    },
}

/// A call of a tool.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ToolCall {
    /// The call's id, to be used as `toolCallId` in the answer.
    pub id: String,
    /// The tool.
    pub name: String,
    /// Its arguments: JSON in a text, exactly as the model wrote it.
    pub arguments: String,
    /// What the provider wants back with the call, such as a thought signature; to be sent back unchanged with it.
    /// Absent where there is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_fields: Option<Value>,
}

/// A tool the model may call.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// What it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// JSON schema of its arguments, passed on untouched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Value>,
    /// OpenAI's `strict`. Sent only where given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict: Option<bool>,
}

/// Whether the model must call a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ToolChoice {
    /// As a rule.
    Mode(ToolChoiceMode),
    /// This one.
    Named {
        /// The tool.
        name: String,
    },
}

/// Whether the model must call a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ToolChoiceMode {
    /// As it thinks fit.
    Auto,
    /// It must not.
    None,
    /// It must.
    Required,
}

/// Whether to set cache marks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum PromptCache {
    /// Where the proxy says that the model knows them: on the system text, the last two user messages and the last
    /// tool.
    #[default]
    Auto,
    /// Never.
    Off,
}

impl PromptCache {
    fn is_auto(&self) -> bool {
        *self == Self::Auto
    }
}

/// The whole answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompleteResult {
    /// The provider's id of the answer. Absent where it sent none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The id of the call, as in the proxy's log.
    pub call_id: String,
    /// The model that was asked for.
    pub model: String,
    /// The model or model group that answered, such as a fallback. Absent where the proxy does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub served_by: Option<String>,
    /// What the model said.
    pub message: AssistantMessage,
    /// Why it stopped: `stop`, `length`, `toolCalls`, `contentFilter`, or the provider's own word. Absent in the
    /// `partial` of an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<String>,
    /// What it took. Absent where the proxy does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// About what it took, where `usage` is absent, as in the `partial` of a cancelled call: tokens are bytes / 4, and the
    /// cost is theirs at the listed prices. Absent where nothing was sent. Not counted in what `provider/usage` tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_usage: Option<Usage>,
    /// How long it took.
    pub timing: Timing,
    /// What was not as the caller may think, such as a parameter that was left out because the model does not take
    /// it. Empty where all is well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// What the model said.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssistantMessage {
    /// The text; may be empty.
    pub text: String,
    /// The reasoning. Absent where none was shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<String>,
    /// Reasoning blocks with their signatures, sealed ones too, each as its provider writes it; to be sent back
    /// unchanged with the message. Empty where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasoning_blocks: Vec<Value>,
    /// Calls of tools. Empty where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCall>,
    /// The model's refusal. Absent where it did not refuse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// Images that the model made, as parts that can be sent back. Empty where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Part>,
    /// What the model spoke. Absent where it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<SpokenAnswer>,
    /// Citations as the provider wrote them (OpenAI's `annotations`). Empty where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<Value>,
    /// What only this provider has, such as signatures and its own citations, and which model made the message; to be
    /// sent back unchanged with it. Members that begin with `$` are this server's. Absent where any model may read all
    /// of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_fields: Option<Value>,
}

/// What a model spoke. Its format is the one that the request asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SpokenAnswer {
    /// The provider's id of it. Absent where it sent none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Base64; a stream's pieces, joined.
    pub data: String,
    /// The words.
    pub transcript: String,
}

/// What an answer took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// Tokens of the prompt, cached ones included. Absent where the proxy does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_tokens: Option<u64>,
    /// Tokens of the answer, reasoning included. Absent where the proxy does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u64>,
    /// Prompt tokens read from the cache.
    pub cache_read_tokens: u64,
    /// Prompt tokens written to the cache.
    pub cache_write_tokens: u64,
    /// Tokens of reasoning, a part of `outputTokens`.
    pub reasoning_tokens: u64,
    /// USD. Absent where a price it needs is unknown or assumed.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "crate::money::rounded")]
    pub cost: Option<f64>,
    /// Who says what it cost. Absent with the cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_source: Option<CostSource>,
}

/// Who says what an answer cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "take it for `computed`"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum CostSource {
    /// The proxy, in its usage or a header.
    Proxy,
    /// This server, from the listed prices.
    Computed,
    /// A word of a newer version: take it for `computed`.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}

/// How long an answer took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Timing {
    /// From the request to the first piece of the answer. Absent where none came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_token_ms: Option<u64>,
    /// From the request to the end.
    pub total_ms: u64,
    /// How often the request was sent again.
    pub retries: u32,
}

/// A piece of an answer, sent ahead of it as the `value` of a `$/progress`. At most 16 KiB of text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "pass it over"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Delta {
    /// More text.
    Text {
        /// To be appended.
        text: String,
    },
    /// More reasoning.
    Reasoning {
        /// To be appended.
        text: String,
    },
    /// A tool call begins or goes on.
    ToolCall {
        /// Place of the call in the result's `toolCalls`.
        index: u32,
        /// The call's id; in its first delta.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// The tool; in its first delta.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// To be appended to the arguments.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        arguments: String,
        /// What the provider wants back with the call, as far as it came; it takes the place of an earlier one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider_fields: Option<Value>,
    },
    /// What else has to be sent back with the message, as in the result. At most once, behind all text and calls.
    SendBack {
        /// The result's `reasoningBlocks`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reasoning_blocks: Vec<Value>,
        /// The result's `providerFields`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider_fields: Option<Value>,
    },
    /// The request failed before its first byte and is sent again after a wait; at once, without the parameter, where
    /// the model does not take one.
    Retry {
        /// Which attempt comes next, from 2.
        #[schemars(range(min = 2))]
        attempt: u32,
        /// How long it waits.
        after_ms: u64,
        /// Why.
        kind: crate::ErrorKind,
        /// Why, in one sentence.
        message: String,
    },
    /// Something is not as the caller may think. Also in the result's `warnings`.
    Warning {
        /// One sentence.
        message: String,
    },
    /// What the answer took.
    Usage {
        /// The counts.
        usage: Usage,
    },
    /// Something of a newer version: pass it over.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}
