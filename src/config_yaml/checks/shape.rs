//! What LiteLLM expects where: maps, lists, names.

use super::context::Check;
use crate::config_yaml::{
    codes::Code::{DuplicateYamlKey, YamlShape},
    config::{Pair, Place},
    finding::Severity,
    tables::tables,
    yaml::{Kind, NodeId, Resolved},
};

pub(super) fn check(check: &mut Check<'_>) {
    duplicates(check);
    let root = check.config.project().sources()[0].tree.root();
    let root = root.map(|node| Place { file: 0, node });
    if let Some(root) = root.filter(|root| !check.config.is_map(*root)) {
        check.error(
            YamlShape,
            root,
            "The file must be a map of sections, such as `model_list:`; LiteLLM does not start.".to_owned(),
        );
        return;
    }
    for pair in check.config.tops() {
        outermost(check, &pair);
    }
    for item in check.config.list("model_list") {
        deployment(check, item);
    }
    for item in check.config.list("credential_list") {
        credential(check, item);
    }
}

/// Of equal keys the last counts, which nobody can mean.
fn duplicates(check: &mut Check<'_>) {
    for (file, source) in check.config.project().sources().iter().enumerate() {
        let tree = &source.tree;
        for id in tree.ids() {
            let Kind::Map { entries, .. } = &tree.node(id).kind else { continue };
            let mut seen: std::collections::HashMap<&str, NodeId> =
                std::collections::HashMap::with_capacity(entries.len());
            for entry in entries {
                let Some(name) = tree.scalar(entry.key).filter(|name| *name != "<<") else { continue };
                let Some(earlier) = seen.insert(name, entry.key) else { continue };
                let message = format!(
                    "`{name}` stands here a second time; LiteLLM takes this one, and the earlier is lost."
                );
                let related = "The one that is lost.";
                let config = check.config;
                let finding =
                    check.add_at(DuplicateYamlKey, Severity::Error, file, tree.span(entry.key), message);
                finding.relate(config, Place { file, node: earlier }, related);
            }
        }
    }
}

/// Outermost keys that LiteLLM passes over where they are of another kind.
const LEFT_OUT: [&str; 4] = ["router_settings", "callback_settings", "policy_attachments", "sandbox_tools"];

fn outermost(check: &mut Check<'_>, pair: &Pair<'_>) {
    let Some(key) = tables().key("top_level", pair.name) else { return };
    if check.config.is_null(pair.value) || pair.name == "include" {
        return;
    }
    let is_list = check.config.items(pair.value).is_some();
    let (fits, is_wanted_list) = match key.kind {
        "list" => (is_list, true),
        "map" => (check.config.is_map(pair.value), false),
        _ => return,
    };
    if !fits {
        // It goes through them one by one, which it can of a text and of a map.
        let is_one = pair.name == "sandbox_tools"
            && check.config.resolved(pair.value).is_some_and(|value| value != Resolved::Text);
        let outcome = if LEFT_OUT.contains(&pair.name) && !is_one {
            "LiteLLM leaves it out, without a word"
        } else {
            "LiteLLM does not start"
        };
        let message = match is_wanted_list {
            true => format!("`{}` must be a list; each item begins with `- `; {outcome}.", pair.name),
            false => format!("`{}` must be a map of keys and values; {outcome}.", pair.name),
        };
        check.error(YamlShape, pair.key, message);
    }
}

fn deployment(check: &mut Check<'_>, item: Place) {
    let config = check.config;
    if !config.is_map(item) {
        let range = check.first_line(item);
        let message =
            "A deployment must be a map with `model_name` and `litellm_params`; LiteLLM does not start.";
        check.add_at(YamlShape, Severity::Error, item.file, range, message.to_owned());
        return;
    }
    required_map(check, item, "model_name", &["litellm_params", "model_info"]);
    if let Some(pair) = config.pair(item, "model_name") {
        name(check, &pair, "model_name");
    }
    if let Some(pair) = required_map(check, item, "litellm_params", &["model_name", "model_info"]) {
        params(check, item, &pair);
    }
    if let Some(pair) = config.pair(item, "model_info").filter(|pair| !config.is_map(pair.value)) {
        let message = "`model_info` must be a map; LiteLLM does not start. Write `model_info: {}`, or leave the key out.";
        let range = config.span(pair.key);
        let fix = config.removed(item, &pair);
        let empty = config.is_null(pair.value);
        let finding = check.add_at(YamlShape, Severity::Error, item.file, range, message.to_owned());
        if let Some(fix) = fix.filter(|_| empty) {
            finding.fix("Remove `model_info`".to_owned(), vec![fix]);
        }
    }
}

/// A key that must be there; a misspelt one is said where it is.
fn required_map<'a>(check: &mut Check<'a>, item: Place, name: &str, others: &[&str]) -> Option<Pair<'a>> {
    if let Some(pair) = check.config.pair(item, name) {
        return Some(pair);
    }
    let unknown =
        |pair: &Pair<'_>| !others.contains(&pair.name) && tables().key("deployment", pair.name).is_none();
    let misspelt = check.config.entries(item).find(|pair| {
        unknown(pair)
            && (tables().word("typo", pair.name) == Some(name)
                || crate::near::nearest(pair.name, [name]).is_some())
    });
    if let Some(pair) = misspelt {
        let message = format!("`{}` must be `{name}`; LiteLLM does not start.", pair.name);
        check.error(YamlShape, pair.key, message).replace(name);
    } else {
        let range = check.first_line(item);
        let what = if name == "model_name" {
            "the name that is asked for"
        } else {
            "how the provider is called, `model` at least"
        };
        let message = format!("This deployment has no `{name}` ({what}); LiteLLM does not start.");
        check.add_at(YamlShape, Severity::Error, item.file, range, message);
    }
    None
}

/// A name must be a text.
fn name(check: &mut Check<'_>, pair: &Pair<'_>, what: &str) {
    let said = check.config.resolved(pair.value);
    let place = check.shown(pair);
    if said == Some(Resolved::Text) {
        if check.config.text(pair.value).is_some_and(|text| !text.trim().is_empty()) {
            return;
        }
        let (severity, outcome) = match what {
            "model" => (Severity::Error, "LiteLLM drops this deployment"),
            _ => (Severity::Warning, "no request can ask for it"),
        };
        check.add(YamlShape, severity, place, format!("`{what}` is empty; {outcome}."));
        return;
    }
    let read = said.map_or("a map or a list", Resolved::called);
    let text =
        check.config.text(pair.value).filter(|text| !text.is_empty()).map(|text| format!("\"{text}\""));
    let message = format!(
        "`{what}` must be text, and YAML reads {read} here; put it in quotes. LiteLLM does not start."
    );
    let finding = check.error(YamlShape, place, message);
    if let Some(text) = text {
        finding.replace(&text);
    }
}

fn params(check: &mut Check<'_>, item: Place, pair: &Pair<'_>) {
    let config = check.config;
    if !config.is_map(pair.value) {
        let beside = config.pair(item, "model").is_some();
        let how = if beside { " The lines below it must be indented deeper than it." } else { "" };
        let message =
            format!("`litellm_params` must be a map with `model` in it; LiteLLM does not start.{how}");
        check.error(YamlShape, pair.key, message);
        return;
    }
    match config.pair(pair.value, "model") {
        Some(model) => name(check, &model, "model"),
        // Beside it, it is in the wrong section.
        None if config.pair(item, "model").is_some() => {}
        None => {
            let misspelt = config.entries(pair.value).find(|pair| {
                config.key("litellm_params", pair.name).is_none()
                    && crate::near::nearest(pair.name, ["model"]).is_some()
            });
            let near =
                misspelt.map_or_else(String::new, |pair| format!(" Is `{}` meant to be it?", pair.name));
            let message = format!("`litellm_params` has no `model`; LiteLLM does not start.{near}");
            check.error(YamlShape, pair.key, message);
        }
    }
}

fn credential(check: &mut Check<'_>, item: Place) {
    let needed = ["credential_name", "credential_values", "credential_info"];
    let missing: Vec<&str> =
        needed.into_iter().filter(|name| check.config.given(item, name).is_none()).collect();
    if missing.is_empty() {
        return;
    }
    let range = check.first_line(item);
    let list = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    let empty =
        if missing.contains(&"credential_info") { " An empty `credential_info: {}` is enough." } else { "" };
    let message = format!("This credential has no {list}; LiteLLM does not start.{empty}");
    check.add_at(YamlShape, Severity::Error, item.file, range, message);
}
