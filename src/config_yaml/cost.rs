//! What LiteLLM's price list says of models, found by the names that configurations use.

use std::{borrow::Cow, collections::HashMap, sync::OnceLock};

use super::tables::tables;
use crate::{
    figures::price,
    litellm::{
        cost_map::CostMap,
        model_rows::{Cost, Flag, Info, Loose},
    },
};

/// The figures of a model that are shown or compared.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) id: &'static str,
    pub(crate) provider: &'static str,
    pub(crate) mode: &'static str,
    pub(crate) input: Option<f64>,
    pub(crate) output: Option<f64>,
    pub(crate) input_cost: Option<f64>,
    pub(crate) output_cost: Option<f64>,
    pub(crate) cache_read: Option<f64>,
    pub(crate) supports_vision: bool,
    pub(crate) supports_function_calling: bool,
    pub(crate) supports_reasoning: bool,
    pub(crate) supports_prompt_caching: bool,
    pub(crate) deprecation_date: Option<&'static str>,
}

/// Every model of the list that comes with the binary, retired ones left out.
pub(crate) struct Costs {
    /// In the order of their ids, as the list is.
    models: Vec<Model>,
    of_provider: HashMap<&'static str, Vec<u32>>,
}

/// The list, read at first use.
pub(crate) fn costs() -> &'static Costs {
    static COSTS: OnceLock<Costs> = OnceLock::new();
    COSTS.get_or_init(|| {
        let rows = CostMap::embedded_models().filter(|(id, _)| tables().retired(id).is_none());
        let models: Vec<Model> = rows.map(|(id, info)| Model::new(id, &info)).collect();
        let mut of_provider: HashMap<&str, Vec<u32>> = HashMap::new();
        for (place, model) in (0..).zip(&models) {
            of_provider.entry(model.provider).or_default().push(place);
        }
        Costs { models, of_provider }
    })
}

impl Model {
    fn new(id: &'static str, info: &Info<'static>) -> Self {
        // No text of the list needs to be unescaped.
        let text = |value: Loose<'static>| match value.text()? {
            Cow::Borrowed(text) => Some(text),
            Cow::Owned(_) => None,
        };
        let cost = |cost: Cost| info.costs[cost as usize].number();
        let can = |flag: Flag| info.flag(flag) == Some(true);
        Self {
            id,
            provider: text(info.providers).unwrap_or_default(),
            mode: text(info.mode).unwrap_or_default(),
            input: info.max_input_tokens.number(),
            output: info.max_output_tokens.number(),
            input_cost: cost(Cost::Input),
            output_cost: cost(Cost::Output),
            cache_read: cost(Cost::CacheRead),
            supports_vision: can(Flag::Vision),
            supports_function_calling: can(Flag::FunctionCalling),
            supports_reasoning: can(Flag::Reasoning),
            supports_prompt_caching: can(Flag::PromptCaching),
            deprecation_date: text(info.deprecation_date),
        }
    }
}

/// A model without the prefix that leads to its provider, where it has that.
pub(crate) fn without_provider<'m>(model: &'m str, provider: &str) -> &'m str {
    model.strip_prefix(provider).and_then(|rest| rest.strip_prefix('/')).unwrap_or(model)
}

impl Costs {
    pub(crate) fn get(&self, id: &str) -> Option<&Model> {
        let place = self.models.binary_search_by(|model| model.id.cmp(id)).ok()?;
        Some(&self.models[place])
    }

    /// The model that a deployment's `model` means with a provider: under its whole name or behind the prefix.
    pub(crate) fn find(&self, model: &str, provider: &str) -> Option<&Model> {
        let bare = without_provider(model, provider);
        let of_provider = |found: &&Model| is_of(found.provider, provider);
        self.get(model)
            .or_else(|| self.get(bare).filter(of_provider))
            .or_else(|| self.get(&format!("{provider}/{bare}")))
    }

    /// The models of a provider, as the list names providers.
    pub(crate) fn of(&self, provider: &str) -> impl Iterator<Item = &Model> {
        let exact = self.of_provider.iter().filter(move |(name, _)| is_of(name, provider));
        exact.flat_map(|(_, places)| places).map(|place| &self.models[*place as usize])
    }
}

/// Whether a provider of the list is one of a configuration: `vertex_ai-anthropic_models` is `vertex_ai`.
pub(crate) fn is_of(listed: &str, provider: &str) -> bool {
    let base = listed.split_once('-').map_or(listed, |(base, _)| base);
    listed == provider
        || base == provider
        || tables().word("bare", listed) == Some(provider)
        || listed == "cohere_chat" && provider == "cohere"
}

/// The price of a token as people say it: USD for a million.
pub(crate) fn per_million(cost: f64) -> String {
    price(cost * 1e6)
}
