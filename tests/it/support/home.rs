//! A home for a program that a test starts: its settings, state and caches lie in it, by each system's own names.

use std::{ffi::OsString, path::Path};

/// Where in a home is what a program remembers, and what it can make again.
pub(crate) const STATE: &str = PLACES[0];
pub(crate) const CACHE: &str = PLACES[1];

const PLACES: [&str; 2] = if cfg!(windows) {
    [".config/litellm-ls", ".cache/litellm-ls"]
} else if cfg!(target_os = "macos") {
    ["Library/Application Support/litellm-ls", "Library/Caches/litellm-ls"]
} else {
    [".local/state/litellm-ls", ".cache/litellm-ls"]
};

/// The variables that lead there, for a program that is given no others.
pub(crate) fn variables(home: &Path) -> Vec<(&'static str, OsString)> {
    let mut variables = vec![("HOME", home.into())];
    if cfg!(windows) {
        variables.extend([
            ("USERPROFILE", home.into()),
            ("APPDATA", home.join(".config").into()),
            ("LOCALAPPDATA", home.join(".cache").into()),
        ]);
        // Windows opens no connection for who does not say where it is itself.
        variables.extend(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
    }
    variables
}
