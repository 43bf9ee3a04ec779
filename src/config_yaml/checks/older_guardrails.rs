//! Guardrails of the older form, below `litellm_settings`: a name, the callbacks that it stands for, and whether these are
//! called for every request. LiteLLM does not start where one of them is not as it should be (1.101.3 and 1.106.6).

use super::{
    callbacks,
    context::{Check, did_you_mean},
};
use crate::config_yaml::{
    codes::Code::{EnumType, UnknownKey, YamlShape},
    config::{Pair, Place, is_late},
    finding::Severity,
    yaml::Resolved,
};

const KEYS: [&str; 5] = ["callbacks", "default_on", "logging_only", "enabled_roles", "callback_args"];
const ROLES: [&str; 3] = ["system", "assistant", "user"];
const NAMES: &str = "`callbacks` must be a list of names; LiteLLM does not start.";
const ROLE_NAMES: &str =
    "`enabled_roles` must be a list of `system`, `assistant` and `user`; LiteLLM does not start.";

pub(super) fn check(check: &mut Check<'_>) {
    let config = check.config;
    if config.has_named_guardrails() {
        return;
    }
    for (pair, guardrail) in config.at(&["litellm_settings", "guardrails", "[]", "*"]) {
        let Some(name) = pair.filter(|_| config.is_map(guardrail)) else { continue };
        if config.resolved(name.key) != Some(Resolved::Text) && config.text(name.key).is_some() {
            let message = format!("`{}` must be text; LiteLLM does not start. Put it in quotes.", name.name);
            check.error(YamlShape, name.key, message).replace(&format!("\"{}\"", name.name));
        }
        for pair in config.entries(guardrail) {
            key(check, guardrail, &pair);
        }
    }
}

fn key(check: &mut Check<'_>, guardrail: Place, pair: &Pair<'_>) {
    let config = check.config;
    match pair.name {
        // Without any it is told what is missing.
        "callbacks" if !config.is_null(pair.value) => called(check, guardrail, pair),
        "callbacks" => {}
        "default_on" => flag(check, pair, false),
        "logging_only" => flag(check, pair, true),
        "enabled_roles" => roles(check, pair),
        "callback_args" => {
            let maps: Vec<Pair<'_>> = config.entries(pair.value).collect();
            let is_fit = config.is_map(pair.value) && maps.iter().all(|pair| config.is_map(pair.value));
            if !is_fit && !config.is_null(pair.value) {
                wrong(
                    check,
                    pair.value,
                    "`callback_args` must be a map with a map for each callback; LiteLLM does not start.",
                );
            }
        }
        name => {
            let near = check.nearest(name, KEYS);
            let message = format!(
                "`{name}` is no key of such a guardrail; LiteLLM does not start.{}",
                did_you_mean(near)
            );
            check.add(UnknownKey, Severity::Error, pair.key, message).replace_by(near);
        }
    }
}

/// Names are looked at where they are called; what is no name is refused anyway.
fn called(check: &mut Check<'_>, guardrail: Place, pair: &Pair<'_>) {
    let config = check.config;
    let Some(items) = config.items(pair.value) else {
        return wrong(check, pair.value, NAMES);
    };
    let is_called = config.get(guardrail, "default_on").is_some_and(|place| is_true(check, place));
    for item in items {
        match config.resolved(item) {
            Some(Resolved::Text) if is_called => callbacks::one(check, pair, item),
            Some(Resolved::Text) => {}
            _ => wrong(check, item, NAMES),
        }
    }
}

fn roles(check: &mut Check<'_>, pair: &Pair<'_>) {
    let config = check.config;
    if config.is_null(pair.value) {
        return;
    }
    let Some(items) = config.items(pair.value) else {
        return wrong(check, pair.value, ROLE_NAMES);
    };
    for item in items {
        if !config.text(item).is_some_and(|role| is_late(role) || ROLES.contains(&role)) {
            wrong(check, item, ROLE_NAMES);
        }
    }
}

/// What Pydantic takes for yes and no.
const WORDS: [(&str, bool); 12] = [
    ("true", true),
    ("t", true),
    ("yes", true),
    ("y", true),
    ("on", true),
    ("1", true),
    ("false", false),
    ("f", false),
    ("no", false),
    ("n", false),
    ("off", false),
    ("0", false),
];

/// What a value says, where it says yes or no.
pub(super) fn said(check: &Check<'_>, place: Place) -> Option<bool> {
    match check.config.resolved(place)? {
        Resolved::Bool(on) => Some(on),
        Resolved::Int(number @ (0 | 1)) => Some(number == 1),
        Resolved::Float(number) if number == 0.0 || number == 1.0 => Some(number == 1.0),
        Resolved::Text => {
            let text = check.config.text(place)?;
            WORDS.iter().find(|(word, _)| text.eq_ignore_ascii_case(word)).map(|(_, on)| *on)
        }
        _ => None,
    }
}

fn is_true(check: &Check<'_>, place: Place) -> bool {
    said(check, place) == Some(true)
}

fn flag(check: &mut Check<'_>, pair: &Pair<'_>, may_be_null: bool) {
    let config = check.config;
    let is_open = config.text(pair.value).is_some_and(is_late) || may_be_null && config.is_null(pair.value);
    if is_open || said(check, pair.value).is_some() {
        return;
    }
    let place = check.shown(pair);
    let message = format!("`{}` must be `true` or `false`; LiteLLM does not start.", pair.name);
    check.error(EnumType, place, message);
}

fn wrong(check: &mut Check<'_>, place: Place, what: &str) {
    check.error(EnumType, place, what.to_owned());
}
