//! The list as Roo Code 3.52.1 makes it of the same rows (R11 to R17).

use std::collections::HashMap;

use litellm_ls_protocol::{Model, Source};

use super::{Catalog, Policy, computer_use, prices::price};
use crate::litellm::model_rows::{Cost, Flag, Loose, Row, Rows};

/// The last row of a name is its record; its place in the list is that of the first. Nothing is hidden.
pub(super) fn catalog(rows: &Rows<'_>, source: Source, policy: &Policy<'_>) -> Catalog {
    let mut catalog = Catalog { skipped: rows.strays, ..Catalog::empty(source) };
    let mut places: HashMap<String, usize> = HashMap::with_capacity(rows.rows.len());
    for row in &rows.rows {
        let Some(id) = id(row) else {
            catalog.skipped += 1;
            continue;
        };
        let mut model = record(&id, row);
        policy.overrides.apply(&mut model);
        let place = *places.entry(id).or_insert(catalog.models.len());
        match catalog.models.get_mut(place) {
            Some(earlier) => *earlier = model.into(),
            None => catalog.models.push(model.into()),
        }
    }
    catalog
}

/// Roo Code's own record of its default model (R2).
pub(super) fn unlisted(id: &str, policy: &Policy<'_>) -> Model {
    let mut model = Model {
        id: id.to_owned(),
        max_tokens: Some(8192),
        context_window: Some(200_000),
        supports_images: Some(true),
        supports_prompt_cache: Some(true),
        input_price: Some(3.0),
        output_price: Some(15.0),
        cache_writes_price: Some(3.75),
        cache_reads_price: Some(0.3),
        ..Model::default()
    };
    policy.overrides.apply(&mut model);
    model
}

/// A number for a name becomes its text, and one name is lost to JavaScript (R11).
fn id(row: &Row<'_>) -> Option<String> {
    let usable = row.described && row.name.truthy() && row.backend.truthy();
    let name = row.name.text().map(Into::into).or_else(|| row.name.number().map(|name| name.to_string()))?;
    (usable && name != "__proto__").then_some(name)
}

fn record(id: &str, row: &Row<'_>) -> Model {
    let info = &row.info;
    let computer_use = info.flags[Flag::ComputerUse as usize];
    let computer_use = if computer_use.is_present() {
        computer_use.truthy()
    } else {
        row.backend.text().is_some_and(|backend| computer_use::is_known_to_roo(&backend))
    };
    let mut model = Model {
        id: id.to_owned(),
        max_tokens: limit(&[info.max_output_tokens, info.max_tokens], 8192),
        context_window: limit(&[info.max_input_tokens], 200_000),
        supports_images: Some(info.flags[Flag::Vision as usize].truthy()),
        supports_prompt_cache: Some(info.flags[Flag::PromptCaching as usize].truthy()),
        supports_computer_use: Some(computer_use),
        description: Some(format!("{id} via LiteLLM proxy")),
        ..Model::default()
    };
    for (cost, stated) in Cost::ALL.into_iter().zip(info.costs) {
        *price(&mut model, cost).1 = stated.number().filter(|cost| *cost != 0.0).map(|cost| cost * 1e6);
    }
    model
}

/// The first value that JavaScript takes for true, unchecked. Absent where that is no whole number.
fn limit(stated: &[Loose<'_>], default: i64) -> Option<i64> {
    let Some(limit) = stated.iter().find(|limit| limit.truthy()) else { return Some(default) };
    let whole = |limit: &f64| limit.fract() == 0.0 && limit.abs() < 2f64.powi(53);
    limit.number().filter(whole).map(|limit| limit as i64)
}
