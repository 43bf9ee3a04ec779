//! Models that are gone, going, or misspelt.

use std::collections::HashMap;

use super::{
    context::{Check, did_you_mean},
    dates,
};
use crate::config_yaml::{
    codes::Code::{ModelRetired, ModelTypo, UnknownProvider},
    config::{Deployment, Place, Routed, is_late},
    cost::{Costs, Model, costs, is_of, without_provider},
    finding::Severity,
    tables::{Gone, tables},
};
use crate::newness::Newness;

/// How many days before its end a model is spoken of.
const AHEAD: i64 = 60;

pub(super) fn check(check: &mut Check<'_>) {
    let config = check.config;
    let mut successors = Successors { today: check.around.today.clone(), found: HashMap::new() };
    for Routed { params, model, place, provider } in config.deployments.iter().filter_map(Deployment::routed)
    {
        let own_host = check.has_base(params);
        // An Azure deployment bears any name.
        if own_host || provider.starts_with("azure") || model.contains(['*', '{']) || is_late(model) {
            continue;
        }
        one(check, &mut successors, model, place, provider);
    }
}

/// What models are replaced by, looked up once for each: many deployments are of the same.
struct Successors<'c> {
    today: String,
    found: HashMap<(&'c str, &'c str), Option<String>>,
}

impl<'c> Successors<'c> {
    fn of(&mut self, bare: &'c str, provider: &'c str) -> Option<String> {
        let today = &self.today;
        self.found
            .entry((bare, provider))
            .or_insert_with(|| successor(costs(), bare, provider, today))
            .clone()
    }
}

fn one<'c>(
    check: &mut Check<'_>,
    successors: &mut Successors<'c>,
    model: &'c str,
    place: Place,
    provider: &'c str,
) {
    let costs = costs();
    let bare = without_provider(model, provider);
    if let Some(found) = costs.find(model, provider) {
        if let Some(date) = found.deprecation_date {
            retires(check, successors, bare, place, provider, date);
        }
        return;
    }
    let whole = format!("{provider}/{bare}");
    let mut gone = [model, bare, whole.as_str()].into_iter().filter_map(|id| tables().retired(id));
    // Others may go on with a model of that name.
    let gone = gone.find(|gone| is_of(gone.provider, provider));
    // Where the list has no model of a provider any more, that says nothing of the models.
    let is_listed = costs.of(provider).next().is_some();
    if let Some(gone) = gone.filter(|_| is_listed) {
        let near = successors.of(bare, provider);
        has_left(check, bare, place, gone, near);
        return;
    }
    if !is_listed || bare.starts_with("ft:") || bare.contains("arn:") {
        return;
    }
    let listed = costs.of(provider).map(|model| without_provider(model.id, provider));
    // `openai/openai/gpt-5`
    let twice = without_provider(bare, provider);
    let twice = (twice != bare && costs.find(twice, provider).is_some()).then_some(twice);
    if let Some(near) = twice.or_else(|| check.slip(bare, listed)) {
        let right = if model == bare { near.to_owned() } else { format!("{provider}/{near}") };
        let message = format!("`{bare}` is not in LiteLLM's price list.{}", did_you_mean(Some(near)));
        check.inform(ModelTypo, place, message).replace(&right);
    }
}

/// Says that a model has left the price list.
fn has_left(check: &mut Check<'_>, bare: &str, place: Place, gone: Gone, near: Option<String>) {
    let message = format!(
        "`{bare}` has left LiteLLM's price list{}: most likely it is retired, and calls fail.{}",
        last_day(gone),
        did_you_mean(near.as_deref())
    );
    check.warn(ModelRetired, place, message).replace_by(near.as_deref());
}

fn last_day(gone: Gone) -> String {
    let date = gone.date;
    if date.is_empty() { String::new() } else { format!(" (its last known day is {date})") }
}

/// Says what becomes of a model without a prefix that has left the price list, by which LiteLLM knew its provider.
pub(super) fn unprefixed(check: &mut Check<'_>, model: &str, place: Place, provider: &str, gone: Gone) {
    let near = successor(costs(), model, provider, &check.around.today);
    if gone.may_be_listed_by(check.release) {
        return has_left(check, model, place, gone, near);
    }
    let message = format!(
        "`{model}` has left LiteLLM's price list{}, so that LiteLLM knows no provider for it without a prefix, and drops this deployment.{}",
        last_day(gone),
        did_you_mean(near.as_deref())
    );
    check.error(UnknownProvider, place, message).replace_by(near.as_deref());
}

fn retires<'c>(
    check: &mut Check<'_>,
    successors: &mut Successors<'c>,
    bare: &'c str,
    place: Place,
    provider: &'c str,
    date: &str,
) {
    let (Some(end), Some(today)) = (dates::seconds(date), dates::seconds(&check.around.today)) else {
        return;
    };
    let left = (end - today) / 86_400;
    if left > AHEAD {
        return;
    }
    let near = successors.of(bare, provider);
    let hint = did_you_mean(near.as_deref());
    let (severity, message) = if left < 0 {
        (Severity::Warning, format!("`{bare}` retired on {date}; calls fail, or will soon.{hint}"))
    } else {
        (Severity::Information, format!("`{bare}` retires on {date}.{hint}"))
    };
    check.add(ModelRetired, severity, place, message).replace_by(near.as_deref());
}

/// A living model of the same family and vendor: the newest of those with the same words in their names.
fn successor(costs: &Costs, bare: &str, provider: &str, today: &str) -> Option<String> {
    let words = words(bare);
    if words.is_empty() {
        return None;
    }
    let lives =
        |model: &&Model| model.mode == "chat" && model.deprecation_date.is_none_or(|date| date > today);
    let same = |model: &Model| {
        let id = without_provider(model.id, provider);
        (self::words(id) == words && !id.contains(['/', ':', '@']))
            .then(|| (Newness::of(id).version, std::cmp::Reverse(id.len()), id.to_owned()))
    };
    let (_, _, id) = costs.of(provider).filter(lives).filter_map(same).max()?;
    (id != bare).then(|| format!("{provider}/{id}"))
}

fn words(id: &str) -> Vec<String> {
    let mut words: Vec<String> = id
        .split(['-', '.', '_'])
        .filter(|word| word.chars().all(char::is_alphabetic))
        .map(str::to_owned)
        .collect();
    words.retain(|word| !matches!(word.as_str(), "latest" | "preview" | "exp"));
    words.sort();
    words
}
