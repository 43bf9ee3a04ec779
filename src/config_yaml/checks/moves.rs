//! Keys that are moved to where LiteLLM reads them.

use crate::config_yaml::{
    config::{Config, Pair, Place, SECTIONS},
    edits::Edit,
};

/// Both edits, where both can be made.
fn both(taken: Option<Edit>, put: Option<Edit>) -> Option<Vec<Edit>> {
    Some(vec![taken?, put?])
}

/// The deployment of which a map is the `litellm_params`, and its entry there.
fn deployment<'a>(config: &Config<'a>, params: Place) -> Option<(Place, Pair<'a>)> {
    let mut all = config.deployments.iter();
    let item = all.find(|deployment| deployment.params == Some(params))?.item;
    Some((item, config.pair(item, "litellm_params")?))
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
    let taken = config.removed(map, pair).or_else(|| {
        // With its last key a section goes.
        let section = SECTIONS.iter().find_map(|name| config.top(name).filter(|top| top.value == map))?;
        let root = config.tree(map).root()?;
        (config.entries(map).count() == 1)
            .then(|| config.removed(Place { node: root, ..map }, &section))
            .flatten()
    });
    both(taken, put)
}

/// From `litellm_params` to `model_info`.
pub(super) fn to_info(config: &Config<'_>, params: Place, pair: &Pair<'_>) -> Option<Vec<Edit>> {
    let (item, entry) = deployment(config, params)?;
    let lines = config.lines_of(pair)?;
    let put = match config.pair(item, "model_info") {
        Some(info) if config.get(info.value, pair.name).is_some() => None,
        Some(info) => config.added(&info, &lines),
        None => config.before(&entry, &format!("model_info:\n  {}", lines.replace('\n', "\n  "))),
    };
    both(config.removed(params, pair), put)
}

/// A `model_info` out of `litellm_params`.
pub(super) fn up(config: &Config<'_>, params: Place, pair: &Pair<'_>) -> Option<Vec<Edit>> {
    let (item, entry) = deployment(config, params)?;
    let lines = config.lines_of(pair)?;
    let is_free = config.get(item, pair.name).is_none();
    both(config.removed(params, pair), is_free.then(|| config.before(&entry, &lines)).flatten())
}

/// From beside `litellm_params` into it, or into `model_info`.
pub(super) fn beside(config: &Config<'_>, item: Place, pair: &Pair<'_>, home: &str) -> Option<Vec<Edit>> {
    let lines = config.lines_of(pair)?;
    let put = match config.pair(item, home) {
        Some(map) if config.get(map.value, pair.name).is_some() => None,
        Some(map) => config.added(&map, &lines),
        None => {
            let entry = config.pair(item, "litellm_params")?;
            config.before(&entry, &format!("{home}:\n  {}", lines.replace('\n', "\n  ")))
        }
    };
    both(config.removed(item, pair), put)
}
