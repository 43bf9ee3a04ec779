//! Keys and passwords that stand in the file itself.

use super::context::Check;
use crate::{
    config_yaml::{
        codes::Code::PlaintextSecret,
        config::{Pair, Place, SECTIONS, is_late},
        tables::tables,
        yaml::Resolved,
    },
    masking,
};

pub(super) fn check(check: &mut Check<'_>) {
    let mut maps: Vec<(&'static str, Place)> = check.config.described();
    for item in check.config.list("credential_list") {
        maps.extend(check.config.get(item, "credential_values").map(|place| ("litellm_params", place)));
    }
    for item in HOLDERS.iter().flat_map(|list| check.config.list(list)) {
        maps.extend(check.config.get(item, "litellm_params").map(|place| ("litellm_params", place)));
    }
    let servers = check.config.section("mcp_servers").into_iter();
    maps.extend(
        servers.flat_map(|place| check.config.entries(place)).map(|pair| ("mcp_servers.*", pair.value)),
    );
    headers(check, &maps);
    let variables = check.config.section("environment_variables");
    for pair in variables.into_iter().flat_map(|place| check.config.entries(place)).collect::<Vec<_>>() {
        if masking::names_secret(pair.name) && !pair.name.contains("PUBLIC") {
            secret(check, &pair);
        }
    }
    for (section, place) in maps {
        for pair in check.config.entries(place) {
            let is_secret = tables().key(section, pair.name).is_some_and(|key| key.is("secret"))
                || is_named_secret(pair.name)
                || section == "mcp_servers.*" && MCP_SECRETS.contains(&pair.name);
            if is_secret {
                secret(check, &pair);
            }
        }
    }
}

/// Lists whose items have parameters like those of deployments.
const HOLDERS: [&str; 6] =
    ["guardrails", "vector_store_registry", "search_tools", "sandbox_tools", "prompts", "agents"];
/// What an MCP server is shown.
const MCP_SECRETS: [&str; 3] = ["authentication_token", "auth_value", "client_secret"];
/// Maps of headers that are sent along.
const HEADERS: [&str; 4] = ["headers", "extra_headers", "static_headers", "default_headers"];

/// Keys in headers, where they stand behind `Bearer`.
fn headers(check: &mut Check<'_>, maps: &[(&'static str, Place)]) {
    for name in HEADERS {
        for headers in maps.iter().filter_map(|(_, map)| check.config.get(*map, name)).collect::<Vec<_>>() {
            for pair in check.config.entries(headers) {
                let text = check.config.text(pair.value).unwrap_or_default();
                let key = ["Bearer ", "Basic ", "Token "].iter().find_map(|word| text.strip_prefix(word));
                let is_secret_name = masking::names_secret(pair.name);
                if is_secret_name && is_secret(pair.name, key.unwrap_or(text)) {
                    told(check, &pair);
                }
            }
        }
    }
}

fn is_named_secret(name: &str) -> bool {
    (name.ends_with("_api_key") || name.ends_with("_password") || name.ends_with("_secret"))
        && !name.contains("hash")
}

/// Whether a key of any section holds a secret, by its name, or a variable.
pub(in crate::config_yaml) fn names_secret(name: &str) -> bool {
    let of_section = |section| tables().key(section, name).is_some_and(|key| key.is("secret"));
    let is_variable = name.bytes().all(|b| !b.is_ascii_lowercase());
    is_named_secret(name)
        || is_variable && masking::names_secret(name) && !name.contains("PUBLIC")
        || SECTIONS.into_iter().chain(["litellm_params"]).any(of_section)
}

fn secret(check: &mut Check<'_>, pair: &Pair<'_>) {
    let Some(text) = check.config.text(pair.value) else { return };
    let is_text = check.config.resolved(pair.value) == Some(Resolved::Text);
    if is_text && is_secret(pair.name, text) {
        told(check, pair);
    }
}

fn told(check: &mut Check<'_>, pair: &Pair<'_>) {
    let message = format!(
        "`{}` stands here in plain text, for everybody who sees the file; put it into a variable or `.env` and write `os.environ/NAME`.",
        pair.name
    );
    check.warn(PlaintextSecret, pair.value, message);
}

/// Whether the value of a key that holds a secret is one, and no reference to it.
pub(in crate::config_yaml) fn is_secret(name: &str, text: &str) -> bool {
    // A block of lines ends with a line end.
    let text = text.trim();
    if is_late(text) || text.contains("${") || text.starts_with('$') {
        return false;
    }
    match name {
        "master_key" => !text.is_empty() && text != "sk-1234",
        name if name.ends_with("_url") || name == "url" => masking::passwords(text).next().is_some(),
        name => is_key(text, name.to_ascii_lowercase().contains("password")),
    }
}

/// How the names of files end that hold a secret, where it is the file that is named.
const FILES: [&str; 5] = [".json", ".pem", ".key", ".crt", ".txt"];

fn is_key(text: &str, is_password: bool) -> bool {
    if text.contains("PRIVATE KEY-----") {
        return true;
    }
    if FILES.iter().any(|ending| text.ends_with(ending)) {
        return false;
    }
    if masking::stands_in(text) || text.contains(char::is_whitespace) || text == "sk-1234" {
        return false;
    }
    let known = masking::begins_as_key(text) && text.len() >= 12;
    let mixed = text.len() >= 16
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().any(|b| b.is_ascii_alphabetic());
    known || mixed || is_password && text.len() >= 6
}
