//! What an answer took: its tokens, and their cost in USD.

use litellm_ls_protocol::{Compatibility, CostSource, Model, Usage};

use crate::litellm::{self, model_rows::Apart, usage::is_cost};

/// Counts the tokens of an answer (D31) and says what they cost (D32).
///
/// A cost that the proxy states wins: in `usage`, else `header_cost`, the USD of `x-litellm-response-cost`. Else it is
/// computed from the prices of `model`; an assumed price is an unknown one, and a cost that needs it is absent.
/// So is one of an answer that holds what has a price `apart`, or sounds, images and searches, which no price here is for.
/// `roo` never asks the proxy, takes an absent price for 0 and knows no tiers (R31, R32).
///
/// `None` where the answer had no usage.
pub fn usage(
    usage: Option<&litellm::usage::Usage>,
    header_cost: Option<f64>,
    model: Option<&Model>,
    apart: Apart,
    compatibility: Compatibility,
) -> Option<Usage> {
    let counted = usage?;
    let (counts, stated, prices) = match compatibility {
        Compatibility::Roo => (counts_of_roo(counted), None, Prices::for_roo(model)),
        Compatibility::Default | Compatibility::Strict | Compatibility::Unknown => {
            let counts = counts(counted);
            let header_cost = header_cost.filter(|cost| is_cost(*cost));
            let prices = match has_others(counted, apart) {
                true => Prices::default(),
                false => Prices::known(model, counts.input_tokens),
            };
            (counts, counted.cost.or(header_cost), prices)
        }
    };
    let (cost, source) = match stated {
        Some(_) => (stated, CostSource::Proxy),
        None => (prices.cost(&counts), CostSource::Computed),
    };
    Some(Usage { cost, cost_source: cost.map(|_| source), ..counts })
}

/// What a question and an answer of so many tokens cost in USD. `None` where a price is not known.
pub fn estimated(model: &Model, input_tokens: u64, output_tokens: u64) -> Option<f64> {
    let counts =
        Usage { input_tokens: Some(input_tokens), output_tokens: Some(output_tokens), ..Usage::default() };
    Prices::known(Some(model), Some(input_tokens)).cost(&counts)
}

/// Whether an answer took what none of a model's prices is for.
fn has_others(counted: &litellm::usage::Usage, apart: Apart) -> bool {
    counted.audio_tokens > 0
        || counted.image_tokens > 0
        || counted.searches > 0
        || apart.reasoning && counted.reasoning_tokens > 0
        || apart.hours && counted.hour_write_tokens > 0
        || apart.tiers && counted.is_of_other_tier
}

fn counts(counted: &litellm::usage::Usage) -> Usage {
    Usage {
        input_tokens: counted.prompt_tokens,
        output_tokens: counted.output_tokens(),
        cache_read_tokens: cache_reads(counted),
        cache_write_tokens: first_non_zero([
            counted.cache_creation_input_tokens,
            counted.cache_write_tokens,
            counted.cache_creation_tokens,
        ]),
        reasoning_tokens: counted.reasoning_tokens,
        ..Usage::default()
    }
}

fn counts_of_roo(counted: &litellm::usage::Usage) -> Usage {
    Usage {
        input_tokens: Some(counted.prompt_tokens.unwrap_or_default()),
        output_tokens: Some(counted.completion_tokens.unwrap_or_default()),
        cache_read_tokens: cache_reads(counted),
        cache_write_tokens: first_non_zero([
            counted.cache_creation_input_tokens,
            counted.prompt_cache_miss_tokens,
        ]),
        reasoning_tokens: counted.reasoning_tokens,
        ..Usage::default()
    }
}

fn cache_reads(counted: &litellm::usage::Usage) -> u64 {
    first_non_zero([counted.cached_tokens, counted.cache_read_input_tokens, counted.prompt_cache_hit_tokens])
}

fn first_non_zero<const N: usize>(counts: [u64; N]) -> u64 {
    counts.into_iter().find(|count| *count != 0).unwrap_or_default()
}

/// USD per 1,000,000 tokens. Absent: not known.
#[derive(Debug, Clone, Copy, Default)]
struct Prices {
    input: Option<f64>,
    output: Option<f64>,
    cache_writes: Option<f64>,
    cache_reads: Option<f64>,
}

impl Prices {
    /// What is really known, for a request of `input_tokens`: the highest tier below them replaces the prices it has.
    fn known(model: Option<&Model>, input_tokens: Option<u64>) -> Self {
        let Some(model) = model else { return Self::default() };
        let is_known = |field: &str| model.states(field);
        let base = Self {
            input: model.input_price.filter(|_| is_known("inputPrice")),
            output: model.output_price.filter(|_| is_known("outputPrice")),
            cache_writes: model.cache_writes_price.filter(|_| is_known("cacheWritesPrice")),
            cache_reads: model.cache_reads_price.filter(|_| is_known("cacheReadsPrice")),
        };
        let tiers =
            model.price_tiers.iter().filter(|tier| input_tokens.is_some_and(|input| input > tier.above));
        match tiers.max_by_key(|tier| tier.above) {
            None => base,
            Some(tier) => Self {
                input: tier.input_price.or(base.input),
                output: tier.output_price.or(base.output),
                cache_writes: tier.cache_writes_price.or(base.cache_writes),
                cache_reads: tier.cache_reads_price.or(base.cache_reads),
            },
        }
    }

    /// What the record says, with 0 for what it does not say.
    fn for_roo(model: Option<&Model>) -> Self {
        let price = |field: fn(&Model) -> Option<f64>| Some(model.and_then(field).unwrap_or_default());
        Self {
            input: price(|model| model.input_price),
            output: price(|model| model.output_price),
            cache_writes: price(|model| model.cache_writes_price),
            cache_reads: price(|model| model.cache_reads_price),
        }
    }

    /// USD. `None` where a count is not known, or the price of a count other than 0.
    fn cost(&self, counts: &Usage) -> Option<f64> {
        let cached = counts.cache_read_tokens.saturating_add(counts.cache_write_tokens);
        let lines = [
            (counts.input_tokens?.saturating_sub(cached), self.input),
            (counts.cache_read_tokens, self.cache_reads),
            (counts.cache_write_tokens, self.cache_writes),
            (counts.output_tokens?, self.output),
        ];
        let mut millionths = 0.0;
        for (tokens, price) in lines.into_iter().filter(|(tokens, _)| *tokens != 0) {
            millionths += tokens as f64 * price?;
        }
        Some(millionths / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use litellm_ls_protocol::{Filler, PriceTier};
    use serde_json::{Value, json};

    use super::*;

    fn cost_of(counted: Value, header: Option<f64>, model: &Model) -> (Option<f64>, Option<CostSource>) {
        let counted = litellm::usage::Usage::read(&counted);
        let usage =
            usage(counted.as_ref(), header, Some(model), Apart::default(), Compatibility::Default).unwrap();
        (usage.cost, usage.cost_source)
    }

    fn priced() -> Model {
        Model { input_price: Some(3.0), output_price: Some(15.0), ..Model::default() }
    }

    const COUNTS: fn() -> Value = || json!({"prompt_tokens": 1_000_000, "completion_tokens": 1_000_000});

    /// LiteLLM counts each by a price of its own (`cost_calculator`, 1.101.3): text's is no guess at it.
    #[test]
    fn what_has_another_price_makes_the_cost_unknown() {
        let none = Apart::default();
        let reasoning = Apart { reasoning: true, ..none };
        let hours = Apart { hours: true, ..none };
        let tiers = Apart { tiers: true, ..none };
        for (more, apart, is_known) in [
            (json!({}), Apart { reasoning: true, hours: true, tiers: true }, true),
            (json!({"prompt_tokens_details": {"audio_tokens": 1}}), none, false),
            (json!({"completion_tokens_details": {"audio_tokens": 1}}), none, false),
            (json!({"completion_tokens_details": {"image_tokens": 1}}), none, false),
            (json!({"prompt_tokens_details": {"image_tokens": 1}}), none, true),
            (json!({"server_tool_use": {"web_search_requests": 1}}), none, false),
            (json!({"prompt_tokens_details": {"web_search_requests": 1}}), none, false),
            (json!({"server_tool_use": {"web_search_requests": 0}}), none, true),
            (json!({"completion_tokens_details": {"reasoning_tokens": 1}}), none, true),
            (json!({"completion_tokens_details": {"reasoning_tokens": 1}}), reasoning, false),
            (json!({"completion_tokens_details": {"reasoning_tokens": 0}}), reasoning, true),
            (json!({"cache_creation": {"ephemeral_1h_input_tokens": 1}}), none, true),
            (json!({"cache_creation": {"ephemeral_1h_input_tokens": 1}}), hours, false),
            (
                json!({"prompt_tokens_details": {"cache_creation_token_details": {"ephemeral_1h_input_tokens": 1}}}),
                hours,
                false,
            ),
            (json!({"service_tier": "flex"}), none, true),
            (json!({"service_tier": "flex"}), tiers, false),
            (json!({"service_tier": "priority"}), tiers, false),
            (json!({"service_tier": "standard"}), tiers, true),
        ] {
            let mut counted = COUNTS();
            counted.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let counted = litellm::usage::Usage::read(&counted);
            let cost = |stated| {
                usage(counted.as_ref(), stated, Some(&priced()), apart, Compatibility::Default).unwrap().cost
            };
            assert_eq!(cost(None), is_known.then_some(18.0), "{more} {apart:?}");
            assert_eq!(cost(Some(0.5)), Some(0.5), "{more}: the proxy knows");
        }
    }

    #[test]
    fn an_assumed_price_is_unknown_and_an_override_is_not() {
        let mut model = priced();
        model.assumed.insert("inputPrice".into(), Filler::Override);
        assert_eq!(cost_of(COUNTS(), None, &model), (Some(18.0), Some(CostSource::Computed)));
        model.assumed.insert("outputPrice".into(), Filler::Default);
        assert_eq!(cost_of(COUNTS(), None, &model), (None, None));
        // Nothing of the assumed price is needed where nothing was answered.
        let silent = json!({"prompt_tokens": 1_000_000, "completion_tokens": 0});
        assert_eq!(cost_of(silent, None, &model), (Some(3.0), Some(CostSource::Computed)));
    }

    #[test]
    fn the_usage_wins_over_the_header_and_the_header_over_the_prices() {
        let mut counted = COUNTS();
        assert_eq!(cost_of(counted.clone(), Some(2.0), &priced()), (Some(2.0), Some(CostSource::Proxy)));
        assert_eq!(cost_of(counted.clone(), Some(f64::NAN), &priced()).1, Some(CostSource::Computed));
        assert_eq!(cost_of(counted.clone(), Some(-1.0), &priced()).1, Some(CostSource::Computed));
        counted["cost"] = json!({"total_cost": 1.0});
        assert_eq!(cost_of(counted, Some(2.0), &priced()), (Some(1.0), Some(CostSource::Proxy)));
    }

    #[test]
    fn the_highest_tier_below_the_input_holds_whatever_the_order() {
        let tier =
            |above, input_price| PriceTier { above, input_price: Some(input_price), ..PriceTier::default() };
        let model = Model { price_tiers: vec![tier(512_000, 9.0), tier(200_000, 6.0)], ..priced() };
        let cost = |prompt: u64| {
            cost_of(json!({"prompt_tokens": prompt, "completion_tokens": 0}), None, &model).0.unwrap() * 1e6
                / prompt as f64
        };
        assert_eq!(cost(200_000), 3.0);
        assert_eq!(cost(500_000), 6.0);
        assert_eq!(cost(1_000_000), 9.0);
    }

    #[test]
    fn without_a_usage_there_is_nothing_to_say() {
        assert_eq!(usage(None, Some(1.0), Some(&priced()), Apart::default(), Compatibility::Default), None);
    }

    #[test]
    fn an_unlisted_model_has_counts_but_no_cost() {
        let counted = litellm::usage::Usage::read(&COUNTS());
        let usage = usage(counted.as_ref(), None, None, Apart::default(), Compatibility::Default).unwrap();
        assert_eq!((usage.input_tokens, usage.cost, usage.cost_source), (Some(1_000_000), None, None));
    }
}
