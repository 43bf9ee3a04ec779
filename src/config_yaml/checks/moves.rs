//! Keys that are moved to where LiteLLM reads them.

use crate::config_yaml::{
    config::{Config, Pair, Place, SECTIONS},
    edits::Edit,
};

/// Both edits, where both can be made.
fn both(taken: Option<Vec<Edit>>, put: Option<Edit>) -> Option<Vec<Edit>> {
    let mut edits = taken?;
    edits.push(put?);
    Some(edits)
}

/// Out of a map that keeps others.
fn removed(config: &Config<'_>, map: Place, pair: &Pair<'_>) -> Option<Vec<Edit>> {
    Some(vec![config.removed(map, pair)?])
}

/// Out of a section, or from outermost, to the section that reads it.
pub(super) fn to_section(config: &Config<'_>, map: Place, pair: &Pair<'_>, home: &str) -> Option<Vec<Edit>> {
    let lines = config.lines_of(pair)?;
    let put = match home {
        "top_level" => config.top(pair.name).is_none().then(|| config.outermost(&lines))?,
        // What is there already is not to stand there twice.
        _ if config.section(home).is_some_and(|section| config.pair(section, pair.name).is_some()) => None,
        _ if SECTIONS.contains(&home) => config.in_section(home, &lines),
        _ => None,
    };
    let taken = removed(config, map, pair).or_else(|| {
        let section = SECTIONS.iter().find_map(|name| config.top(name).filter(|top| top.value == map))?;
        let root = config.tree(map).root()?;
        config.removed_last(Place { node: root, ..map }, &section, pair)
    });
    both(taken, put)
}

/// From one map of a deployment to the other.
pub(super) fn to_half(config: &Config<'_>, from: Place, pair: &Pair<'_>, home: &str) -> Option<Vec<Edit>> {
    let item = item_of(config, from)?;
    let taken = removed(config, from, pair).or_else(|| {
        let whole = config.pair(item, "model_info").filter(|info| info.value == from)?;
        config.removed_last(item, &whole, pair)
    });
    both(taken, put(config, item, pair, home))
}

/// Whether the other map of a deployment has a key.
pub(super) fn is_in_half(config: &Config<'_>, from: Place, name: &str, home: &str) -> bool {
    let half = item_of(config, from).and_then(|item| config.get(item, home));
    half.is_some_and(|half| config.get(half, name).is_some())
}

/// The deployment of which a map is one of the two.
fn item_of(config: &Config<'_>, map: Place) -> Option<Place> {
    let mut all = config.deployments.iter();
    Some(all.find(|deployment| [deployment.params, deployment.info].contains(&Some(map)))?.item)
}

/// Into one of the maps of a deployment, which is made where it is missing.
fn put(config: &Config<'_>, item: Place, pair: &Pair<'_>, home: &str) -> Option<Edit> {
    let lines = config.lines_of(pair)?;
    match config.pair(item, home) {
        Some(map) if config.get(map.value, pair.name).is_some() => None,
        Some(map) => config.added(&map, &lines),
        None => {
            let entry = config.pair(item, "litellm_params")?;
            config.before(&entry, &format!("{home}:\n  {}", lines.replace('\n', "\n  ")))
        }
    }
}

/// A `model_info` out of `litellm_params`.
pub(super) fn up(config: &Config<'_>, params: Place, pair: &Pair<'_>) -> Option<Vec<Edit>> {
    let item = item_of(config, params)?;
    let entry = config.pair(item, "litellm_params")?;
    let lines = config.lines_of(pair)?;
    let is_free = config.get(item, pair.name).is_none();
    both(removed(config, params, pair), is_free.then(|| config.before(&entry, &lines)).flatten())
}

/// From beside `litellm_params` into it, or into `model_info`.
pub(super) fn beside(config: &Config<'_>, item: Place, pair: &Pair<'_>, home: &str) -> Option<Vec<Edit>> {
    both(removed(config, item, pair), put(config, item, pair, home))
}
