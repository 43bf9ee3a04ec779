//! Fills what the proxy does not say of a model from LiteLLM's public price list, and tells so in `assumed`.

use std::borrow::Cow;

use litellm_ls_protocol::{Filler, Model};

use super::{
    attributes::{ABILITIES, Attribute, LIMITS, WORDS},
    prices::{Prices, price},
};
use crate::litellm::{
    cost_map::CostMap,
    model_rows::{Cost, Info, Row},
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
    for (slot, known) in info.flags.iter_mut().zip(known.flags) {
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
        (info.has_other_costs, info.apart) = (known.has_other_costs, known.apart);
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
    for limit in &LIMITS {
        fill_one(&limit.attribute, model, &known);
    }
    for can in &ABILITIES {
        fill_one(&can.attribute, model, &known);
    }
    for word in &WORDS {
        fill_one(word, model, &known);
    }
    if says_price {
        return;
    }
    let mut known = known;
    for cost in Cost::ALL {
        let known = *price(&mut known, cost).1;
        let (field, slot) = price(model, cost);
        if slot.is_none() && known.is_some() {
            *slot = known;
            assume(model, field);
        }
    }
    if !known.price_tiers.is_empty() {
        model.price_tiers = known.price_tiers;
        assume(model, "priceTiers");
    }
}

/// Fills an attribute, where there is a gap and something to fill it.
fn fill_one<T>(attribute: &Attribute<T>, model: &mut Model, known: &Model) {
    if (attribute.of)(model).is_none()
        && let Some(known) = (attribute.of)(known)
    {
        *(attribute.slot)(model) = Some(known);
        assume(model, attribute.field);
    }
}

fn assume(model: &mut Model, field: &str) {
    model.assumed.insert(field.to_owned(), Filler::CostMap);
}
