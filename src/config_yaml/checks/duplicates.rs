//! Deployments that share a name or an id.

use std::collections::HashMap;

use super::context::Check;
use crate::config_yaml::{
    codes::Code::{DupModelDifferent, DuplicateModelId},
    config::{Deployment, Place},
    cost::costs,
};

pub(super) fn check(check: &mut Check<'_>) {
    ids(check);
    different(check);
}

fn ids(check: &mut Check<'_>) {
    let config = check.config;
    let mut seen: HashMap<&str, Place> = HashMap::new();
    for info in config.deployments.iter().filter_map(|deployment| deployment.info) {
        let Some(place) = config.given(info, "id") else { continue };
        let Some(id) = config.text(place) else { continue };
        if let Some(first) = seen.get(id) {
            let message = format!(
                "The id `{id}` is given to another deployment too, and an id means one; LiteLLM reaches only one of them by it."
            );
            check.warn(DuplicateModelId, place, message).relate(config, *first, "The other one.");
        } else {
            seen.insert(id, place);
        }
    }
}

fn different(check: &mut Check<'_>) {
    let config = check.config;
    let mut groups: HashMap<&str, Vec<&Deployment<'_>>> = HashMap::new();
    for deployment in &config.deployments {
        if let Some((name, _)) = deployment.name.filter(|(name, _)| !name.contains('*')) {
            groups.entry(name).or_default().push(deployment);
        }
    }
    for (name, members) in groups {
        let said = |deployment: &&Deployment<'_>| {
            deployment.params.is_some_and(|params| {
                ["order", "weight"].iter().any(|key| config.given(params, key).is_some())
            })
        };
        // Who orders or weighs them knows that they differ.
        if members.len() < 2 || members.iter().any(said) {
            continue;
        }
        let Some(first) = members[0].model.and_then(|(model, _)| kind(config, members[0], model)) else {
            continue;
        };
        for member in &members[1..] {
            let Some((model, _)) = member.model else { break };
            let Some(other) = kind(config, member, model) else { break };
            if other != first {
                let (_, place) = member.name.unwrap_or((name, member.item));
                let message = format!(
                    "`{name}` stands for different models: LiteLLM sends each request to any of them. Give this one a name of its own if that is not meant."
                );
                let related = members[0].name.map_or(members[0].item, |(_, place)| place);
                check.inform(DupModelDifferent, place, message).relate(
                    config,
                    related,
                    "The first of that name.",
                );
                break;
            }
        }
    }
}

/// Words that tell where a model is served and not which it is.
const NOISE: [&str; 26] = [
    "us",
    "eu",
    "apac",
    "global",
    "jp",
    "au",
    "anthropic",
    "amazon",
    "meta",
    "mistral",
    "openai",
    "google",
    "v1",
    "v2",
    "v3",
    "0",
    "latest",
    "preview",
    "instruct",
    "it",
    "hf",
    "fp8",
    "maas",
    "versatile",
    "exp",
    "chat",
];

/// Which model it is, without vendor, region, date and version of the interface. None where the price list has it not.
fn kind(
    config: &crate::config_yaml::config::Config<'_>,
    deployment: &Deployment<'_>,
    model: &str,
) -> Option<Vec<String>> {
    let base = deployment.info.and_then(|info| config.text(config.given(info, "base_model")?));
    let provider = deployment.origin.known()?;
    let found = match base {
        Some(base) => costs().get(base).or_else(|| costs().find(base, provider))?,
        None => costs().find(model, provider)?,
    };
    let name = found.id.rsplit('/').next().unwrap_or(found.id);
    let name = name.split('@').next().unwrap_or(name).to_ascii_lowercase();
    let mut words: Vec<String> = name.split(['-', '.', '_', ':', ' ']).map(str::to_owned).collect();
    let is_date = |word: &String| word.len() >= 6 && word.bytes().all(|b| b.is_ascii_digit());
    // 2024-08-06: a year takes what stands behind it along.
    if let Some(year) = words.iter().position(|word| word.len() == 4 && word.starts_with("20")) {
        words.truncate(year);
    }
    words.retain(|word| !is_date(word) && !NOISE.contains(&word.as_str()) && !word.is_empty());
    words.sort();
    Some(words)
}
