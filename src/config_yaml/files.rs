//! What surrounds a file: other files, variables, the date.

use std::{
    collections::BTreeSet,
    fs,
    io::Read,
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
    /// Whether a file is there: neither a folder nor what may be read without end.
    fn is_file(&self, path: &Path) -> bool;
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
        if !known.is_file() || known.len() > LONGEST || is_of_system(path) {
            return None;
        }
        // It may grow meanwhile, and some file systems say 0 of files without end.
        let mut text = String::new();
        let read = fs::File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_string(&mut text));
        (read.is_ok() && text.len() as u64 <= LONGEST).then_some(text)
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn target(&self, path: &Path) -> PathBuf {
        fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
    }

    fn yaml_names(&self, folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten().take(1000);
        let mut names: Vec<PathBuf> = entries.map(|entry| PathBuf::from(entry.file_name())).collect();
        names.retain(|name| has_ending_of_yaml(name));
        names.sort();
        names
    }
}

/// Whether a file is YAML by its name.
pub fn has_ending_of_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml")
}

/// Whether a path leads to what the system tells of itself: a file there may never end, and may hold a key of a process.
fn is_of_system(path: &Path) -> bool {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    cfg!(unix) && ["/proc", "/sys", "/dev"].iter().any(|root| real.starts_with(root))
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
    /// The release that a file is judged by: the one that will read it, the one that it names, or the one of the tables.
    pub(crate) fn release_for(&self, text: &str) -> Release {
        self.release.or_else(|| Release::said_in(text)).unwrap_or(Release::KNOWN)
    }

    /// Whether a variable is set to anything.
    pub(crate) fn is_set(&self, name: &str) -> bool {
        (self.variable)(name).is_some_and(|value| !value.trim().is_empty())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_tells_of_itself_and_what_is_too_long_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        // It says that it has 0 bytes, and has 256 TiB.
        for (name, target) in
            [("pages", "/proc/self/pagemap"), ("environ", "/proc/self/environ"), ("null", "/dev/null")]
        {
            std::os::unix::fs::symlink(target, at(name)).unwrap();
            assert_eq!(Disk.read(&at(name)), None, "{name}");
        }
        for (length, is_read) in [(LONGEST, true), (LONGEST + 1, false)] {
            fs::File::create(at("file")).unwrap().set_len(length).unwrap();
            assert_eq!(Disk.read(&at("file")).is_some(), is_read, "{length}");
        }
    }
}
