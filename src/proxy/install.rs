//! Installs LiteLLM into a virtual environment of its own, from the lock, once.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};

use super::error::{Error, Result};
use super::home::Home;
use super::log;
use super::python::{self, isolated};
use super::record;
use super::requirements::{LOCK, VERSION, is_compromised, packages};
use crate::store::private;

/// How far an installation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InstallProgress {
    /// Somebody else is at work: this begins when they are done.
    Waiting {
        /// Who, and at what, in words.
        who: String,
    },
    /// The virtual environment is being made.
    Environment,
    /// A package is being fetched: number `done` of `total`.
    Package {
        /// As the package index knows it.
        name: String,
        /// Counts from 1.
        done: usize,
        /// All packages of the lock.
        total: usize,
    },
    /// Everything is fetched, and being laid out.
    Unpacking {
        /// All packages of the lock.
        total: usize,
    },
}

impl fmt::Display for InstallProgress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting { who } => write!(formatter, "waiting: {who}"),
            Self::Environment => formatter.write_str("making a virtual environment"),
            Self::Package { name, done, total } => {
                write!(formatter, "installing package {done} of {total}: {name}")
            }
            Self::Unpacking { .. } => formatter.write_str("unpacking, takes a minute"),
        }
    }
}

/// What an installation costs, in words: what is downloaded, and what it then takes on the disk.
pub const INSTALL_SIZE: &str = "150 MB to download, 680 MB on the disk";

/// Settings of pip's that would lay the packages elsewhere.
const PIP_ELSEWHERE: &[&str] = &["PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER"];

/// The version that is installed. None where there is none, where an install was killed half-way, and where this
/// program would install something else.
///
/// # Errors
/// Where that can't be found out: what may be there is not installed over.
pub fn installed(home: &Home) -> Result<Option<&'static str>> {
    match fs::read(home.installed_requirements()) {
        Ok(lock) => Ok((lock == LOCK.as_bytes()).then_some(VERSION)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", home.installed_requirements())(error)),
    }
}

/// Installs LiteLLM with the chosen interpreter, or else with the first that will do, and gives its version.
/// Returns at once where that was done; does it again where it was broken off or this program has a newer lock.
/// Takes 40 s to several minutes, and as much as [`INSTALL_SIZE`] says.
///
/// # Errors
/// Whatever stands in the way of Python or pip, and [`Error::StopFirst`].
pub async fn install(
    home: &Home,
    python: Option<&Path>,
    mut on_progress: impl FnMut(InstallProgress),
) -> Result<&'static str> {
    if is_compromised(VERSION) {
        return Err(Error::Compromised(VERSION.to_owned()));
    }
    if let Some(version) = installed(home)? {
        return Ok(version);
    }
    let waiting = |who| on_progress(InstallProgress::Waiting { who });
    let _turn = home.lock("installs LiteLLM", waiting).await?;
    // Another install may have ended while this one waited for its turn.
    if installed(home)?.is_none() {
        if record::alive(home).is_some() {
            return Err(Error::StopFirst);
        }
        private::remove(&home.installed_requirements())?;
        make_venv(home, python, &mut on_progress).await?;
        fetch_packages(home, &mut on_progress).await?;
        private::write_private(&home.installed_requirements(), LOCK)?;
    }
    Ok(VERSION)
}

async fn make_venv(
    home: &Home,
    choice: Option<&Path>,
    on_progress: &mut impl FnMut(InstallProgress),
) -> Result<()> {
    let python = python::find(choice, home.surroundings()).await?;
    on_progress(InstallProgress::Environment);
    private::remove_folder(&home.venv())?;
    let printed = private::create_private(&home.install_log())?;
    let mut command = isolated(&python, home.surroundings());
    command.args(["-m", "venv"]).arg(home.venv());
    command.stdout(shared(&printed, home)?).stderr(printed);
    let status = command.status().await.map_err(Error::io("run", &python))?;
    if status.success() {
        return Ok(());
    }
    let lines = log::tail(&home.install_log(), &[]);
    if lines.iter().any(|line| line.contains("ensurepip") || line.contains("No module named venv")) {
        return Err(Error::NoVenv(python));
    }
    let reason = lines.last().cloned().unwrap_or_else(|| status.to_string());
    Err(Error::VenvFailed { reason, log: home.install_log() })
}

async fn fetch_packages(home: &Home, on_progress: &mut impl FnMut(InstallProgress)) -> Result<()> {
    let requirements = home.folder().join("requirements.lock");
    private::write_private(&requirements, LOCK)?;
    let printed = private::create_private(&home.install_log())?;
    let mut command = isolated(&home.python(), home.surroundings());
    command.args([
        "-m",
        "pip",
        "install",
        "--no-input",
        "--disable-pip-version-check",
        "--progress-bar",
        "off",
    ]);
    command.args(["--only-binary", ":all:", "--no-deps", "--require-hashes", "-r"]).arg(&requirements);
    for name in PIP_ELSEWHERE {
        command.env_remove(name);
    }
    let mut pip =
        command.stdout(Stdio::piped()).stderr(printed).spawn().map_err(Error::io("run", home.python()))?;
    if let Some(stdout) = pip.stdout.take() {
        let mut lines = BufReader::new(stdout).lines();
        let mut done = 0;
        while let Some(line) = lines.next_line().await.map_err(Error::io("read from", home.python()))? {
            if let Some(progress) = progress(&line, &mut done) {
                on_progress(progress);
            }
        }
    }
    let status = pip.wait().await.map_err(Error::io("wait for", home.python()))?;
    private::remove(&requirements)?;
    if status.success() {
        return Ok(());
    }
    let lines = log::tail(&home.install_log(), &[]);
    let reason = lines.iter().rev().find_map(|line| line.strip_prefix("ERROR: "));
    let reason = reason.map_or_else(|| format!("pip ended with {status}"), str::to_owned);
    Err(Error::PipFailed { reason, log: home.install_log() })
}

/// What a line of pip's tells; `done` counts the packages that it has come to.
fn progress(line: &str, done: &mut usize) -> Option<InstallProgress> {
    let total = packages(LOCK).count();
    if line.starts_with("Installing collected packages") {
        return Some(InstallProgress::Unpacking { total });
    }
    // "Ignoring" is for packages of other systems, which are in the lock all the same.
    let rest = line.strip_prefix("Collecting ").or_else(|| line.strip_prefix("Ignoring "))?;
    *done += 1;
    let name = rest.split(['=', ':', ' ', ';']).next().unwrap_or_default().to_owned();
    Some(InstallProgress::Package { name, done: *done, total })
}

fn shared(file: &fs::File, home: &Home) -> Result<fs::File> {
    file.try_clone().map_err(Error::io("write", home.install_log()))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::sync::Arc;

    use tempfile::TempDir;
    use tokio::sync::Notify;

    use super::super::process::Process;
    use super::super::python::script;
    use super::super::record::Record;
    use super::*;

    /// Counts its runs in `runs`, and prints as pip does.
    const GOOD_PIP: &str = "echo run >> \"${0%/litellm/*}/runs\"; echo 'Ignoring colorama: not here'; \
        echo 'Collecting aiohttp==3 (from -r x)'; echo '  Downloading aiohttp'; \
        echo 'Installing collected packages: aiohttp'";

    fn home() -> (TempDir, Home) {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().to_owned());
        (folder, home)
    }

    async fn install_with(home: &Home, folder: &TempDir, pip: &str) -> Result<&'static str> {
        let python = script(folder.path(), "3.12", pip);
        install(home, Some(&python), |_| ()).await
    }

    fn runs(folder: &TempDir) -> usize {
        fs::read_to_string(folder.path().join("runs")).unwrap_or_default().lines().count()
    }

    #[tokio::test]
    async fn an_install_tells_how_far_it_is_and_is_done_once() {
        let (folder, home) = home();
        assert_eq!(installed(&home).unwrap(), None);
        let python = script(folder.path(), "3.12", GOOD_PIP);
        let mut steps = Vec::new();
        assert_eq!(install(&home, Some(&python), |step| steps.push(step)).await.unwrap(), VERSION);
        let total = packages(LOCK).count();
        assert_eq!(
            steps,
            [
                InstallProgress::Environment,
                InstallProgress::Package { name: "colorama".to_owned(), done: 1, total },
                InstallProgress::Package { name: "aiohttp".to_owned(), done: 2, total },
                InstallProgress::Unpacking { total },
            ]
        );
        assert_eq!(installed(&home).unwrap(), Some(VERSION));
        // With an interpreter that is not there, for none is needed.
        install(&home, Some(Path::new("/nowhere")), |step| panic!("{step:?}")).await.unwrap();
        assert_eq!(runs(&folder), 1);
    }

    #[tokio::test]
    async fn pip_is_held_to_the_hashes() {
        let (folder, home) = home();
        let pip = "echo \"$*\" > \"${0%/litellm/*}/asked\"; cp \"$last\" \"${0%/litellm/*}/given\"";
        install_with(&home, &folder, pip).await.unwrap();
        let asked = fs::read_to_string(folder.path().join("asked")).unwrap();
        for option in ["-I", "--only-binary :all:", "--no-deps", "--require-hashes", "--no-input"] {
            assert!(asked.contains(option), "{asked}");
        }
        assert_eq!(fs::read_to_string(folder.path().join("given")).unwrap(), LOCK);
    }

    #[tokio::test]
    async fn a_killed_install_is_noticed_and_done_again() {
        let (folder, home) = home();
        let fetching = Arc::new(Notify::new());
        let python = script(folder.path(), "3.12", "echo 'Collecting aiohttp==3'; exec sleep 600");
        let killed = install(&home, Some(&python), |step| {
            if let InstallProgress::Package { .. } = step {
                fetching.notify_one();
            }
        });
        tokio::select! {
            outcome = killed => panic!("{outcome:?}"),
            () = fetching.notified() => {}
        }
        assert!(home.python().exists());
        assert_eq!(installed(&home).unwrap(), None);
        fs::write(home.venv().join("half"), "").unwrap();
        install_with(&home, &folder, GOOD_PIP).await.unwrap();
        assert_eq!((installed(&home).unwrap(), home.venv().join("half").exists()), (Some(VERSION), false));
    }

    /// What can't be read may be there, as it is where too many files are open.
    #[tokio::test]
    async fn what_can_not_be_read_is_not_installed_over() {
        let (folder, home) = home();
        install_with(&home, &folder, GOOD_PIP).await.unwrap();
        fs::remove_file(home.installed_requirements()).unwrap();
        fs::create_dir(home.installed_requirements()).unwrap();
        let refused = install_with(&home, &folder, GOOD_PIP).await;
        assert!(matches!(refused, Err(Error::Io(_))), "{refused:?}");
        assert!(home.python().exists());
        assert_eq!(runs(&folder), 1);
    }

    #[tokio::test]
    async fn two_at_once_install_once() {
        let (folder, home) = home();
        let python = script(folder.path(), "3.12", GOOD_PIP);
        let (first, second) =
            tokio::join!(install(&home, Some(&python), |_| ()), install(&home, Some(&python), |_| ()));
        assert_eq!((first.unwrap(), second.unwrap(), runs(&folder)), (VERSION, VERSION, 1));
    }

    #[tokio::test]
    async fn another_lock_is_no_installation_and_waits_for_the_proxy_to_stop() {
        let (folder, home) = home();
        install_with(&home, &folder, GOOD_PIP).await.unwrap();
        private::write_private(&home.installed_requirements(), "litellm==1.0\n").unwrap();
        assert_eq!(installed(&home).unwrap(), None);
        let this_process = Process::with_pid(std::process::id()).unwrap();
        let record = Record { ready: true, ..Record::unready(this_process) };
        record.save(&home).unwrap();
        let refused = install_with(&home, &folder, GOOD_PIP).await;
        assert!(matches!(refused, Err(Error::StopFirst)), "{refused:?}");
        private::remove(&home.record()).unwrap();
        install_with(&home, &folder, GOOD_PIP).await.unwrap();
        assert_eq!(runs(&folder), 2);
    }

    #[tokio::test]
    async fn what_pip_says_is_passed_on() {
        let (folder, home) = home();
        let pip = "echo 'WARNING: Retrying' >&2; echo 'ERROR: No matching distribution found for numpy' >&2; exit 1";
        let message = install_with(&home, &folder, pip).await.unwrap_err().to_string();
        assert!(
            message.starts_with(
                "cannot install LiteLLM: No matching distribution found for numpy; check the network"
            ),
            "{message}"
        );
        assert_eq!(installed(&home).unwrap(), None);
    }

    #[tokio::test]
    async fn a_python_without_venv_is_explained() {
        let (folder, home) = home();
        // What Debian's Python prints, after half of the work.
        let text = "The virtual environment was not created successfully because ensurepip is not available.";
        let afterwards = format!(": ;; esac; case \"$*\" in *'-m venv'*) echo '{text}'; exit 1");
        let message = install_with(&home, &folder, &afterwards).await.unwrap_err().to_string();
        assert!(message.ends_with("cannot make virtual environments: install python3-venv"), "{message}");
    }
}
