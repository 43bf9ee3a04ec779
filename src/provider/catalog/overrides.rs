//! What the user knows better than the proxy: `modelOverrides` of the settings.

use std::collections::BTreeMap;

use litellm_ls_protocol::{Filler, Model, ModelOverride};

use super::prices::{price, tier_price};
use crate::litellm::rows::Cost;

/// The override of a model: that of its exact id, else the longest of those ending in `*` whose rest begins the id.
pub fn find<'a>(overrides: &'a BTreeMap<String, ModelOverride>, id: &str) -> Option<&'a ModelOverride> {
    overrides.get(id).or_else(|| {
        overrides
            .iter()
            .filter_map(|(matcher, found)| Some((matcher.strip_suffix('*')?, found)))
            .filter(|(prefix, _)| id.starts_with(prefix))
            .max_by_key(|(prefix, _)| prefix.len())
            .map(|(_, found)| found)
    })
}

/// Puts the user's word in place of the proxy's, and lists it in `assumed`.
pub(super) fn apply(overrides: &BTreeMap<String, ModelOverride>, model: &mut Model) {
    let Some(user) = find(overrides, &model.id) else { return };
    let limit = |limit: Option<u64>| limit.and_then(|limit| i64::try_from(limit).ok());
    let mut fields: Vec<&str> = Vec::new();
    fields.extend(set(&mut model.max_tokens, limit(user.max_tokens), "maxTokens"));
    fields.extend(set(&mut model.context_window, limit(user.context_window), "contextWindow"));
    for (field, flag, word) in [
        ("supportsImages", &mut model.supports_images, user.supports_images),
        ("supportsPromptCache", &mut model.supports_prompt_cache, user.supports_prompt_cache),
        ("supportsComputerUse", &mut model.supports_computer_use, user.supports_computer_use),
        ("supportsTools", &mut model.supports_tools, user.supports_tools),
        ("supportsReasoning", &mut model.supports_reasoning, user.supports_reasoning),
    ] {
        fields.extend(set(flag, word, field));
    }
    let words = [user.input_price, user.output_price, user.cache_writes_price, user.cache_reads_price];
    for (cost, word) in Cost::ALL.into_iter().zip(words) {
        let (field, slot) = price(model, cost);
        if set(slot, word, field).is_some() {
            fields.push(field);
            model.mixed.retain(|mixed| mixed != field);
            // The user's price holds for prompts of every length.
            model.price_tiers.iter_mut().for_each(|tier| *tier_price(tier, cost) = None);
        }
    }
    model.price_tiers.retain_mut(|tier| Cost::ALL.into_iter().any(|cost| tier_price(tier, cost).is_some()));
    model.assumed.extend(fields.into_iter().map(|field| (field.to_owned(), Filler::Override)));
}

fn set<T>(slot: &mut Option<T>, word: Option<T>, field: &'static str) -> Option<&'static str> {
    word.map(|word| {
        *slot = Some(word);
        field
    })
}
