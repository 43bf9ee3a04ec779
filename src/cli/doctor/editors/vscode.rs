//! VS Code and its kin: a setting, else what lies inside the extension, else the `PATH`.

use std::path::{Path, PathBuf};

use super::{Setup, Way};
use crate::cli::doctor::{
    places::{Places, entries, text},
    programs::{NAME, numbers},
    written::{Said, json},
};

/// The folder of the extension, before its version.
const EXTENSION: &str = "litellm-ls.litellm-ls-";
const SETTING: &str = "litellm.server.path";

/// One with windows of its own, by the names of its two folders.
pub(super) fn desktop(places: &Places, settings: &str, extensions: &str) -> Setup {
    let settings = places.applications.join(settings).join("User/settings.json");
    look(&settings, &places.home.join(extensions).join("extensions"))
}

/// What VS Code runs on a machine that somebody works on from another one.
pub(super) fn remote(places: &Places) -> Setup {
    let folder = places.home.join(".vscode-server");
    look(&folder.join("data/Machine/settings.json"), &folder.join("extensions"))
}

pub(super) fn code_server(places: &Places) -> Setup {
    let folder = places.data.join("code-server");
    look(&folder.join("User/settings.json"), &folder.join("extensions"))
}

fn look(settings: &Path, extensions: &Path) -> Setup {
    let Some(extension) = newest(extensions) else {
        let is_there = extensions.is_dir() || settings.is_file();
        return if is_there { Setup::Without } else { Setup::Absent };
    };
    let said = text(settings).and_then(|text| Some(json(&text)?.get(SETTING)?.as_str()?.trim().to_owned()));
    let said = said.filter(|said| !said.is_empty()).map(Said::Literal);
    let inside = extension.join("bin").join(format!("{NAME}{}", std::env::consts::EXE_SUFFIX));
    let ways = Way::set(SETTING, settings, said).into_iter().chain([Way::Beside(inside), Way::Path]);
    Setup::Starts(ways.collect(), version(&extension).map(str::to_owned))
}

/// The newest extension of ours that is not marked for removal.
fn newest(extensions: &Path) -> Option<PathBuf> {
    let removed = text(&extensions.join(".obsolete")).and_then(|text| json(&text)).unwrap_or_default();
    let is_kept = |folder: &PathBuf| {
        let name = folder.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| removed.get(name).is_none())
    };
    let ours = entries(extensions).into_iter().filter(|folder| version(folder).is_some()).filter(is_kept);
    ours.max_by_key(|folder| version(folder).map(numbers))
}

/// The version of the extension in a folder, where it is ours.
fn version(folder: &Path) -> Option<&str> {
    // Behind it may stand which system it is for.
    folder.file_name()?.to_str()?.strip_prefix(EXTENSION)?.split('-').next()
}
