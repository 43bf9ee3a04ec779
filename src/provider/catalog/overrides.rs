//! What the user knows better than the proxy: `modelOverrides` of the settings.

use std::collections::BTreeMap;

use litellm_ls_protocol::{Filler, Model, ModelOverride};
use regex_lite::Regex;

use super::{
    attributes::{ABILITIES, LIMITS},
    prices::{price, tier_price, user_price},
};
use crate::litellm::model_rows::Cost;

/// The overrides of a user, ready to be looked up. One of them holds for a model.
#[derive(Debug, Default)]
pub struct Overrides<'a> {
    whole: BTreeMap<&'a str, &'a ModelOverride>,
    beginnings: Vec<(&'a str, &'a ModelOverride)>,
    patterns: Vec<(Regex, &'a ModelOverride)>,
}

/// The regular expression that a name in slashes stands for. None for any other name.
///
/// # Errors
/// Where it is none, with what is wrong.
pub fn pattern(name: &str) -> Option<Result<Regex, regex_lite::Error>> {
    let pattern = name.strip_prefix('/')?.strip_suffix('/')?;
    Some(Regex::new(pattern))
}

impl<'a> Overrides<'a> {
    /// No override.
    pub const NONE: Self = Self { whole: BTreeMap::new(), beginnings: Vec::new(), patterns: Vec::new() };

    /// Those of the settings, where a regular expression that is none was refused.
    pub fn of(settings: &'a BTreeMap<String, ModelOverride>) -> Self {
        let mut overrides = Self::NONE;
        for (name, user) in settings {
            match (pattern(name), name.strip_suffix('*')) {
                (Some(pattern), _) => overrides.patterns.extend(pattern.ok().map(|pattern| (pattern, user))),
                (None, Some(beginning)) => overrides.beginnings.push((beginning, user)),
                (None, None) => drop(overrides.whole.insert(name, user)),
            }
        }
        overrides
    }

    /// The override of a model: that of its whole id, else that of the longest beginning (`gpt-5*`), else that of the
    /// first pattern (`/^gpt-5/`) in alphabetical order, for the objects of some editors have no order of their own.
    pub fn find(&self, id: &str) -> Option<&'a ModelOverride> {
        let beginnings = self.beginnings.iter().filter(|(beginning, _)| id.starts_with(beginning));
        let longest = || beginnings.max_by_key(|(beginning, _)| beginning.len()).map(|(_, user)| *user);
        let pattern =
            || self.patterns.iter().find(|(pattern, _)| pattern.is_match(id)).map(|(_, user)| *user);
        self.whole.get(id).copied().or_else(longest).or_else(pattern)
    }

    /// Whether the user says what a model costs.
    pub(super) fn set_prices(&self, id: &str) -> bool {
        self.find(id).is_some_and(|user| user.input_price.is_some() || user.output_price.is_some())
    }

    /// The models that are named as a whole.
    pub fn ids(&self) -> impl Iterator<Item = &'a str> {
        self.whole.keys().copied()
    }

    /// Puts the user's word in place of the proxy's, and lists it in `assumed`.
    pub(super) fn apply(&self, model: &mut Model) {
        if let Some(user) = self.find(&model.id) {
            apply(user, model);
        }
    }
}

fn apply(user: &ModelOverride, model: &mut Model) {
    let mut user = user.clone();
    let mut fields: Vec<&str> = Vec::new();
    for limit in &LIMITS {
        let (field, word) = limit.of_user(&mut user);
        let word = word.and_then(|word| i64::try_from(word).ok());
        fields.extend(set((limit.attribute.slot)(model), word, field));
    }
    for can in &ABILITIES {
        if let Some((field, word)) = can.of_user(&mut user) {
            fields.extend(set((can.attribute.slot)(model), *word, field));
        }
    }
    for cost in Cost::ALL {
        let word = *user_price(&mut user, cost).1;
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
