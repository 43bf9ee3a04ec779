//! What the process was started with: its environment variables and where its data lives.

use std::{collections::HashMap, ffi::OsString, fmt, path::PathBuf, sync::Arc};

use etcetera::BaseStrategy;
use serde::{Deserialize, Serialize};

use crate::{language::Language, proxy::Home, store::SettingsFile, surroundings::Surroundings};

/// Name of the settings file.
const SETTINGS: &str = "settings.toml";

/// Name of the file with what a user has allowed workspaces.
const GRANTS: &str = "grants.json";

/// Name of the file with the keys of calls that were made.
const CALLS: &str = "calls.json";

type Lookup = dyn Fn(&str) -> Option<OsString> + Send + Sync;

/// Where this user's things lie. None where the machine has no place for them.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Places {
    data: Option<PathBuf>,
    settings_file: Option<PathBuf>,
    pages: Option<PathBuf>,
    grants: Option<PathBuf>,
    calls: Option<PathBuf>,
    models: Option<PathBuf>,
    conversations: Option<PathBuf>,
}

/// What a process tells another of what it was started with. It has no `Debug`, for variables hold keys.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    /// Not a map: names need not be texts.
    variables: Vec<(OsString, OsString)>,
    folder: PathBuf,
    places: Places,
    profile: Option<String>,
}

/// Environment variables and the data folder. Cloning it is cheap.
#[derive(Clone)]
pub struct Environment {
    lookup: Arc<Lookup>,
    names: Arc<dyn Fn() -> Vec<String> + Send + Sync>,
    surroundings: Surroundings,
    home: Option<Home>,
    settings_file: Option<SettingsFile>,
    places: Places,
    profile: Option<String>,
}

impl Environment {
    /// That of this process.
    pub fn of_process() -> Self {
        let places = Places {
            data: Home::default_dir(|name| std::env::var_os(name)).ok(),
            settings_file: default_settings_file(),
            pages: in_cache("pages"),
            grants: in_state(GRANTS),
            calls: in_state(CALLS),
            models: in_cache("models"),
            conversations: in_state("conversations"),
        };
        Self::within(Surroundings::default(), places)
    }

    /// That of another process.
    pub(crate) fn of_peer(told: Told) -> Self {
        let surroundings = Surroundings::of_peer(told.variables.into_iter().collect(), told.folder);
        Self { profile: told.profile, ..Self::within(surroundings, told.places) }
    }

    fn within(surroundings: Surroundings, places: Places) -> Self {
        let (looked_in, named_in) = (surroundings.clone(), surroundings.clone());
        Self {
            lookup: Arc::new(move |name| looked_in.variable(name)),
            names: Arc::new(move || {
                named_in.variables().into_iter().filter_map(|(name, _)| name.into_string().ok()).collect()
            }),
            home: places.data.clone().map(|folder| Home::open(folder).of_peer(surroundings.clone())),
            settings_file: places.settings_file.clone().map(SettingsFile::at),
            surroundings,
            places,
            profile: None,
        }
    }

    /// What another process is told of this, where it is that of this process.
    pub(crate) fn told(&self) -> Told {
        Told {
            variables: self.surroundings.variables(),
            folder: std::env::current_dir().unwrap_or_default(),
            places: self.places.clone(),
            profile: self.profile.clone(),
        }
    }

    /// One made up, for tests and for hosts that embed the library. The settings file is in the data folder too;
    /// without one there is none, and no proxy that `litellm-ls proxy start` started is found.
    pub fn new(variables: HashMap<String, String>, data_dir: Option<PathBuf>) -> Self {
        let names: Vec<String> = variables.keys().cloned().collect();
        let below = |name: &str| data_dir.as_ref().map(|folder| folder.join(name));
        let places = Places {
            settings_file: below(SETTINGS),
            pages: below("pages"),
            grants: below(GRANTS),
            calls: below(CALLS),
            models: below("models"),
            conversations: below("conversations"),
            data: data_dir.clone(),
        };
        Self {
            lookup: Arc::new(move |name| variables.get(name).map(OsString::from)),
            names: Arc::new(move || names.clone()),
            ..Self::within(Surroundings::default(), places)
        }
    }

    /// The same where the command line names a profile. It holds by its own settings: the variables, which speak of
    /// whatever profile is active, are left aside.
    #[must_use]
    pub fn with_profile(self, name: Option<&str>) -> Self {
        Self { profile: name.map(str::to_owned), ..self }
    }

    /// The profile that the command line names.
    pub fn profile(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    /// The value of a variable. None where it is unset or blank. What is not Unicode stands as U+FFFD, so that it is wrong
    /// where it is used, and not passed over.
    pub fn variable(&self, name: &str) -> Option<String> {
        let value = (self.lookup)(name)?.to_string_lossy().into_owned();
        (!value.trim().is_empty()).then_some(value)
    }

    /// The language that its user is told things in, where their editor names one or none: that of the settings file, else
    /// the editor's, else that of the variables.
    pub(crate) fn language(&self, locale: Option<&str>) -> Language {
        let filed = self.settings_file().and_then(|file| file.read().ok()?.locale);
        let named = filed.as_deref().or(locale);
        named.map_or_else(|| Language::of_variables(|name| self.variable(name)), Language::named)
    }

    /// The user's home, where it is a whole path.
    pub fn users_home(&self) -> Option<String> {
        let of = |name| self.variable_os(name)?.into_string().ok().filter(|home| !home.trim().is_empty());
        let home = ["HOME", "USERPROFILE"].into_iter().find_map(of)?;
        std::path::Path::new(&home).is_absolute().then_some(home)
    }

    /// The value of a variable as the system has it.
    pub fn variable_os(&self, name: &str) -> Option<OsString> {
        (self.lookup)(name)
    }

    /// The Python that a LiteLLM is installed with, where the user names one.
    pub fn python(&self) -> Option<PathBuf> {
        self.variable_os("LITELLM_PYTHON").filter(|python| !python.is_empty()).map(PathBuf::from)
    }

    /// The names of all variables.
    pub fn names(&self) -> Vec<String> {
        (self.names)()
    }

    /// What programs of its peer run in.
    pub fn surroundings(&self) -> &Surroundings {
        &self.surroundings
    }

    /// Where this machine's own proxy lies. None where the machine has no place for data.
    pub fn home(&self) -> Option<&Home> {
        self.home.as_ref()
    }

    /// Where the user's settings are. None where the machine has no place for them.
    pub fn settings_file(&self) -> Option<&SettingsFile> {
        self.settings_file.as_ref()
    }
    /// Where it is kept what the user has allowed workspaces. None where the machine has no place for it.
    pub fn grants(&self) -> Option<PathBuf> {
        self.places.grants.clone()
    }
    /// Where it is kept which calls were made under keys. None where the machine has no place for it.
    pub fn calls(&self) -> Option<PathBuf> {
        self.places.calls.clone()
    }
    /// Where the process that editors share keeps its log. None where the machine has no place for it.
    pub fn shared_log(&self) -> Option<PathBuf> {
        Some(self.places.grants.as_ref()?.with_file_name("shared.log"))
    }
    /// The name of the lock that whoever begins a configuration holds. None where the machine has no place for it.
    pub fn beginnings(&self) -> Option<PathBuf> {
        Some(self.places.grants.as_ref()?.with_file_name("init"))
    }
    /// Where it is kept which models the user likes and used last: beside the settings file. None where there is none.
    pub fn marks(&self) -> Option<PathBuf> {
        Some(self.settings_file.as_ref()?.path().with_extension("marks.json"))
    }
    /// Where texts are put that an editor shows as documents. None where the machine has no place for them.
    pub fn pages(&self) -> Option<PathBuf> {
        self.places.pages.clone()
    }
    /// Where names of models are kept for the completions of shells. None where the machine has no place for them.
    pub fn models(&self) -> Option<PathBuf> {
        self.places.models.clone()
    }
    /// Where conversations are kept. None where the machine has no place for them.
    pub fn conversations(&self) -> Option<PathBuf> {
        self.places.conversations.clone()
    }
}

/// Where this system keeps what a program remembers.
fn in_state(name: &str) -> Option<PathBuf> {
    let system = etcetera::base_strategy::choose_native_strategy().ok()?;
    users(system.state_dir().unwrap_or_else(|| system.data_dir()).join("litellm-ls").join(name))
}

/// `LITELLM_LS_SETTINGS`, else `litellm-ls/settings.toml` where this system keeps a user's settings.
fn default_settings_file() -> Option<PathBuf> {
    if let Some(chosen) = std::env::var_os("LITELLM_LS_SETTINGS").filter(|chosen| !chosen.is_empty()) {
        // Whole, for who is told of it may be in another folder.
        return Some(std::path::absolute(&chosen).unwrap_or_else(|_| chosen.into()));
    }
    let system = etcetera::base_strategy::choose_native_strategy().ok()?;
    users(system.config_dir().join("litellm-ls").join(SETTINGS))
}

/// Where this system keeps what can be made again.
fn in_cache(name: &str) -> Option<PathBuf> {
    let system = etcetera::base_strategy::choose_native_strategy().ok()?;
    users(system.cache_dir().join("litellm-ls").join(name))
}

/// A path that is the user's. With a `HOME` that is not absolute it would lie below the current folder, which may be
/// anybody's.
fn users(path: PathBuf) -> Option<PathBuf> {
    path.is_absolute().then_some(path)
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Variables hold keys.
        f.debug_struct("Environment").field("home", &self.home).finish_non_exhaustive()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use super::*;

    #[test]
    fn what_is_not_unicode_is_wrong_and_not_absent() {
        let lookup: Arc<Lookup> = Arc::new(|_| Some(OsString::from_vec(b"/home/\xff".into())));
        let environment = Environment { lookup, ..Environment::new(HashMap::new(), None) };
        assert_eq!(environment.variable("LITELLM_BASE_URL").as_deref(), Some("/home/\u{fffd}"));
        assert_eq!(environment.users_home(), None, "another folder than the user's");
    }
}
