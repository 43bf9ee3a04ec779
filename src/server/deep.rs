//! What LiteLLM said of a configuration when it was asked to load it.

use std::path::PathBuf;

use crate::{config_yaml::Said, proxy::Loaded};

/// What came of loading a configuration.
#[derive(Clone)]
pub(super) struct Deep {
    pub(super) path: PathBuf,
    /// The text then: what was said is about no other.
    pub(super) text: String,
    pub(super) loaded: Loaded,
}

impl Deep {
    /// What is said of the file, for its findings.
    pub(super) fn said<T>(&self, with: impl FnOnce(&Said<'_>) -> T) -> T {
        let Loaded { starts, served, lines, code, connections, programs } = &self.loaded;
        let outside = [&connections[..], programs].concat();
        with(&Said { starts: *starts, served, lines, code, outside: &outside })
    }
}
