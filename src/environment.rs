//! What the process was started with: its environment variables and where its data lives.

use std::{
    collections::HashMap,
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

type Lookup = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Environment variables and the data directory. Cloning it is cheap.
#[derive(Clone)]
pub struct Environment {
    lookup: Arc<Lookup>,
    data_dir: Option<PathBuf>,
}

impl Environment {
    /// That of this process.
    pub fn of_process() -> Self {
        let lookup = |name: &str| std::env::var(name).ok();
        Self { data_dir: crate::proxy::default_dir(lookup), lookup: Arc::new(lookup) }
    }

    /// One made up, for tests and for hosts that embed the library. Without a data directory no proxy that
    /// `litellm-ls proxy start` started is found.
    pub fn new(variables: HashMap<String, String>, data_dir: Option<PathBuf>) -> Self {
        Self { lookup: Arc::new(move |name| variables.get(name).cloned()), data_dir }
    }

    /// The value of a variable. None where it is unset, blank or not Unicode.
    pub fn variable(&self, name: &str) -> Option<String> {
        (self.lookup)(name).filter(|value| !value.trim().is_empty())
    }

    /// Where what outlives the process is kept. None where the machine has no such place.
    pub fn data_dir(&self) -> Option<&Path> {
        self.data_dir.as_deref()
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Variables hold keys.
        f.debug_struct("Environment").field("data_dir", &self.data_dir).finish_non_exhaustive()
    }
}
