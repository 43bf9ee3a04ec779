//! What a word asks for beside it, without which LiteLLM does not start.

use super::{
    context::Check,
    keys::{NO_START, needs_licence},
};
use crate::config_yaml::{
    codes::Code::{EnvUnset, YamlShape},
    config::Place,
    finding::Severity,
    tables::steps,
    yaml::Span,
};

struct Need {
    section: &'static str,
    key: &'static str,
    word: &'static str,
    /// Any of these keys beside it is enough; the first is advised.
    keys: &'static [&'static str],
    /// So is any of these variables.
    variables: &'static [&'static str],
}

const fn need(
    section: &'static str,
    key: &'static str,
    word: &'static str,
    keys: &'static [&'static str],
    variables: &'static [&'static str],
) -> Need {
    Need { section, key, word, keys, variables }
}

const CACHE: &str = "litellm_settings.cache_params";
const PROMPT: &str = "prompts[].litellm_params";
const GUARDRAIL: &str = "guardrails[].litellm_params";
/// Where a Redis is.
const REDIS: &[&str] =
    &["host", "url", "redis_url", "redis_startup_nodes", "startup_nodes", "sentinel_nodes"];
const REDIS_VARIABLES: &[&str] = &["REDIS_HOST", "REDIS_URL", "REDIS_CLUSTER_NODES", "REDIS_SENTINEL_NODES"];

/// All of them; of those for one word the first that is not there is told.
const NEEDS: &[Need] = &[
    need(PROMPT, "prompt_integration", "gitlab", &["gitlab_config"], &[]),
    need(PROMPT, "prompt_integration", "bitbucket", &["bitbucket_config"], &[]),
    need(PROMPT, "prompt_integration", "generic_prompt_management", &["api_base"], &[]),
    need(PROMPT, "prompt_integration", "arize_phoenix", &["api_key"], &[]),
    need(PROMPT, "prompt_integration", "arize_phoenix", &["api_base"], &[]),
    need(CACHE, "type", "redis", REDIS, REDIS_VARIABLES),
    need(CACHE, "type", "redis-semantic", &["similarity_threshold"], &[]),
    need(CACHE, "type", "redis-semantic", REDIS, REDIS_VARIABLES),
    need(CACHE, "type", "qdrant-semantic", &["qdrant_collection_name"], &[]),
    need(CACHE, "type", "qdrant-semantic", &["similarity_threshold"], &[]),
    need(CACHE, "type", "qdrant-semantic", &["qdrant_api_base"], &["QDRANT_URL", "QDRANT_API_BASE"]),
    need(CACHE, "type", "azure-blob", &["azure_account_url"], &[]),
    need(CACHE, "type", "azure-blob", &["azure_blob_container"], &[]),
    need(
        GUARDRAIL,
        "guardrail",
        "presidio",
        &["presidio_analyzer_api_base"],
        &["PRESIDIO_ANALYZER_API_BASE"],
    ),
    need(
        GUARDRAIL,
        "guardrail",
        "presidio",
        &["presidio_anonymizer_api_base"],
        &["PRESIDIO_ANONYMIZER_API_BASE"],
    ),
];

pub(super) fn check(check: &mut Check<'_>) {
    let config = check.config;
    let mut told: Option<Place> = None;
    for need in NEEDS.iter().filter(|need| config.is_read(need.section)) {
        for (_, map) in config.at(&steps(need.section)) {
            let Some(place) = config.given(map, need.key) else { continue };
            // Without a mode a guardrail is passed over.
            let is_left_out = need.section == GUARDRAIL && config.given(map, "mode").is_none();
            let is_there = need.keys.iter().any(|key| config.given(map, key).is_some());
            let is_asked = config.text(place) == Some(need.word) && !is_there && !is_left_out;
            if is_asked && told != Some(place) && !has_finding(check, map) {
                tell(check, need, place).then(|| told = Some(place));
            }
        }
    }
    vault(check);
    // A cache is a Redis where nothing else is said.
    let cache = config.setting("litellm_settings", "cache").filter(|pair| config.is_on(pair.value));
    let Some(cache) = cache else { return };
    let params = config.setting("litellm_settings", "cache_params").map(|pair| pair.value);
    let is_said = params.is_some_and(|params| {
        !config.is_map(params) || ["type"].iter().chain(REDIS).any(|key| config.given(params, key).is_some())
    });
    if !is_said {
        tell(check, &need(CACHE, "type", "redis", REDIS, REDIS_VARIABLES), cache.value);
    }
}

/// Secret managers that LiteLLM has for those who pay.
const LICENSED: [&str; 2] = ["hashicorp_vault", "google_secret_manager"];

fn vault(check: &mut Check<'_>) {
    let config = check.config;
    let Some(pair) = config.setting("general_settings", "key_management_system") else { return };
    match config.text(pair.value) {
        Some("cyberark") => {
            let is_given = ["CYBERARK_API_KEY", "CYBERARK_CLIENT_CERT"].iter().any(|name| check.is_set(name));
            if !is_given {
                let message = "CYBERARK_API_KEY is not set, and `key_management_system: cyberark` needs it, or CYBERARK_CLIENT_CERT and CYBERARK_CLIENT_KEY; LiteLLM does not start.";
                check.warn(EnvUnset, pair.value, message.to_owned());
            }
        }
        Some("custom") => {
            let settings =
                config.setting("general_settings", "key_management_settings").map(|pair| pair.value);
            let is_given = |map| config.given(map, "custom_secret_manager").is_some();
            if !settings.is_some_and(is_given) {
                let message = "`key_management_system: custom` needs `custom_secret_manager` in `key_management_settings`; LiteLLM does not start.";
                check.error(YamlShape, pair.value, message.to_owned());
            }
        }
        _ => {}
    }
    let licensed = check.config.text(pair.value).filter(|word| LICENSED.contains(word));
    if let Some(word) = licensed {
        needs_licence(check, pair.value, word, NO_START);
    }
}

/// Whether something else is wrong in a map, such as what is missing by another name.
fn has_finding(check: &Check<'_>, map: Place) -> bool {
    let span = check.config.span(map);
    let is_within = |range: &Span| span.start <= range.start && range.end <= span.end;
    check
        .findings
        .iter()
        .any(|one| one.file == map.file && one.severity <= Severity::Warning && is_within(&one.range))
}

/// Whether something was missing.
fn tell(check: &mut Check<'_>, need: &Need, place: Place) -> bool {
    let Need { key, word, keys, variables, .. } = need;
    let wanted = keys.first().copied().unwrap_or_default();
    match variables {
        [] => {
            let message = format!("`{key}: {word}` needs `{wanted}` beside it; LiteLLM does not start.");
            check.error(YamlShape, place, message);
        }
        _ if variables.iter().any(|name| check.is_set(name)) => return false,
        [variable, ..] => {
            let message = format!(
                "{variable} is not set, and `{key}: {word}` needs it, or `{wanted}` beside it; LiteLLM does not start."
            );
            check.warn(EnvUnset, place, message);
        }
    }
    true
}
