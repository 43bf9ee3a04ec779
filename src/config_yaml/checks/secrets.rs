//! Keys and passwords that stand in the file itself.

use super::context::Check;
use crate::config_yaml::{
    codes::Code::PlaintextSecret,
    config::{Pair, Place, is_late},
    tables::tables,
    yaml::Resolved,
};

/// Beginnings of real keys.
const PREFIXES: [&str; 18] = [
    "sk-",
    "AKIA",
    "ASIA",
    "AIza",
    "gsk_",
    "xai-",
    "hf_",
    "pplx-",
    "r8_",
    "nvapi-",
    "ghp_",
    "github_pat_",
    "glpat-",
    "tgp_",
    "csk-",
    "fw_",
    "eyJ",
    "AQ.",
];

/// Words in what only holds a place.
const STANDS_IN: [&str; 20] = [
    "none",
    "dummy",
    "fake",
    "local",
    "not-needed",
    "not_needed",
    "notneeded",
    "no-key",
    "placeholder",
    "your-",
    "your_",
    "changeme",
    "change-me",
    "redacted",
    "xxxx",
    "empty",
    "lm-studio",
    "ollama",
    "<",
    "anything",
];

pub(super) fn check(check: &mut Check<'_>) {
    let mut maps: Vec<(&'static str, Place)> = check.config.described();
    for item in check.config.list("credential_list") {
        maps.extend(check.config.get(item, "credential_values").map(|place| ("litellm_params", place)));
    }
    for item in check.config.list("guardrails") {
        maps.extend(check.config.get(item, "litellm_params").map(|place| ("litellm_params", place)));
    }
    for (section, place) in maps {
        for pair in check.config.entries(place) {
            let is_secret = tables().key(section, pair.name).is_some_and(|key| key.is("secret"))
                || is_named_secret(pair.name);
            if is_secret {
                secret(check, &pair);
            }
        }
    }
}

fn is_named_secret(name: &str) -> bool {
    (name.ends_with("_api_key") || name.ends_with("_password") || name.ends_with("_secret"))
        && !name.contains("hash")
}

fn secret(check: &mut Check<'_>, pair: &Pair<'_>) {
    let Some(text) = check.config.text(pair.value) else { return };
    let is_text = check.config.resolved(pair.value) == Some(Resolved::Text);
    if !is_text || is_late(text) || text.contains("${") || text.starts_with('$') {
        return;
    }
    let found = match pair.name {
        "master_key" => !text.trim().is_empty() && text.trim() != "sk-1234",
        name if name.ends_with("_url") || name == "url" => has_password(text),
        name => is_key(text, name.contains("password")),
    };
    if found {
        let message = format!(
            "`{}` stands here in plain text, for everybody who sees the file; put it into a variable or `.env` and write `os.environ/NAME`.",
            pair.name
        );
        check.warn(PlaintextSecret, pair.value, message);
    }
}

fn has_password(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else { return false };
    let authority = rest.split('/').next().unwrap_or_default();
    let password =
        authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':')).map(|(_, password)| password);
    password.is_some_and(|password| !password.is_empty() && !password.starts_with(['$', '<', '{']))
}

fn is_key(text: &str, is_password: bool) -> bool {
    let lower = text.to_ascii_lowercase();
    let stands_in = STANDS_IN.iter().any(|word| lower.contains(word)) || text.contains(char::is_whitespace);
    if stands_in || text == "sk-1234" {
        return false;
    }
    let known = PREFIXES.iter().any(|prefix| text.starts_with(prefix)) && text.len() >= 12;
    let mixed = text.len() >= 16
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().any(|b| b.is_ascii_alphabetic());
    known || mixed || is_password && text.len() >= 6
}
