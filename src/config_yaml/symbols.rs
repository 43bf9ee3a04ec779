//! Names across files: where each is given and where it is used.

use std::collections::HashSet;

use super::{
    config::{Config, Pair, Place, is_late, reference},
    files::Surroundings,
    project::Project,
    yaml::Span,
};

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Deployments of one `model_name`.
    Group,
    Alias,
    /// Deployments that are granted together, by `model_info.access_groups`.
    AccessGroup,
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

/// Maps, or lists of maps, whose `models` say what keys, users and teams may use: groups and access groups.
const GRANTS: [(&str, &str); 5] = [
    ("litellm_settings", "default_team_params"),
    ("litellm_settings", "default_internal_user_params"),
    ("litellm_settings", "default_key_generate_params"),
    ("general_settings", "role_permissions"),
    ("general_settings", "litellm_jwtauth"),
];
/// What stands there beside names.
const WORDS: [&str; 3] = ["all-proxy-models", "all-team-models", "no-default-models"];

/// Whether a key holds such `models`.
pub(crate) fn grants_models(key: &str) -> bool {
    GRANTS.iter().any(|(_, known)| *known == key)
}

/// Every name in a project.
pub(crate) fn occurrences<'a>(config: &Config<'a>) -> Vec<Occurrence<'a>> {
    let mut found = Vec::new();
    let mut add = |kind, place: Option<Place>, is_definition| {
        let name = place.and_then(|place| Some((config.text(place)?, place)));
        found.extend(name.map(|(name, place)| Occurrence { kind, name, place, is_definition }));
    };
    for deployment in &config.deployments {
        add(Kind::Group, deployment.name.map(|(_, place)| place), true);
        let params = deployment.params;
        add(Kind::Credential, params.and_then(|map| config.get(map, "litellm_credential_name")), false);
        let groups = deployment.info.and_then(|info| config.items(config.get(info, "access_groups")?));
        groups.into_iter().flatten().for_each(|place| add(Kind::AccessGroup, Some(place), true));
    }
    for item in config.list("credential_list") {
        add(Kind::Credential, config.get(item, "credential_name"), true);
    }
    let aliases = config.setting("router_settings", "model_group_alias").map(|pair| pair.value);
    let aliases: Vec<_> = aliases.into_iter().flat_map(|map| config.entries(map)).collect();
    aliases.iter().for_each(|alias| add(Kind::Alias, Some(alias.key), true));
    let given = |found: &[Occurrence<'a>], kind: Kind| -> HashSet<&'a str> {
        found.iter().filter(|one| one.kind == kind).map(|one| one.name).collect()
    };
    let (names, access) = (given(&found, Kind::Alias), given(&found, Kind::AccessGroup));
    let groups = given(&found, Kind::Group);
    for place in uses(config, &aliases) {
        let Some(name) = config.text(place).filter(|name| !is_late(name)) else { continue };
        let kind = if names.contains(name) { Kind::Alias } else { Kind::Group };
        found.push(Occurrence { kind, name, place, is_definition: false });
    }
    for place in grants(config) {
        let name = config.text(place).filter(|name| !is_late(name) && !WORDS.contains(name));
        let Some(name) = name else { continue };
        let kind = match name {
            _ if names.contains(name) => Kind::Alias,
            _ if access.contains(name) && !groups.contains(name) => Kind::AccessGroup,
            _ => Kind::Group,
        };
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
    // What an anchor gives to several is one place.
    let mut seen = HashSet::new();
    found.retain(|one| !one.name.is_empty() && seen.insert((one.kind, one.place, one.is_definition)));
    found
}

/// The same, with those in sections that others took the place of: their names are the user's too.
pub(crate) fn everywhere<'a>(project: &'a Project, around: &Surroundings<'_>) -> Vec<Occurrence<'a>> {
    let mut all: Vec<Occurrence<'a>> = Vec::new();
    for config in Config::layers(project, around.variable) {
        let aliases: HashSet<&str> =
            all.iter().filter(|one| one.kind == Kind::Alias).map(|one| one.name).collect();
        let kind = |one: &Occurrence<'_>| match one.kind {
            Kind::Group if aliases.contains(one.name) => Kind::Alias,
            kind => kind,
        };
        all.extend(occurrences(&config).into_iter().map(|one| Occurrence { kind: kind(&one), ..one }));
    }
    let mut seen = HashSet::new();
    all.retain(|one| seen.insert((one.kind, one.place, one.is_definition)));
    all
}

/// The names that are granted to keys, users and teams.
fn grants(config: &Config<'_>) -> Vec<Place> {
    let mut holders: Vec<Place> = Vec::new();
    for pair in GRANTS.iter().filter_map(|(section, key)| config.setting(section, key)) {
        holders.extend(config.items(pair.value).unwrap_or_else(|| vec![pair.value]));
        // Those of a JWT lie in a list of their own.
        let inner = config.get(pair.value, "scope_mappings").and_then(|place| config.items(place));
        holders.extend(inner.into_iter().flatten());
    }
    let lists = holders.into_iter().filter_map(|holder| config.items(config.get(holder, "models")?));
    lists.flatten().collect()
}

fn uses(config: &Config<'_>, aliases: &[Pair<'_>]) -> Vec<Place> {
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
    let all = everywhere(project, around);
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

/// A name that a project gives, or a variable that it refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// The name.
    pub name: String,
    /// What it stands for, in a word or two.
    pub what: &'static str,
    /// The file, as a number of [`Project::sources`].
    pub file: usize,
    /// Where it stands.
    pub range: Span,
}

/// The names that a project gives and the variables that it refers to, each where it stands first, by name.
pub fn symbols(project: &Project) -> Vec<Symbol> {
    let config = Config::new(project, &|_| None);
    let mut all = occurrences(&config);
    all.retain(|one| one.is_definition || one.kind == Kind::Variable);
    let mut seen = HashSet::new();
    all.retain(|one| seen.insert((one.kind, one.name)));
    all.sort_by_key(|one| (one.name, one.kind));
    let symbol = |one: &Occurrence<'_>| Symbol {
        name: one.name.to_owned(),
        what: one.kind.words(),
        file: one.place.file,
        range: config.span(one.place),
    };
    all.iter().map(symbol).collect()
}

impl Kind {
    fn words(self) -> &'static str {
        match self {
            Self::Group => "model",
            Self::Alias => "alias",
            Self::AccessGroup => "access group",
            Self::Credential => "credential",
            Self::Variable => "environment variable",
        }
    }
}
