//! What surrounds a file: other files, variables, the date.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::release::Release;

/// How long a file may be to be read, in bytes.
pub const LONGEST: u64 = 4 * 1024 * 1024;

/// The files that may be seen.
pub trait Files {
    /// The text of a file. None where it is none, or too long.
    fn read(&self, path: &Path) -> Option<String>;
    /// Whether anything is there.
    fn exists(&self, path: &Path) -> bool;
    /// What a path leads to where it is a link.
    fn target(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }
    /// The files of a folder that are YAML.
    fn yaml_names(&self, folder: &Path) -> Vec<PathBuf>;
}

/// Those on the disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

/// What tells two states of a file apart.
pub type Stamp = (Option<SystemTime>, u64);

impl Disk {
    /// The state of a file. None where it is none.
    pub fn stamp(path: &Path) -> Option<Stamp> {
        let known = fs::metadata(path).ok()?;
        Some((known.modified().ok(), known.len()))
    }

    /// Whether two paths lead to the same file.
    pub fn same(one: &Path, other: &Path) -> bool {
        let plain = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        plain(one) == plain(other)
    }
}

impl Files for Disk {
    fn read(&self, path: &Path) -> Option<String> {
        let known = fs::metadata(path).ok()?;
        let fits = known.is_file() && known.len() <= LONGEST;
        fits.then(|| fs::read_to_string(path).ok()).flatten()
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn target(&self, path: &Path) -> PathBuf {
        fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
    }

    fn yaml_names(&self, folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten().take(1000);
        let mut names: Vec<PathBuf> = entries.map(|entry| PathBuf::from(entry.file_name())).collect();
        names.retain(|name| name.extension().is_some_and(|ending| ending == "yaml" || ending == "yml"));
        names.sort();
        names
    }
}

/// All that a file is judged by beside itself.
pub struct Surroundings<'a> {
    /// The value of an environment variable, or of a line of `.env`. Values appear in no finding.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// The names of the variables that are set.
    pub names: &'a BTreeSet<String>,
    /// Files beside it.
    pub files: &'a dyn Files,
    /// Today, as `2026-11-22`.
    pub today: String,
    /// The release of LiteLLM that will read it, where that is known; the file itself can say it too.
    pub release: Option<Release>,
}

impl std::fmt::Debug for Surroundings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Variables hold keys.
        f.debug_struct("Surroundings").field("today", &self.today).finish_non_exhaustive()
    }
}

impl Surroundings<'_> {
    /// Whether a variable is set to anything.
    pub(crate) fn is_set(&self, name: &str) -> bool {
        (self.variable)(name).is_some_and(|value| !value.trim().is_empty())
    }
}
