//! Values of another type, or another word, than LiteLLM takes.

use super::{
    callbacks,
    context::{Check, did_you_mean},
    dates,
};
use crate::config_yaml::{
    codes::Code::EnumType,
    config::{Pair, Place, is_late},
    finding::Severity,
    release::Change,
    tables::{Key, tables},
    yaml::{Resolved, Style},
};

/// Rules of their own look at these.
const ELSEWHERE: [(&str, &str); 10] = [
    ("litellm_settings", "callbacks"),
    ("litellm_params", "model"),
    ("litellm_params", "model_info"),
    ("mcp_servers.*", "oauth2_flow"),
    ("router_settings", "fallbacks"),
    ("router_settings", "context_window_fallbacks"),
    ("router_settings", "content_policy_fallbacks"),
    ("router_settings", "default_fallbacks"),
    ("litellm_settings", "logged_real_time_event_types"),
    ("router_settings", "routing_groups"),
];

/// Those that LiteLLM compares with `true` itself, where others may be texts.
const STRICT: [(&str, &str); 1] = [("litellm_settings", "json_logs")];

pub(super) fn check(check: &mut Check<'_>) {
    for (section, place) in check.config.described() {
        for pair in check.config.entries(place) {
            let elsewhere = ELSEWHERE
                .iter()
                .any(|(of, name)| *name == pair.name && (*of == section || pair.name.ends_with("fallbacks")))
                && (section, pair.name) != ("litellm_params", "fallbacks");
            if elsewhere {
                continue;
            }
            if let Some(key) =
                tables().key(section, pair.name).filter(|key| !key.is("internal") && key.kind != "any")
            {
                value(check, section, key, &pair);
            }
        }
    }
    of_credentials(check);
    discounts(check);
}

/// Parts of one, by vendor.
fn discounts(check: &mut Check<'_>) {
    let config = check.config;
    let Some(map) = config.setting("litellm_settings", "cost_discount_config") else { return };
    for pair in config.entries(map.value) {
        if is_word(check, pair.value) && !config.text(pair.value).is_some_and(is_late) {
            let written = config.text(pair.value).unwrap_or_default();
            let message = format!(
                "`{}` must be a part of one, such as `0.05`, not `{written}`; LiteLLM does not say so, and reckons no cost.",
                pair.name
            );
            check.warn(EnumType, pair.value, message);
        }
    }
}

fn value(check: &mut Check<'_>, section: &str, key: &Key, pair: &Pair<'_>) {
    let config = check.config;
    if config.is_null(pair.value) || config.text(pair.value).is_some_and(is_late) {
        return;
    }
    let is_fatal = key.is("fatal")
        && (!key.is("late") || check.release.has(Change::MoreTypedFields))
        && [section, &format!("{section}.{}", pair.name)].iter().all(|place| config.is_read(place));
    let severity = if is_fatal { Severity::Error } else { Severity::Warning };
    if !fits(check, key, pair.value) {
        return wrong_type(check, section, key, pair, severity);
    }
    if let Some(wanted) = form(section, key, config.text(pair.value)) {
        let message = format!("`{}` must be {wanted}; LiteLLM does not start.", pair.name);
        check.error(EnumType, check.shown(pair), message);
        return;
    }
    if key.kind == "number|string" && is_word(check, pair.value) {
        let written = config.text(pair.value).unwrap_or_default();
        let message = format!(
            "`{}` must be a number of seconds, not `{written}`; LiteLLM does not say so, and each call fails.",
            pair.name
        );
        check.warn(EnumType, check.shown(pair), message);
        return;
    }
    if dates::DURATIONS.contains(&pair.name)
        && let Some(written) = config.text(pair.value).filter(|text| !dates::is_duration(text))
    {
        let message = format!(
            "`{}` must be a number with `s`, `m`, `h`, `d`, `w` or `mo`, not `{written}`; LiteLLM does not say so, and it does not do what is meant.",
            pair.name
        );
        check.warn(EnumType, check.shown(pair), message);
        return;
    }
    if STRICT.contains(&(section, key.name)) && config.resolved(pair.value) != Some(Resolved::Bool(true)) {
        let written = config.text(pair.value).unwrap_or_default();
        if config.is_on(pair.value) {
            let message = format!(
                "`{}` must be `true` without quotes, not `{written}`; LiteLLM does not say so, and it does not do what is meant.",
                pair.name
            );
            check.warn(EnumType, check.shown(pair), message).replace("true");
        }
        return;
    }
    if key.allowed().next().is_none() {
        return;
    }
    let values = config.items(pair.value).unwrap_or_else(|| vec![pair.value]);
    for place in values {
        let Some(text) = config.text(place) else { continue };
        let is_text = config.resolved(place) == Some(Resolved::Text);
        let is_former = key.name == "type" && text == "disk" && check.release.has(Change::DiskCache);
        let is_known = is_former || key.allowed().any(|word| word == text);
        if is_text && !is_late(text) && !text.contains("${") && !is_known {
            let near = crate::near::nearest(text, key.allowed())
                .or_else(|| key.allowed().find(|word| text.len() > 2 && word.starts_with(text)));
            let all = key.allowed().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
            let outcome = outcome(section, pair.name, severity);
            let message = format!(
                "`{}` does not take `{text}`; {outcome}.{} It takes {all}.",
                pair.name,
                did_you_mean(near)
            );
            check.add(EnumType, severity, place, message).replace_by(near);
        }
    }
}

/// What a text must look like that does not, where LiteLLM looks at that as it starts.
fn form(section: &str, key: &Key, text: Option<&str>) -> Option<&'static str> {
    let text = text.filter(|text| !text.is_empty() && !text.contains("${"))?;
    match (section, key.name) {
        ("litellm_settings", "budget_reset_time") => {
            let parts = || text.split(':').map(|part| part.parse::<u32>().ok());
            let is_time = matches!(text.split(':').count(), 2 | 3)
                && parts().zip([24, 60, 60]).all(|(part, end)| part.is_some_and(|part| part < end));
            (!is_time).then_some("a time of day such as \"12:00\"")
        }
        ("router_settings", "redis_url") | ("general_settings.coordination_redis", "url") => {
            let schemes = ["redis://", "rediss://", "unix://"];
            let begins = schemes.iter().any(|scheme| text.starts_with(scheme));
            (!begins).then_some("an address that begins with `redis://`, `rediss://` or `unix://`")
        }
        _ => None,
    }
}

/// Whether a value is a text that says no number.
fn is_word(check: &Check<'_>, place: Place) -> bool {
    let text = check.config.text(place).unwrap_or_default();
    check.config.resolved(place) == Some(Resolved::Text) && text.trim().parse::<f64>().is_err()
}

fn outcome(section: &str, name: &str, severity: Severity) -> &'static str {
    match (severity, section) {
        (Severity::Error, _) if matches!(name, "success_callback" | "failure_callback") => {
            "LiteLLM takes it letter by letter, and calls nothing"
        }
        (Severity::Error, "litellm_params" | "model_info") => "LiteLLM drops this deployment",
        (Severity::Error, _) if section.starts_with("model_list[]") => "LiteLLM drops this deployment",
        (Severity::Error, _) => "LiteLLM does not start",
        _ => "LiteLLM does not say so, and it does not do what is meant",
    }
}

/// Whether a value is of a kind that a key takes, as LiteLLM's loader converts it.
fn fits(check: &Check<'_>, key: &Key, place: Place) -> bool {
    let config = check.config;
    if config.is_map(place) {
        return key.takes("map");
    }
    if config.items(place).is_some() {
        return key.takes("list");
    }
    let (Some(said), Some(text)) = (config.resolved(place), config.text(place)) else { return true };
    let text = text.trim();
    let number = || text.replace('_', "").parse::<f64>().ok();
    key.kind.split('|').any(|kind| match kind {
        "boolean" => match said {
            Resolved::Bool(_) => true,
            Resolved::Int(number) => number == 0 || number == 1,
            Resolved::Float(number) => number == 0.0 || number == 1.0,
            _ => {
                let words = ["true", "false", "yes", "no", "on", "off", "1", "0", "t", "f", "y", "n"];
                words.iter().any(|word| text.eq_ignore_ascii_case(word))
            }
        },
        "integer" => match said {
            Resolved::Int(_) | Resolved::Bool(_) | Resolved::Sexagesimal(_) => true,
            // Where it is only compared, a fraction does as well.
            Resolved::Float(number) => number.fract() == 0.0 || !key.is("fatal"),
            _ => !text.contains(['e', 'E']) && number().is_some_and(|number| number.fract() == 0.0),
        },
        "number" => {
            matches!(
                said,
                Resolved::Int(_) | Resolved::Float(_) | Resolved::Bool(_) | Resolved::Sexagesimal(_)
            ) || number().is_some()
        }
        "string" => match said {
            Resolved::Text => true,
            Resolved::Date | Resolved::Sexagesimal(_) => false,
            // Elsewhere a number does as well as its text.
            _ => !key.is("fatal"),
        },
        // A text of one's own for a deployment, such as `drop_params: yess`, is taken and means nothing.
        _ => false,
    }) && !(key.kind == "boolean|string"
        && said == Resolved::Text
        && key.name == "drop_params"
        && !is_flag(text))
}

fn is_flag(text: &str) -> bool {
    ["true", "false", "yes", "no", "on", "off", "1", "0"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn wrong_type(check: &mut Check<'_>, section: &str, key: &Key, pair: &Pair<'_>, severity: Severity) {
    let config = check.config;
    let stops = section == "litellm_settings" && callbacks::stop(check, pair);
    let severity = if stops { Severity::Error } else { severity };
    let wanted = match key.kind {
        "boolean" | "boolean|string" => "`true` or `false`",
        "integer" => "a whole number",
        "number" => "a number",
        "string" => "text",
        "list" => "a list",
        "map" => "a map",
        kind if kind.contains("map") => "text or a map",
        _ => "a value of another kind",
    };
    let written = config.text(pair.value).filter(|_| !key.is("secret"));
    let is = written.map_or_else(String::new, |text| format!(", not `{text}`"));
    let said = config.resolved(pair.value);
    let (fix, how) = match (key.kind, said, written) {
        ("list", Some(Resolved::Text), Some(text)) if !text.contains('\n') => {
            (Some(format!("[\"{text}\"]")), " Write it as a list.")
        }
        (kind, Some(Resolved::Date), Some(text)) if kind.contains("string") => {
            (Some(format!("\"{text}\"")), " YAML reads a date here: put it in quotes.")
        }
        (kind, Some(Resolved::Sexagesimal(_)), Some(text)) if kind.contains("string") => {
            (Some(format!("\"{text}\"")), " YAML reads a number to the base of 60 here: put it in quotes.")
        }
        // What is secret is told by nobody, in a fix neither.
        (kind, Some(said), text) if kind.contains("string") && said != Resolved::Text => {
            (text.map(|text| format!("\"{text}\"")), " Put it in quotes.")
        }
        _ => (None, ""),
    };
    let outcome = if stops { "LiteLLM does not start" } else { outcome(section, pair.name, severity) };
    let message = format!("`{}` must be {wanted}{is}; {outcome}.{how}", pair.name);
    let place = check.shown(pair);
    let finding = check.add(EnumType, severity, place, message);
    if let Some(fix) = fix {
        finding.replace(&fix);
    }
}

/// Credentials are merged into the parameters of a deployment; a date in them drops it as well.
fn of_credentials(check: &mut Check<'_>) {
    for item in check.config.list("credential_list") {
        let Some(values) = check.config.get(item, "credential_values") else { continue };
        for pair in check.config.entries(values) {
            let plain = check
                .config
                .tree(pair.value)
                .scalar_styled(pair.value.node)
                .is_some_and(|(_, style)| style == Style::Plain);
            let date = plain && check.config.resolved(pair.value) == Some(Resolved::Date);
            if let Some(key) =
                tables().key("litellm_params", pair.name).filter(|key| date && key.takes("string"))
            {
                wrong_type(check, "litellm_params", key, &pair, Severity::Error);
            }
        }
    }
}
