//! `provider/listModels`: the models of a proxy, as a picker needs them.

use std::{collections::BTreeMap, num::NonZeroU32, sync::Arc};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ListedModel, ModelSummary};

/// Which models to list. Filters narrow the list; several must all hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListModelsParams {
    /// Name of the profile. Default: the active one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Whether to ask the proxy even where a list is at hand. Default false. When asking fails and an older list is
    /// at hand, that list is served with `stale: true` and the failure as a warning.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refresh: bool,
    /// Only models whose id or backend contains this text, whatever the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Only models of this provider, such as `anthropic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Only models with all of these abilities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supports: Vec<Ability>,
    /// Whether to list hidden models too, each with its reason. Default false.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub include_hidden: bool,
    /// In which order. Default `proxy`.
    #[serde(default, skip_serializing_if = "ListOrder::is_default")]
    pub order: ListOrder,
    /// Most models of one result; `nextCursor` of the result leads on. Default: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<NonZeroU32>,
    /// Where to go on: `nextCursor` of an earlier result, for the same list asked in the same way. It is refused where the
    /// list was fetched anew meanwhile: begin again without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Which members of each model to send beside `id` and `summary`; a name that is not known is passed over. Default, and
    /// where empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// `fetchedAt` of an earlier result. Where no model has changed since, the result says `unchanged` and has no models.
    /// The marks of the user (`favourite`, `lastUsed`) do not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_changed_since: Option<String>,
}

/// The order of a list of models.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ListOrder {
    /// That of the proxy's answer.
    #[default]
    Proxy,
    /// That of a picker: favourites, then those used recently, then by vendor, the newest first; at the end dated
    /// versions of models that are listed without a date, and behind them retired ones.
    Picker,
}

impl ListOrder {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Something a model can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Ability {
    /// Takes images.
    Images,
    /// Knows cache marks.
    PromptCache,
    /// Does well at computer use.
    ComputerUse,
    /// Calls tools.
    Tools,
    /// Reasons.
    Reasoning,
    /// Takes audio.
    Audio,
    /// Takes PDF documents.
    Pdf,
    /// Answers to a JSON schema.
    ResponseSchema,
}

/// The models of a proxy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListModelsResult {
    /// The models, in the order that was asked for.
    pub models: Vec<Arc<ListedModel>>,
    /// The model for requests that name none: the configured one, else the documented default where the proxy lists
    /// it, else the first suitable one. Absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_model: Option<String>,
    /// Which answer of the proxy the list came from.
    pub source: Source,
    /// When it was fetched, in RFC 3339.
    pub fetched_at: String,
    /// True where the proxy could not be asked just now and this is an older list.
    pub stale: bool,
    /// How many models are hidden (wildcards, blocked ones, models that don't chat, models the key can't call).
    pub hidden_count: u64,
    /// What the user should know: a failed refresh, entries that could not be read, an empty list. Mostly empty.
    pub warnings: Vec<String>,
    /// True where `ifChangedSince` was asked, and no model has changed: the list that the client has still holds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unchanged: bool,
    /// To be sent as `cursor` for the models that follow. Absent behind the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// Which answer a list came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "take it for `models`"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// `/v1/model/info`: everything. LiteLLM only.
    ModelInfo,
    /// `/model_group/info`: limits and prices are the best of each name's deployments. LiteLLM only.
    ModelGroupInfo,
    /// `/v1/models`: names, and limits where the proxy says them.
    Models,
    /// The settings: `model` and the whole ids of `modelOverrides`, for a server that can't list its models.
    Declared,
    /// A word of a newer version: take it for `models`.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}

/// One model, as a picker shows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Model {
    /// What to send as `model`: the proxy's public name.
    pub id: String,
    /// How it is shown.
    pub summary: ModelSummary,
    /// True for a favourite, as `provider/markModel` made it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub favourite: bool,
    /// When it answered last, in RFC 3339, as far as that is among what was used recently.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used: Option<String>,
    /// The underlying `litellm_params.model` of each deployment, without repetition. Empty where not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub backends: Vec<String>,
    /// The provider behind it, such as `anthropic`. Absent where not known, or where the deployments differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// LiteLLM's mode, such as `chat` or `responses`. Absent where not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// Most output tokens; from 1 to `contextWindow`. In a `roo` list it is the proxy's number unchecked, below 1 or
    /// above `contextWindow` too, and absent where the proxy gives something else than a whole number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<i64>,
    /// Most context tokens; at least 1. In a `roo` list as `maxTokens`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_window: Option<i64>,
    /// Takes images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_images: Option<bool>,
    /// Knows cache marks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_prompt_cache: Option<bool>,
    /// Does well at computer use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_computer_use: Option<bool>,
    /// Calls tools. True unless denied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_tools: Option<bool>,
    /// Reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_reasoning: Option<bool>,
    /// Takes audio. Absent where not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_audio: Option<bool>,
    /// Takes PDF documents. Absent where not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_pdf: Option<bool>,
    /// Answers to a JSON schema. Absent where not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_response_schema: Option<bool>,
    /// Values of `reasoningEffort` that the proxy says the model knows. Empty where it does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasoning_efforts: Vec<String>,
    /// OpenAI parameters the model takes. Absent where the proxy does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supported_params: Option<Arc<[String]>>,
    /// USD per 1,000,000 input tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_price: Option<f64>,
    /// USD per 1,000,000 output tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_price: Option<f64>,
    /// USD per 1,000,000 tokens written to the prompt cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_writes_price: Option<f64>,
    /// USD per 1,000,000 tokens read from the prompt cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_reads_price: Option<f64>,
    /// Other prices for long prompts, by rising threshold. Empty where one price holds for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub price_tiers: Vec<PriceTier>,
    /// How many deployments stand behind the name. Absent where not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployments: Option<u32>,
    /// The day the provider retires the model, as `2026-12-31`; of several deployments the first. A day that is past
    /// hides nothing: the proxy may well serve the model all the same. Absent where not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retires_on: Option<String>,
    /// Free text of the proxy's administrator. Absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Why the model is not in the default list. Absent for a listed one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<HiddenReason>,
    /// Names of prices that differ between the deployments and are absent for that reason. Mostly empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mixed: Vec<String>,
    /// Which of these fields the proxy did not say, and what filled each. But for an override, an assumed value informs
    /// and never acts: no limit, cache mark or cost comes from it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub assumed: BTreeMap<String, Filler>,
}

impl Model {
    /// Whether a field, named as on the wire, is what the proxy or the user says, so that it may act on requests and
    /// costs. True for an absent field too.
    pub fn states(&self, field: &str) -> bool {
        matches!(self.assumed.get(field), None | Some(Filler::Override))
    }
}

/// Prices of a request whose input is longer than a threshold. A price that is absent is that of the model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PriceTier {
    /// The tier holds for a request with more input tokens than this.
    pub above: u64,
    /// USD per 1,000,000 input tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_price: Option<f64>,
    /// USD per 1,000,000 output tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_price: Option<f64>,
    /// USD per 1,000,000 tokens written to the prompt cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_writes_price: Option<f64>,
    /// USD per 1,000,000 tokens read from the prompt cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_reads_price: Option<f64>,
}

/// Why a model is not in the default list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "the model is hidden all the same"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum HiddenReason {
    /// The name holds `*`: it stands for many.
    Wildcard,
    /// The proxy blocks it.
    Blocked,
    /// It does something other than chat.
    Mode,
    /// The key can't call it: `/v1/models` does not name it.
    NotOffered,
    /// A word of a newer version: the model is hidden all the same.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}

/// What filled a field the proxy did not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "the value is a guess all the same"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum Filler {
    /// The documented default.
    Default,
    /// LiteLLM's public price list: the proxy's own copy where it shows one, else the one in this server.
    /// LiteLLM only.
    CostMap,
    /// `modelOverrides` of the settings.
    Override,
    /// A word of a newer version: the value is a guess all the same.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}
