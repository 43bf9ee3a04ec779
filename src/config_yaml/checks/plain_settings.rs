//! What sections of settings cannot hold: some keys have always had to be texts, and since 1.106 LiteLLM keeps these
//! sections as JSON, which has no dates, and has texts alone as keys.

use std::collections::HashSet;

use super::context::Check;
use crate::config_yaml::{
    codes::Code::{EnumType, YamlShape},
    config::Place,
    finding::Severity,
    release::Change,
    yaml::Resolved,
};

/// Those that are kept as JSON.
const KEPT: [&str; 4] = ["litellm_settings", "general_settings", "router_settings", "environment_variables"];
/// Those whose own keys every release takes for names.
const NAMED: [&str; 3] = ["litellm_settings", "environment_variables", "mcp_servers"];

pub(super) fn check(check: &mut Check<'_>) {
    let mut seen = HashSet::new();
    let kept = if check.release.has(Change::SettingsAreJson) { &KEPT[..] } else { &[] };
    for section in kept {
        if let Some(place) = check.config.section(section) {
            value(check, place, &mut seen);
        }
    }
    for place in NAMED.iter().filter_map(|section| check.config.section(section)) {
        let told = |place: &Place| seen.contains(place);
        let keys: Vec<Place> = check.config.entries(place).map(|pair| pair.key).collect();
        keys.into_iter().filter(|place| !told(place)).for_each(|place| key(check, place));
    }
}

/// A value and all that is in it, each node once.
fn value(check: &mut Check<'_>, place: Place, seen: &mut HashSet<Place>) {
    let tree = check.config.tree(place);
    let place = Place { node: tree.target(place.node), ..place };
    if !seen.insert(place) {
        return;
    }
    if let Some(items) = check.config.items(place) {
        items.into_iter().for_each(|item| value(check, item, seen));
    }
    if check.config.is_map(place) {
        for pair in check.config.entries(place).collect::<Vec<_>>() {
            if seen.insert(pair.key) {
                key(check, pair.key);
            }
            value(check, pair.value, seen);
        }
    }
    if check.config.resolved(place) == Some(Resolved::Date) {
        let text = check.config.text(place).unwrap_or_default();
        let message = format!(
            "YAML reads a date in `{text}`, which no setting of LiteLLM's can be; LiteLLM does not start. Put it in quotes."
        );
        instead(check, place);
        check.error(EnumType, place, message).replace(&format!("\"{text}\""));
    }
}

fn key(check: &mut Check<'_>, place: Place) {
    let read = match check.config.resolved(place) {
        Some(Resolved::Bool(_)) => "a boolean",
        Some(Resolved::Int(_) | Resolved::Float(_) | Resolved::Sexagesimal(_)) => "a number",
        Some(Resolved::Date) => "a date",
        Some(Resolved::Null) => "nothing",
        Some(Resolved::Text) | None => return,
    };
    let text = check.config.text(place).unwrap_or_default();
    let message = format!(
        "`{text}` must be text, and YAML reads {read} here; put it in quotes. LiteLLM does not start."
    );
    instead(check, place);
    check.error(YamlShape, place, message).replace(&format!("\"{text}\""));
}

/// What others say of a place that stops LiteLLM matters no more.
fn instead(check: &mut Check<'_>, place: Place) {
    let span = check.config.span(place);
    check.findings.retain(|one| {
        one.severity == Severity::Error && one.code != EnumType || one.file != place.file || one.range != span
    });
}
