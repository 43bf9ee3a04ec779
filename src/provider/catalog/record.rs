//! The record of one name: what all its deployments agree on, and what fills the gaps (D13 to D17).

use std::borrow::Cow;

use litellm_ls_protocol::{Ability, Compatibility, Filler, Model};

use super::{
    Policy,
    attributes::{ABILITIES, LIMITS},
    computer_use, gaps, prices,
    prices::Prices,
    shared::{SharedWords, common},
};
use crate::{
    litellm::model_rows::{Cost, EFFORTS, Flag, Info, Row},
    plain,
};

/// The documented defaults of prices (S38).
const INPUT_PRICE: f64 = 3.0;
const OUTPUT_PRICE: f64 = 15.0;

/// Merges the deployments of a name; of none, nothing is known but the gaps are filled all the same.
///
/// `filled` are the same deployments with what a price list adds, where it adds anything.
pub(super) fn merge(
    id: &str,
    rows: &[&Row<'_>],
    filled: Option<&[&Row<'_>]>,
    policy: &Policy<'_>,
    shared: &SharedWords,
) -> Model {
    let mut model = said(id, rows, shared);
    if let Some(filled) = filled {
        gaps::fill(&mut model, said(id, filled, shared));
    }
    fill(&mut model, policy.compatibility);
    policy.overrides.apply(&mut model);
    model.max_tokens = model.max_tokens.min(model.context_window);
    model
}

/// What the proxy says. A price that deployments disagree on is absent and in `mixed`.
pub(super) fn said(id: &str, rows: &[&Row<'_>], shared: &SharedWords) -> Model {
    let infos = || rows.iter().map(|row| &row.info);
    let mut model = Model {
        id: id.to_owned(),
        backends: backends(rows),
        provider: shown(agreed(rows.iter().map(|row| provider(row))).flatten()),
        mode: shown(agreed(infos().map(|info| info.mode.text())).flatten().map(Cow::into_owned)),
        reasoning_efforts: common(infos().map(efforts)).unwrap_or_default(),
        supported_params: common(infos().map(|info| shared.read(info.supported_openai_params))),
        retires_on: infos().filter_map(|info| info.deprecation_date.word().filter(|day| is_day(day))).min(),
        description: agreed(infos().map(|info| info.description.word()))
            .flatten()
            .map(|text| plain::lines(&text)),
        ..Model::default()
    };
    for limit in &LIMITS {
        *(limit.attribute.slot)(&mut model) = infos().filter_map(limit.said).min();
    }
    for can in &ABILITIES {
        let said = |row: &&Row<'_>| match can.ability {
            Ability::ComputerUse => computer_use(row),
            _ => row.info.flag(can.flag),
        };
        *(can.attribute.slot)(&mut model) = all(rows.iter().map(said));
    }
    let prices: Vec<Prices> = infos().map(Prices::of).collect();
    for cost in Cost::ALL {
        let merged = agreed(prices.iter().map(|prices| prices.base[cost as usize]));
        let (field, slot) = prices::price(&mut model, cost);
        match merged {
            Some(price) => *slot = price,
            None => model.mixed.push(field.to_owned()),
        }
    }
    match agreed(prices.into_iter().map(|prices| prices.tiers)) {
        Some(tiers) => model.price_tiers = tiers,
        None => model.mixed.push("priceTiers".to_owned()),
    }
    model
}

/// A word that people are shown. What a model is called by stays as it is.
fn shown(word: Option<String>) -> Option<String> {
    const WIDTH: usize = 100;
    word.map(|word| plain::label(&word, WIDTH))
}

/// Fills what nobody says.
fn fill(model: &mut Model, compatibility: Compatibility) {
    let documented = compatibility == Compatibility::Default;
    for limit in &LIMITS {
        let slot = (limit.attribute.slot)(model);
        if slot.is_none() {
            *slot = Some(limit.default);
            assume(model, limit.attribute.field);
        }
    }
    for can in &ABILITIES {
        if (can.attribute.of)(model).is_none() {
            let default = (can.default)(&model.id, documented);
            *(can.attribute.slot)(model) = default;
            if documented && default == Some(true) {
                assume(model, can.attribute.field);
            }
        }
    }
    for (cost, default) in [(Cost::Input, INPUT_PRICE), (Cost::Output, OUTPUT_PRICE)] {
        let (field, slot) = prices::price(model, cost);
        if !documented || slot.is_some() {
            continue;
        }
        // A price that differs between deployments is said, only not by one number.
        if !model.mixed.iter().any(|mixed| mixed == field) {
            *prices::price(model, cost).1 = Some(default);
            assume(model, field);
        }
    }
}

fn assume(model: &mut Model, field: &str) {
    model.assumed.insert(field.to_owned(), Filler::Default);
}

/// A stated no wins; yes takes all, and without it nothing is known (D14).
fn all(flags: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = None;
    let mut silent = false;
    for flag in flags {
        match flag {
            Some(false) => return Some(false),
            Some(true) => all = Some(true),
            None => silent = true,
        }
    }
    if silent { None } else { all }
}

/// The value that all agree on; blank where there is none to ask.
fn agreed<T: PartialEq + Default>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next().unwrap_or_default();
    values.all(|value| value == first).then_some(first)
}

fn backends(rows: &[&Row<'_>]) -> Vec<String> {
    let mut backends = Vec::new();
    for backend in rows.iter().filter_map(|row| row.backend.word()) {
        if !backends.contains(&backend) {
            backends.push(backend);
        }
    }
    backends
}

fn provider(row: &Row<'_>) -> Option<String> {
    match row.info.providers.words() {
        Some(mut providers) => providers.pop().filter(|_| providers.is_empty()),
        None => row.info.providers.word().or_else(|| {
            let backend = row.backend.text()?;
            backend.split_once('/').map(|(provider, _)| provider.to_owned())
        }),
    }
}

/// The flag decides; without one only the known models are said to do well (section 5).
fn computer_use(row: &Row<'_>) -> Option<bool> {
    let known = || row.backend.text().is_some_and(|backend| computer_use::is_known(&backend));
    row.info.flag(Flag::ComputerUse).or_else(|| known().then_some(true))
}

/// As the proxy itself reads them (litellm 1.101.3): a list wins; else, where any level has a flag, the usual four are
/// there unless denied, and the others only where stated.
fn efforts(info: &Info<'_>) -> Option<Vec<String>> {
    if info.flag(Flag::Reasoning) == Some(false) {
        return Some(Vec::new());
    }
    info.reasoning_effort_levels.words().or_else(|| {
        let flags = info.supports_reasoning_effort.map(|flag| flag.flag());
        let usual = |effort| matches!(effort, "minimal" | "low" | "medium" | "high");
        let levels = EFFORTS.into_iter().zip(flags).filter(|(effort, flag)| flag.unwrap_or(usual(*effort)));
        flags.iter().any(Option::is_some).then(|| levels.map(|(effort, _)| effort.to_owned()).collect())
    })
}

/// Whether a text looks like `2026-12-31`.
fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}
