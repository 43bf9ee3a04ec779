//! What a name in a request, a fallback or an alias stands for, in LiteLLM's order.

use std::collections::{HashMap, HashSet};

use super::{
    config::{Config, Place, is_late},
    providers::{of_bare, of_gone},
    release::Release,
};

pub(crate) struct Names<'a> {
    pub(crate) groups: HashSet<&'a str>,
    ids: HashSet<&'a str>,
    pub(crate) aliases: HashMap<&'a str, Place>,
    routing: HashSet<&'a str>,
    patterns: Vec<&'a str>,
    models: HashSet<&'a str>,
    team: HashSet<&'a str>,
    /// Whether names may exist that the file does not say.
    pub(crate) open: bool,
    release: Release,
}

impl<'a> Names<'a> {
    /// What a release finds.
    pub(crate) fn of(config: &Config<'a>, release: Release) -> Self {
        let names =
            || config.deployments.iter().filter_map(|deployment| deployment.name.map(|(name, _)| name));
        let infos = |key: &'static str| {
            let infos = config.deployments.iter().filter_map(|deployment| deployment.info);
            infos.filter_map(|info| config.text(config.get(info, key)?)).collect::<HashSet<_>>()
        };
        let inner = |name: &str| config.setting("router_settings", name).map(|pair| pair.value);
        let aliases = inner("model_group_alias").into_iter().flat_map(|map| config.entries(map));
        let routing = inner("routing_groups").and_then(|list| config.items(list)).unwrap_or_default();
        let stored = config
            .setting("general_settings", "store_model_in_db")
            .is_some_and(|pair| config.is_on(pair.value));
        Self {
            groups: names().filter(|name| !name.contains('*')).collect(),
            ids: infos("id"),
            aliases: aliases.map(|pair| (pair.name, pair.value)).collect(),
            routing: routing
                .into_iter()
                .filter_map(|item| config.text(config.get(item, "group_name")?))
                .collect(),
            patterns: names().filter(|name| name.contains('*')).collect(),
            models: config
                .deployments
                .iter()
                .filter_map(|deployment| deployment.model.map(|(model, _)| model))
                .collect(),
            team: infos("team_public_model_name"),
            open: stored || names().any(is_late) || !config.project().is_whole(),
            release,
        }
    }

    /// Whether a request for that name finds a deployment.
    pub(crate) fn resolves(&self, name: &str) -> bool {
        self.open || self.ids.contains(name) || self.aliases.contains_key(name) || self.is_group(name)
    }

    /// The same for the target of an alias: neither ids nor other aliases.
    pub(crate) fn is_target(&self, name: &str) -> bool {
        self.open || self.is_group(name)
    }

    fn is_group(&self, name: &str) -> bool {
        self.routing.contains(name)
            || self.groups.contains(name)
            || self.team.contains(name)
            || self.models.contains(name)
            || self.patterns.iter().any(|pattern| fits(pattern, name))
            || self.by_provider(name)
    }

    /// `gpt-4o` is found by `openai/*` too.
    fn by_provider(&self, name: &str) -> bool {
        if self.patterns.is_empty() || name.contains('/') {
            return false;
        }
        let gone = || {
            let gone = of_gone(name).filter(|(_, gone)| gone.may_be_listed_by(self.release));
            gone.map(|(provider, _)| provider.to_owned())
        };
        let Some(provider) = of_bare(name).or_else(gone) else { return false };
        let whole = format!("{provider}/{name}");
        self.patterns.iter().any(|pattern| fits(pattern, &whole))
    }

    /// Every name that can be asked for, to say which was meant.
    pub(crate) fn all(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.groups.iter().chain(self.aliases.keys()).chain(&self.routing).copied()
    }
}

/// `*` stands for anything; the end need not fit.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    for part in parts {
        match rest.find(part) {
            Some(place) => rest = &rest[place + part.len()..],
            None => return false,
        }
    }
    true
}
