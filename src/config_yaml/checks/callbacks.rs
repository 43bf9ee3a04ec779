//! What is called before and after requests: lists of names, and code of one's own.

use super::context::Check;
use crate::config_yaml::{
    codes::Code::{CallbackModuleMissing, CallbackUnknown, EnumType},
    config::{Config, Pair, Place, is_late},
    project::folder,
    release::Change,
    yaml::Resolved,
};

/// Keys with names of callbacks; an unknown one in the first stops LiteLLM.
const LISTS: [&str; 5] =
    ["callbacks", "success_callback", "failure_callback", "service_callback", "audit_log_callbacks"];

/// Those of which LiteLLM looks at each item as it starts.
const STOPPING: [&str; 4] = ["callbacks", "success_callback", "failure_callback", "audit_log_callbacks"];

/// Keys with a dotted name of one's own code.
const MODULES: [(&str, &str); 7] = [
    ("general_settings", "custom_auth"),
    ("general_settings", "custom_key_generate"),
    ("general_settings", "custom_key_update"),
    ("general_settings", "custom_sso"),
    ("general_settings", "custom_ui_sso_sign_in_handler"),
    ("general_settings", "custom_team_metadata_validate"),
    ("litellm_settings", "post_call_rules"),
];

pub(super) fn check(check: &mut Check<'_>) {
    for name in LISTS {
        let Some(pair) = check.config.setting("litellm_settings", name) else { continue };
        match check.config.items(pair.value) {
            Some(items) => items.into_iter().for_each(|item| one(check, &pair, item)),
            None if name == "callbacks" => alone(check, &pair),
            None => {}
        }
    }
    for place in own_code(check.config) {
        dotted(check, place);
    }
    if check.release.has(Change::CustomKeyPolicy)
        && let Some(pair) = check.config.setting("general_settings", "custom_key_policy")
    {
        dotted(check, pair.value);
    }
    alerting(check);
}

/// Whether what is no list stops LiteLLM, which goes through a text letter by letter: a dot is a module.
pub(super) fn stop(check: &Check<'_>, pair: &Pair<'_>) -> bool {
    let is_text = check.config.resolved(pair.value).is_none_or(|said| said == Resolved::Text);
    let has_dot = || check.config.text(pair.value).is_some_and(|text| text.contains('.'));
    let is_list = STOPPING.contains(&pair.name);
    is_list && has_dot() || !is_text && (is_list || pair.name == "service_callback")
}

/// One's own code is found by its file and its name in there.
fn dotted(check: &mut Check<'_>, place: Place) {
    let text = check.config.text(place).filter(|name| !is_late(name) && !name.is_empty());
    match text {
        Some(text) if !text.contains('.') => {
            let message = format!(
                "`{text}` must be a file and what is in it, such as `file.name`; LiteLLM does not start."
            );
            check.error(EnumType, place, message);
        }
        _ => module(check, place),
    }
}

/// Who is told.
fn alerting(check: &mut Check<'_>) {
    let Some(pair) = check.config.setting("general_settings", "alerting") else { return };
    for place in check.config.items(pair.value).unwrap_or_default() {
        one(check, &pair, place);
    }
}

/// Values that are dotted names of one's own code.
fn own_code(config: &Config<'_>) -> Vec<Place> {
    let settings = MODULES.iter().filter_map(|(section, name)| config.setting(section, name));
    let handlers = config
        .setting("litellm_settings", "custom_provider_map")
        .and_then(|pair| config.items(pair.value))
        .unwrap_or_default();
    let handlers = handlers.into_iter().filter_map(|item| config.get(item, "custom_handler"));
    let tools = config.list("mcp_tools").into_iter().filter_map(|item| config.given(item, "handler"));
    let handlers = handlers.chain(tools);
    settings.map(|pair| pair.value).chain(handlers).collect()
}

/// The same, and those among callbacks and guardrails.
pub(in crate::config_yaml) fn modules(config: &Config<'_>) -> Vec<Place> {
    let callbacks = LISTS.iter().filter_map(|name| config.setting("litellm_settings", name));
    let callbacks = callbacks.flat_map(|pair| config.items(pair.value).unwrap_or_else(|| vec![pair.value]));
    let guardrails = config.list("guardrails").into_iter();
    let guardrails =
        guardrails.filter_map(|item| config.get(config.get(item, "litellm_params")?, "guardrail"));
    let all = own_code(config).into_iter().chain(callbacks).chain(guardrails);
    all.filter(|place| config.text(*place).is_some_and(|name| name.contains('.'))).collect()
}

/// `callbacks` may be one dotted name.
fn alone(check: &mut Check<'_>, pair: &Pair<'_>) {
    if check.config.is_map(pair.value) {
        return nameless(check, pair, pair.value);
    }
    let Some(text) = check.config.text(pair.value).filter(|text| !is_late(text)) else { return };
    if text.contains('.') {
        return module(check, pair.value);
    }
    let message = format!("`callbacks` must be a list, not `{text}`; LiteLLM does not start.");
    let is_text = check.config.resolved(pair.value) == Some(Resolved::Text);
    if !check.findings.iter().any(|f| f.code == EnumType && f.range == check.config.span(pair.value)) {
        let finding = check.error(EnumType, pair.value, message);
        // `true` names no callback.
        if is_text {
            finding.replace(&format!("[\"{text}\"]"));
        }
    }
}

/// A callback with its options, as other programs write them.
fn nameless(check: &mut Check<'_>, list: &Pair<'_>, place: Place) {
    if list.name != "callbacks" {
        let message = format!(
            "`{}` must be a list of names; LiteLLM calls nothing for this, without a word.",
            list.name
        );
        check.warn(CallbackUnknown, place, message);
        return;
    }
    let name = check.config.entries(place).next().map(|pair| pair.name);
    let how = name.map_or_else(String::new, |name| {
        format!(" Write `{name}` alone, and its options below `callback_settings` or `{name}_params`.")
    });
    let message = format!("`callbacks` must be a list of names; LiteLLM does not start.{how}");
    let place = name.and_then(|name| check.config.pair(place, name)).map_or(place, |pair| pair.key);
    check.error(EnumType, place, message);
}

/// An item of a list.
pub(super) fn one(check: &mut Check<'_>, list: &Pair<'_>, place: Place) {
    let config = check.config;
    if config.is_map(place) || config.items(place).is_some() {
        return nameless(check, list, place);
    }
    let is_text = config.resolved(place) == Some(Resolved::Text);
    if !is_text && STOPPING.contains(&list.name) {
        let text = config.text(place).filter(|text| !text.is_empty()).unwrap_or("null");
        let message =
            format!("`{}` must be a list of names, and `{text}` is none; LiteLLM does not start.", list.name);
        check.error(EnumType, place, message);
        return;
    }
    let Some(name) = config.text(place).filter(|name| !is_late(name) && !name.contains("${")) else { return };
    if is_text && name.contains('.') {
        return module(check, place);
    }
    super::callback_names::named(check, list, place, name);
}

/// A dotted name is looked for beside the file.
pub(super) fn module(check: &mut Check<'_>, place: Place) {
    let Some(name) = check.config.text(place).filter(|name| !is_late(name)) else { return };
    let is_dotted =
        name.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_'));
    let Some((module, _)) = name.rsplit_once('.').filter(|_| is_dotted) else { return };
    if module == "litellm" || module.starts_with("litellm.") || module.starts_with("litellm_enterprise") {
        return;
    }
    let folder = folder(&check.config.project().sources()[0].path);
    let path = folder.join(module.replace('.', "/"));
    let found = check.around.files.is_file(&path.with_extension("py"))
        || check.around.files.is_file(&path.join("__init__.py"));
    if !found {
        let message = format!(
            "No `{}.py` is beside this file; LiteLLM does not start unless `{module}` is installed.",
            module.replace('.', "/")
        );
        check.warn(CallbackModuleMissing, place, message);
    }
}
