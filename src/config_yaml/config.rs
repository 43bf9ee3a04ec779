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
        let mut config = Self { nodes: Nodes::of(project), deployments: Vec::new() };
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
        let policy = |pair: Pair<'a>| ("router_settings.model_group_retry_policy.*", pair.value);
        found.extend(policies.into_iter().flatten().map(policy));
        found.extend(self.list("credential_list").into_iter().map(|place| ("credential_list[]", place)));
        let described = [
            ("guardrails", "guardrails[]", "guardrails[].litellm_params"),
            ("search_tools", "search_tools[]", "search_tools[].litellm_params"),
            ("prompts", "prompts[]", "prompts[].litellm_params"),
        ];
        for (list, name, params) in described {
            for item in self.list(list) {
                found.push((name, item));
                found.extend(self.get(item, "litellm_params").map(|place| (params, place)));
            }
        }
        let aliases = inner("router_settings", "model_group_alias").map(|map| self.entries(map));
        let alias = |pair: Pair<'a>| ("router_settings.model_group_alias.*", pair.value);
        found.extend(aliases.into_iter().flatten().filter(|pair| self.is_map(pair.value)).map(alias));
        let budgets = inner("router_settings", "provider_budget_config").map(|map| self.entries(map));
        let budget = |pair: Pair<'a>| ("router_settings.provider_budget_config.*", pair.value);
        found.extend(budgets.into_iter().flatten().map(budget));
        let servers = self.section("mcp_servers").map(|map| self.entries(map));
        found.extend(servers.into_iter().flatten().map(|pair| ("mcp_servers.*", pair.value)));
        found
    }

    /// What the tables say of a key.
    pub(crate) fn key(&self, section: &str, name: &str) -> Option<&'static Key> {
        tables().key(section, name)
    }
}
