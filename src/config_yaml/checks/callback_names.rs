//! Names in lists of callbacks: which LiteLLM does something with where, and what some of them want.

use super::{
    context::{Check, did_you_mean},
    keys::{NO_START, needs_licence},
};
use crate::config_yaml::{
    codes::Code::{CallbackUnknown, EnvUnset, YamlShape},
    config::{Config, Pair, Place, is_late},
    edits::Edit,
    finding::Severity,
    tables::{Callback, tables},
};

/// A name, the lists below which LiteLLM does not start with it where none of some variables is set, and those; the first
/// is advised. Asked of 1.101.3 and 1.106.6.
const NEEDS: &[(&str, &[&str], &[&str])] = &[
    ("rubrik", EVENTS, &["RUBRIK_WEBHOOK_URL", GENERIC]),
    ("sumologic", EVENTS, &["SUMOLOGIC_WEBHOOK_URL", GENERIC]),
    ("qualifire_eval", EVENTS, &["QUALIFIRE_WEBHOOK_URL", GENERIC]),
    ("presidio", &["callbacks"], &["PRESIDIO_ANALYZER_API_BASE"]),
    ("presidio", &["callbacks"], &["PRESIDIO_ANONYMIZER_API_BASE"]),
    ("aporia_prompt_injection", &["callbacks"], &["APORIO_API_KEY"]),
];
const EVENTS: &[&str] = &["callbacks", "success_callback", "failure_callback"];
const GENERIC: &str = "GENERIC_LOGGER_ENDPOINT";

/// A name without dots in a list.
pub(super) fn named(check: &mut Check<'_>, list: &Pair<'_>, place: Place, name: &str) {
    if has_settings(check.config, name) {
        return;
    }
    if tables().word("licensed", name).is_some() && list.name == "callbacks" {
        return needs_licence(check, place, name, NO_START);
    }
    match tables().callback(name) {
        None => unknown(check, list, place, name),
        Some(callback) if callback.is_later_than(check.release) => later(check, list, place, name),
        Some(callback) if callback.is_called_in(list.name) => wanted(check, list, place, name),
        Some(callback) if list.name == "callbacks" => stops(check, list, place, callback),
        Some(callback) => idle(check, list, place, callback),
    }
}

/// Whether the file says where that one is called, by which any name is taken. Within `litellm_settings` it depends on
/// the order of keys.
fn has_settings(config: &Config<'_>, name: &str) -> bool {
    let inner = config.setting("litellm_settings", "callback_settings");
    let top = config.section("callback_settings").and_then(|settings| config.get(settings, name));
    let is_other = |kind| config.text(kind).is_some_and(|kind| !is_late(kind) && kind != "generic_api");
    inner.is_some_and(|inner| config.get(inner.value, name).is_some())
        || top.and_then(|top| config.get(top, "callback_type")).is_some_and(|kind| !is_other(kind))
}

fn unknown(check: &mut Check<'_>, list: &Pair<'_>, place: Place, name: &str) {
    let near = check.nearest(name, tables().callbacks(list.name, check.release));
    let (severity, outcome) = match list.name {
        "callbacks" => (Severity::Error, "LiteLLM does not start"),
        "alerting" => (Severity::Warning, "LiteLLM tells nobody, without a word"),
        _ => (Severity::Warning, "LiteLLM calls nothing, without a word"),
    };
    let message = format!("`{name}` is no callback that LiteLLM knows; {outcome}.{}", did_you_mean(near));
    check.add(CallbackUnknown, severity, place, message).replace_by(near);
}

fn later(check: &mut Check<'_>, list: &Pair<'_>, place: Place, name: &str) {
    let (severity, message) = match list.name {
        "callbacks" => (
            Severity::Error,
            format!("`{name}` came with a later release of LiteLLM; this one does not start."),
        ),
        _ => (
            Severity::Warning,
            format!(
                "`{name}` came with a later release of LiteLLM; this one does nothing with it, without a word."
            ),
        ),
    };
    check.add(CallbackUnknown, severity, place, message);
}

/// What a name wants that is called here.
fn wanted(check: &mut Check<'_>, list: &Pair<'_>, place: Place, name: &str) {
    const PARAMS: &str = "azure_content_safety_params";
    if name == "azure_content_safety" && check.config.setting("litellm_settings", PARAMS).is_none() {
        let message = format!("`{name}` needs `{PARAMS}` in `litellm_settings`; LiteLLM does not start.");
        check.error(YamlShape, place, message);
    }
    let mut needs = NEEDS.iter().filter(|(of, lists, _)| *of == name && lists.contains(&list.name));
    let missing = needs.find(|(.., variables)| !variables.iter().any(|variable| check.is_set(variable)));
    if let Some((.., [variable, ..])) = missing {
        let message = format!("{variable} is not set, and `{name}` needs it; LiteLLM does not start.");
        check.warn(EnvUnset, place, message);
    }
}

/// A name that LiteLLM takes for a module here.
fn stops(check: &mut Check<'_>, list: &Pair<'_>, place: Place, callback: &Callback) {
    let (name, homes) = (callback.name, homes(callback));
    if homes.is_empty() {
        let meant = callback.instead();
        let message =
            format!("`{name}` may not stand in `callbacks`; LiteLLM does not start.{}", did_you_mean(meant));
        check.error(CallbackUnknown, place, message).replace_by(meant);
        return;
    }
    let message = format!(
        "`{name}` may not stand in `callbacks`; LiteLLM does not start. Write it in {}.",
        places(&homes)
    );
    let edits = check.mended(list, |config| moved(config, list, place, name, &homes));
    let finding = check.error(CallbackUnknown, place, message);
    if let Some(edits) = edits {
        finding.fix(format!("Write `{name}` in {}", places(&homes)), edits);
    }
}

/// A name with which nothing is done here.
fn idle(check: &mut Check<'_>, list: &Pair<'_>, place: Place, callback: &Callback) {
    let (name, list) = (callback.name, list.name);
    let homes: Vec<&str> = match callback.is_called_in("callbacks") {
        true => vec!["callbacks"],
        false => homes(callback),
    };
    if homes.is_empty() {
        let meant = callback.instead();
        let message = format!("`{name}` does nothing in `{list}`, without a word.{}", did_you_mean(meant));
        check.inform(CallbackUnknown, place, message);
        return;
    }
    let message = format!(
        "`{name}` does nothing in `{list}`, without a word; LiteLLM calls it in {} only.",
        places(&homes)
    );
    check.inform(CallbackUnknown, place, message);
}

/// The lists that together do what `callbacks` would, else the one that is meant.
fn homes(callback: &Callback) -> Vec<&'static str> {
    let events: Vec<&str> = callback.lists().filter(|list| EVENTS.contains(list)).collect();
    if events.is_empty() { callback.lists().take(1).collect() } else { events }
}

fn places(lists: &[&str]) -> String {
    let place = |list: &&str| match *list {
        "alerting" => "`general_settings.alerting`".to_owned(),
        list => format!("`{list}`"),
    };
    lists.iter().map(place).collect::<Vec<_>>().join(", ")
}

/// A name moved to other lists of `litellm_settings`. None where these can't be changed so.
fn moved(
    config: &Config<'_>,
    list: &Pair<'_>,
    place: Place,
    name: &str,
    homes: &[&str],
) -> Option<Vec<Edit>> {
    let settings = config.section("litellm_settings")?;
    // That of a guardrail stays as it is.
    config.pair(settings, list.name).filter(|own| own.key == list.key)?;
    let (mut edits, mut new) = (Vec::new(), Vec::new());
    for home in homes {
        match config.pair(settings, home) {
            _ if *home == "alerting" => return None,
            None => new.push(*home),
            Some(there) if config.items(there.value)?.iter().any(|item| config.text(*item) == Some(name)) => {
            }
            Some(there) => edits.push(config.item_added(there.value, name)?),
        }
    }
    let is_alone = config.items(list.value)?.len() == 1;
    // Its list becomes the first of those that are missing.
    let renamed = if is_alone && !new.is_empty() { Some(new.remove(0)) } else { None };
    edits.push(match renamed {
        Some(home) => Edit { file: list.key.file, range: config.span(list.key), text: home.to_owned() },
        None if is_alone => config.removed(settings, list)?,
        None => config.item_removed(list.value, place)?,
    });
    if !new.is_empty() {
        let lines: Vec<String> = new.iter().map(|home| format!("{home}: [\"{name}\"]")).collect();
        edits.push(config.after(list, &lines.join("\n"))?);
    }
    Some(edits)
}
