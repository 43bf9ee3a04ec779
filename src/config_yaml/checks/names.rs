//! Names of groups elsewhere: aliases, routing groups, models for embeddings.

use super::context::{Check, did_you_mean};
use crate::config_yaml::{
    codes::Code::{AliasUnknownTarget, FallbackUnknownModel, GuardrailInvalid},
    config::{Place, is_late},
    cost::costs,
};

/// Keys whose value is a group of this proxy that turns texts into vectors.
const EMBEDDERS: [(&str, &str); 3] = [
    ("litellm_settings", "agent_search_embedding_model"),
    ("litellm_settings", "skill_search_embedding_model"),
    ("general_settings", "embedding_model"),
];

pub(super) fn check(check: &mut Check<'_>) {
    aliases(check);
    routing(check);
    retried(check);
    embedders(check);
    listed(check);
    guards(check);
    servers(check);
}

fn aliases(check: &mut Check<'_>) {
    let config = check.config;
    let Some(pair) = config.setting("router_settings", "model_group_alias") else { return };
    for alias in config.entries(pair.value) {
        let place =
            if config.is_map(alias.value) { config.get(alias.value, "model") } else { Some(alias.value) };
        let Some(place) = place else {
            let message = format!("`model` is missing for the alias `{}`: requests for it fail.", alias.name);
            check.error(AliasUnknownTarget, alias.key, message);
            continue;
        };
        if config.items(place).is_some() || config.is_map(place) {
            let is = if config.is_map(place) { "a map" } else { "a list" };
            let message = format!(
                "`model_group_alias` takes one model for `{}`, not {is}: requests for it fail. Name one; deployments that share a `model_name` are one.",
                alias.name
            );
            check.error(AliasUnknownTarget, place, message);
            continue;
        }
        let Some(target) = config.text(place).filter(|text| !is_late(text)) else { continue };
        if check.names.is_target(target) {
            continue;
        }
        let is_alias = check.names.aliases.contains_key(target);
        let groups = check.names.groups.iter().copied();
        let near = check.nearest(target, groups).filter(|_| !is_alias);
        let why = if is_alias {
            "is an alias itself, and LiteLLM follows one only"
        } else {
            "is no model of this proxy"
        };
        let message = format!("`{target}` {why}: requests for `{}` fail.{}", alias.name, did_you_mean(near));
        check.error(AliasUnknownTarget, place, message).replace_by(near);
    }
}

fn routing(check: &mut Check<'_>) {
    let config = check.config;
    let groups =
        config.setting("router_settings", "routing_groups").and_then(|pair| config.items(pair.value));
    for group in groups.unwrap_or_default() {
        let members = config.get(group, "models").and_then(|place| config.items(place));
        for member in members.unwrap_or_default() {
            named(check, member, "LiteLLM leaves it out of the routing group");
        }
    }
}

/// Groups that have retries of their own.
fn retried(check: &mut Check<'_>) {
    let config = check.config;
    for (pair, _) in config.at(&["router_settings", "model_group_retry_policy", "*"]) {
        if let Some(pair) = pair {
            named(check, pair.key, "these retries are never taken");
        }
    }
}

/// Groups that everybody is shown.
fn listed(check: &mut Check<'_>) {
    let shown = check.config.at(&["litellm_settings", "public_model_groups", "[]"]);
    for (_, place) in shown {
        named(check, place, "nobody is shown it");
    }
}

/// Guardrails that a deployment names. Where there is a database, others may be there.
fn guards(check: &mut Check<'_>) {
    let config = check.config;
    let name = |item: Place| config.text(config.get(item, "guardrail_name")?);
    let known: Vec<&str> = config.list("guardrails").into_iter().filter_map(name).collect();
    let has_others = check.names.open
        || config.top("guardrails").is_none()
        || config.setting("litellm_settings", "guardrails").is_some()
        || super::keys::has_database(check);
    if has_others {
        return;
    }
    let lists =
        config.deployments.iter().filter_map(|one| config.items(config.get(one.params?, "guardrails")?));
    for place in lists.flatten().collect::<Vec<_>>() {
        let Some(text) = config.text(place).filter(|text| !is_late(text) && !known.contains(text)) else {
            continue;
        };
        let near = check.nearest(text, known.iter().copied());
        let message = format!(
            "No guardrail of this proxy is called `{text}`; LiteLLM answers without it, without a word.{}",
            did_you_mean(near)
        );
        check.warn(GuardrailInvalid, place, message).replace_by(near);
    }
}

/// MCP servers that have a short name.
fn servers(check: &mut Check<'_>) {
    let config = check.config;
    let Some(servers) = config.section("mcp_servers").filter(|_| !check.names.open) else { return };
    let known: Vec<&str> = config.entries(servers).map(|pair| pair.name).collect();
    for (pair, place) in config.at(&["litellm_settings", "mcp_aliases", "*"]) {
        let Some(text) = config.text(place).filter(|text| !is_late(text) && !known.contains(text)) else {
            continue;
        };
        let near = check.nearest(text, known.iter().copied());
        let alias = pair.map_or_else(String::new, |pair| pair.name.to_owned());
        let message = format!(
            "No MCP server of this file is called `{text}`; `{alias}` stands for none.{}",
            did_you_mean(near)
        );
        check.warn(AliasUnknownTarget, place, message).replace_by(near);
    }
}

fn named(check: &mut Check<'_>, place: Place, outcome: &str) {
    let Some(name) = check.config.text(place).filter(|text| !is_late(text)) else { return };
    if check.names.resolves(name) {
        return;
    }
    let near = check.nearest(name, check.names.all());
    let message = format!("No model of this proxy is called `{name}`; {outcome}.{}", did_you_mean(near));
    let near = near.map(str::to_owned);
    check.warn(FallbackUnknownModel, place, message).replace_by(near.as_deref());
}

fn embedders(check: &mut Check<'_>) {
    let config = check.config;
    let mut places: Vec<Place> = EMBEDDERS
        .iter()
        .filter_map(|(section, name)| config.setting(section, name))
        .map(|pair| pair.value)
        .collect();
    if let Some(cache) = config.setting("litellm_settings", "cache_params") {
        places.extend(
            config
                .entries(cache.value)
                .filter(|pair| pair.name.ends_with("_embedding_model"))
                .map(|pair| pair.value),
        );
    }
    for place in places {
        // A model of a vendor's works too, with the vendor's own key.
        let known = config.text(place).is_some_and(|name| costs().get(name).is_some());
        if !known {
            named(check, place, "nothing turns texts into vectors");
        }
    }
}
