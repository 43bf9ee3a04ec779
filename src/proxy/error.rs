//! What can go wrong while looking after a proxy, each with what to do.

use std::{fmt, io, path::PathBuf};

use crate::store::{FileError, NotRead};

/// The versions that every package of the lock has a wheel for, for people.
pub(super) const SUPPORTED: &str = "3.11 to 3.14";

/// The outcome of anything that looks after a proxy.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a proxy could not be installed, started or stopped. No message holds a key.
#[derive(Debug)]
pub enum Error {
    /// Neither a setting nor the system says where data goes.
    NoDataFolder,
    /// Another user could change what is run from there.
    Folder(NotRead),
    /// The data folder has one of this name already that is not ours.
    Others(PathBuf),
    /// The configuration, or a file that it includes, can't be read.
    Config(NotRead),
    /// No interpreter answered.
    NoPython,
    /// An interpreter answered, and has no wheels in the lock.
    WrongPython {
        /// The interpreter that was asked.
        python: PathBuf,
        /// What it said, like `3.9`.
        version: String,
    },
    /// Debian and its kin ship Python without its `venv` module.
    NoVenv(PathBuf),
    /// The virtual environment could not be made, for another reason.
    VenvFailed {
        /// The last thing Python said.
        reason: String,
        /// All it said.
        log: PathBuf,
    },
    /// pip gave up.
    PipFailed {
        /// The last thing pip said.
        reason: String,
        /// All it said.
        log: PathBuf,
    },
    /// A version that carried malicious code.
    Compromised(String),
    /// The user's own LiteLLM was asked for, and there is none.
    NoOwn,
    /// What was named is no virtual environment with LiteLLM.
    NoLitellmThere(PathBuf),
    /// LiteLLM is there without what its proxy needs.
    NoProxyThere(PathBuf),
    /// The port that was asked for can't be had.
    PortRefused {
        /// Which.
        port: u16,
        /// What the system says.
        reason: String,
    },
    /// A proxy runs, and has to be stopped first.
    Runs(String),
    /// Nothing to restart.
    NotRunning,
    /// A new installation would pull the files from under a running proxy.
    StopFirst,
    /// Nothing to start.
    NotInstalled,
    /// The configuration file to start with is missing.
    NoConfig(PathBuf),
    /// Another proxy of ours runs.
    Busy {
        /// What the running one serves.
        running: String,
        /// Where it listens.
        base_url: String,
    },
    /// The process ended before it was ready.
    Died {
        /// Its exit status, in the system's words.
        status: String,
        /// The whole log.
        log: PathBuf,
        /// The log's end, without secrets.
        last_lines: Vec<String>,
    },
    /// The process lives and does not answer; it has been ended.
    NotReady {
        /// How long it was given.
        seconds: u64,
        /// The whole log.
        log: PathBuf,
        /// The log's end, without secrets.
        last_lines: Vec<String>,
    },
    /// Whoever answers on the port is not the process that was started.
    NotOurs {
        /// Where it listens.
        port: u16,
    },
    /// Nothing runs, and somebody is about to change that.
    AtWork(String),
    /// The process survives its end.
    WillNotEnd {
        /// The process.
        pid: u32,
    },
    /// The system gives no random numbers, so there is no key.
    NoRandom(getrandom::Error),
    /// The file system, or the system's way to start processes, refused.
    Io(FileError),
}

impl Error {
    /// For `map_err`: says what was being done to which file.
    pub(super) fn io(attempt: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Error {
        let failed = FileError::of(attempt, path);
        move |cause| Error::Io(failed(cause))
    }

    /// What is wrong, without what to do.
    pub fn message(&self) -> String {
        match self {
            Self::NoDataFolder => "cannot tell where your data folder is".to_owned(),
            Self::Folder(not_read) | Self::Config(not_read) => not_read.to_string(),
            Self::Others(folder) => format!("{} holds files of something else", folder.display()),
            Self::NoPython => "found no Python that runs".to_owned(),
            Self::WrongPython { python, version } => format!("{} is Python {version}", python.display()),
            Self::NoVenv(python) => format!("{} cannot make virtual environments", python.display()),
            Self::VenvFailed { reason, .. } => format!("cannot make a virtual environment: {reason}"),
            Self::PipFailed { reason, .. } => format!("cannot install LiteLLM: {reason}"),
            Self::Compromised(version) => {
                format!("LiteLLM {version} is known to be compromised, and is neither installed nor started")
            }
            Self::NoOwn => {
                "neither the active virtual environment nor PATH has a litellm that lies in a virtual environment"
                    .to_owned()
            }
            Self::NoLitellmThere(path) => {
                format!("{} is no virtual environment with LiteLLM, nor a program in one", path.display())
            }
            Self::NoProxyThere(path) => format!("the LiteLLM of {} lacks its proxy", path.display()),
            Self::PortRefused { port, reason } => format!("port {port} can't be had ({reason})"),
            Self::Runs(base_url) => format!("a proxy runs at {base_url}"),
            Self::NotRunning => "no proxy runs".to_owned(),
            Self::StopFirst => "a proxy of an older installation is running".to_owned(),
            Self::NotInstalled => "LiteLLM is not installed".to_owned(),
            Self::NoConfig(path) => format!("there is no configuration file {}", path.display()),
            Self::Busy { running, base_url } => {
                format!("a proxy for {running} is already running at {base_url}")
            }
            Self::Died { status, .. } => format!("LiteLLM ended while it started ({status})"),
            Self::NotReady { seconds, .. } => {
                format!("LiteLLM was not ready within {seconds} s and was ended")
            }
            Self::NotOurs { port } => {
                format!("another process answers on port {port}, and the key was not sent to it")
            }
            Self::AtWork(who) => format!("{who}, and no proxy runs yet"),
            Self::WillNotEnd { pid } => format!("process {pid} does not end"),
            Self::NoRandom(reason) => format!("the system gives no random numbers for a key ({reason})"),
            Self::Io(error) => error.to_string(),
        }
    }

    /// What to do.
    pub fn remedy(&self) -> String {
        match self {
            Self::NoDataFolder => "set LITELLM_LS_DATA_DIR".to_owned(),
            Self::Others(_) => "set LITELLM_LS_DATA_DIR to another folder".to_owned(),
            Self::Config(not_read) => not_read.remedy().to_owned(),
            Self::Folder(not_read) => {
                format!("{}, or set LITELLM_LS_DATA_DIR to another folder", not_read.remedy())
            }
            Self::NoPython | Self::WrongPython { .. } => {
                format!("install Python {SUPPORTED}, or set LITELLM_PYTHON to one")
            }
            Self::NoVenv(_) => "install python3-venv".to_owned(),
            Self::PipFailed { log, .. } => {
                format!("check the network or pip's settings and install again, or see {}", log.display())
            }
            Self::Compromised(_) => "install another".to_owned(),
            Self::NoOwn => "name one with --litellm, or leave it out".to_owned(),
            Self::NoLitellmThere(_) => "name one, or leave it out".to_owned(),
            Self::NoProxyThere(_) => "install 'litellm[proxy]' there, or use the pinned one".to_owned(),
            Self::PortRefused { .. } => "choose another, or leave it out".to_owned(),
            Self::Runs(_) | Self::StopFirst => {
                "stop it with `litellm-ls proxy stop`, then try again".to_owned()
            }
            Self::NotRunning => "start one with `litellm-ls proxy start`".to_owned(),
            Self::NotInstalled => "run `litellm-ls proxy install`".to_owned(),
            Self::NoConfig(_) => "check the path".to_owned(),
            Self::Busy { .. } => "stop it with `litellm-ls proxy stop` first".to_owned(),
            Self::Died { log, .. } => format!("mend what its log says, in {}", log.display()),
            Self::VenvFailed { log, .. } | Self::NotReady { log, .. } => format!("see {}", log.display()),
            Self::NotOurs { .. } => "try again, and tell the machine's administrator".to_owned(),
            Self::AtWork(_) => "wait until that is done, or end it there".to_owned(),
            Self::WillNotEnd { .. } => "end it yourself, then run `litellm-ls proxy stop` again".to_owned(),
            Self::NoRandom(_) => "try again".to_owned(),
            Self::Io(error) => error.remedy().to_owned(),
        }
    }

    /// The end of the log of a proxy that did not start, without secrets. None where it is about no start.
    pub fn last_lines(&self) -> Option<&[String]> {
        match self {
            Self::Died { last_lines, .. } | Self::NotReady { last_lines, .. } => Some(last_lines),
            _ => None,
        }
    }
}

/// As a person reads it: what is wrong and what to do, and what the log says.
impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.message();
        if let Self::Io(_) = self {
            return formatter.write_str(&message);
        }
        let between = if message.contains(": ") { "; " } else { ": " };
        write!(formatter, "{message}{between}{}", self.remedy())?;
        self.last_lines().map_or(Ok(()), |lines| write!(formatter, "\n{}", lines.join("\n")))
    }
}

impl std::error::Error for Error {}

impl From<FileError> for Error {
    fn from(error: FileError) -> Self {
        Self::Io(error)
    }
}
