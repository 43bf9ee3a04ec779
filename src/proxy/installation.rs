//! Which LiteLLM is run: the pinned one of the home, or one that the user has installed.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::{Error, Result};
use super::home::{Home, PYTHON};
use super::install::installed;
use super::requirements::is_compromised;
use crate::store::check_folder;
use crate::surroundings::Surroundings;

/// Which LiteLLM is to be run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Choice {
    /// The pinned one where it is installed, else the user's own where there is one.
    #[default]
    Any,
    /// The pinned one.
    Pinned,
    /// The first that the active virtual environment, then the search path, has.
    Own,
    /// The one at a path: a virtual environment, or a program in one, such as `litellm` or `python`.
    At(PathBuf),
}

impl Choice {
    /// Reads `pinned`, `own`, or a path. None where nothing is said.
    pub fn read(text: &str) -> Option<Self> {
        match text.trim() {
            "" => None,
            "pinned" => Some(Self::Pinned),
            "own" => Some(Self::Own),
            path => Some(Self::At(PathBuf::from(path))),
        }
    }
}

/// A LiteLLM that can be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// LiteLLM's.
    pub version: String,
    /// The virtual environment. Absent for the pinned one.
    pub place: Option<PathBuf>,
    pub(super) python: PathBuf,
}

/// The LiteLLM of a choice.
///
/// # Errors
/// [`Error::NotInstalled`] where there is none, and what is wrong with the one that is there. Nothing of it is run.
pub fn find(home: &Home, choice: &Choice) -> Result<Installation> {
    let pinned = || {
        let version = installed(home)?.ok_or(Error::NotInstalled)?.to_owned();
        Ok(Installation { version, place: None, python: home.python() })
    };
    match choice {
        Choice::Pinned => pinned(),
        Choice::At(path) => at(path),
        Choice::Own => own(home.surroundings())?.ok_or(Error::NoOwn),
        Choice::Any => match pinned() {
            // One that can't be used is no reason not to install the pinned one.
            Err(Error::NotInstalled) => own(home.surroundings()).ok().flatten().ok_or(Error::NotInstalled),
            pinned => pinned,
        },
    }
}

/// The user's own: of the active virtual environment, else the first on the search path, where `uv` and `pipx` put theirs.
fn own(surroundings: &Surroundings) -> Result<Option<Installation>> {
    let active = surroundings.variable("VIRTUAL_ENV").map(PathBuf::from);
    let active = active.filter(|place| place.is_absolute() && version(place).is_some());
    if let Some(place) = active {
        return at(&place).map(Some);
    }
    let name = if cfg!(windows) { "litellm.exe" } else { "litellm" };
    let path = surroundings.variable("PATH").unwrap_or_default();
    // What lies in the current folder may be anybody's.
    let folders = env::split_paths(&path).filter(|folder| folder.is_absolute());
    let program = folders.map(|folder| folder.join(name)).find(|program| program.is_file());
    program.map(|program| at(&program)).transpose()
}

/// The LiteLLM of a virtual environment, named by itself or by a program in it.
fn at(path: &Path) -> Result<Installation> {
    let place = environment_of(path);
    let version = version(&place).ok_or_else(|| Error::NoLitellmThere(path.to_owned()))?;
    if is_compromised(&version) {
        return Err(Error::Compromised(version));
    }
    let python = place.join(PYTHON);
    for folder in [python.parent().unwrap_or(&place), &packages(&place).unwrap_or_default()] {
        check_folder(folder).map_err(Error::Folder)?;
    }
    if !has_proxy(&place) {
        return Err(Error::NoProxyThere(place));
    }
    Ok(Installation { version, place: Some(place), python })
}

/// The virtual environment that a path is, or is in. Links to `litellm` are followed, for that is how `uv` and `pipx`
/// install it; those to Python are not, for they lead out of the environment.
fn environment_of(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if path.is_dir() {
        return path;
    }
    let is_python = path.file_stem().is_some_and(|name| name.to_string_lossy().starts_with("python"));
    let program = if is_python { path } else { fs::canonicalize(&path).unwrap_or(path) };
    let folder = program.parent().unwrap_or(&program);
    folder.parent().unwrap_or(folder).to_owned()
}

/// The folder of an environment's packages.
fn packages(place: &Path) -> Option<PathBuf> {
    if cfg!(windows) {
        return Some(place.join("Lib").join("site-packages"));
    }
    let versions = fs::read_dir(place.join("lib")).ok()?.flatten();
    let mut found = versions.map(|entry| entry.path().join("site-packages"));
    found.find(|packages| packages.join("litellm").is_dir())
}

/// The version of LiteLLM that an environment says it has, without running anything: a compromised one runs its code
/// whenever its Python does.
fn version(place: &Path) -> Option<String> {
    if !place.join(PYTHON).exists() {
        return None;
    }
    let names = fs::read_dir(packages(place)?).ok()?.flatten().map(|entry| entry.file_name());
    let said = names.filter_map(|name| {
        let name = name.to_str()?.strip_prefix("litellm-")?.strip_suffix(".dist-info")?.to_owned();
        Some(name)
    });
    // What an update left beside the new one counts as well.
    said.max_by_key(|version| is_compromised(version))
}

/// Whether it has the packages of the extra `proxy`.
fn has_proxy(place: &Path) -> bool {
    packages(place)
        .is_some_and(|packages| ["uvicorn", "fastapi"].iter().all(|name| packages.join(name).exists()))
}
