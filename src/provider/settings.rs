//! What one peer has chosen: its layers of settings, its profiles, and which one is active.

mod chosen;
mod control;
mod file;
pub(super) mod layers;
pub(super) mod local;
pub(super) mod profile;
pub(super) mod prompts;
mod save;
pub mod shape;
mod writes;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};

use litellm_ls_protocol::{Layer, ListProfilesResult, Problem, ProfileSummary, Prompt};
use serde_json::{Map, Value};

use super::{Error, Result, asker::Asker, complaint};
use crate::{
    environment::Environment,
    language::Language,
    litellm::{Guard, base_url::BaseUrl},
    masking::masked,
    proxy::{Home, Source},
    store::Stamp,
};
pub use chosen::ChosenSettings;
use control::Control;
use file::FileLayer;
use layers::{Author, Values};
use local::LocalProxy;
use profile::{LayerState, Profile, named_origin};
pub use writes::Write;
use writes::{Edit, Pending, Written};

/// The profile where nobody names one.
const DEFAULT_PROFILE: &str = "default";
/// What the proxy of this machine goes by where it is asked by itself.
const LOCAL_PROFILE: &str = "proxy of this machine";

/// Members of initialization options and pushed settings that are no settings.
const NO_SETTINGS: [&str; 5] = ["features", "profile", "activate", "verify", "persist"];

/// The settings of one peer. They have no `Debug`, for they hold keys.
pub struct Settings {
    environment: Environment,
    /// The language of the peer, where the settings file names none.
    language: Language,
    /// Who asks.
    asker: Arc<Asker>,
    /// The initialization options as they came.
    options: Map<String, Value>,
    file: FileLayer,
    /// What the environment and the editor say, of the main profile alone.
    shared: BTreeMap<Layer, LayerState>,
    /// What `provider/configure` says, by profile.
    configured: BTreeMap<String, LayerState>,
    /// The profile that `provider/configure` made active.
    chosen: Option<String>,
    /// Changes of the file that hold already and are not written yet.
    pending: Vec<Pending>,
    writes_begun: u64,
    /// The state of the record of this machine's proxy that was last looked at.
    recorded: Option<Stamp>,
    /// What that proxy serves. None where none runs.
    serves: Option<Source>,
    /// How often any of them has changed.
    changes: u64,
    /// Profiles that were made of the layers as they are, for most requests ask for the same.
    made: RefCell<BTreeMap<String, Arc<Profile>>>,
}

/// What a `provider/configure` led to.
pub struct Configured {
    /// The profile as it now holds.
    pub profile: Arc<Profile>,
    /// Whether it is the active one.
    pub active: bool,
    /// Whether the caller wants it verified.
    pub verify: bool,
    /// What is to be written into the settings file. It holds already.
    pub write: Option<Write>,
}

impl Settings {
    /// What the process, or the peer, was started with.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The settings of a peer that has said nothing yet.
    pub fn new(environment: Environment) -> Self {
        let mut settings = Self {
            file: FileLayer::new(&environment),
            shared: BTreeMap::new(),
            configured: BTreeMap::new(),
            chosen: None,
            options: Map::new(),
            pending: Vec::new(),
            writes_begun: 0,
            recorded: None,
            serves: None,
            changes: 0,
            made: RefCell::default(),
            asker: Asker::unknown(&environment).into(),
            language: Language::of_variables(|name| environment.variable(name)),
            environment,
        };
        settings.refresh();
        if settings.environment.profile().is_none() {
            let (values, problems) = layers::from_environment(&settings.environment);
            settings.set(Layer::Environment, values, problems);
        }
        settings
    }

    /// The language that the user is told things in: that of the settings file, else the editor's, else the environment's.
    pub(crate) fn language(&self) -> Language {
        self.file.language.unwrap_or(self.language)
    }

    /// Takes the language that an editor names.
    pub(crate) fn speak(&mut self, locale: &str) {
        self.language = Language::named(locale);
    }

    /// Takes note of who asks: the program, and the folder that it has open.
    pub fn introduce(&mut self, client: &str, workspace: &str) {
        let ledger = self.asker.ledger.clone();
        self.asker = Arc::new(Asker { ledger, client: client.to_owned(), workspace: workspace.to_owned() });
        self.made.get_mut().clear();
    }

    /// A proxy that `litellm-ls proxy start` started is used by all that name no other. It may be started, or another be,
    /// while this process runs.
    fn find_local_proxy(&mut self) {
        let Some(home) = self.environment.home() else { return };
        let recorded = Some(crate::proxy::recorded(home));
        if recorded == self.recorded {
            return;
        }
        self.recorded = recorded;
        self.shared.remove(&Layer::LocalProxy);
        self.made.get_mut().clear();
        self.serves = None;
        let Some(record) = crate::proxy::running(home) else { return };
        self.serves = Some(record.source.clone());
        // Its port may be another user's when it has ended.
        let listener = record.listener();
        let guard = Guard::new(format!("{listener:?}"), move || listener.listens());
        let mut object = Map::from_iter([("baseUrl".to_owned(), record.base_url.into())]);
        object.extend(record.api_key.map(|key| ("apiKey".to_owned(), key.into())));
        let (values, problems) =
            layers::apply(&Values::default(), &object, &[], Author::User, &self.environment);
        self.set(Layer::LocalProxy, values, problems);
        if let Some(state) = self.shared.get_mut(&Layer::LocalProxy) {
            state.guard = Some(guard);
        }
    }

    /// Takes in the settings file where it has changed, and then returns what is wrong with it. What can't be read
    /// leaves the last good settings in place.
    pub fn refresh(&mut self) -> Vec<Problem> {
        self.take_in(Written::ByAnyone)
    }

    fn take_in(&mut self, written: Written) -> Vec<Problem> {
        self.find_local_proxy();
        if !self.file.refresh(&self.environment, written) {
            return Vec::new();
        }
        self.bind();
        self.file.problems().collect()
    }

    /// Takes the initialization options of an editor, or the options of a command line, and returns what is wrong
    /// with them. The rest of them holds.
    pub fn initialize(&mut self, options: &Map<String, Value>) -> Vec<Problem> {
        self.options.clone_from(options);
        let (values, problems) =
            layers::apply(&Values::default(), options, &NO_SETTINGS, Author::User, &self.environment);
        self.set(Layer::InitializationOptions, values, problems)
    }

    /// The user's own prompts and the built-in ones.
    pub fn prompts(&self) -> Vec<Prompt> {
        prompts::with_built_in(&self.file.prompts)
    }

    /// The prompt of a name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn prompt(&self, name: &str) -> Result<Prompt> {
        let prompts = self.prompts();
        let names: Vec<String> = prompts.iter().map(|prompt| prompt.name.clone()).collect();
        prompts.into_iter().find(|prompt| prompt.name == name).ok_or_else(|| {
            Error::invalid_params(
                format!("there is no prompt {:?}", self.without_keys(name)),
                format!("use one of {}, or write [prompts.NAME] into the settings file", names.join(", ")),
            )
            .at("prompt")
        })
    }

    /// What the user says of this machine's proxy.
    pub fn local_proxy(&self) -> LocalProxy {
        self.file.proxy.clone()
    }

    /// Whether a member of an editor's settings is one of ours.
    pub fn is_named(name: &str) -> bool {
        layers::NAMES.contains(&name)
    }

    /// Whether a setting that the editor pushes says what holds without it.
    pub fn says_already(&self, name: &str, value: &Value) -> bool {
        let is_base_url = || {
            let base_url = &self.profile(None).ok()?.settings.base_url;
            let pushed = BaseUrl::parse(value.as_str()?).ok()?;
            Some(
                name == "baseUrl"
                    && base_url.origin != Layer::DidChangeConfiguration
                    && base_url.value == pushed.to_string(),
            )
        };
        self.options.get(name) == Some(value) || is_base_url() == Some(true)
    }

    /// Takes settings that the editor pushed, in place of those it pushed before, and returns what is wrong with them.
    /// The rest of them holds. What the user has granted may be a workspace's.
    pub fn push(&mut self, pushed: &Map<String, Value>, granted: &Map<String, Value>) -> Vec<Problem> {
        // Some editors push the initialization options once more (Helix): what says nothing new is not refused.
        let mut news = pushed.clone();
        news.retain(|name, value| self.options.get(name) != Some(value));
        let (values, mut problems) = layers::apply(
            &Values::default(),
            &news,
            &NO_SETTINGS,
            Author::PerhapsWorkspace,
            &self.environment,
        );
        let (values, wrong) =
            layers::apply(&values, granted, &NO_SETTINGS, Author::AllowedWorkspace, &self.environment);
        problems.extend(wrong);
        self.set(Layer::DidChangeConfiguration, values, problems)
    }

    /// Changes a profile, or nothing at all. What is to be written into the settings file holds at once.
    ///
    /// # Errors
    /// Everything that is wrong with the object.
    pub fn configure(&mut self, object: &Map<String, Value>) -> Result<Configured> {
        self.set_up(object, false)
    }

    /// Uses a model from now on: in the settings file where that decides, else in this session.
    ///
    /// # Errors
    /// Where this is no name of a model, or where the settings can't be used.
    pub fn use_model(&mut self, model: &str) -> Result<Configured> {
        let said = |persist: bool| {
            Map::from_iter([
                ("model".to_owned(), model.into()),
                ("activate".to_owned(), false.into()),
                ("persist".to_owned(), persist.into()),
            ])
        };
        self.set_up(&said(true), true).or_else(|_| self.set_up(&said(false), true))
    }

    fn set_up(&mut self, object: &Map<String, Value>, or_in_session: bool) -> Result<Configured> {
        let mut problems = Vec::new();
        let control = Control::read(object, self.active(), &mut problems);
        let before = self.configured.get(&control.profile).cloned().unwrap_or_default();
        let (values, wrong) =
            layers::apply(&before.values, object, &Control::NAMES, Author::User, &self.environment);
        problems.extend(wrong);

        let mut after = LayerState { values, ..before };
        if object.contains_key("apiKey") || object.contains_key("headers") {
            after.home = named_origin(&self.layers(&control.profile, Some(&after)));
        }
        let layers = self.layers(&control.profile, Some(&after));
        problems.extend(Profile::of(&control.profile, &layers, &self.environment).err());
        let edit = match control.persist.then(|| self.file.changes(&control, object)).transpose() {
            Ok(edit) => edit,
            Err(problem) => {
                problems.push(problem);
                None
            }
        };
        if !problems.is_empty() {
            return Err(Error::invalid_settings(problems));
        }
        if let Some(problem) = self.unusable(&control.profile, &layers) {
            return Err(Error::unusable(&problem));
        }
        let taken = self.overtake(&control.profile, object);
        let write = edit.map(|(file, edit)| {
            let names =
                object.keys().filter(|name| layers::NAMES.contains(&name.as_str())).cloned().collect();
            self.begin(file, edit, names, taken, or_in_session)
        });
        self.configured.insert(control.profile.clone(), after);
        self.bind();
        if control.activate {
            self.chosen = Some(control.profile.clone());
        }
        let profile = self.profile(Some(&control.profile))?;
        Ok(Configured { profile, active: self.active() == control.profile, verify: control.verify, write })
    }

    /// Removes a profile, from the settings file too, and says whether there was one, and what is to be written.
    pub fn remove(&mut self, name: &str) -> (bool, Option<Write>) {
        let filed = self.file.file.clone().filter(|_| self.file.profiles.contains_key(name));
        let write = filed.map(|file| {
            self.begin(file, Edit::Remove { profile: name.to_owned() }, Vec::new(), Vec::new(), false)
        });
        let configured = self.configured.remove(name).is_some();
        self.file.forget(name);
        if self.chosen.as_deref() == Some(name) {
            self.chosen = None;
        }
        self.bind();
        (configured || write.is_some(), write)
    }

    /// The profile that requests mean which name none.
    pub fn active(&self) -> &str {
        self.chosen.as_deref().unwrap_or_else(|| self.main())
    }

    /// The profile that the environment and the editor speak of.
    fn main(&self) -> &str {
        let named = self.options.get("profile").and_then(Value::as_str);
        let said = named.or(self.environment.profile()).or(self.file.active.as_deref());
        let only = || self.file.only_profile().filter(|_| !self.names_address());
        said.or_else(only).unwrap_or(DEFAULT_PROFILE)
    }

    /// Whether somebody has said where the proxy is without the settings file.
    fn names_address(&self) -> bool {
        let has_address = |state: &LayerState| state.values.base_url.is_some();
        let mut said = self.shared.iter().filter(|(layer, _)| **layer != Layer::LocalProxy);
        said.any(|(_, state)| has_address(state))
            || self.configured.get(DEFAULT_PROFILE).is_some_and(has_address)
    }

    fn names(&self) -> BTreeSet<&str> {
        let named = self.file.profiles.keys().chain(self.configured.keys()).map(String::as_str);
        // One that only the command line names is none, so that a slip of the keys is told.
        let main = Some(self.main());
        let is_there = |main: &&str| self.environment.profile() != Some(*main) || *main == DEFAULT_PROFILE;
        named.chain(main.filter(is_there)).collect()
    }

    /// All profiles, by name.
    pub fn list(&self) -> ListProfilesResult {
        let summary = |name: &str| {
            let profile = self.profile(Some(name)).ok();
            ProfileSummary {
                name: name.to_owned(),
                active: name == self.active(),
                persisted: self.file.profiles.contains_key(name),
                base_url: profile.as_ref().map(|profile| profile.settings.base_url.value.clone()),
                api_key: profile.as_ref().map(|profile| profile.settings.api_key.clone()),
                model: profile.as_ref().and_then(|profile| profile.model().map(str::to_owned)),
            }
        };
        ListProfilesResult {
            profiles: self.names().into_iter().map(summary).collect(),
            settings_file: self.file.file.as_ref().map(|file| file.path().display().to_string()),
            warnings: self.problems().map(|problem| complaint(&problem)).collect(),
        }
    }

    /// The name of a profile that there is; of the active one where none is given.
    ///
    /// # Errors
    /// `notConfigured` where there is none of that name.
    pub fn named(&self, name: Option<&str>) -> Result<String> {
        let name = name.unwrap_or_else(|| self.active());
        if self.names().contains(name) {
            Ok(name.to_owned())
        } else {
            Err(Error::no_profile(&self.without_keys(name), self.names()))
        }
    }

    /// A name that a client gives, with an ellipsis in the place of a key: it may be one.
    fn without_keys(&self, name: &str) -> String {
        let profiles = self.names().into_iter().filter_map(|known| self.profile(Some(known)).ok());
        masked(&profiles.fold(name.to_owned(), |name, profile| profile.endpoint.secrets().out_of(&name)))
    }

    /// A profile as it holds now; the active one where none is named.
    ///
    /// # Errors
    /// `notConfigured` where there is none of that name, or where its base URL or key can't be used.
    pub fn profile(&self, name: Option<&str>) -> Result<Arc<Profile>> {
        let name = name.unwrap_or_else(|| self.active());
        if let Some(profile) = self.made.borrow().get(name) {
            return Ok(profile.clone());
        }
        self.named(Some(name))?;
        let layers = self.layers(name, self.configured.get(name));
        if let Some(problem) = self.unusable(name, &layers) {
            return Err(Error::unusable(&problem));
        }
        let mut profile =
            Profile::of(name, &layers, &self.environment).map_err(|problem| Error::unusable(&problem))?;
        profile.local_proxy = self.passed_over(&profile);
        profile.serves = self.serves.clone().filter(|_| profile.transport.guard.is_some());
        profile.broken = self.file.broken.clone();
        profile.unread = self.file.unread_address().cloned();
        profile.key_files = self.key_files();
        profile.complaints =
            self.problems().filter(|problem| Some(problem) != profile.broken.as_ref()).collect();
        let profile = Arc::new(profile.asked_by(&self.asker));
        self.made.borrow_mut().insert(name.to_owned(), profile.clone());
        Ok(profile)
    }

    /// The proxy of this machine by itself, whatever else the settings name. None where none runs.
    pub fn local_profile(&self) -> Option<Arc<Profile>> {
        let state = self.shared.get(&Layer::LocalProxy)?;
        let mut profile =
            Profile::of(LOCAL_PROFILE, &[(Layer::LocalProxy, state)], &self.environment).ok()?;
        profile.serves = self.serves.clone();
        profile.key_files = self.key_files();
        Some(Arc::new(profile.asked_by(&self.asker)))
    }

    /// The files that keys stand in: those that any layer of any profile names, the settings file, and that of this
    /// machine's proxy.
    pub fn key_files(&self) -> Vec<PathBuf> {
        let states = self.file.profiles.values().chain(self.shared.values()).chain(self.configured.values());
        let named = states.flat_map(|state| state.values.key_files.iter().cloned());
        let own = self.file.file.as_ref().map(|file| file.path().to_owned());
        named.chain(own).chain(self.environment.home().map(Home::master_key)).collect()
    }

    /// Why the settings file can't be read as it stands. None where it can.
    pub fn unread(&self) -> Option<&Problem> {
        self.file.unread()
    }

    /// What is wrong in the layers that could not be refused.
    pub fn problems(&self) -> impl Iterator<Item = Problem> {
        self.file.problems().chain(self.shared.values().flat_map(|state| state.problems.iter().cloned()))
    }

    /// Puts a layer in place, as far as it can be used, and returns everything that is wrong with it.
    fn set(&mut self, layer: Layer, values: Values, problems: Vec<Problem>) -> Vec<Problem> {
        let mut state = LayerState { values, problems, ..LayerState::default() };
        let wrong =
            |state: &LayerState| Profile::of(self.main(), &self.up_to(layer, state), &self.environment).err();
        // What is wrong without it is told where it stands, and concerns that profile alone.
        if let Some(problem) = wrong(&state)
            && wrong(&LayerState::default()).as_ref() != Some(&problem)
        {
            state.problems.push(problem);
            state.values.base_url = None;
        }
        state.home = named_origin(&self.up_to(layer, &state));
        let problems = state.problems.clone();
        self.shared.insert(layer, state);
        self.bind();
        problems
    }

    /// Gives the main profile's secrets without a home the first that the user names.
    fn bind(&mut self) {
        self.changes += 1;
        // What was made is of layers that have changed.
        self.made.get_mut().clear();
        let main = self.main().to_owned();
        let mut trusted = self.layers(&main, self.configured.get(&main));
        trusted.retain(|(layer, _)| ![Layer::LocalProxy, Layer::DidChangeConfiguration].contains(layer));
        let Some(origin) = named_origin(&trusted) else { return };
        let of_main = self.file.profiles.get_mut(&main).into_iter().chain(self.configured.get_mut(&main));
        for state in self.shared.values_mut().chain(of_main) {
            state.home.get_or_insert_with(|| origin.clone());
        }
    }

    /// The layers below this one that a user wrote, and this one on top.
    fn up_to<'a>(&'a self, layer: Layer, state: &'a LayerState) -> Vec<(Layer, &'a LayerState)> {
        let mut layers = self.layers(self.main(), None);
        layers.retain(|(below, _)| *below < layer && *below != Layer::LocalProxy);
        layers.push((layer, state));
        layers
    }

    /// The layers of a profile, weakest first.
    fn layers<'a>(&'a self, name: &str, configured: Option<&'a LayerState>) -> Vec<(Layer, &'a LayerState)> {
        let shared = (name == self.main()).then_some(&self.shared).into_iter().flatten();
        let mut layers: Vec<_> = shared.map(|(layer, state)| (*layer, state)).collect();
        layers.extend(self.file.profiles.get(name).map(|state| (Layer::SettingsFile, state)));
        layers.extend(configured.map(|state| (Layer::Configure, state)));
        layers.sort_by_key(|(layer, _)| *layer);
        // A local proxy stands back when an address is named. A key alone names none: see `Layers::secret`.
        if layers.iter().any(|(layer, state)| *layer != Layer::LocalProxy && state.values.base_url.is_some())
        {
            layers.retain(|(layer, _)| *layer != Layer::LocalProxy);
        }
        layers
    }

    /// What keeps a profile from being used. A file that can't be read may name an address: then the built-in one, where
    /// anybody may listen, is sent no secrets that were meant for another, and no texts either (`Profile::hears`). A file without the profile that it calls
    /// active may be half written: then that address is sent nothing at all.
    fn unusable(&self, name: &str, layers: &[(Layer, &LayerState)]) -> Option<Problem> {
        let names_none = || layers.iter().all(|(_, state)| state.values.base_url.is_none());
        let is_secret = |values: &Values| values.api_key.is_some() || values.headers.is_some();
        let has_secret = || layers.iter().any(|(_, state)| is_secret(&state.values));
        let missing = || self.file.missing_profile(name).filter(|_| names_none());
        let unread = || self.file.unread_address().filter(|_| names_none() && has_secret());
        let said = unusable(layers).or_else(missing).or_else(unread).cloned();
        said.or_else(|| self.file.none_active(name).filter(|_| names_none()))
    }

    /// Where the local proxy is that a profile does not use, for its settings name another address.
    fn passed_over(&self, profile: &Profile) -> Option<String> {
        let is_used = profile.settings.base_url.origin == Layer::LocalProxy;
        let local = self.shared.get(&Layer::LocalProxy).filter(|_| !is_used)?;
        local.values.base_url.clone()
    }
}

/// A problem with a base URL or key, perhaps under a mistyped name, that neither its own layer nor a stronger one makes up
/// for.
fn unusable<'a>(layers: &[(Layer, &'a LayerState)]) -> Option<&'a Problem> {
    let made_up_for = |setting: &str, broken: Layer| {
        layers.iter().filter(|(layer, _)| *layer >= broken).any(|(_, state)| match setting {
            "baseUrl" => state.values.base_url.is_some(),
            _ => state.values.api_key.is_some(),
        })
    };
    layers.iter().find_map(|(layer, state)| {
        let mut problems = state.problems.iter();
        problems.find(|problem| {
            // Editors push settings of others, too, whose names may resemble ours.
            let meant = problem.nearest.as_deref().filter(|_| *layer != Layer::DidChangeConfiguration);
            let setting = meant.unwrap_or(&problem.path);
            // A workspace that names a key in vain takes away none of the user's.
            let is_vain = *layer == Layer::DidChangeConfiguration && setting == "apiKey";
            !is_vain && ["baseUrl", "apiKey"].contains(&setting) && !made_up_for(setting, *layer)
        })
    })
}

#[cfg(test)]
mod tests;
