//! Guardrails that LiteLLM would leave out without stopping.

use super::{
    callbacks,
    context::{Check, did_you_mean},
    older_guardrails::said,
};
use crate::config_yaml::{
    codes::Code::GuardrailInvalid,
    config::{Pair, Place, is_late},
    finding::Severity,
    tables::tables,
    yaml::Resolved,
};

pub(super) fn check(check: &mut Check<'_>) {
    for item in check.config.list("guardrails") {
        if check.config.is_map(item) {
            guardrail(check, item);
        }
    }
}

const WITHOUT: &str = "LiteLLM starts without this guardrail";
const STOPS: &str = "LiteLLM does not start";

fn guardrail(check: &mut Check<'_>, item: Place) {
    let config = check.config;
    let range = check.first_line(item);
    let name = config.given(item, "guardrail_name");
    if !name.is_some_and(|name| config.resolved(name) == Some(Resolved::Text)) {
        let message = "A guardrail needs a `guardrail_name`, which is text; LiteLLM does not start.";
        let range = name.map_or(range.clone(), |name| config.span(name));
        check.add_at(GuardrailInvalid, Severity::Error, item.file, range, message.to_owned());
    }
    let params = config.pair(item, "litellm_params");
    let Some(params) = params.filter(|pair| config.is_map(pair.value)) else {
        // Where nothing stands behind it, it is told of in the log.
        let outcome = if params.is_some_and(|pair| config.is_null(pair.value)) { WITHOUT } else { STOPS };
        let message = format!("A guardrail needs `litellm_params` with `guardrail` and `mode`; {outcome}.");
        check.add_at(GuardrailInvalid, Severity::Error, item.file, range, message);
        return;
    };
    if let Some(place) = config.given(params.value, "default_on")
        && !is_flag(check, place)
    {
        let message = format!("`default_on` must be `true` or `false`; {WITHOUT}.");
        check.error(GuardrailInvalid, place, message);
    }
    let entities = config.given(params.value, "pii_entities_config").into_iter();
    for pair in entities.flat_map(|map| config.entries(map)).collect::<Vec<_>>() {
        action(check, &pair);
    }
    for name in ["guardrail", "mode"] {
        if config.given(params.value, name).is_none() {
            let message = format!("`litellm_params` of this guardrail has no `{name}`; {WITHOUT}.");
            check.error(GuardrailInvalid, params.key, message);
        }
    }
    if let Some(place) = config.given(params.value, "guardrail") {
        provider(check, place);
    }
    if let Some(place) = config.given(params.value, "mode") {
        let places = config.items(place).unwrap_or_else(|| vec![place]);
        places.into_iter().for_each(|place| mode(check, place));
    }
}

fn is_flag(check: &Check<'_>, place: Place) -> bool {
    check.config.text(place).is_some_and(is_late) || said(check, place).is_some()
}

/// What is done with personal data of a kind.
fn action(check: &mut Check<'_>, pair: &Pair<'_>) {
    let Some(text) = check.config.text(pair.value).filter(|text| !is_late(text)) else { return };
    let actions = ["MASK", "BLOCK"];
    if !actions.contains(&text) {
        let near = actions.into_iter().find(|action| action.eq_ignore_ascii_case(text));
        let message = format!("`{}` must be `MASK` or `BLOCK`, not `{text}`; {WITHOUT}.", pair.name);
        check.error(GuardrailInvalid, pair.value, message).replace_by(near);
    }
}

fn provider(check: &mut Check<'_>, place: Place) {
    let Some(name) = check.config.text(place).filter(|name| !is_late(name)) else { return };
    if name.contains('.') {
        return callbacks::module(check, place);
    }
    if tables().word("guardrail", name).is_none() {
        let near = crate::near::nearest(name, tables().words("guardrail").map(|(word, _)| word));
        let message =
            format!("`{name}` is no guardrail that LiteLLM knows; {WITHOUT}.{}", did_you_mean(near));
        check.error(GuardrailInvalid, place, message).replace_by(near);
    }
}

fn mode(check: &mut Check<'_>, place: Place) {
    let Some(name) = check.config.text(place).filter(|name| !is_late(name)) else { return };
    if tables().word("mode", name).is_none() {
        let modes = || tables().words("mode").map(|(word, _)| word);
        let begins = |word: &&str| name.len() > 2 && word.starts_with(name);
        let near = crate::near::nearest(name, modes()).or_else(|| modes().filter(begins).min());
        let message = format!("`{name}` is no `mode` of a guardrail; {WITHOUT}.{}", did_you_mean(near));
        check.error(GuardrailInvalid, place, message).replace_by(near);
    }
}
