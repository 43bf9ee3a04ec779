//! Lists and maps that LiteLLM goes through one by one as it starts: what each of them must be, and must have.

use super::{context::Check, keys};
use crate::config_yaml::{
    codes::Code::YamlShape,
    config::{Config, Pair, Place, is_late},
    finding::Severity,
    tables::{steps, tables},
    yaml::Resolved,
};

/// Where they are, by the name that the tables have for it; what one of them is called; and what it needs beside what the
/// tables say. Deployments and credentials have rules of their own.
const ITEMS: &[(&str, &str, &[&str])] = &[
    ("guardrails[]", "guardrail", &[]),
    ("prompts[]", "prompt", &[]),
    ("search_tools[]", "search tool", &[]),
    ("mcp_tools[]", "MCP tool", &[]),
    ("agents[]", "agent", &[]),
    ("agent_list[]", "agent", &[]),
    ("vector_store_registry[]", "vector store", &[]),
    ("general_settings.search_tools[]", "search tool", &[]),
    ("general_settings.pass_through_endpoints[]", "endpoint", &[]),
    ("general_settings.role_permissions[]", "role", &[]),
    ("general_settings.litellm_jwtauth.role_mappings[]", "role", &[]),
    ("general_settings.litellm_jwtauth.jwt_litellm_role_map[]", "role", &[]),
    ("general_settings.plugins[]", "plugin", &["name", "url"]),
    ("general_settings.coordination_redis.startup_nodes[]", "node", &[]),
    ("litellm_settings.custom_provider_map[]", "provider", &["provider", "custom_handler"]),
    ("litellm_settings.default_team_settings[]", "team", &["team_id"]),
    ("litellm_settings.guardrails[]", "guardrail", &[]),
    ("litellm_settings.guardrails[].*", "guardrail", &["callbacks"]),
    ("router_settings.routing_groups[]", "routing group", &[]),
    ("mcp_servers.*", "MCP server", &[]),
    ("policies.*", "policy", &[]),
    ("policies.*.pipeline", "pipeline", &[]),
    ("policies.*.pipeline.steps[]", "step", &[]),
    ("policy_attachments[]", "attachment", &[]),
    ("router_settings.provider_budget_config.*", "budget", &[]),
    ("assistant_settings", "section", &[]),
];

pub(super) fn check(check: &mut Check<'_>) {
    let config = check.config;
    for (section, noun, needed) in ITEMS {
        let is_misplaced =
            section.starts_with("litellm_settings.guardrails") && config.has_named_guardrails();
        if !config.is_read(section) || is_misplaced {
            continue;
        }
        for (pair, item) in config.at(&steps(section)) {
            let range = match &pair {
                Some(pair) => config.span(pair.key),
                None => check.first_line(item),
            };
            if !config.is_map(item) {
                // What stands at a fixed key has its type in the tables.
                if pair.is_none() || section.ends_with('*') {
                    let message =
                        format!("Each {noun} here must be a map of keys and values; LiteLLM does not start.");
                    check.add_at(YamlShape, Severity::Error, item.file, range, message);
                }
                continue;
            }
            // An empty section is passed over.
            if *section == "assistant_settings" && config.entries(item).next().is_none() {
                continue;
            }
            let missing = needs(check, section, item, needed);
            tell(check, item, range, noun, missing);
            let params = config.pair(item, "litellm_params");
            if let Some(params) = params.filter(|params| config.is_map(params.value)) {
                let missing = needs(check, &format!("{section}.litellm_params"), params.value, &[]);
                tell(check, params.value, config.span(params.key), noun, missing);
            }
        }
    }
    coordination(check);
    for pair in config.section("mcp_servers").into_iter().flat_map(|map| config.entries(map)) {
        server_name(check, &pair);
        server(check, pair.value);
    }
}

/// A key that is missing without which LiteLLM does not start, and the one that is evidently meant as it.
type Missing<'a> = (&'static str, Option<Pair<'a>>);

fn needs<'a>(check: &Check<'a>, path: &str, map: Place, also: &[&'static str]) -> Vec<Missing<'a>> {
    let config = check.config;
    if !config.is_map(map) {
        return Vec::new();
    }
    let keys = tables().keys(path).iter().filter(|key| key.is("needed"));
    let names = keys.map(|key| key.name).chain(also.iter().copied());
    names
        .filter(|name| config.given(map, name).is_none())
        .map(|name| (name, misspelt(config, path, map, name, also)))
        .collect()
}

/// The key of a map that is evidently meant as another.
pub(super) fn misspelt<'a>(
    config: &Config<'a>,
    path: &str,
    map: Place,
    name: &str,
    also: &[&str],
) -> Option<Pair<'a>> {
    config.entries(map).find(|pair| {
        let is_known = tables().key(path, pair.name).is_some() || also.contains(&pair.name);
        let is_near = crate::near::nearest(pair.name, [name]).is_some();
        !is_known && (is_near || tables().word("typo", pair.name) == Some(name))
            || keys::meant(path, pair.name) == Some(name)
    })
}

fn tell(
    check: &mut Check<'_>,
    map: Place,
    range: std::ops::Range<usize>,
    noun: &str,
    missing: Vec<Missing<'_>>,
) {
    let (slips, missing): (Vec<_>, Vec<_>) = missing.into_iter().partition(|(_, slip)| slip.is_some());
    for (name, pair) in slips.into_iter().filter_map(|(name, pair)| Some((name, pair?))) {
        let message = format!("`{}` must be `{name}`; LiteLLM does not start.", pair.name);
        check.error(YamlShape, pair.key, message).replace(name);
    }
    if missing.is_empty() {
        return;
    }
    let file = map.file;
    let missing: Vec<&str> = missing.into_iter().map(|(name, _)| name).collect();
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

/// A Redis of its own has an address.
fn coordination(check: &mut Check<'_>) {
    let config = check.config;
    let Some(pair) = config.setting("general_settings", "coordination_redis") else { return };
    let places = ["host", "url", "startup_nodes", "sentinel_nodes"];
    if config.is_map(pair.value) && !places.iter().any(|name| config.given(pair.value, name).is_some()) {
        let message = "`coordination_redis` needs `host`, `url`, `startup_nodes` or `sentinel_nodes`; LiteLLM does not start.";
        check.error(YamlShape, pair.key, message.to_owned());
    }
}

/// What a way of signing in asks for beside it.
fn server(check: &mut Check<'_>, map: Place) {
    let config = check.config;
    let is_late = |place: Place| config.text(place).is_some_and(is_late);
    let signs_in = config.given(map, "auth_type");
    if let Some(place) = signs_in.filter(|place| config.text(*place) == Some("oauth2")) {
        let flow = config.given(map, "oauth2_flow");
        let known = ["client_credentials", "authorization_code"];
        if !flow
            .is_some_and(|flow| is_late(flow) || config.text(flow).is_some_and(|flow| known.contains(&flow)))
        {
            let message = "With `auth_type: oauth2` a server needs `oauth2_flow`: `client_credentials` where the gateway gets the tokens, `authorization_code` where each user signs in; LiteLLM does not start.";
            check.error(YamlShape, flow.unwrap_or(place), message.to_owned());
        }
    }
    let bridge = config.pair(map, "dcr_bridge");
    if let Some(pair) = bridge.filter(|pair| config.resolved(pair.value) == Some(Resolved::Bool(true))) {
        let fits = |place: Place| {
            is_late(place) || matches!(config.text(place), Some("true_passthrough" | "oauth_delegate"))
        };
        if !signs_in.is_some_and(fits) {
            let message = "`dcr_bridge` goes with `auth_type: true_passthrough` or `oauth_delegate` alone; LiteLLM does not start.";
            check.error(YamlShape, pair.key, message.to_owned());
        }
    }
}
