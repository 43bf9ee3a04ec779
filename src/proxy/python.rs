//! Finds an interpreter that the locked packages have wheels for.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use super::error::{Error, Result};
use crate::descriptors;
use crate::surroundings::Surroundings;

const OLDEST: (u32, u32) = (3, 11);
const NEWEST: (u32, u32) = (3, 14);

/// Where an interpreter is looked for, in this order: what the user calls Python comes first.
const NAMES: &[&str] = &["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11"];

/// The chosen interpreter, or else the first of the usual names that will do.
///
/// # Errors
/// [`Error::NoPython`] if none answers, [`Error::WrongPython`] about the first that answers and will not do.
pub(super) async fn find(choice: Option<&Path>, surroundings: &Surroundings) -> Result<PathBuf> {
    let candidates: Vec<&Path> = match choice {
        Some(choice) => vec![choice],
        None => NAMES.iter().map(Path::new).collect(),
    };
    let mut refused = Error::NoPython;
    for python in candidates {
        match version(python, surroundings).await? {
            Some(version) if (OLDEST..=NEWEST).contains(&version) => return Ok(python.to_owned()),
            Some((major, minor)) if matches!(refused, Error::NoPython) => {
                refused =
                    Error::WrongPython { python: python.to_owned(), version: format!("{major}.{minor}") };
            }
            _ => {}
        }
    }
    Err(refused)
}

/// What an interpreter says it is; none if it cannot be run, as the placeholders of Windows and pyenv cannot.
///
/// # Errors
/// Where the system lets nothing be run at all.
async fn version(python: &Path, surroundings: &Surroundings) -> Result<Option<(u32, u32)>> {
    let mut command = isolated(python, surroundings);
    command.args(["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
    let output = match command.output().await {
        Err(error) if descriptors::are_spent(&error) => return Err(Error::io("run", python)(error)),
        output => output.ok(),
    };
    Ok(output.and_then(|output| {
        let (major, minor) = str::from_utf8(&output.stdout).ok()?.trim().split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    }))
}

/// An interpreter that ignores `PYTHONPATH`, the user's own packages and the like, writes UTF-8 at once, reads no
/// input and ends when its handle is dropped.
pub(super) fn isolated(python: &Path, surroundings: &Surroundings) -> Command {
    let mut command = Command::new(python);
    surroundings.surround(command.as_std_mut());
    command.args(["-I", "-u", "-X", "utf8"]).stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// A shell script that stands for an interpreter: says a version, "makes" an environment of itself, and for pip does
/// what the test wants.
#[cfg(test)]
#[cfg(unix)]
pub(super) fn script(folder: &Path, version: &str, pip: &str) -> PathBuf {
    let path = folder.join("python");
    let text = format!(
        "#!/bin/sh\n\
         for last; do :; done\n\
         case \"$*\" in\n\
         *version_info*) echo '{version}' ;;\n\
         *'-m venv'*) mkdir -p \"$last/bin\" && cp \"$0\" \"$last/bin/python\" ;;\n\
         *'-m pip install'*) {pip} ;;\n\
         esac\n"
    );
    // Written by another process: while a thread of ours starts one, a file we are writing cannot be run.
    let status = std::process::Command::new("sh")
        .args(["-c", "printf %s \"$1\" > \"$2\" && chmod +x \"$2\"", "sh", &text])
        .arg(&path)
        .status();
    assert!(status.is_ok_and(|status| status.success()));
    path
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_versions_with_wheels_will_do() {
        for (answer, will_do) in [
            ("3.10", false),
            ("3.11", true),
            ("3.14", true),
            ("3.15", false),
            ("2.7", false),
            ("4.0", false),
            ("what", false),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let python = script(folder.path(), answer, ":");
            assert_eq!(find(Some(&python), &Surroundings::default()).await.is_ok(), will_do, "{answer}");
        }
    }

    #[tokio::test]
    async fn an_old_one_is_named_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let python = script(folder.path(), "3.9", ":");
        let message = find(Some(&python), &Surroundings::default()).await.unwrap_err().to_string();
        assert!(
            message.ends_with("is Python 3.9: install Python 3.11 to 3.14, or set LITELLM_PYTHON to one"),
            "{message}"
        );
    }

    #[tokio::test]
    async fn a_choice_that_cannot_be_run_is_no_python() {
        let missing = find(Some(Path::new("/nowhere/python")), &Surroundings::default()).await;
        assert!(matches!(missing, Err(Error::NoPython)), "{missing:?}");
    }
}
