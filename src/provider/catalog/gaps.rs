//! Fills what the proxy does not say of a model from LiteLLM's public price list, and tells so in `assumed`.

use std::borrow::Cow;

use litellm_ls_protocol::{Filler, Model};

use super::prices::Prices;
use crate::litellm::{
    cost_map::CostMap,
    rows::{Info, Row},
};

/// The row with its gaps filled from the first list that knows its model. None where none does.
///
/// A deployment is looked up as LiteLLM does: by its `base_model`, by the id under which the proxy itself found it, by its
/// whole backend, and by the backend's name among its provider's models. A name of which no backend is told, as in
/// `/v1/models`, stands for one.
pub(super) fn filled<'a>(id: &str, row: &Row<'a>, lists: &[&'a CostMap]) -> Option<Row<'a>> {
    let backend = row.backend.text().unwrap_or(Cow::Borrowed(id));
    let ids = [row.info.base_model.text(), row.info.key.text(), Some(backend.clone())];
    let known = lists.iter().find_map(|list| {
        ids.iter().flatten().find_map(|id| list.get(id)).or_else(|| {
            let (provider, name) = backend.split_once('/')?;
            list.get(name).filter(|info| info.providers.text().is_some_and(|known| known == provider))
        })
    })?;
    Some(Row { info: complete(row, known), ..row.clone() })
}

fn complete<'a>(row: &Row<'a>, known: Info<'a>) -> Info<'a> {
    let mut info = row.info.clone();
    let says_price = Prices::of(&info) != Prices::default();
    for (slot, known) in [
        (&mut info.max_input_tokens, known.max_input_tokens),
        (&mut info.max_output_tokens, known.max_output_tokens),
        (&mut info.max_tokens, known.max_tokens),
    ] {
        if slot.limit().is_none() {
            *slot = known;
        }
    }
    for (slot, known) in [
        (&mut info.supports_vision, known.supports_vision),
        (&mut info.supports_prompt_caching, known.supports_prompt_caching),
        (&mut info.supports_computer_use, known.supports_computer_use),
        (&mut info.supports_function_calling, known.supports_function_calling),
        (&mut info.supports_reasoning, known.supports_reasoning),
        (&mut info.supports_audio_input, known.supports_audio_input),
        (&mut info.supports_pdf_input, known.supports_pdf_input),
        (&mut info.supports_response_schema, known.supports_response_schema),
    ] {
        if slot.flag().is_none() {
            *slot = known;
        }
    }
    for (slot, known) in [(&mut info.mode, known.mode), (&mut info.providers, known.providers)] {
        if !slot.is_stated() {
            *slot = known;
        }
    }
    // All prices of a deployment come from one source: an administrator's own input price goes with no public other one.
    if !says_price {
        (info.costs, info.tiers) = (known.costs, known.tiers);
        info.has_other_costs = known.has_other_costs;
    }
    // Who serves a model at an address of their own retires it when they like; Azure always has such an address.
    let own = row.api_base.word().is_some() && known.providers.text().is_none_or(|known| known != "azure");
    if !info.deprecation_date.is_stated() && !own {
        info.deprecation_date = known.deprecation_date;
    }
    info
}

/// Puts what the filled rows say, which is `known`, where the proxy's own say nothing.
pub(super) fn fill(model: &mut Model, known: Model) {
    let prices = [model.input_price, model.output_price, model.cache_writes_price, model.cache_reads_price];
    let says_price =
        prices.iter().any(Option::is_some) || !model.price_tiers.is_empty() || !model.mixed.is_empty();
    let assumed = &mut model.assumed;
    let mut assume = |field: &str| assumed.insert(field.to_owned(), Filler::CostMap);
    for (field, limit, known) in [
        ("maxTokens", &mut model.max_tokens, known.max_tokens),
        ("contextWindow", &mut model.context_window, known.context_window),
    ] {
        if fill_one(limit, known) {
            assume(field);
        }
    }
    for (field, flag, known) in [
        ("supportsImages", &mut model.supports_images, known.supports_images),
        ("supportsPromptCache", &mut model.supports_prompt_cache, known.supports_prompt_cache),
        ("supportsComputerUse", &mut model.supports_computer_use, known.supports_computer_use),
        ("supportsTools", &mut model.supports_tools, known.supports_tools),
        ("supportsReasoning", &mut model.supports_reasoning, known.supports_reasoning),
        ("supportsAudio", &mut model.supports_audio, known.supports_audio),
        ("supportsPdf", &mut model.supports_pdf, known.supports_pdf),
        ("supportsResponseSchema", &mut model.supports_response_schema, known.supports_response_schema),
    ] {
        if fill_one(flag, known) {
            assume(field);
        }
    }
    for (field, word, known) in [
        ("provider", &mut model.provider, known.provider),
        ("mode", &mut model.mode, known.mode),
        ("retiresOn", &mut model.retires_on, known.retires_on),
    ] {
        if fill_one(word, known) {
            assume(field);
        }
    }
    if says_price {
        return;
    }
    for (field, price, known) in [
        ("inputPrice", &mut model.input_price, known.input_price),
        ("outputPrice", &mut model.output_price, known.output_price),
        ("cacheWritesPrice", &mut model.cache_writes_price, known.cache_writes_price),
        ("cacheReadsPrice", &mut model.cache_reads_price, known.cache_reads_price),
    ] {
        if fill_one(price, known) {
            assume(field);
        }
    }
    if !known.price_tiers.is_empty() {
        model.price_tiers = known.price_tiers;
        assume("priceTiers");
    }
}

/// Whether there was a gap and something to fill it.
fn fill_one<T>(slot: &mut Option<T>, known: Option<T>) -> bool {
    let fills = slot.is_none() && known.is_some();
    if fills {
        *slot = known;
    }
    fills
}
