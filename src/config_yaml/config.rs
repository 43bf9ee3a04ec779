//! A project as LiteLLM sees it: sections, deployments, names.

use super::{
    project::Project,
    providers::{self, Origin},
    tables::{Key, tables},
    yaml::{NodeId, Resolved, Span},
};

/// A node of one of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) file: usize,
    pub(crate) node: NodeId,
}

/// A key and its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) name: &'a str,
    pub(crate) key: Place,
    pub(crate) value: Place,
}

/// One item of `model_list`.
#[derive(Debug)]
pub(crate) struct Deployment<'a> {
    pub(crate) item: Place,
    pub(crate) name: Option<(&'a str, Place)>,
    pub(crate) params: Option<Place>,
    pub(crate) info: Option<Place>,
    pub(crate) model: Option<(&'a str, Place)>,
    pub(crate) origin: Origin,
}

/// A deployment of which it is known where its model goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Routed<'d> {
    pub(crate) params: Place,
    pub(crate) model: &'d str,
    /// Of the model.
    pub(crate) place: Place,
    pub(crate) provider: &'d str,
}

impl Deployment<'_> {
    pub(crate) fn routed(&self) -> Option<Routed<'_>> {
        let (model, place) = self.model?;
        Some(Routed { params: self.params?, model, place, provider: self.origin.known()? })
    }
}

/// The sections whose keys are looked at one by one.
pub(crate) const SECTIONS: [&str; 3] = ["litellm_settings", "general_settings", "router_settings"];

#[derive(Debug)]
pub(crate) struct Config<'a> {
    project: &'a Project,
    pub(crate) deployments: Vec<Deployment<'a>>,
}

impl<'a> Config<'a> {
    /// `variable` answers what an environment reference in an `api_base` stands for.
    pub(crate) fn new(project: &'a Project, variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut config = Self { project, deployments: Vec::new() };
        let items = config.list("model_list");
        config.deployments = items.into_iter().map(|item| config.deployment(item, variable)).collect();
        config
    }

    pub(crate) fn project(&self) -> &'a Project {
        self.project
    }

    fn deployment(&self, item: Place, variable: &dyn Fn(&str) -> Option<String>) -> Deployment<'a> {
        let map = |name| self.get(item, name).filter(|place| self.is_map(*place));
        let params = map("litellm_params");
        let text = |place: Option<Place>| place.and_then(|place| Some((self.text(place)?, place)));
        let model = text(params.and_then(|params| self.get(params, "model")));
        let origin = match (model, params) {
            (Some((model, _)), Some(params)) => providers::origin(self, params, model, variable),
            _ => Origin::Open,
        };
        Deployment {
            item,
            name: text(self.get(item, "model_name")),
            params,
            info: map("model_info"),
            model,
            origin,
        }
    }

    pub(crate) fn span(&self, place: Place) -> Span {
        self.tree(place).span(place.node)
    }

    pub(crate) fn tree(&self, place: Place) -> &'a super::yaml::Tree {
        &self.project.sources()[place.file].tree
    }

    pub(crate) fn text(&self, place: Place) -> Option<&'a str> {
        self.tree(place).scalar(place.node)
    }

    pub(crate) fn resolved(&self, place: Place) -> Option<Resolved> {
        self.tree(place).resolved(place.node)
    }

    pub(crate) fn is_null(&self, place: Place) -> bool {
        self.tree(place).is_null(place.node)
    }

    pub(crate) fn is_map(&self, place: Place) -> bool {
        self.tree(place).is_map(place.node)
    }

    /// Whether LiteLLM takes a value for yes.
    pub(crate) fn is_on(&self, place: Place) -> bool {
        match self.resolved(place) {
            Some(Resolved::Bool(on)) => on,
            Some(Resolved::Null) => false,
            Some(Resolved::Int(number)) => number != 0,
            Some(_) => {
                self.text(place).is_some_and(|text| !text.is_empty() && !text.eq_ignore_ascii_case("false"))
            }
            None => match self.items(place) {
                Some(items) => !items.is_empty(),
                None => self.entries(place).next().is_some(),
            },
        }
    }

    pub(crate) fn items(&self, place: Place) -> Option<Vec<Place>> {
        let items = self.tree(place).items(place.node)?;
        Some(items.iter().map(|node| Place { file: place.file, node: *node }).collect())
    }

    pub(crate) fn entries(&self, place: Place) -> impl Iterator<Item = Pair<'a>> + use<'a> {
        let tree = self.tree(place);
        let at = move |node| Place { file: place.file, node };
        tree.entries(place.node).into_iter().filter_map(move |entry| {
            Some(Pair { name: tree.scalar(entry.key)?, key: at(entry.key), value: at(entry.value) })
        })
    }

    pub(crate) fn pair(&self, place: Place, name: &str) -> Option<Pair<'a>> {
        let tree = self.tree(place);
        let entry = tree.entry(place.node, name)?;
        let at = |node| Place { file: place.file, node };
        Some(Pair { name: tree.scalar(entry.key)?, key: at(entry.key), value: at(entry.value) })
    }

    pub(crate) fn get(&self, place: Place, name: &str) -> Option<Place> {
        self.pair(place, name).map(|pair| pair.value)
    }

    /// A value that is there and not null.
    pub(crate) fn given(&self, place: Place, name: &str) -> Option<Place> {
        self.get(place, name).filter(|value| !self.is_null(*value))
    }

    /// An outermost key with its first value.
    pub(crate) fn top(&self, name: &str) -> Option<Pair<'a>> {
        let top = self.project.top.iter().find(|top| top.name == name)?;
        Some(Pair { name: &top.name, key: top.key, value: top.values[0] })
    }

    pub(crate) fn tops(&self) -> impl Iterator<Item = Pair<'a>> + use<'a> {
        self.project.top.iter().map(|top| Pair { name: &top.name, key: top.key, value: top.values[0] })
    }

    /// An outermost section, where it is a map.
    pub(crate) fn section(&self, name: &str) -> Option<Place> {
        self.top(name).map(|pair| pair.value).filter(|place| self.is_map(*place))
    }

    /// The value of a key in a section.
    pub(crate) fn setting(&self, section: &str, name: &str) -> Option<Pair<'a>> {
        self.pair(self.section(section)?, name).filter(|pair| !self.is_null(pair.value))
    }

    /// The items of an outermost list, from all files.
    pub(crate) fn list(&self, name: &str) -> Vec<Place> {
        let Some(top) = self.project.top.iter().find(|top| top.name == name) else { return Vec::new() };
        top.values.iter().filter_map(|place| self.items(*place)).flatten().collect()
    }

    /// The maps whose keys the tables describe: what a section is called in the tables, and where it is.
    pub(crate) fn described(&self) -> Vec<(&'static str, Place)> {
        let mut found: Vec<(&'static str, Place)> = Vec::new();
        for section in SECTIONS {
            found.extend(self.section(section).map(|place| (section, place)));
        }
        for deployment in &self.deployments {
            found.extend(deployment.params.map(|place| ("litellm_params", place)));
            found.extend(deployment.info.map(|place| ("model_info", place)));
        }
        let inner = |section: &str, name: &str| self.setting(section, name).map(|pair| pair.value);
        let maps: [(&'static str, Option<Place>); 5] = [
            ("litellm_settings.cache_params", inner("litellm_settings", "cache_params")),
            ("router_settings.retry_policy", inner("router_settings", "retry_policy")),
            ("router_settings.allowed_fails_policy", inner("router_settings", "allowed_fails_policy")),
            ("general_settings.coordination_redis", inner("general_settings", "coordination_redis")),
            (
                "general_settings.key_management_settings",
                inner("general_settings", "key_management_settings"),
            ),
        ];
        found.extend(
            maps.into_iter().filter_map(|(name, place)| Some((name, place.filter(|p| self.is_map(*p))?))),
        );
        let groups = inner("router_settings", "routing_groups").and_then(|place| self.items(place));
        let routes = inner("general_settings", "pass_through_endpoints").and_then(|place| self.items(place));
        let policies = inner("router_settings", "model_group_retry_policy").map(|place| self.entries(place));
        let lists = [
            ("router_settings.routing_groups[]", groups),
            ("general_settings.pass_through_endpoints[]", routes),
        ];
        for (name, items) in lists {
            found.extend(
                items.unwrap_or_default().into_iter().filter(|p| self.is_map(*p)).map(|place| (name, place)),
            );
        }
        found.extend(policies.into_iter().flatten().map(|pair| ("router_settings.retry_policy", pair.value)));
        found.extend(self.list("credential_list").into_iter().map(|place| ("credential_list[]", place)));
        found.extend(self.list("guardrails").into_iter().map(|place| ("guardrails[]", place)));
        found
    }

    /// What the tables say of a key.
    pub(crate) fn key(&self, section: &str, name: &str) -> Option<&'static Key> {
        tables().key(section, name)
    }
}

/// The variable that a value refers to.
pub(crate) fn reference(text: &str) -> Option<&str> {
    text.strip_prefix("os.environ/")
}

/// Whether what a value is becomes known when it is used only.
pub(crate) fn is_late(text: &str) -> bool {
    reference(text).is_some() || text.starts_with("oidc/") || text.starts_with("os.environ")
}
