//! Keys that LiteLLM does not know there, or that ask for something else.

use super::{
    context::{Check, did_you_mean},
    moves,
};
use crate::config_yaml::{
    codes::Code::{
        CapabilityInParams, DbNeeded, DeprecatedKey, LicenceNeeded, ModelInfoMisplaced, UnknownKey,
        WeakKeyPermitted, WrongSection,
    },
    config::{Pair, Place, SECTIONS},
    finding::Severity,
    tables::{Key, tables},
};

/// The two maps of a deployment. What a provider takes, and what the user keeps there for purposes of their own, stands in
/// them too, and is hardly ever a slip.
const HALVES: [&str; 2] = ["litellm_params", "model_info"];
/// Sections where keys that nobody knows are probably meant as they are.
const OPEN: [&str; 4] =
    ["litellm_params", "model_info", "guardrails[].litellm_params", "prompts[].litellm_params"];

pub(super) fn check(check: &mut Check<'_>) {
    for pair in check.config.tops() {
        let root = check.config.tree(pair.key).root().unwrap_or(pair.key.node);
        known_or_not(check, "top_level", Place { node: root, ..pair.key }, &pair);
    }
    for (section, place) in check.config.described() {
        for pair in check.config.entries(place) {
            known_or_not(check, section, place, &pair);
        }
    }
    let misplaced: Vec<Place> = check.config.deployments.iter().map(|deployment| deployment.item).collect();
    for item in misplaced {
        beside(check, item);
    }
}

fn known_or_not(check: &mut Check<'_>, section: &'static str, map: Place, pair: &Pair<'_>) {
    if pair.name.starts_with(['_', '.']) || pair.name.starts_with("x-") || pair.name.is_empty() {
        return;
    }
    match tables().key(section, pair.name) {
        Some(key) if key.is("internal") => {
            if let Some(home) = home(section, pair.name) {
                wrong_section(check, section, map, pair, home);
            }
        }
        Some(key) => known(check, section, map, key, pair),
        None => unknown(check, section, map, pair),
    }
}

/// The section where a key belongs, where that is another.
pub(crate) fn home(section: &str, name: &str) -> Option<&'static str> {
    let home = match tables().word("home", name) {
        Some("top level") => "top_level",
        Some(home) => home,
        None => {
            let has = |section: &&&str| tables().key(section, name).is_some_and(|key| !key.is("internal"));
            let homes: Vec<&str> = ["top_level"].iter().chain(&SECTIONS).filter(has).copied().collect();
            match homes[..] {
                [home] => home,
                // The documented one of the two.
                ["litellm_settings", "router_settings"] => "router_settings",
                // Two homes are no advice.
                _ => return None,
            }
        }
    };
    (home != section).then_some(home)
}

fn wrong_section(check: &mut Check<'_>, section: &str, map: Place, pair: &Pair<'_>, home: &str) {
    let edits = check.mended(pair, |config| match HALVES.contains(&home) {
        true => moves::to_half(config, map, pair, home),
        false => moves::to_section(config, map, pair, home),
    });
    let place = if home == "top_level" { "at the top level".to_owned() } else { format!("in `{home}`") };
    let stops = matches!(pair.name, "health_check_interval" | "health_check_concurrency");
    let outcome = if pair.name == "guardrails" && section == "litellm_settings" {
        "LiteLLM does not start with it here"
    } else if stops {
        "here it stops LiteLLM"
    } else if home == "model_info" {
        "here it is sent to the provider as it stands"
    } else {
        "here it does nothing, without a word"
    };
    // Those of an older form are read there.
    let form = if pair.name == "guardrails" { " with a `guardrail_name`" } else { "" };
    let message = format!(
        "`{}`{form} is only read {place}; {outcome}. Move it to {}.",
        pair.name,
        if home == "top_level" { "the top level" } else { home }
    );
    let title = match home {
        "top_level" => format!("Move `{}` to the top level", pair.name),
        home => format!("Move `{}` to `{home}`", pair.name),
    };
    let finding = check.error(WrongSection, pair.key, message);
    if let Some(edits) = edits {
        finding.fix(title, edits);
    }
}

fn unknown(check: &mut Check<'_>, section: &'static str, map: Place, pair: &Pair<'_>) {
    let is_section = section == "top_level" || SECTIONS.contains(&section);
    if is_section && let Some(home) = home(section, pair.name) {
        return wrong_section(check, section, map, pair, home);
    }
    if section == "litellm_params" && is_capability(pair.name) {
        let message = format!(
            "`{}` does nothing in `litellm_params`; move it to `model_info`, where LiteLLM looks for what a model can do.",
            pair.name
        );
        let edits = check.mended(pair, |config| moves::to_half(config, map, pair, "model_info"));
        let finding = check.warn(CapabilityInParams, pair.key, message);
        if let Some(edits) = edits {
            finding.fix(format!("Move `{}` to `model_info`", pair.name), edits);
        }
        return;
    }
    if HALVES.contains(&section)
        && let Some(half) = tables().word("half", pair.name)
    {
        // Beside the one that is read, it is there for the user.
        if !moves::is_in_half(check.config, map, pair.name, half) {
            wrong_section(check, section, map, pair, half);
        }
        return;
    }
    if section == "litellm_params" && is_of_router(check, map, pair.name) {
        let message = format!(
            "`{}` is only read in `complexity_router_config`; here it stops LiteLLM. Move it to complexity_router_config.",
            pair.name
        );
        check.error(WrongSection, pair.key, message);
        return;
    }
    if is_section && pair.name.starts_with("os.environ") {
        return;
    }
    // One that is needed is told where it is missing.
    if check.has_error(pair.key) {
        return;
    }
    // In others only a near miss is said.
    let whole = tables().word("whole", section);
    let is_closed = whole == Some("start") || hands_on(check, section, map);
    let free = !(is_section || is_closed || whole.is_some());
    let near = if OPEN.contains(&section) {
        check.slip(pair.name, tables().names(section))
    } else {
        let nearest = check.nearest(pair.name, tables().names(section));
        nearest.or_else(|| longer(section, pair.name)).or_else(|| begun(section, pair.name))
    };
    let near = near.or_else(|| without_prefix(check, section, map, pair.name));
    // Beside the one that is meant elsewhere, it is there for a provider.
    let is_given = |word: &&str| OPEN.contains(&section) && check.config.get(map, word).is_some();
    let near = meant(section, pair.name).filter(|word| !is_given(word)).or(near);
    // What is needed is said where it is missing.
    if near.is_none() && free || section == "litellm_params" && near == Some("model") {
        return;
    }
    let named =
        if section == "top_level" { "at the top level".to_owned() } else { format!("in `{section}`") };
    let outcome = match section {
        "litellm_params" => "sends it to the provider as it stands",
        "guardrails[].litellm_params" | "prompts[].litellm_params" => "hands it on as it stands",
        _ if is_closed => "does not start",
        _ => "ignores it",
    };
    let message =
        format!("`{}` is no key that LiteLLM knows {named}; it {outcome}.{}", pair.name, did_you_mean(near));
    let severity = if is_closed { Severity::Error } else { Severity::Warning };
    check.add(UnknownKey, severity, pair.key, message).replace_by(near);
}

/// Whether a map is that of a Redis whose client is given all that stands there, and refuses what it does not know.
fn hands_on(check: &Check<'_>, section: &str, map: Place) -> bool {
    let config = check.config;
    let is_redis = match section {
        "litellm_settings.cache_params" => {
            config.is_read(section)
                && config.given(map, "type").and_then(|kind| config.text(kind)) == Some("redis")
        }
        section => section == "general_settings.coordination_redis",
    };
    // Of an address, and of a cluster, only what the client knows is handed on.
    let others = ["url", "redis_url", "startup_nodes", "redis_startup_nodes", "sentinel_nodes"];
    let others_set = ["REDIS_URL", "REDIS_CLUSTER_NODES", "REDIS_SENTINEL_NODES"];
    is_redis
        && config.given(map, "host").is_some()
        && !others.iter().any(|name| config.given(map, name).is_some())
        && !others_set.iter().any(|name| check.is_set(name))
}

/// The key that a word of other programs, or a usual slip, stands for in a section.
pub(super) fn meant(section: &str, name: &str) -> Option<&'static str> {
    if tables().key(section, name).is_some() {
        return None;
    }
    tables().word("typo", name).filter(|word| tables().key(section, word).is_some())
}

/// `RateLimitRetries` for `RateLimitErrorRetries`: a word is left out.
fn longer(section: &str, name: &str) -> Option<&'static str> {
    if !section.ends_with("_policy") {
        return None;
    }
    tables().names(section).find(|known| known.replace("Error", "").eq_ignore_ascii_case(name))
}

/// Whether a key beside the settings of a router that goes by complexity is one of these.
fn is_of_router(check: &Check<'_>, params: Place, name: &str) -> bool {
    const ROUTER: &str = "model_list[].litellm_params.complexity_router_config";
    let config = check.config;
    let model = config.given(params, "model").and_then(|place| config.text(place));
    let routes = model.is_some_and(|model| model.starts_with("auto_router/complexity_router"))
        || config.given(params, "complexity_router_config").is_some();
    routes && tables().key(ROUTER, name).is_some()
}

/// `daily_report_freq` for `daily_report_frequency`: a word is cut short, and no other key begins with it.
fn begun(section: &str, name: &str) -> Option<&'static str> {
    let mut longer = tables().names(section).filter(|known| name.len() > 4 && known.starts_with(name));
    longer.next().filter(|_| longer.next().is_none())
}

/// The names of vendors' own settings begin with one of these.
const PREFIXES: [(&str, &str); 4] =
    [("bedrock", "aws_"), ("sagemaker", "aws_"), ("vertex_ai", "vertex_"), ("watsonx", "watsonx_")];

/// `region` for `aws_region_name`, `project_id` for `vertex_project`: the setting of a deployment's vendor without what its
/// name begins with.
fn without_prefix(check: &Check<'_>, section: &str, map: Place, name: &str) -> Option<&'static str> {
    let mut deployments = check.config.deployments.iter();
    let deployment = deployments.find(|one| section == "litellm_params" && one.params == Some(map))?;
    let vendor = deployment.origin.known()?;
    let (_, prefix) = PREFIXES.iter().find(|(start, _)| vendor.starts_with(start))?;
    let is_meant = |known: &&str| {
        known.strip_prefix(prefix).is_some_and(|rest| {
            let short = rest.strip_suffix("_name").unwrap_or(rest);
            [rest, short].contains(&name) || name.strip_suffix("_id") == Some(rest)
        })
    };
    let meant = tables().names(section).find(is_meant)?;
    check.config.given(map, meant).is_none().then_some(meant)
}

fn is_capability(name: &str) -> bool {
    name.starts_with("supports_") && tables().key("model_info", name).is_some()
}

fn known(check: &mut Check<'_>, section: &'static str, map: Place, key: &Key, pair: &Pair<'_>) {
    if key.is("passed") && without_prefix(check, section, map, pair.name).is_some() {
        return unknown(check, section, map, pair);
    }
    if section == "litellm_params" && pair.name == "model_info" {
        let (start, end) = (check.config.span(pair.key).start, check.config.span(pair.value).end);
        let message =
            "`model_info` does nothing in `litellm_params`; move it one level up, beside `litellm_params`.";
        let edits = check.mended(pair, |config| moves::up(config, map, pair));
        let file = pair.key.file;
        let finding =
            check.add_at(ModelInfoMisplaced, Severity::Warning, file, start..end, message.to_owned());
        if let Some(edits) = edits {
            finding.fix("Move `model_info` one level up".to_owned(), edits);
        }
        return;
    }
    if section == "litellm_settings" && pair.name == "guardrails" && check.config.has_named_guardrails() {
        return wrong_section(check, section, map, pair, "top_level");
    }
    if section == "router_settings" && pair.name == "alerting_config" && check.config.is_on(pair.value) {
        let message = "LiteLLM takes no `alerting_config` from a file, and does not start; set `alerting` in `general_settings`.";
        check.error(WrongSection, pair.key, message.to_owned());
        return;
    }
    if key.is("deprecated") {
        let instead =
            if key.replaced_by.is_empty() { String::new() } else { format!("; use `{}`", key.replaced_by) };
        check.inform(DeprecatedKey, pair.key, format!("`{}` is deprecated{instead}.", pair.name));
    }
    if !check.config.is_on(pair.value) {
        return;
    }
    if pair.name == "dangerously_permit_weak_or_unset_master_key" {
        let message =
            format!("`{}` switches LiteLLM's check of the master key off: for development only.", pair.name);
        check.warn(WeakKeyPermitted, pair.key, message);
    }
    if key.is("licence") {
        let outcome = if key.is("boot") || pair.name == "worker_registry" {
            NO_START
        } else {
            "it does nothing without it"
        };
        needs_licence(check, pair.key, pair.name, outcome);
    }
    if key.is("database") && !has_database(check) {
        let message = format!(
            "`{}` needs a PostgreSQL database (`database_url` in `general_settings`); without it nothing happens.",
            pair.name
        );
        check.warn(DbNeeded, pair.key, message);
    }
}

/// What becomes of LiteLLM without a licence for what is in its file.
pub(super) const NO_START: &str = "LiteLLM does not start without it";

/// Tells that something is for those who pay, where nobody has said that they do.
pub(super) fn needs_licence(check: &mut Check<'_>, place: Place, name: &str, outcome: &str) {
    if !has_licence(check) {
        let message = format!("`{name}` needs a licence of LiteLLM's (LITELLM_LICENSE); {outcome}.");
        check.warn(LicenceNeeded, place, message);
    }
}

fn has_licence(check: &Check<'_>) -> bool {
    check.is_set("LITELLM_LICENSE") || check.config.setting("general_settings", "litellm_license").is_some()
}

pub(super) fn has_database(check: &Check<'_>) -> bool {
    let settings = check.config.setting("general_settings", "database_url").is_some();
    settings || ["DATABASE_URL", "DATABASE_HOST"].iter().any(|name| check.is_set(name))
}

/// A key of a deployment that is evidently meant as another. What is needed is said where it is missing.
fn slipped(check: &mut Check<'_>, item: Place, pair: &Pair<'_>) {
    let known = tables().keys("deployment").iter().filter(|key| !key.is("required"));
    let open = known.map(|key| key.name).filter(|name| check.config.get(item, name).is_none());
    let Some(near) = check.slip(pair.name, open) else { return };
    let message = format!(
        "`{}` is no key that LiteLLM knows in `model_list[]`; it ignores it.{}",
        pair.name,
        did_you_mean(Some(near))
    );
    check.warn(UnknownKey, pair.key, message).replace(near);
}

/// Keys beside `litellm_params` that belong in it.
fn beside(check: &mut Check<'_>, item: Place) {
    let config = check.config;
    let Some(params) = config.get(item, "litellm_params").filter(|place| config.is_map(*place)) else {
        return;
    };
    for pair in config.entries(item) {
        if tables().key("deployment", pair.name).is_some() {
            continue;
        }
        let is_key = |section: &str| tables().key(section, pair.name).is_some();
        let home = if is_key("litellm_params") {
            "litellm_params"
        } else if is_key("model_info") && pair.name != "description" {
            "model_info"
        } else {
            slipped(check, item, &pair);
            continue;
        };
        let given = home == "litellm_params" && config.get(params, pair.name).is_some();
        if !given {
            let message = format!(
                "`{}` is only read in `{home}`; beside it, it does nothing, without a word. Indent it into {home}.",
                pair.name
            );
            let edits = check.mended(&pair, |config| moves::beside(config, item, &pair, home));
            let finding = check.error(WrongSection, pair.key, message);
            if let Some(edits) = edits {
                finding.fix(format!("Move `{}` into `{home}`", pair.name), edits);
            }
        }
    }
}
