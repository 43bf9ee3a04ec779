//! Real editors, installed once into the user's cache folder.

use std::{fs, path::PathBuf, process::Command};

use super::cached;

/// How editors are installed, and which versions.
const INSTALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/editors/install.py");

/// The folder of an editor (`nvim`, `hx` or `vscode`): below the one that `LITELLM_LS_TEST_EDITORS` names, which has all
/// of them, else one of our own.
pub(crate) fn folder(editor: &str) -> PathBuf {
    if let Some(all) = std::env::var_os("LITELLM_LS_TEST_EDITORS") {
        return all.into();
    }
    let script = fs::read_to_string(INSTALL).expect("the script that installs");
    cached::folder(editor, &script, |folder| {
        cached::run(Command::new("python3").arg(INSTALL).arg(editor).arg(folder));
    })
}

/// Runs a script that drives an editor, on Linux alone. What it printed is shown where it fails.
#[cfg(target_os = "linux")]
pub(crate) fn drive(command: &mut Command) {
    eprint!("{}", driven(command));
}

/// The same, for what it printed.
#[cfg(target_os = "linux")]
pub(crate) fn driven(command: &mut Command) -> String {
    cached::run(command.current_dir(scripts()))
}

/// Where the scripts are.
#[cfg(target_os = "linux")]
pub(crate) fn scripts() -> &'static std::path::Path {
    std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/editors"))
}
