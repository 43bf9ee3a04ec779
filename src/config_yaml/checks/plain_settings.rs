//! What sections of settings cannot hold: some keys have always had to be texts, and since 1.106 LiteLLM keeps these
//! sections as JSON, which has no dates, and has texts alone as keys.

use std::collections::HashSet;

use super::context::Check;
use crate::config_yaml::{
    codes::Code::{self, EnumType, YamlShape},
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
        let keys = check.config.entries(place).map(|pair| pair.key);
        let untold: Vec<Place> = keys.filter(|key| !seen.contains(key)).collect();
        untold.into_iter().for_each(|place| key(check, place));
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
        stopped(check, EnumType, place, |text| {
            format!(
                "YAML reads a date in `{text}`, which no setting of LiteLLM's can be; LiteLLM does not start. Put it in quotes."
            )
        });
    }
}

fn key(check: &mut Check<'_>, place: Place) {
    let Some(said) = check.config.resolved(place).filter(|said| *said != Resolved::Text) else { return };
    let read = said.called();
    stopped(check, YamlShape, place, |text| {
        format!(
            "`{text}` must be text, and YAML reads {read} here; put it in quotes. LiteLLM does not start."
        )
    });
}

/// Tells of a place that stops LiteLLM, and that quotes mend; what others say of it matters no more.
fn stopped(check: &mut Check<'_>, code: Code, place: Place, told: impl FnOnce(&str) -> String) {
    let span = check.config.span(place);
    check.findings.retain(|one| {
        one.severity == Severity::Error && one.code != EnumType || one.file != place.file || one.range != span
    });
    let text = check.config.text(place).unwrap_or_default();
    check.error(code, place, told(text)).replace(&format!("\"{text}\""));
}
