//! What people are shown of models, keys and variables.

use super::{
    codes::Code,
    config::{Config, reference},
    cost::{Model, costs, per_million},
    files::Surroundings,
    finding::MOST_SHOWN,
    path::{self, Hit},
    project::Project,
    symbols::{self, Kind},
    tables::{Key, Provider, tables},
    yaml::Span,
};
use crate::{figures::tokens, plain::code};

/// `200k→64k · $3 / $15`
pub(crate) fn figures(model: &Model) -> String {
    let limits = match (model.input, model.output) {
        (Some(input), Some(output)) => Some(format!("{}→{}", tokens(input as i64), tokens(output as i64))),
        (Some(input), None) => Some(tokens(input as i64)),
        _ => None,
    };
    let prices = match (model.input_cost, model.output_cost) {
        (Some(input), Some(output)) => Some(format!("{} / {}", per_million(input), per_million(output))),
        (Some(input), None) => Some(per_million(input)),
        _ => None,
    };
    [limits, prices].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

pub(crate) fn abilities(model: &Model) -> String {
    let all = [
        (model.supports_vision, "vision"),
        (model.supports_function_calling, "tools"),
        (model.supports_reasoning, "reasoning"),
        (model.supports_prompt_caching, "prompt cache"),
    ];
    all.iter().filter(|(has, _)| *has).map(|(_, word)| *word).collect::<Vec<_>>().join(", ")
}

/// A model in Markdown.
pub(crate) fn model(model: &Model) -> String {
    let mut lines = vec![format!("**{}**  ·  {}  ·  {}", model.id, model.provider, model.mode)];
    let of = |count: Option<f64>| count.map(|count| tokens(count as i64));
    match (of(model.input), of(model.output)) {
        (Some(input), Some(output)) => lines.push(format!("Reads {input} tokens, writes {output}.")),
        (Some(input), None) => lines.push(format!("Reads {input} tokens.")),
        _ => {}
    }
    if let (Some(input), Some(output)) = (model.input_cost, model.output_cost) {
        let (input, output) = (per_million(input), per_million(output));
        lines.push(match model.cache_read.map(per_million) {
            Some(cached) => {
                format!("For a million tokens: {input} in, {cached} from the cache, {output} out.")
            }
            None => format!("For a million tokens: {input} in, {output} out."),
        });
    }
    let can = abilities(model);
    if !can.is_empty() {
        lines.push(format!("Can: {can}."));
    }
    if let Some(date) = model.deprecation_date {
        lines.push(format!("Retires on {date}."));
    }
    lines.push("From LiteLLM's price list, 1.109.1.".to_owned());
    lines.join("\n\n")
}

/// A key in Markdown.
pub(crate) fn key(section: &str, key: &Key) -> String {
    let place = if section == "top_level" { String::new() } else { format!(" in `{section}`") };
    let mut lines = vec![format!("**{}**: {}{place}", key.name, key.kind.replace('|', " or "))];
    if !key.description.is_empty() {
        lines.push(key.description.to_owned());
    }
    let allowed = key.allowed().map(|word| format!("`{word}`")).collect::<Vec<_>>();
    if !allowed.is_empty() {
        lines.push(format!("One of {}.", allowed.join(", ")));
    }
    if !key.default.is_empty() {
        lines.push(format!("Default: `{}`.", key.default));
    }
    for (flag, text) in [
        ("deprecated", "Deprecated."),
        ("licence", "Needs a licence of LiteLLM's."),
        ("database", "Needs a database."),
        ("secret", "A secret: write `os.environ/NAME`."),
    ] {
        if key.is(flag) {
            lines.push(text.to_owned());
        }
    }
    if !key.replaced_by.is_empty() {
        lines.push(format!("Use `{}`.", key.replaced_by));
    }
    lines.push(format!("[LiteLLM's documentation]({})", Code::UnknownKey.documentation()));
    lines.join("\n\n")
}

fn provider(provider: &Provider) -> String {
    let variables: Vec<String> = provider.variables().map(|name| format!("`{name}`")).collect();
    let reads =
        if variables.is_empty() { String::new() } else { format!("\n\nReads {}.", variables.join(", ")) };
    format!(
        "**{}** (`{}`){reads}\n\n[LiteLLM's documentation]({})",
        provider.name, provider.id, provider.documentation
    )
}

/// Where a variable is set, never to what.
pub(crate) fn variable(name: &str, around: &Surroundings<'_>, in_dotenv: bool, in_file: bool) -> String {
    let shown = code(name);
    match ((around.variable)(name).is_some(), in_dotenv, in_file) {
        (true, false, _) => format!("**{shown}** is set in the environment."),
        (true, true, _) => format!("**{shown}** is set; `.env` beside this file has it too."),
        (false, _, true) => {
            format!("**{shown}** is set by `environment_variables`, after references were replaced.")
        }
        (false, _, false) => {
            format!("**{shown}** is not set, in the environment or in `.env`: LiteLLM uses null.")
        }
    }
}

/// What is known of what stands at a place, in Markdown, and the bytes it is about.
pub fn hover(
    project: &Project,
    around: &Surroundings<'_>,
    dotenv: &super::DotEnv,
    file: usize,
    offset: usize,
) -> Option<(Span, String)> {
    let tree = &project.sources().get(file)?.tree;
    let hit = path::at(tree, offset)?;
    let span = tree.span(hit.node);
    if hit.is_key {
        let section = path::section(&hit.path)?;
        return tables().key(section, hit.key).map(|found| (span, key(section, found)));
    }
    let text = tree.scalar(hit.node)?;
    let config = Config::new(project, around.variable);
    if let Some(name) = reference(text) {
        let in_file = config.setting("environment_variables", name).is_some();
        return Some((span, variable(name, around, dotenv.place(name).is_some(), in_file)));
    }
    let said = value(&config, &hit, file, text).or_else(|| named(&config, file, offset))?;
    Some((span, said))
}

fn value(config: &Config<'_>, hit: &Hit<'_>, file: usize, text: &str) -> Option<String> {
    let section = path::section(&hit.path)?;
    match (section, hit.key) {
        ("litellm_params", "model") => {
            let deployment = config
                .deployments
                .iter()
                .find(|one| one.model.is_some_and(|(_, place)| place.file == file && place.node == hit.node));
            let origin = deployment.and_then(|one| one.origin.known());
            let base = deployment.and_then(|one| config.text(config.given(one.info?, "base_model")?));
            let provider_id = origin?;
            let found = base
                .and_then(|base| costs().find(base, provider_id))
                .or_else(|| costs().find(text, provider_id));
            match found {
                Some(found) => Some(model(found)),
                None => tables().provider(provider_id).map(provider),
            }
        }
        ("litellm_params", "custom_llm_provider") => tables().provider(text).map(provider),
        ("model_info" | "litellm_params", "base_model") => costs().get(text).map(model),
        (_, name) if name.contains("cost_per_token") || name.contains("token_cost") => {
            let price: f64 = text.parse().ok()?;
            Some(format!("{} for a million tokens.", per_million(price)))
        }
        _ => None,
    }
}

/// What a name leads to.
fn named(config: &Config<'_>, file: usize, offset: usize) -> Option<String> {
    let all = symbols::occurrences(config);
    let one = symbols::at(config, &all, file, offset)?;
    if one.kind == Kind::AccessGroup {
        let mut names: Vec<String> = config
            .deployments
            .iter()
            .filter(|member| {
                let groups = member.info.and_then(|info| config.items(config.get(info, "access_groups")?));
                groups.into_iter().flatten().any(|group| config.text(group) == Some(one.name))
            })
            .filter_map(|member| member.name.map(|(name, _)| format!("- {}", code(name))))
            .collect();
        names.dedup();
        names.truncate(20);
        return Some(format!("**{}** grants access to\n\n{}", code(one.name), names.join("\n")));
    }
    if !matches!(one.kind, Kind::Group | Kind::Alias) {
        return None;
    }
    let target = match one.kind {
        Kind::Alias => {
            let value =
                config.get(config.setting("router_settings", "model_group_alias")?.value, one.name)?;
            config.text(config.get(value, "model").unwrap_or(value))?
        }
        _ => one.name,
    };
    let members =
        config.deployments.iter().filter(|member| member.name.is_some_and(|(name, _)| name == target));
    let lines: Vec<String> = members
        .filter_map(|member| {
            let (model, _) = member.model?;
            let found = member.origin.known().and_then(|provider| costs().find(model, provider));
            let figures = found
                .map(figures)
                .filter(|text| !text.is_empty())
                .map_or_else(String::new, |text| format!("  ·  {text}"));
            Some(format!("- {}{figures}", code(model)))
        })
        .take(20)
        .collect();
    let arrow = if one.kind == Kind::Alias { format!(" → {}", code(target)) } else { String::new() };
    (!lines.is_empty()).then(|| format!("**{}**{arrow}\n\n{}", code(one.name), lines.join("\n")))
}

/// Small words behind values.
pub fn hints(project: &Project, around: &Surroundings<'_>, file: usize, range: Span) -> Vec<(usize, String)> {
    let config = Config::new(project, around.variable);
    let mut found = Vec::new();
    let mut counts: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    for (name, _) in config.deployments.iter().filter_map(|deployment| deployment.name) {
        *counts.entry(name).or_default() += 1;
    }
    for deployment in &config.deployments {
        if let Some((name, place)) =
            deployment.name.filter(|(name, place)| place.file == file && counts[name] > 1)
        {
            found.push((config.span(place).end, format!("×{}", counts[name])));
        }
        let base = deployment.info.and_then(|info| config.text(config.given(info, "base_model")?));
        if let (Some((model, place)), Some(provider)) =
            (deployment.model.filter(|(_, place)| place.file == file), deployment.origin.known())
        {
            let known =
                base.and_then(|base| costs().find(base, provider)).or_else(|| costs().find(model, provider));
            found.extend(
                known.map(figures).filter(|text| !text.is_empty()).map(|text| (config.span(place).end, text)),
            );
        }
        for pair in
            [deployment.info, deployment.params].into_iter().flatten().flat_map(|map| config.entries(map))
        {
            let is_price = pair.value.file == file
                && (pair.name.contains("cost_per_token") || pair.name.contains("token_cost"));
            let price =
                config.text(pair.value).filter(|_| is_price).and_then(|text| text.parse::<f64>().ok());
            found.extend(
                price.map(|price| (config.span(pair.value).end, format!("= {} / M", per_million(price)))),
            );
        }
    }
    let tree = &project.sources()[file].tree;
    for node in tree.ids() {
        if let super::yaml::Kind::Scalar { .. } = tree.node(node).kind
            && let Some(name) = tree.scalar(node).and_then(reference)
        {
            let state = if (around.variable)(name).is_some() { "set" } else { "unset" };
            found.push((tree.span(node).end, state.to_owned()));
        }
    }
    found.retain(|(at, _)| range.contains(at) || range.end == *at);
    found.sort();
    found.dedup();
    found.truncate(MOST_SHOWN);
    found
}

/// A finding of an outline: one entry a section, and one a deployment in it.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is called.
    pub name: String,
    /// More about it.
    pub detail: String,
    /// All of it.
    pub range: Span,
    /// Its name.
    pub selection: Span,
    /// What is in it.
    pub children: Vec<Self>,
}

/// The outline of a file.
pub fn outline(project: &Project, file: usize) -> Vec<Entry> {
    let tree = &project.sources()[file].tree;
    let Some(root) = tree.root() else { return Vec::new() };
    let mut left = MOST_SHOWN;
    let mut one = |entry: &super::yaml::Entry| {
        let name = tree.scalar(entry.key).filter(|name| !name.is_empty())?.to_owned();
        left = left.checked_sub(1)?;
        let selection = tree.span(entry.key);
        let range = selection.start..tree.span(entry.value).end.max(selection.end);
        let mut children = Vec::new();
        for item in tree.items(entry.value).unwrap_or_default().iter().take(left) {
            let named = ["model_name", "credential_name", "guardrail_name", "group_name"]
                .into_iter()
                .find_map(|key| tree.entry(*item, key));
            let Some(named) = named else { continue };
            let model = tree
                .get(*item, "litellm_params")
                .and_then(|params| tree.get(params, "model"))
                .and_then(|model| tree.scalar(model));
            let selection = tree.span(named.value);
            let range = tree.span(*item);
            // A name out of an anchor is elsewhere.
            if range.start > selection.start || selection.end > range.end {
                continue;
            }
            children.push(Entry {
                name: tree.scalar(named.value).filter(|name| !name.is_empty()).unwrap_or("?").to_owned(),
                detail: model.unwrap_or_default().to_owned(),
                range,
                selection,
                children: Vec::new(),
            });
        }
        if children.is_empty() && !name.starts_with("x-") {
            for inner in tree.own_entries(entry.value).unwrap_or_default().iter().take(left) {
                let selection = tree.span(inner.key);
                let Some(name) = tree.scalar(inner.key).filter(|name| !name.is_empty()) else { continue };
                let range = selection.start..tree.span(inner.value).end.max(selection.end);
                children.push(Entry {
                    name: name.to_owned(),
                    detail: String::new(),
                    range,
                    selection,
                    children: Vec::new(),
                });
            }
        }
        left -= children.len();
        Some(Entry { name, detail: String::new(), range, selection, children })
    };
    tree.own_entries(root).unwrap_or_default().iter().filter_map(&mut one).collect()
}
