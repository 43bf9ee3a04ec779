//! Names across files: where each is given and where it is used.

use super::{
    config::{Config, Place, is_late, reference},
    files::Surroundings,
    finding::Edit,
    project::Project,
    yaml::{Resolved, Span, Style, resolve},
};

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Deployments of one `model_name`.
    Group,
    Alias,
    Credential,
    Variable,
}

/// One place of a name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occurrence<'a> {
    pub(crate) kind: Kind,
    pub(crate) name: &'a str,
    pub(crate) place: Place,
    pub(crate) is_definition: bool,
}

const RULES: [&str; 3] = ["fallbacks", "context_window_fallbacks", "content_policy_fallbacks"];
/// Lists of groups.
const LISTS: [&str; 3] = ["default_fallbacks", "background_health_check_model_groups", "public_model_groups"];
/// Maps whose keys are groups.
const MAPS: [&str; 3] = ["model_group_retry_policy", "model_group_affinity_config", "model_group_settings"];

/// Every name in a project.
pub(crate) fn occurrences<'a>(config: &Config<'a>) -> Vec<Occurrence<'a>> {
    let mut found = Vec::new();
    for deployment in &config.deployments {
        if let Some((name, place)) = deployment.name {
            found.push(Occurrence { kind: Kind::Group, name, place, is_definition: true });
        }
        if let Some(place) =
            deployment.params.and_then(|params| config.get(params, "litellm_credential_name"))
        {
            found.extend(config.text(place).map(|name| Occurrence {
                kind: Kind::Credential,
                name,
                place,
                is_definition: false,
            }));
        }
    }
    for place in
        config.list("credential_list").into_iter().filter_map(|item| config.get(item, "credential_name"))
    {
        found.extend(config.text(place).map(|name| Occurrence {
            kind: Kind::Credential,
            name,
            place,
            is_definition: true,
        }));
    }
    let aliases = config.setting("router_settings", "model_group_alias").map(|pair| pair.value);
    let aliases: Vec<_> = aliases.into_iter().flat_map(|map| config.entries(map)).collect();
    for alias in &aliases {
        found.push(Occurrence { kind: Kind::Alias, name: alias.name, place: alias.key, is_definition: true });
    }
    for place in uses(config, &aliases) {
        let Some(name) = config.text(place).filter(|name| !is_late(name)) else { continue };
        let is_alias = aliases.iter().any(|alias| alias.name == name);
        let kind = if is_alias { Kind::Alias } else { Kind::Group };
        found.push(Occurrence { kind, name, place, is_definition: false });
    }
    for (file, source) in config.project().sources().iter().enumerate() {
        for node in source.tree.ids() {
            let name = match source.tree.node(node).kind {
                super::yaml::Kind::Scalar { .. } => source.tree.scalar(node).and_then(reference),
                _ => None,
            };
            found.extend(name.map(|name| Occurrence {
                kind: Kind::Variable,
                name,
                place: Place { file, node },
                is_definition: false,
            }));
        }
    }
    found.retain(|one| !one.name.is_empty());
    found
}

fn uses(config: &Config<'_>, aliases: &[super::config::Pair<'_>]) -> Vec<Place> {
    let mut places = Vec::new();
    let mut named = |place: Place| places.push(config.get(place, "model").unwrap_or(place));
    aliases.iter().for_each(|alias| named(alias.value));
    for section in super::config::SECTIONS {
        for key in RULES {
            let rules =
                config.setting(section, key).and_then(|pair| config.items(pair.value)).unwrap_or_default();
            for rule in rules.into_iter().flat_map(|rule| config.entries(rule)) {
                named(rule.key);
                config.items(rule.value).unwrap_or_default().into_iter().for_each(&mut named);
            }
        }
        for key in LISTS {
            let items = config.setting(section, key).and_then(|pair| config.items(pair.value));
            items.unwrap_or_default().into_iter().for_each(&mut named);
        }
        for key in MAPS {
            let map = config.setting(section, key).map(|pair| pair.value);
            map.into_iter().flat_map(|map| config.entries(map)).for_each(|pair| named(pair.key));
        }
    }
    let groups =
        config.setting("router_settings", "routing_groups").and_then(|pair| config.items(pair.value));
    for models in groups.unwrap_or_default().into_iter().filter_map(|group| config.get(group, "models")) {
        config.items(models).unwrap_or_default().into_iter().for_each(&mut named);
    }
    if let Some(cache) = config.setting("litellm_settings", "cache_params") {
        config
            .entries(cache.value)
            .filter(|pair| pair.name.ends_with("_embedding_model"))
            .for_each(|pair| named(pair.value));
    }
    places
}

/// The name at a place.
pub(crate) fn at<'o, 'a>(
    config: &Config<'_>,
    all: &'o [Occurrence<'a>],
    file: usize,
    offset: usize,
) -> Option<&'o Occurrence<'a>> {
    all.iter().find(|one| {
        let span = config.span(one.place);
        one.place.file == file && span.start <= offset && offset <= span.end
    })
}

/// A name as it is written in the place of another, in quotes where it needs them or had them.
pub(crate) fn written(config: &Config<'_>, place: Place, name: &str) -> String {
    let style = config.tree(place).scalar_styled(place.node).map(|(_, style)| style);
    match style {
        Some(Style::Double) => format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")),
        Some(Style::Single) => format!("'{}'", name.replace('\'', "''")),
        _ => plain_or_quoted(name),
    }
}

/// A name as it is written where nothing stood: in quotes where it needs them.
pub(crate) fn plain_or_quoted(name: &str) -> String {
    if is_plain(name) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

fn is_plain(name: &str) -> bool {
    let first = name.chars().next().unwrap_or('#');
    let odd = name.contains(": ")
        || name.contains(" #")
        || name.contains([',', '[', ']', '{', '}', '\n'])
        || name.ends_with([':', ' ']);
    !odd && !"&*!|>'\"%@`#?-: ".contains(first) && resolve(name) == Resolved::Text
}

/// Why a name cannot become another. None where it can.
fn refused(all: &[Occurrence<'_>], one: &Occurrence<'_>, name: &str) -> Option<String> {
    if one.kind == Kind::Variable {
        return Some("A variable is set outside of this file; rename it where it is set.".to_owned());
    }
    if one.name.contains('*') {
        return Some("A name with `*` stands for many; change it by hand.".to_owned());
    }
    if name.trim().is_empty() || name.contains(['*', '\n']) {
        return Some("A name must be a text without `*`.".to_owned());
    }
    if !all.iter().any(|other| other.kind == one.kind && other.name == one.name && other.is_definition) {
        let near = crate::near::nearest(
            one.name,
            all.iter().filter(|o| o.is_definition && o.kind == one.kind).map(|o| o.name),
        );
        let hint = near.map_or_else(String::new, |near| format!(" Is `{near}` meant?"));
        return Some(format!(
            "Nothing here is called `{}`: it is found by a pattern or not at all.{hint}",
            one.name
        ));
    }
    let same = |kind: Kind| {
        matches!(
            (one.kind, kind),
            (Kind::Credential, Kind::Credential) | (Kind::Group | Kind::Alias, Kind::Group | Kind::Alias)
        )
    };
    let taken = all.iter().any(|other| same(other.kind) && other.is_definition && other.name == name);
    taken.then(|| format!("`{name}` is taken already."))
}

/// Places of a name in the files of a project.
pub type Places = Vec<(usize, Span)>;

/// Where the name at a place is given, and where it is used, in this order.
pub fn places(
    project: &Project,
    around: &Surroundings<'_>,
    file: usize,
    offset: usize,
) -> Option<(Places, Places)> {
    let config = Config::new(project, around.variable);
    let all = occurrences(&config);
    let one = at(&config, &all, file, offset)?;
    let same = all.iter().filter(|other| other.kind == one.kind && other.name == one.name);
    let (given, used): (Vec<_>, Vec<_>) = same.partition(|other| other.is_definition);
    let spans = |some: Vec<&Occurrence<'_>>| {
        some.iter().map(|one| (one.place.file, config.span(one.place))).collect()
    };
    Some((spans(given), spans(used)))
}

/// The variable that is referred to at a place.
pub fn variable_at(project: &Project, file: usize, offset: usize) -> Option<&str> {
    let tree = &project.sources().get(file)?.tree;
    let hit = super::path::at(tree, offset)?;
    tree.scalar(hit.node).and_then(reference)
}

/// The bytes of the name at a place that can be renamed. An error says why not.
///
/// # Errors
/// Where it is a name that this file does not give.
pub fn rename(
    project: &Project,
    around: &Surroundings<'_>,
    file: usize,
    offset: usize,
    name: Option<&str>,
) -> Option<Result<(Span, Vec<Edit>), String>> {
    let config = Config::new(project, around.variable);
    let all = occurrences(&config);
    let one = at(&config, &all, file, offset)?;
    let new = name.unwrap_or("a name of its own");
    if let Some(why) = refused(&all, one, new) {
        return Some(Err(why));
    }
    let same = all.iter().filter(|other| other.kind == one.kind && other.name == one.name);
    let edit = |other: &Occurrence<'_>| Edit {
        file: other.place.file,
        range: config.span(other.place),
        text: written(&config, other.place, new),
    };
    let mut edits: Vec<Edit> = same.map(edit).collect();
    edits.sort_by_key(|edit| (edit.file, edit.range.start));
    // What an anchor gives to several is written once.
    edits.dedup();
    Some(Ok((config.span(one.place), edits)))
}
