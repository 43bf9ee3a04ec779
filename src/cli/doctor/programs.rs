//! The copies of this program that there are, and what they say their version is.

use std::{
    cmp::Ordering,
    collections::HashMap,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tokio::{io::AsyncReadExt, process::Command};

use super::finding::path;
use crate::environment::Environment;

/// What the program is called, without the ending that Windows has for programs.
pub(super) const NAME: &str = env!("CARGO_PKG_NAME");
/// The version of this program.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How long a program may take to say its version: it does nothing else then.
const LIMIT: Duration = Duration::from_secs(5);
/// More than a line that names a version has, in bytes.
const LINE: u64 = 256;
/// The variables that a program is given to say its version; keys are not among them.
const VARIABLES: [&str; 5] = ["PATH", "HOME", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR"];

/// Why the version of a program is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoVersion {
    /// It has another name, so that it may be anything, and was not run.
    NotRun,
    /// It did not end in time.
    Slow,
    /// It can't be run, or says something else.
    Other,
}

/// The programs of this machine. Each is asked for its version once.
pub(super) struct Programs {
    /// This program. None where the system does not tell.
    pub(super) own: Option<PathBuf>,
    path: Vec<PathBuf>,
    given: Vec<(&'static str, OsString)>,
    asked: HashMap<PathBuf, Result<String, NoVersion>>,
}

impl Programs {
    pub(super) fn of(environment: &Environment) -> Self {
        let folders = environment.variable_os("PATH").unwrap_or_default();
        Self {
            own: std::env::current_exe().ok(),
            // A relative entry would lead to whatever lies in the current folder.
            path: std::env::split_paths(&folders).filter(|folder| folder.is_absolute()).collect(),
            given: VARIABLES
                .into_iter()
                .filter_map(|name| Some((name, environment.variable_os(name)?)))
                .collect(),
            asked: HashMap::new(),
        }
    }

    /// The first program of a name on the `PATH`.
    pub(super) fn on_path(&self, name: &str) -> Option<PathBuf> {
        let suffix = std::env::consts::EXE_SUFFIX;
        let name = if name.ends_with(suffix) { name.to_owned() } else { format!("{name}{suffix}") };
        self.path.iter().map(|folder| folder.join(&name)).find(|file| is_program(file))
    }

    /// Whether a path leads to this very program.
    pub(super) fn is_own(&self, program: &Path) -> bool {
        let own = self.own.as_ref().and_then(|own| own.canonicalize().ok());
        own.is_some() && own == program.canonicalize().ok()
    }

    /// The folder of this program, in a sentence.
    pub(super) fn own_folder(&self) -> String {
        let folder = self.own.as_deref().and_then(Path::parent);
        folder.map_or_else(|| format!("the folder of {NAME}"), path)
    }

    /// What to do where another program of the name comes first.
    pub(super) fn before(&self, other: &Path) -> String {
        format!("remove {}, or put {} before it in the PATH", path(other), self.own_folder())
    }

    /// The version of a program.
    ///
    /// # Errors
    /// Where it is not known.
    pub(super) async fn version(&mut self, program: &Path) -> Result<String, NoVersion> {
        if self.is_own(program) {
            return Ok(VERSION.to_owned());
        }
        if program.file_stem().is_none_or(|stem| stem != NAME) {
            return Err(NoVersion::NotRun);
        }
        if let Some(known) = self.asked.get(program) {
            return known.clone();
        }
        let version = self.asked_for_version(program).await;
        self.asked.insert(program.to_owned(), version.clone());
        version
    }

    async fn asked_for_version(&self, program: &Path) -> Result<String, NoVersion> {
        let mut command = Command::new(program);
        command.arg("--version").env_clear().envs(self.given.iter().cloned());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().map_err(|_| NoVersion::Other)?;
        let mut said = Vec::new();
        let read = async {
            let stdout = child.stdout.take().ok_or(NoVersion::Other)?;
            stdout.take(LINE).read_to_end(&mut said).await.map_err(|_| NoVersion::Other)
        };
        tokio::time::timeout(LIMIT, read).await.map_err(|_| NoVersion::Slow)??;
        read_version(&String::from_utf8_lossy(&said)).ok_or(NoVersion::Other)
    }
}

/// The version in what the program says: `litellm-ls 1.2.3`.
fn read_version(said: &str) -> Option<String> {
    let version = said.trim().strip_prefix(NAME)?.strip_prefix(' ')?;
    let is_version = version.starts_with(|first: char| first.is_ascii_digit())
        && version.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-+".contains(letter));
    is_version.then(|| version.to_owned())
}

/// The numbers of a version, for comparing two.
pub(super) fn numbers(version: &str) -> Vec<u64> {
    let release = version.split(['-', '+']).next().unwrap_or_default();
    release.split('.').map(|number| number.parse().unwrap_or(0)).collect()
}

/// How another version stands to that of this program. None where both are the same.
pub(super) fn age(version: &str) -> Option<&'static str> {
    match numbers(version).cmp(&numbers(VERSION)) {
        Ordering::Less => Some("older"),
        Ordering::Equal => None,
        Ordering::Greater => Some("newer"),
    }
}

/// Whether a file is there that can be run.
pub(super) fn is_program(file: &Path) -> bool {
    let Ok(found) = file.metadata() else { return false };
    #[cfg(unix)]
    let may_run = std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o111 != 0;
    #[cfg(not(unix))]
    let may_run = true;
    found.is_file() && may_run
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_what_this_program_says_alone() {
        for (said, version) in [
            ("litellm-ls 0.1.0\n", Some("0.1.0")),
            ("litellm-ls 1.10.0-rc.1", Some("1.10.0-rc.1")),
            ("litellm 1.0.0", None),
            ("litellm-ls", None),
            ("litellm-ls sk-secret", None),
            ("litellm-ls 0.1.0 and more", None),
            ("", None),
        ] {
            assert_eq!(read_version(said).as_deref(), version, "{said}");
        }
        assert!(numbers("0.10.0") > numbers("0.9.7") && numbers("1.0.0-rc.1") == numbers("1.0.0"));
    }
}
