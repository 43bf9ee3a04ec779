//! The variables that a file's references find: the environment's, then those of `.env` beside the file.

use std::{collections::BTreeSet, path::Path};

use super::{
    dotenv::DotEnv,
    files::{Disk, Files},
};

/// Variables by name. Values are looked up one by one, and shown nowhere.
pub struct Variables<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    names: BTreeSet<String>,
    dotenv: DotEnv,
}

impl std::fmt::Debug for Variables<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Variables").field("names", &self.names).finish_non_exhaustive()
    }
}

/// What `.env` beside a file sets, for the proxy that serves it.
pub fn beside(path: &Path) -> Vec<(String, String)> {
    DotEnv::beside(path, &Disk).into_values()
}

impl<'a> Variables<'a> {
    /// Those of an environment, and of `.env` beside a file.
    pub fn beside(
        path: &Path,
        files: &dyn Files,
        names: impl IntoIterator<Item = String>,
        lookup: &'a dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let dotenv = DotEnv::beside(path, files);
        let names = names.into_iter().chain(dotenv.names().map(str::to_owned)).collect();
        Self { lookup, names, dotenv }
    }

    /// The value of a variable; what is exported wins.
    pub fn get(&self, name: &str) -> Option<String> {
        (self.lookup)(name).or_else(|| self.dotenv.get(name).map(str::to_owned))
    }

    /// The names of those that are set.
    pub fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// What `.env` sets.
    pub fn dotenv(&self) -> &DotEnv {
        &self.dotenv
    }
}
