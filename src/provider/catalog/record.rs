//! The record of one name: what all its deployments agree on, and what fills the gaps (D13 to D17).

use std::borrow::Cow;

use litellm_ls_protocol::{Compatibility, Filler, Model};

use super::{
    Policy, choice, computer_use, gaps, prices,
    prices::Prices,
    shared::{SharedWords, common},
};
use crate::{
    litellm::rows::{Cost, EFFORTS, Info, Row},
    plain,
};

/// The documented defaults (S38). The limits hold in `strict` too.
const MAX_TOKENS: i64 = 8192;
const CONTEXT_WINDOW: i64 = 200_000;
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
    let flag = |flag: fn(&Info<'_>) -> Option<bool>| all(infos().map(flag));
    let mut model = Model {
        id: id.to_owned(),
        backends: backends(rows),
        provider: shown(agreed(rows.iter().map(|row| provider(row))).flatten()),
        mode: shown(agreed(infos().map(|info| info.mode.text())).flatten().map(Cow::into_owned)),
        max_tokens: infos()
            .filter_map(|info| info.max_output_tokens.limit().or(info.max_tokens.limit()))
            .min(),
        context_window: infos().filter_map(|info| info.max_input_tokens.limit()).min(),
        supports_images: flag(|info| info.supports_vision.flag()),
        supports_prompt_cache: flag(|info| info.supports_prompt_caching.flag()),
        supports_computer_use: all(rows.iter().map(|row| computer_use(row))),
        supports_tools: flag(|info| info.supports_function_calling.flag()),
        supports_reasoning: flag(|info| info.supports_reasoning.flag()),
        supports_audio: flag(|info| info.supports_audio_input.flag()),
        supports_pdf: flag(|info| info.supports_pdf_input.flag()),
        supports_response_schema: flag(|info| info.supports_response_schema.flag()),
        reasoning_efforts: common(infos().map(efforts)).unwrap_or_default(),
        supported_params: common(infos().map(|info| shared.read(info.supported_openai_params))),
        retires_on: infos().filter_map(|info| info.deprecation_date.word().filter(|day| is_day(day))).min(),
        description: agreed(infos().map(|info| info.description.word()))
            .flatten()
            .map(|text| plain::lines(&text)),
        ..Model::default()
    };
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
    let assumed = &mut model.assumed;
    let mut assume = |field: &str| assumed.insert(field.to_owned(), Filler::Default);
    for (field, limit, default) in [
        ("maxTokens", &mut model.max_tokens, MAX_TOKENS),
        ("contextWindow", &mut model.context_window, CONTEXT_WINDOW),
    ] {
        if limit.is_none() {
            *limit = Some(default);
            assume(field);
        }
    }
    for (field, flag, default) in [
        ("supportsImages", &mut model.supports_images, documented),
        ("supportsPromptCache", &mut model.supports_prompt_cache, documented),
        (
            "supportsComputerUse",
            &mut model.supports_computer_use,
            documented && choice::is_documented(&model.id),
        ),
    ] {
        if flag.is_none() {
            *flag = Some(default);
            if default {
                assume(field);
            }
        }
    }
    for (field, price, default) in [
        ("inputPrice", &mut model.input_price, INPUT_PRICE),
        ("outputPrice", &mut model.output_price, OUTPUT_PRICE),
    ] {
        // A price that differs between deployments is said, only not by one number.
        if documented && price.is_none() && !model.mixed.iter().any(|mixed| mixed == field) {
            *price = Some(default);
            assume(field);
        }
    }
    if model.supports_tools.is_none() {
        model.supports_tools = Some(true);
        if documented {
            model.assumed.insert("supportsTools".to_owned(), Filler::Default);
        }
    }
    model.supports_reasoning.get_or_insert(false);
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
    row.info.supports_computer_use.flag().or_else(|| known().then_some(true))
}

/// As the proxy itself reads them (litellm 1.101.3): a list wins; else, where any level has a flag, the usual four are
/// there unless denied, and the others only where stated.
fn efforts(info: &Info<'_>) -> Option<Vec<String>> {
    if info.supports_reasoning.flag() == Some(false) {
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
