//! What the process was started with: its environment variables and where its data lives.

use std::{collections::HashMap, ffi::OsString, fmt, path::PathBuf, sync::Arc};

use crate::proxy::Home;

type Lookup = dyn Fn(&str) -> Option<OsString> + Send + Sync;

/// Environment variables and the data folder. Cloning it is cheap.
#[derive(Clone)]
pub struct Environment {
    lookup: Arc<Lookup>,
    home: Option<Home>,
}

impl Environment {
    /// That of this process.
    pub fn of_process() -> Self {
        Self {
            lookup: Arc::new(|name| std::env::var_os(name)),
            home: Home::default_dir(|name| std::env::var_os(name)).ok().map(Home::open),
        }
    }

    /// One made up, for tests and for hosts that embed the library. Without a data folder no proxy that
    /// `litellm-ls proxy start` started is found.
    pub fn new(variables: HashMap<String, String>, data_dir: Option<PathBuf>) -> Self {
        Self {
            lookup: Arc::new(move |name| variables.get(name).map(OsString::from)),
            home: data_dir.map(Home::open),
        }
    }

    /// The value of a variable. None where it is unset, blank or not Unicode.
    pub fn variable(&self, name: &str) -> Option<String> {
        let value = (self.lookup)(name)?.into_string().ok()?;
        (!value.trim().is_empty()).then_some(value)
    }

    /// The value of a variable as the system has it.
    pub fn variable_os(&self, name: &str) -> Option<OsString> {
        (self.lookup)(name)
    }

    /// Where this machine's own proxy lies. None where the machine has no place for data.
    pub fn home(&self) -> Option<&Home> {
        self.home.as_ref()
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Variables hold keys.
        f.debug_struct("Environment").field("home", &self.home).finish_non_exhaustive()
    }
}
