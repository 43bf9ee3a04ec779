//! The variables and the folder that whoever asks was started with. In a process that serves several peers these are the
//! peer's, never the process's own.

use std::{
    collections::HashMap,
    env,
    ffi::{OsStr, OsString},
    hash::{Hash, Hasher},
    path::PathBuf,
    process::Command,
    sync::Arc,
};

/// Variables and a folder. Cloning it is cheap. Two are equal where they are one and the same. It has no `Debug`, for
/// variables hold keys.
#[derive(Clone, Default)]
pub struct Surroundings(Option<Arc<Given>>);

struct Given {
    variables: HashMap<OsString, OsString>,
    folder: PathBuf,
}

impl Surroundings {
    /// Those of a peer that has another process.
    pub(crate) fn of_peer(variables: HashMap<OsString, OsString>, folder: PathBuf) -> Self {
        Self(Some(Arc::new(Given { variables, folder })))
    }

    /// The value of a variable, as the system has it.
    pub fn variable(&self, name: &str) -> Option<OsString> {
        let Some(given) = &self.0 else { return env::var_os(name) };
        match cfg!(windows) {
            // Windows does not tell `Path` from `PATH`.
            true => given
                .variables
                .iter()
                .find(|(given, _)| given.eq_ignore_ascii_case(name))
                .map(|(_, value)| value),
            false => given.variables.get(OsStr::new(name)),
        }
        .cloned()
    }

    /// All variables.
    pub fn variables(&self) -> Vec<(OsString, OsString)> {
        match &self.0 {
            Some(given) => {
                given.variables.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
            }
            None => env::vars_os().collect(),
        }
    }

    /// A path that counts from their folder.
    pub(crate) fn whole(&self, path: String) -> String {
        let Some(given) = &self.0 else { return path };
        given.folder.join(&path).into_os_string().into_string().unwrap_or(path)
    }

    /// Has a program run in them.
    pub(crate) fn surround(&self, command: &mut Command) {
        let Some(given) = &self.0 else { return };
        command.env_clear().envs(&given.variables);
        // A folder that is gone keeps no program from running.
        if given.folder.is_dir() {
            command.current_dir(&given.folder);
        }
    }
}

impl PartialEq for Surroundings {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        }
    }
}

impl Eq for Surroundings {}

impl Hash for Surroundings {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_ref().map(Arc::as_ptr).hash(state);
    }
}
