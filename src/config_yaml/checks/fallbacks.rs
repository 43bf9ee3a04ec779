//! Which group takes over for which.

use super::context::{Check, did_you_mean};
use crate::config_yaml::{
    codes::Code::{FallbackSelf, FallbackShape, FallbackUnknownModel},
    config::{Pair, Place, is_late},
    quotes::plain_or_quoted,
    release::Change,
    yaml::Resolved,
};

const LISTS: [&str; 3] = ["fallbacks", UNCHECKED, "content_policy_fallbacks"];
/// The list that LiteLLM does not look at before it is needed (1.101.3, `Router.__init__`).
const UNCHECKED: &str = "context_window_fallbacks";

pub(super) fn check(check: &mut Check<'_>) {
    for section in ["router_settings", "litellm_settings"] {
        for name in LISTS {
            if let Some(pair) = check.config.setting(section, name) {
                rules(check, &pair);
            }
        }
        if let Some(pair) = check.config.setting(section, "default_fallbacks") {
            defaults(check, &pair);
        }
    }
}

/// Whether a text is the one that LiteLLM has once it runs.
fn is_certain(text: &str) -> bool {
    !is_late(text) && !text.contains("${")
}

fn text_of(check: &Check<'_>, place: Place) -> Option<String> {
    check.config.text(place).filter(|text| is_certain(text)).map(str::to_owned)
}

fn rules(check: &mut Check<'_>, pair: &Pair<'_>) {
    let config = check.config;
    if config.text(pair.value).is_some_and(is_late) {
        return;
    }
    let Some(items) = config.items(pair.value) else {
        let must =
            format!("`{}` must be a list of maps with one key each, such as `- group: [other]`", pair.name);
        let (place, later) = match config.is_map(pair.value) {
            true => (pair.value, "the last of its keys takes over for every model"),
            false => (check.shown(pair), "none of its rules is taken"),
        };
        unfit(check, pair, place, &must, later);
        return;
    };
    for item in items {
        let entries: Vec<Pair<'_>> = config.entries(item).collect();
        match entries.as_slice() {
            _ if !config.is_map(item) => {
                let text = config.text(item).unwrap_or_default();
                if is_late(text) {
                    continue;
                }
                let must = format!(
                    "`{text}` alone is no rule of `{}`: each is a map with one key, such as `- group: [{text}]`",
                    pair.name
                );
                unfit(check, pair, item, &must, "it takes over for every model");
            }
            [rule] => self::rule(check, rule),
            _ => {
                let must = format!(
                    "A rule of `{}` must have exactly one key, the group that it is for: give each its own `-`",
                    pair.name
                );
                unfit(check, pair, item, &must, "all but the first are passed over");
            }
        }
    }
}

/// What is no rule: LiteLLM refuses it when it starts, or makes something else of it when it is needed.
fn unfit(check: &mut Check<'_>, list: &Pair<'_>, place: Place, must: &str, later: &str) {
    if list.name == UNCHECKED {
        check.warn(FallbackShape, place, format!("{must}; as it stands, {later}."));
    } else {
        check.error(FallbackShape, place, format!("{must}; LiteLLM does not start."));
    }
}

fn rule(check: &mut Check<'_>, rule: &Pair<'_>) {
    let config = check.config;
    if config.text(rule.value).is_some_and(is_late) {
        return;
    }
    let Some(targets) = config.items(rule.value) else {
        let outcome = match check.release.has(Change::FallbackListRequired) {
            true => "LiteLLM does not start",
            false => of_no_list(check, rule.value),
        };
        let must = format!("The fallbacks of `{}` must be a list", rule.name);
        no_list(check, rule, &must, outcome);
        return;
    };
    if rule.name != "*" && !is_late(rule.name) && !check.names.resolves(rule.name) {
        let near = check.nearest(rule.name, check.names.all());
        let message = format!(
            "No model of this proxy is called `{}`, so this rule never applies.{}",
            rule.name,
            did_you_mean(near)
        );
        let near = near.map(str::to_owned);
        check.warn(FallbackUnknownModel, rule.key, message).replace_by(near.as_deref());
    }
    for target in targets {
        let place = if config.is_map(target) {
            let Some(model) = config.get(target, "model") else { continue };
            model
        } else {
            target
        };
        if config.text(place) == Some(rule.name) && !config.is_map(target) {
            let message = format!("`{}` is its own fallback, which LiteLLM skips.", rule.name);
            check.inform(FallbackSelf, place, message);
        } else {
            self::target(check, place);
        }
    }
}

fn target(check: &mut Check<'_>, place: Place) {
    let Some(name) = text_of(check, place) else { return };
    if check.names.resolves(&name) {
        return;
    }
    let near = check.nearest(&name, check.names.all()).map(str::to_owned);
    let message = format!(
        "No model of this proxy is called `{name}`: when it is needed, the request fails.{}",
        did_you_mean(near.as_deref())
    );
    check.error(FallbackUnknownModel, place, message).replace_by(near.as_deref());
}

/// What becomes of a value in the place of a list, where LiteLLM starts with it.
fn of_no_list(check: &Check<'_>, place: Place) -> &'static str {
    let config = check.config;
    match config.resolved(place) {
        Some(Resolved::Text) => "LiteLLM takes the text letter by letter",
        _ if config.is_map(place) => "LiteLLM takes its keys for the names of models",
        _ => "no model takes over",
    }
}

/// A value in the place of a list; a single name is put into one.
fn no_list(check: &mut Check<'_>, pair: &Pair<'_>, must: &str, outcome: &str) {
    let name = (check.config.resolved(pair.value) == Some(Resolved::Text))
        .then(|| format!("[{}]", plain_or_quoted(check.config.text(pair.value).unwrap_or_default())));
    let message = match &name {
        Some(list) => format!("{must}; {outcome}. Write `{list}`."),
        None => format!("{must}; {outcome}. Write the names of models, each behind its own `-`."),
    };
    let place = check.shown(pair);
    let finding = check.error(FallbackShape, place, message);
    if let Some(list) = name {
        finding.replace(&list);
    }
}

fn defaults(check: &mut Check<'_>, pair: &Pair<'_>) {
    let config = check.config;
    let Some(items) = config.items(pair.value) else {
        if config.text(pair.value).is_some_and(|text| !is_certain(text)) {
            return;
        }
        let is_text = config.resolved(pair.value) == Some(Resolved::Text);
        let outcome = match is_text && check.release.has(Change::FallbackListRequired) {
            true => "LiteLLM does not start",
            false => of_no_list(check, pair.value),
        };
        no_list(check, pair, "`default_fallbacks` must be a list of names", outcome);
        return;
    };
    for item in items {
        let place = config.get(item, "model").unwrap_or(item);
        target(check, place);
    }
}
