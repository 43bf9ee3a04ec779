//! Guardrails that LiteLLM would leave out without stopping.

use super::{
    callbacks,
    context::{Check, did_you_mean},
};
use crate::config_yaml::{
    codes::Code::GuardrailInvalid,
    config::{Place, is_late},
    finding::Severity,
    tables::tables,
};

pub(super) fn check(check: &mut Check<'_>) {
    for item in check.config.list("guardrails") {
        if check.config.is_map(item) {
            guardrail(check, item);
        }
    }
}

const WITHOUT: &str = "LiteLLM starts without this guardrail";

fn guardrail(check: &mut Check<'_>, item: Place) {
    let config = check.config;
    let range = check.first_line(item);
    if config.given(item, "guardrail_name").is_none() {
        let message = format!("A guardrail needs a `guardrail_name`; {WITHOUT}.");
        check.add_at(GuardrailInvalid, Severity::Error, item.file, range.clone(), message);
    }
    let Some(params) = config.pair(item, "litellm_params").filter(|pair| config.is_map(pair.value)) else {
        let message = format!("A guardrail needs `litellm_params` with `guardrail` and `mode`; {WITHOUT}.");
        check.add_at(GuardrailInvalid, Severity::Error, item.file, range, message);
        return;
    };
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

fn provider(check: &mut Check<'_>, place: Place) {
    let Some(name) = check.config.text(place).filter(|name| !is_late(name)) else { return };
    if name.contains('.') {
        return callbacks::module(check, place);
    }
    if tables().word("guardrail", name).is_none() {
        let near = crate::near::nearest(name, tables().words("guardrail").map(|(word, _)| word));
        let message =
            format!("`{name}` is no guardrail that LiteLLM knows; {WITHOUT}.{}", did_you_mean(near));
        let finding = check.error(GuardrailInvalid, place, message);
        if let Some(near) = near {
            finding.replace(near);
        }
    }
}

fn mode(check: &mut Check<'_>, place: Place) {
    let Some(name) = check.config.text(place).filter(|name| !is_late(name)) else { return };
    if tables().word("mode", name).is_none() {
        let modes = || tables().words("mode").map(|(word, _)| word);
        let begins = |word: &&str| name.len() > 2 && word.starts_with(name);
        let near = crate::near::nearest(name, modes()).or_else(|| modes().filter(begins).min());
        let message = format!("`{name}` is no `mode` of a guardrail; {WITHOUT}.{}", did_you_mean(near));
        let finding = check.error(GuardrailInvalid, place, message);
        if let Some(near) = near {
            finding.replace(near);
        }
    }
}
