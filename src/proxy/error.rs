//! What can go wrong while looking after a proxy, each in a sentence that says what to do.

use std::io;
use std::path::PathBuf;

use crate::store::{FileError, NotRead};

/// The versions that every package of the lock has a wheel for, for people.
pub(super) const SUPPORTED: &str = "3.11 to 3.14";

/// The outcome of anything that looks after a proxy.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a proxy could not be installed, started or stopped. No message holds a key.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither a setting nor the system says where data goes.
    #[error("cannot tell where your data folder is: set LITELLM_LS_DATA_DIR")]
    NoDataFolder,
    /// Another user could change what is run from there.
    #[error("{0}: {remedy}, or set LITELLM_LS_DATA_DIR to another folder", remedy = .0.remedy())]
    Folder(NotRead),
    /// No interpreter answered.
    #[error("found no Python that runs: install Python {SUPPORTED}, or set LITELLM_PYTHON to one")]
    NoPython,
    /// An interpreter answered, and has no wheels in the lock.
    #[error("{} is Python {version}: install Python {SUPPORTED}, or set LITELLM_PYTHON to one", python.display())]
    WrongPython {
        /// The interpreter that was asked.
        python: PathBuf,
        /// What it said, like `3.9`.
        version: String,
    },
    /// Debian and its kin ship Python without its `venv` module.
    #[error("{} cannot make virtual environments: install python3-venv", .0.display())]
    NoVenv(PathBuf),
    /// The virtual environment could not be made, for another reason.
    #[error("cannot make a virtual environment: {reason}; see {}", log.display())]
    VenvFailed {
        /// The last thing Python said.
        reason: String,
        /// All it said.
        log: PathBuf,
    },
    /// pip gave up.
    #[error(
        "cannot install LiteLLM: {reason}; check the network or pip's settings and install again, or see {}",
        log.display()
    )]
    PipFailed {
        /// The last thing pip said.
        reason: String,
        /// All it said.
        log: PathBuf,
    },
    /// A version that carried malicious code.
    #[error("LiteLLM {0} is known to be compromised, and is neither installed nor started: install another")]
    Compromised(String),
    /// The user's own LiteLLM was asked for, and there is none.
    #[error(
        "neither the active virtual environment nor PATH has a litellm that lies in a virtual environment: name one with --litellm, or leave it out"
    )]
    NoOwn,
    /// What was named is no virtual environment with LiteLLM.
    #[error(
        "{} is no virtual environment with LiteLLM, nor a program in one: name one, or leave it out",
        .0.display()
    )]
    NoLitellmThere(PathBuf),
    /// LiteLLM is there without what its proxy needs.
    #[error(
        "the LiteLLM of {} lacks its proxy: install 'litellm[proxy]' there, or use the pinned one",
        .0.display()
    )]
    NoProxyThere(PathBuf),
    /// The port that was asked for can't be had.
    #[error("port {port} can't be had ({reason}): choose another, or leave it out")]
    PortRefused {
        /// Which.
        port: u16,
        /// What the system says.
        reason: String,
    },
    /// A proxy runs, and has to be stopped first.
    #[error("a proxy runs at {0}: stop it with `litellm-ls proxy stop`, then try again")]
    Runs(String),
    /// Nothing to restart.
    #[error("no proxy runs: start one with `litellm-ls proxy start`")]
    NotRunning,
    /// A new installation would pull the files from under a running proxy.
    #[error(
        "a proxy of an older installation is running: stop it with `litellm-ls proxy stop`, then try again"
    )]
    StopFirst,
    /// Nothing to start.
    #[error("LiteLLM is not installed: run `litellm-ls proxy install`")]
    NotInstalled,
    /// The configuration file to start with is missing.
    #[error("there is no configuration file {}: check the path", .0.display())]
    NoConfig(PathBuf),
    /// Another proxy of ours runs.
    #[error("a proxy for {source} is already running at {base_url}: stop it with `litellm-ls proxy stop` first", source = running)]
    Busy {
        /// What the running one serves.
        running: String,
        /// Where it listens.
        base_url: String,
    },
    /// The process ended before it was ready.
    #[error(
        "LiteLLM ended while it started ({status}): mend what its log says, in {}\n{}",
        log.display(),
        last_lines.join("\n")
    )]
    Died {
        /// Its exit status, in the system's words.
        status: String,
        /// The whole log.
        log: PathBuf,
        /// The log's end, without secrets.
        last_lines: Vec<String>,
    },
    /// The process lives and does not answer; it has been ended.
    #[error(
        "LiteLLM was not ready within {seconds} s and was ended: see {}\n{}",
        log.display(),
        last_lines.join("\n")
    )]
    NotReady {
        /// How long it was given.
        seconds: u64,
        /// The whole log.
        log: PathBuf,
        /// The log's end, without secrets.
        last_lines: Vec<String>,
    },
    /// Whoever answers on the port is not the process that was started.
    #[error(
        "another process answers on port {port}: the key was not sent to it; try again, and tell the machine's administrator"
    )]
    NotOurs {
        /// Where it listens.
        port: u16,
    },
    /// Nothing runs, and somebody is about to change that.
    #[error("{0}, and no proxy runs yet: wait until that is done, or end it there")]
    AtWork(String),
    /// The process survives its end.
    #[error("process {pid} does not end: end it yourself, then run `litellm-ls proxy stop` again")]
    WillNotEnd {
        /// The process.
        pid: u32,
    },
    /// The system gives no random numbers, so there is no key.
    #[error("the system gives no random numbers for a key: {0}")]
    NoRandom(getrandom::Error),
    /// The file system, or the system's way to start processes, refused.
    #[error(transparent)]
    Io(#[from] FileError),
}

impl Error {
    /// For `map_err`: says what was being done to which file.
    pub(super) fn io(attempt: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Error {
        let failed = FileError::of(attempt, path);
        move |cause| Error::Io(failed(cause))
    }
}
