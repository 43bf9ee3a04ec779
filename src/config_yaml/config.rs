//! A project as LiteLLM sees it: sections, deployments, names.

use std::ops::Deref;

use super::{
    nodes::Nodes,
    project::Project,
    providers::{self, Origin},
    tables::{Key, tables},
};

pub(crate) use super::place::{Pair, Place, is_late, reference};

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
    nodes: Nodes<'a>,
    pub(crate) deployments: Vec<Deployment<'a>>,
}

/// What can be read of the nodes can be read of the whole.
impl<'a> Deref for Config<'a> {
    type Target = Nodes<'a>;

    fn deref(&self) -> &Nodes<'a> {
        &self.nodes
    }
}

impl<'a> Config<'a> {
    /// `variable` answers what an environment reference in an `api_base` stands for.
    pub(crate) fn new(project: &'a Project, variable: &dyn Fn(&str) -> Option<String>) -> Self {
        Self::read(Nodes::of(project), variable)
    }

    /// The same of each of a project's layers: what LiteLLM takes, and what is lost for others stand in its place.
    pub(crate) fn layers(
        project: &'a Project,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> impl Iterator<Item = Self> {
        project.layers().map(move |top| Self::read(Nodes::of(project).with_top(top), variable))
    }

    fn read(nodes: Nodes<'a>, variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut config = Self { nodes, deployments: Vec::new() };
        let items = config.list("model_list");
        config.deployments = items.into_iter().map(|item| config.deployment(item, variable)).collect();
        config
    }

    fn deployment(&self, item: Place, variable: &dyn Fn(&str) -> Option<String>) -> Deployment<'a> {
        let map = |name| self.get(item, name).filter(|place| self.is_map(*place));
        let params = map("litellm_params");
        let text = |place: Option<Place>| place.and_then(|place| Some((self.text(place)?, place)));
        let model = text(params.and_then(|params| self.get(params, "model")));
        let origin = match (model, params) {
            (Some((model, _)), Some(params)) => providers::origin(self.nodes, params, model, variable),
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
        for nested in tables().nested() {
            let places = self.at(&nested.steps).into_iter().map(|(_, place)| place);
            found.extend(places.filter(|place| self.is_map(*place)).map(|place| (nested.section, place)));
        }
        found
    }

    /// What steps lead to, each with the key that it is the value of.
    pub(crate) fn at(&self, steps: &[&str]) -> Vec<(Option<Pair<'a>>, Place)> {
        let (mut found, rest) = match steps {
            [list, "[]", rest @ ..] => {
                (self.list(list).into_iter().map(|item| (None, item)).collect::<Vec<_>>(), rest)
            }
            [name, rest @ ..] => {
                let pair = self.top(name).filter(|pair| !self.is_null(pair.value));
                (pair.map(|pair| (Some(pair), pair.value)).into_iter().collect(), rest)
            }
            [] => return Vec::new(),
        };
        for step in rest {
            let next = |(_, place): (Option<Pair<'a>>, Place)| match *step {
                "[]" => self.items(place).unwrap_or_default().into_iter().map(|item| (None, item)).collect(),
                "*" => self.entries(place).map(|pair| (Some(pair), pair.value)).collect::<Vec<_>>(),
                name => {
                    let pair = self.pair(place, name).filter(|pair| !self.is_null(pair.value));
                    pair.map(|pair| (Some(pair), pair.value)).into_iter().collect()
                }
            };
            found = found.into_iter().flat_map(next).collect();
        }
        found
    }

    /// Whether LiteLLM looks at a section at all.
    pub(crate) fn is_read(&self, section: &str) -> bool {
        match section {
            "litellm_settings.cache_params" => {
                self.setting("litellm_settings", "cache").is_some_and(|pair| self.is_on(pair.value))
            }
            "general_settings.alerting_args" | "general_settings.alert_to_webhook_url" => {
                self.setting("general_settings", "alerting").is_some_and(|pair| self.is_on(pair.value))
            }
            "router_settings.routing_strategy_args" => {
                const READERS: [&str; 3] =
                    ["latency-based-routing", "usage-based-routing", "usage-based-routing-v2"];
                let strategy = self.setting("router_settings", "routing_strategy");
                strategy.and_then(|pair| self.text(pair.value)).is_some_and(|name| READERS.contains(&name))
            }
            "policy_attachments[]" => {
                self.section("policies").is_some_and(|map| self.entries(map).next().is_some())
            }
            _ => true,
        }
    }

    /// Whether guardrails of today's form stand where those of the older one are read.
    pub(crate) fn has_named_guardrails(&self) -> bool {
        let items = self.at(&["litellm_settings", "guardrails", "[]"]);
        items.into_iter().any(|(_, item)| self.get(item, "guardrail_name").is_some())
    }

    /// What the tables say of a key.
    pub(crate) fn key(&self, section: &str, name: &str) -> Option<&'static Key> {
        tables().key(section, name)
    }
}
