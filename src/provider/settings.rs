//! What one peer has chosen: its layers of settings, its profiles, and which one is active.

use std::{collections::BTreeMap, sync::Arc};

use litellm_ls_protocol::{Layer, Problem};
use serde_json::{Map, Value};

use super::{
    Error, Result,
    layers::{self, Author, Values},
    profile::{LayerState, Profile, named_origin},
};
use crate::environment::Environment;

/// The profile that the environment and the editor's settings describe.
const DEFAULT_PROFILE: &str = "default";
/// Longest name of a profile, in bytes.
const MAX_NAME: usize = 200;

/// Members of initialization options and pushed settings that are no settings.
const NO_SETTINGS: [&str; 5] = ["features", "profile", "activate", "verify", "persist"];

/// The settings of one peer. They have no `Debug`, for they hold keys.
pub struct Settings {
    environment: Environment,
    /// The initialization options as they came.
    options: Map<String, Value>,
    /// What all layers but the strongest say of the default profile. Other profiles stand on the built-in defaults.
    shared: BTreeMap<Layer, LayerState>,
    /// What `provider/configure` says, by profile.
    configured: BTreeMap<String, LayerState>,
    active: String,
    /// What is wrong in a layer that could not be refused, by layer.
    problems: BTreeMap<Layer, Vec<Problem>>,
}

/// What a `provider/configure` led to.
#[derive(Clone)]
pub struct Configured {
    /// The profile as it now holds.
    pub profile: Arc<Profile>,
    /// Whether it is the active one.
    pub active: bool,
    /// Whether the caller wants it verified.
    pub verify: bool,
}

impl Settings {
    /// The settings of a peer that has said nothing yet.
    pub fn new(environment: Environment) -> Self {
        let mut settings = Self {
            shared: BTreeMap::new(),
            configured: BTreeMap::from([(DEFAULT_PROFILE.to_owned(), LayerState::default())]),
            active: DEFAULT_PROFILE.to_owned(),
            problems: BTreeMap::new(),
            options: Map::new(),
            environment,
        };
        settings.find_local_proxy();
        let (values, problems) = layers::from_environment(&settings.environment);
        settings.set(Layer::Environment, values, problems);
        settings
    }

    /// A proxy that `litellm-ls proxy start` started is used by all that name no other.
    fn find_local_proxy(&mut self) {
        let Some(record) = self.environment.home().and_then(crate::proxy::running) else { return };
        let mut object = Map::from_iter([("baseUrl".to_owned(), record.base_url.into())]);
        object.extend(record.api_key.map(|key| ("apiKey".to_owned(), key.into())));
        let (values, problems) =
            layers::apply(&Values::default(), &object, &[], Author::User, &self.environment);
        self.set(Layer::LocalProxy, values, problems);
    }

    /// Takes the initialization options of an editor, or the options of a command line, and returns what is wrong
    /// with them. The rest of them holds.
    pub fn initialize(&mut self, options: &Map<String, Value>) -> Vec<Problem> {
        self.options.clone_from(options);
        let (values, problems) =
            layers::apply(&Values::default(), options, &NO_SETTINGS, Author::User, &self.environment);
        self.set(Layer::InitializationOptions, values, problems)
    }

    /// Whether a member of an editor's settings is one of ours.
    pub fn is_named(name: &str) -> bool {
        layers::NAMES.contains(&name)
    }

    /// Takes settings that the editor pushed, in place of those it pushed before, and returns what is wrong with them.
    /// The rest of them holds.
    pub fn push(&mut self, pushed: &Map<String, Value>) -> Vec<Problem> {
        // Some editors push the initialization options once more (Helix): what says nothing new is not refused.
        let mut news = pushed.clone();
        news.retain(|name, value| self.options.get(name) != Some(value));
        let (values, problems) = layers::apply(
            &Values::default(),
            &news,
            &NO_SETTINGS,
            Author::PerhapsWorkspace,
            &self.environment,
        );
        self.set(Layer::DidChangeConfiguration, values, problems)
    }

    /// Changes a profile, or nothing at all.
    ///
    /// # Errors
    /// Everything that is wrong with the object.
    pub fn configure(&mut self, object: &Map<String, Value>) -> Result<Configured> {
        let mut problems = Vec::new();
        let control = Control::read(object, &self.active, &mut problems);
        let before = self.configured.get(&control.profile).cloned().unwrap_or_default();
        let (values, wrong) =
            layers::apply(&before.values, object, &Control::NAMES, Author::User, &self.environment);
        problems.extend(wrong);

        let mut after = LayerState { values, home: before.home };
        if object.contains_key("apiKey") || object.contains_key("headers") {
            after.home = named_origin(&self.layers(&control.profile, &after));
        }
        let profile = Profile::of(&control.profile, &self.layers(&control.profile, &after));
        problems.extend(profile.as_ref().err().cloned());
        if !problems.is_empty() {
            return Err(Error::invalid_settings(problems));
        }
        self.configured.insert(control.profile.clone(), after);
        self.bind();
        if control.activate {
            self.active.clone_from(&control.profile);
        }
        let profile = self.profile(Some(&control.profile))?;
        Ok(Configured { profile, active: self.active == control.profile, verify: control.verify })
    }

    /// A profile as it holds now; the active one where none is named.
    ///
    /// # Errors
    /// `notConfigured` where there is none of that name, or where its base URL or key can't be used.
    pub fn profile(&self, name: Option<&str>) -> Result<Arc<Profile>> {
        let name = name.unwrap_or(&self.active);
        let Some(configured) = self.configured.get(name) else {
            return Err(Error::no_profile(name, self.configured.keys()));
        };
        let layers = self.layers(name, configured);
        if name == DEFAULT_PROFILE
            && let Some(problem) = self.unusable(&layers)
        {
            return Err(Error::unusable(problem));
        }
        Profile::of(name, &layers).map(Arc::new).map_err(|problem| Error::unusable(&problem))
    }

    /// What is wrong in the layers that could not be refused.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.problems.values().flatten()
    }

    /// Puts a layer in place, as far as it can be used, and returns everything that is wrong with it.
    fn set(&mut self, layer: Layer, values: Values, mut problems: Vec<Problem>) -> Vec<Problem> {
        let mut state = LayerState { values, home: None };
        if let Err(problem) = Profile::of(DEFAULT_PROFILE, &self.up_to(layer, &state)) {
            problems.push(problem);
            state.values.base_url = None;
        }
        state.home = named_origin(&self.up_to(layer, &state));
        self.shared.insert(layer, state);
        self.problems.insert(layer, problems.clone());
        self.bind();
        problems
    }

    /// Gives secrets without a home the first that the user names.
    fn bind(&mut self) {
        let Some(configured) = self.configured.get(DEFAULT_PROFILE) else { return };
        let trusted: Vec<_> = self
            .layers(DEFAULT_PROFILE, configured)
            .into_iter()
            .filter(|(layer, _)| *layer != Layer::DidChangeConfiguration)
            .collect();
        let Some(origin) = named_origin(&trusted) else { return };
        for state in self.shared.values_mut().chain(self.configured.get_mut(DEFAULT_PROFILE)) {
            state.home.get_or_insert_with(|| origin.clone());
        }
    }

    /// The layers below this one that a user wrote, and this one on top.
    fn up_to<'a>(&'a self, layer: Layer, state: &'a LayerState) -> Vec<(Layer, &'a LayerState)> {
        let below = self.shared.range(..layer).filter(|(below, _)| **below != Layer::LocalProxy);
        below.map(|(layer, state)| (*layer, state)).chain([(layer, state)]).collect()
    }

    /// The layers of a profile, weakest first.
    fn layers<'a>(&'a self, name: &str, configured: &'a LayerState) -> Vec<(Layer, &'a LayerState)> {
        if name != DEFAULT_PROFILE {
            return vec![(Layer::Configure, configured)];
        }
        let mut layers: Vec<_> = self.shared.iter().map(|(layer, state)| (*layer, state)).collect();
        layers.push((Layer::Configure, configured));
        // A local proxy and its key belong together, and stand back when anything else is named.
        let names = |state: &LayerState| state.values.base_url.is_some() || state.values.api_key.is_some();
        if layers.iter().any(|(layer, state)| *layer != Layer::LocalProxy && names(state)) {
            layers.retain(|(layer, _)| *layer != Layer::LocalProxy);
        }
        layers
    }

    /// A problem with a base URL or key that no stronger layer makes up for.
    fn unusable(&self, layers: &[(Layer, &LayerState)]) -> Option<&Problem> {
        let made_up_for = |problem: &Problem, broken: Layer| {
            layers.iter().any(|(layer, state)| {
                *layer > broken
                    && match problem.path.as_str() {
                        "baseUrl" => state.values.base_url.is_some(),
                        "apiKey" => state.values.api_key.is_some(),
                        _ => true,
                    }
            })
        };
        self.problems.iter().find_map(|(layer, problems)| {
            problems.iter().find(|problem| {
                ["baseUrl", "apiKey"].contains(&problem.path.as_str()) && !made_up_for(problem, *layer)
            })
        })
    }
}

/// A problem as one sentence with what to do.
pub fn complaint(problem: &Problem) -> String {
    format!("`{}`: {}: {}", problem.path, problem.reason, problem.remedy)
}

/// What a `provider/configure` says beside settings.
struct Control {
    profile: String,
    activate: bool,
    verify: bool,
}

impl Control {
    const NAMES: [&str; 4] = ["profile", "activate", "verify", "persist"];

    fn read(object: &Map<String, Value>, active: &str, problems: &mut Vec<Problem>) -> Self {
        let mut complain = |path: &str, reason: &str, remedy: &str| {
            problems.push(Problem {
                path: path.into(),
                reason: reason.into(),
                remedy: remedy.into(),
                nearest: None,
            });
        };
        let profile = match object.get("profile") {
            None | Some(Value::Null) => active.to_owned(),
            Some(Value::String(name)) if !name.trim().is_empty() && name.len() <= MAX_NAME => {
                name.trim().to_owned()
            }
            Some(_) => {
                complain("profile", "this is no name", "give a text that is not blank, of at most 200 bytes");
                active.to_owned()
            }
        };
        let mut flag = |name: &str, default: bool| match object.get(name) {
            None | Some(Value::Null) => default,
            Some(Value::Bool(value)) => *value,
            Some(_) => {
                complain(name, "this value can't be used", "give true or false");
                default
            }
        };
        let (activate, verify) = (flag("activate", true), flag("verify", true));
        if flag("persist", false) {
            complain(
                "persist",
                "settings are kept in memory only by this version",
                "leave it out, and put lasting settings into your editor's",
            );
        }
        Self { profile, activate, verify }
    }
}
