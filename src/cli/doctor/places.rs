//! Where editors keep what is set of them, and their files as texts.

use std::path::{Path, PathBuf};

use crate::{environment::Environment, store};

/// More than anybody writes into one file of settings, in bytes.
const FILE: u64 = 1 << 20;
/// As many files of a configuration as are looked at, and as many folders into it.
const FILES: usize = 400;
const DEPTH: usize = 6;

/// The folders of a user, as this system has them.
pub(super) struct Places {
    pub(super) home: PathBuf,
    /// `~/.config`, on Windows the roaming folder.
    pub(super) config: PathBuf,
    /// `~/.local/share`, on Windows the local folder.
    pub(super) data: PathBuf,
    /// Where programs with windows keep their settings: another folder on macOS.
    pub(super) applications: PathBuf,
    /// What Neovim calls its folders.
    pub(super) nvim: String,
}

impl Places {
    /// Those of this user. None where nothing says where the home is.
    pub(super) fn of(environment: &Environment) -> Option<Self> {
        let home = PathBuf::from(environment.users_home()?);
        let named = |name: &str, default: &str| {
            let folder = environment.variable_os(name).map(PathBuf::from);
            folder.filter(|folder| folder.is_absolute()).unwrap_or_else(|| home.join(default))
        };
        let (config, data) = match cfg!(windows) {
            true => (named("APPDATA", "AppData/Roaming"), named("LOCALAPPDATA", "AppData/Local")),
            false => (named("XDG_CONFIG_HOME", ".config"), named("XDG_DATA_HOME", ".local/share")),
        };
        let applications = match cfg!(target_os = "macos") {
            true => home.join("Library/Application Support"),
            false => config.clone(),
        };
        let nvim = environment.variable("NVIM_APPNAME").unwrap_or_else(|| "nvim".to_owned());
        Some(Self { home, config, data, applications, nvim })
    }

    /// A path as it is meant: `~` is the home.
    pub(super) fn whole(&self, path: &str) -> PathBuf {
        match path.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with(['/', '\\'])) {
            Some(rest) => self.home.join(rest.trim_start_matches(['/', '\\'])),
            None => path.into(),
        }
    }
}

/// The text of a file. None where there is none that can be read.
pub(super) fn text(file: &Path) -> Option<String> {
    let bytes = store::read_regular(file, FILE).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// What lies in a folder, by name; nothing where it can't be read.
pub(super) fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

/// The files below a folder that end so, as many as are looked at.
pub(super) fn files_below(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in entries(&folder) {
            let is_hidden = entry.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
            if files.len() == FILES || is_hidden {
                continue;
            }
            if entry.is_dir() {
                folders.extend((depth < DEPTH).then_some((entry, depth + 1)));
            } else if entry.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known)) {
                files.push(entry);
            }
        }
    }
    files
}
