//! Items that LiteLLM takes as they are and can do nothing with: what would make them of use is missing.

use super::{context::Check, items::misspelt};
use crate::config_yaml::{
    codes::Code::YamlShape,
    config::{Pair, is_late},
    finding::Severity,
    tables::steps,
};

/// Where they are, what one of them is called, and what each of them wants; what comes of it where that is missing.
const WANTED: &[(&str, &str, &str, &str)] = &[
    ("general_settings.pass_through_endpoints[]", "endpoint", "target", "LiteLLM leaves the route out"),
    ("search_tools[]", "search tool", "search_tool_name", "no request can ask for it"),
    ("search_tools[]", "search tool", "litellm_params", "each search fails"),
    ("general_settings.search_tools[]", "search tool", "litellm_params", "each search fails"),
];

pub(super) fn check(check: &mut Check<'_>) {
    let config = check.config;
    for (section, noun, name, outcome) in WANTED {
        for (_, item) in config.at(&steps(section)) {
            let is_there =
                config.given(item, name).is_some() || misspelt(config, section, item, name, &[]).is_some();
            if config.is_map(item) && !is_there {
                let message = format!("This {noun} has no `{name}`; {outcome}, without a word.");
                let range = check.first_line(item);
                check.add_at(YamlShape, Severity::Warning, item.file, range, message);
            }
        }
    }
    for pair in config.section("mcp_servers").into_iter().flat_map(|map| config.entries(map)) {
        server(check, &pair);
    }
}

/// An MCP server is a program, or stands at an address.
fn server(check: &mut Check<'_>, pair: &Pair<'_>) {
    let config = check.config;
    if !config.is_map(pair.value) {
        return;
    }
    let has = |name: &str| {
        config.given(pair.value, name).is_some()
            || misspelt(config, "mcp_servers.*", pair.value, name, &[]).is_some()
    };
    let transport = config.given(pair.value, "transport").and_then(|place| config.text(place));
    let message = match transport {
        Some(transport) if is_late(transport) => return,
        Some("stdio") if !has("command") => {
            "This MCP server has no `command`, which starts it where `transport` is `stdio`; none of its tools can be called."
        }
        None if has("command") && !has("url") => {
            "This MCP server has a `command`, which LiteLLM runs with `transport: stdio` only; none of its tools can be called."
        }
        None | Some("http" | "sse") if !["url", "spec_path", "command"].into_iter().any(has) => {
            "This MCP server has no `url`; none of its tools can be called."
        }
        _ => return,
    };
    check.warn(YamlShape, pair.key, message.to_owned());
}
