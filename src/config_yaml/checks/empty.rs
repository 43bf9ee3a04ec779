//! Keys that LiteLLM does not start with where nothing is written behind them, as where all of a list is commented out.

use super::context::Check;
use crate::config_yaml::codes::Code::EnumType;

/// Those of `litellm_settings`: each of them was asked of 1.101.3 and 1.106.6.
const NEVER_EMPTY: [&str; 17] = [
    "success_callback",
    "failure_callback",
    "callbacks",
    "service_callback",
    "audit_log_callbacks",
    "post_call_rules",
    "prometheus_deployment_and_latency_caller_identity",
    "max_budget",
    "max_internal_user_budget",
    "default_max_internal_user_budget",
    "upperbound_key_generate_params",
    "default_team_settings",
    "priority_reservation_settings",
    "model_group_settings",
    "guardrails",
    "custom_provider_map",
    "responses",
];

pub(super) fn check(check: &mut Check<'_>) {
    let config = check.config;
    let Some(settings) = config.section("litellm_settings") else { return };
    for name in NEVER_EMPTY {
        let Some(pair) = config.pair(settings, name).filter(|pair| config.is_null(pair.value)) else {
            continue;
        };
        let key = config.span(pair.key);
        let is_told = |one: &crate::config_yaml::finding::Finding| {
            one.file == pair.key.file && one.range.start >= key.start && one.range.start <= key.end
        };
        if check.findings.iter().any(is_told) {
            continue;
        }
        let edit = check.mended(&pair, |config| config.removed(settings, &pair).map(|edit| vec![edit]));
        let message =
            format!("`{name}` is empty; LiteLLM does not start. Write what belongs there, or take it out.");
        let finding = check.error(EnumType, pair.key, message);
        if let Some(edits) = edit {
            finding.fix(format!("Take out `{name}`"), edits);
        }
    }
}
