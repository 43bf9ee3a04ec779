//! Lists and maps that LiteLLM goes through one by one as it starts: what each of them must be, and must have.

use super::context::Check;
use crate::config_yaml::{
    codes::Code::YamlShape,
    config::{Pair, Place},
    finding::Severity,
    tables::tables,
};

/// Where they are: the section, none for an outermost list; the key; what one of them is called; and what it needs beside
/// what the tables say. Deployments and credentials have rules of their own.
const LISTS: &[(&str, &str, &str, &[&str])] = &[
    ("", "guardrails", "guardrail", &[]),
    ("", "prompts", "prompt", &[]),
    ("", "search_tools", "search tool", &[]),
    ("", "mcp_tools", "MCP tool", &[]),
    ("", "agents", "agent", &[]),
    ("", "agent_list", "agent", &[]),
    ("", "vector_store_registry", "vector store", &["litellm_params"]),
    ("general_settings", "search_tools", "search tool", &[]),
    ("general_settings", "pass_through_endpoints", "endpoint", &[]),
    ("general_settings", "role_permissions", "role", &[]),
    ("general_settings", "plugins", "plugin", &["name", "url"]),
    ("litellm_settings", "custom_provider_map", "provider", &["provider", "custom_handler"]),
    ("litellm_settings", "default_team_settings", "team", &["team_id"]),
    ("litellm_settings", "guardrails", "guardrail", &[]),
    ("router_settings", "routing_groups", "routing group", &[]),
];
/// The same for the values of maps.
const MAPS: &[(&str, &str, &str)] = &[
    ("", "mcp_servers", "MCP server"),
    ("", "policies", "policy"),
    ("router_settings", "provider_budget_config", "budget"),
];

pub(super) fn check(check: &mut Check<'_>) {
    let config = check.config;
    for (section, name, noun, needed) in LISTS {
        let (path, items) = match *section {
            "" => (format!("{name}[]"), config.list(name)),
            section => {
                let pair = config.setting(section, name);
                let items = pair.and_then(|pair| config.items(pair.value)).unwrap_or_default();
                (format!("{section}.{name}[]"), items)
            }
        };
        for item in items {
            one(check, item, None, noun);
            let range = check.first_line(item);
            let missing = needs(check, &path, item, needed);
            tell(check, item.file, range, noun, &missing);
            let params = config.pair(item, "litellm_params");
            if let Some(params) = params.filter(|params| config.is_map(params.value)) {
                let missing =
                    needs(check, &format!("{path}.litellm_params"), params.value, vector_store(name));
                tell(check, item.file, config.span(params.key), noun, &missing);
            }
        }
    }
    for (section, name, noun) in MAPS {
        let map = match *section {
            "" => config.section(name),
            section => config.setting(section, name).map(|pair| pair.value),
        };
        for pair in map.into_iter().flat_map(|map| config.entries(map)) {
            one(check, pair.value, Some(&pair), noun);
            if *name == "mcp_servers" {
                server_name(check, &pair);
            }
        }
    }
}

/// What the tables do not know.
fn vector_store(list: &str) -> &'static [&'static str] {
    if list == "vector_store_registry" { &["vector_store_id", "custom_llm_provider"] } else { &[] }
}

/// It is a map.
fn one(check: &mut Check<'_>, item: Place, pair: Option<&Pair<'_>>, noun: &str) {
    if check.config.is_map(item) {
        return;
    }
    let message = format!("Each {noun} here must be a map of keys and values; LiteLLM does not start.");
    match pair {
        Some(pair) => drop(check.error(YamlShape, pair.key, message)),
        None => {
            let range = check.first_line(item);
            check.add_at(YamlShape, Severity::Error, item.file, range, message);
        }
    }
}

/// Which keys are missing without which LiteLLM does not start. One that is misspelt is told where it is.
fn needs(check: &Check<'_>, path: &str, map: Place, also: &[&'static str]) -> Vec<&'static str> {
    let config = check.config;
    if !config.is_map(map) {
        return Vec::new();
    }
    let keys = tables().keys(path).iter().filter(|key| key.is("required") && key.is("fatal"));
    let missing = |name: &&str| {
        let is_misspelt = |pair: Pair<'_>| {
            tables().key(path, pair.name).is_none() && crate::near::nearest(pair.name, [*name]).is_some()
        };
        config.given(map, name).is_none() && !config.entries(map).any(is_misspelt)
    };
    keys.map(|key| key.name).chain(also.iter().copied()).filter(missing).collect()
}

fn tell(check: &mut Check<'_>, file: usize, range: std::ops::Range<usize>, noun: &str, missing: &[&str]) {
    if missing.is_empty() {
        return;
    }
    let list = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    let message = format!("This {noun} has no {list}; LiteLLM does not start.");
    check.add_at(YamlShape, Severity::Error, file, range, message);
}

fn server_name(check: &mut Check<'_>, pair: &Pair<'_>) {
    if !pair.name.contains('-') {
        return;
    }
    let other = pair.name.replace('-', "_");
    let message = format!(
        "The name of an MCP server has no `-`; LiteLLM does not start. Call it `{other}` instead of `{}`.",
        pair.name
    );
    check.error(YamlShape, pair.key, message).replace(&other);
}
