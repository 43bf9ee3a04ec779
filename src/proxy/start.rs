//! Starts LiteLLM on a port that its process binds before anyone knows it, waits until it answers, and records it.

use std::env;
use std::ffi::OsString;
use std::fmt::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use jiff::Timestamp;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::Child;
use tokio::time::Instant;

use super::error::{Error, Result};
use super::health::{self, Greeting};
use super::home::Home;
use super::install::installed;
use super::log;
use super::process::{self, Process};
use super::python::isolated;
use super::record::{self, Record};
use super::source::{Prepared, Source, Warning};
use crate::masking::names_secret;
use crate::store::private;

/// How long LiteLLM may take until it answers: 5 s on an idle machine, half a minute on a busy one.
const READY_LIMIT: Duration = Duration::from_secs(120);
/// How often it is asked meanwhile.
const READY_RETRY: Duration = Duration::from_millis(200);

/// Binds a port, says which, and runs LiteLLM on it.
const LAUNCH: &str = include_str!("launch.py");
/// Most bytes of what it says: a port and a process id.
const SAID: u64 = 64;

/// What keeps LiteLLM off the network while it starts, and bodies and keys out of its log (litellm 1.101.3).
const SET: &[(&str, &str)] = &[
    // Read the packaged copies instead of downloading them.
    ("LITELLM_LOCAL_MODEL_COST_MAP", "True"),
    ("LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS", "True"),
    ("LITELLM_LOCAL_BLOG_POSTS", "True"),
    ("LITELLM_LOCAL_POLICY_TEMPLATES", "True"),
    ("LITELLM_LOCAL_AUTOROUTER_PRESETS", "True"),
    // DEBUG prints bodies and keys.
    ("LITELLM_LOG", "WARNING"),
    ("NO_COLOR", "1"),
    // Else it reads any `.env` above its own files, such as one in the user's home folder.
    ("LITELLM_MODE", "PRODUCTION"),
];

fn with_loopback(no_proxy: Option<String>) -> String {
    const LOOPBACK: &str = "localhost,127.0.0.1,::1";
    no_proxy.filter(|hosts| !hosts.is_empty()).map_or(LOOPBACK.into(), |hosts| format!("{hosts},{LOOPBACK}"))
}

/// What the shell around may have set for another proxy, and would change this one (litellm 1.101.3).
#[rustfmt::skip]
const REMOVED: &[&str] = &[
    // With a database it would not start, for the engine is not installed.
    "DATABASE_URL", "DIRECT_URL", "DATABASE_URL_READ_REPLICA", "DATABASE_HOST", "DATABASE_NAME",
    "DATABASE_USERNAME", "DATABASE_PASSWORD", "DATABASE_SCHEMA", "IAM_TOKEN_DB_AUTH", "AZURE_POSTGRESQL_AUTH",
    "STORE_MODEL_IN_DB",
    // Another configuration, another address, TLS, more processes, an end after so many requests.
    "CONFIG_FILE_PATH", "WORKER_CONFIG", "LITELLM_CONFIG_BUCKET_NAME", "SERVER_ROOT_PATH", "SSL_KEYFILE_PATH",
    "SSL_CERTFILE_PATH", "NUM_WORKERS", "MAX_REQUESTS_BEFORE_RESTART",
    // Bodies and keys in the log.
    "DEBUG", "DETAILED_DEBUG",
];

/// How far a start is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StartProgress {
    /// Somebody else is at work: this begins when they are done.
    Waiting {
        /// Who, and at what, in words.
        who: String,
    },
    /// The one that runs serves an older state of its configuration file: it is ended, and another started.
    Edited,
    /// LiteLLM runs and does not answer yet.
    Starting {
        /// Since the process began.
        elapsed: Duration,
        /// The last thing it printed, without secrets. Absent until it prints.
        last_line: Option<String>,
    },
}

/// A proxy that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The proxy.
    pub record: Record,
    /// Whether it was running before it was asked for.
    pub was_running: bool,
    /// What to tell the user. Empty if it was running.
    pub warnings: Vec<Warning>,
}

/// Starts a proxy and waits until it answers, for up to two minutes. `beside` are variables for it that the environment
/// has not, such as those of `.env` beside its configuration. The one that runs is given back where it
/// serves the same; where its configuration file has been edited since, it is ended first. Dropping the future ends the
/// process.
///
/// # Errors
/// [`Error::NotInstalled`], [`Error::Busy`], [`Error::NoConfig`], [`Error::Died`], [`Error::NotReady`], and
/// whatever the system refuses.
pub async fn start(
    home: &Home,
    source: Source,
    beside: &[(String, String)],
    mut on_progress: impl FnMut(StartProgress),
) -> Result<Started> {
    let source = source.resolved()?;
    let waiting = |who| on_progress(StartProgress::Waiting { who });
    let _turn = home.lock("starts a proxy", waiting).await?;
    if let Some(record) = record::alive(home) {
        let runs = record.ready && record.listener().listens();
        if runs && record.source != source {
            return Err(Error::Busy { running: record.source.to_string(), base_url: record.base_url });
        }
        if runs && !record.is_edited() {
            return Ok(Started { record, was_running: true, warnings: Vec::new() });
        }
        if runs {
            on_progress(StartProgress::Edited);
        }
        // Its start was killed, and nobody knows whether it will ever answer; or it is about to end.
        record.process.end().await?;
    }
    record::forget(home)?;
    let version = installed(home)?.ok_or(Error::NotInstalled)?;
    let Prepared { config, mut warnings } = source.prepare(home, is_set)?;

    let mut starting = Starting::spawn(home, &config, new_key()?, beside)?;
    let (process, port) = starting.bound().await?;
    let mut record = Record {
        process,
        port,
        base_url: record::base_url(port),
        api_key: Some(format!("file:{}", home.master_key().display())),
        config_digest: source.digest()?,
        source,
        started_at: Timestamp::now().strftime("%FT%TZ").to_string(),
        version: version.to_owned(),
        ready: false,
    };
    // Recorded before it answers, so that a start that is killed here leaves no unknown process behind.
    private::write_private(&home.master_key(), &starting.key)?;
    record.save(home)?;
    starting.wait_until_ready(port, on_progress).await?;
    // Invariant: the key goes to nobody but the process that was started here.
    if !record.listener().listens() {
        return Err(Error::NotOurs { port });
    }
    match health::greet(port, &starting.key).await {
        Greeting::Welcome => {}
        Greeting::NoModels => warnings.push(Warning::NoModels),
        Greeting::KeyRefused => {
            record.api_key = None;
            private::remove(&home.master_key())?;
            warnings.push(Warning::OwnMasterKey);
        }
    }
    record.ready = true;
    record.save(home)?;
    starting.is_recorded = true;
    Ok(Started { record, was_running: false, warnings })
}

/// A process that is not yet recorded as ready: dropped, it is killed and forgotten.
struct Starting<'a> {
    home: &'a Home,
    child: Child,
    key: String,
    beside: &'a [(String, String)],
    is_recorded: bool,
}

impl Drop for Starting<'_> {
    fn drop(&mut self) {
        if !self.is_recorded {
            // Nobody is left to be told of a failure here; a record that stays is seen by the next start.
            let _ = self.child.start_kill();
            let _ = record::forget(self.home);
        }
    }
}

impl<'a> Starting<'a> {
    fn spawn(home: &'a Home, config: &Path, key: String, beside: &'a [(String, String)]) -> Result<Self> {
        let log = private::create_private(&home.log())?;
        let mut command = isolated(&home.python());
        command.args(["-c", LAUNCH, "--config"]).arg(config);
        // Relative paths and modules named in a configuration count from its folder.
        command.current_dir(config.parent().unwrap_or(home.folder()));
        // What is exported wins.
        command
            .envs(beside.iter().filter(|(name, _)| may_come(name) && env::var_os(name).is_none()).cloned());
        for name in REMOVED {
            command.env_remove(name);
        }
        command.envs(SET.iter().copied()).env("LITELLM_MASTER_KEY", &key);
        // A company's web proxy may be the way to the vendors, but would catch calls to models on this machine.
        for name in ["NO_PROXY", "no_proxy"] {
            command.env(name, with_loopback(env::var(name).ok()));
        }
        command.stdout(Stdio::piped()).stderr(log).kill_on_drop(false);
        process::detach(&mut command);
        let child = command.spawn().map_err(Error::io("run", home.python()))?;
        Ok(Starting { home, child, key, beside, is_recorded: false })
    }

    /// The process that has bound a port, and that port. They come by a pipe that only this child can write to.
    async fn bound(&mut self) -> Result<(Process, u16)> {
        let mut said = String::new();
        if let Some(stdout) = self.child.stdout.take() {
            let mut line = BufReader::new(stdout.take(SAID));
            let read = tokio::time::timeout(READY_LIMIT, line.read_line(&mut said)).await;
            read.unwrap_or(Ok(0)).map_err(Error::io("read from", self.home.python()))?;
        }
        let read = || {
            let (port, pid) = said.trim().split_once(' ')?;
            // On Windows the child is Python's launcher, and the process that it says is the interpreter.
            Some((Process::with_pid(pid.parse().ok()?)?, port.parse().ok()?))
        };
        match read() {
            Some(bound) => Ok(bound),
            None => {
                let _ = self.child.start_kill();
                let status = self.child.wait().await.map_err(Error::io("wait for", self.home.python()))?;
                Err(self.died(status.to_string()))
            }
        }
    }

    async fn wait_until_ready(
        &mut self,
        port: u16,
        mut on_progress: impl FnMut(StartProgress),
    ) -> Result<()> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().map_err(Error::io("wait for", self.home.python()))? {
                return Err(self.died(status.to_string()));
            }
            if health::is_ready(port).await {
                return Ok(());
            }
            let last_lines = self.last_lines();
            let elapsed = began.elapsed();
            if elapsed >= READY_LIMIT {
                return Err(Error::NotReady { seconds: elapsed.as_secs(), log: self.home.log(), last_lines });
            }
            on_progress(StartProgress::Starting { elapsed, last_line: last_lines.last().cloned() });
            tokio::time::sleep(READY_RETRY).await;
        }
    }

    fn died(&self, status: String) -> Error {
        Error::Died { status, log: self.home.log(), last_lines: self.last_lines() }
    }

    fn variables(&self) -> impl Iterator<Item = (OsString, OsString)> {
        env::vars_os().chain(self.beside.iter().map(|(name, value)| (name.into(), value.into())))
    }

    fn last_lines(&self) -> Vec<String> {
        log::tail(&self.home.log(), &secrets(&self.key, self.variables()))
    }
}

/// Whether a variable may come from a file: what says how programs are run may not.
fn may_come(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    name != "PATH" && !["LD_", "DYLD_", "PYTHON"].iter().any(|start| name.starts_with(start))
}

fn is_set(variable: &str) -> bool {
    env::var_os(variable).is_some_and(|value| !value.is_empty())
}

/// What must not be shown though the process knows it: our key, and every variable that is named like a key.
fn secrets(key: &str, variables: impl Iterator<Item = (OsString, OsString)>) -> Vec<String> {
    let named_like_keys = variables.filter_map(|(name, value)| {
        let (name, value) = (name.into_string().ok()?, value.into_string().ok()?);
        // A value of a few characters would also mask harmless words.
        (value.len() >= 8 && names_secret(&name)).then_some(value)
    });
    named_like_keys.chain([key.to_owned()]).collect()
}

/// `sk-` and 32 random bytes: LiteLLM wants the beginning, and newer versions refuse weak ones.
fn new_key() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(Error::NoRandom)?;
    let mut key = "sk-".to_owned();
    for byte in bytes {
        let _ = write!(key, "{byte:02x}");
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_strong_and_differ() {
        let key = new_key().unwrap();
        assert_eq!(key.len(), 3 + 64);
        assert!(key.starts_with("sk-") && key[3..].bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(key, new_key().unwrap());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_a_killed_start_left_is_ended_first() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().to_owned());
        private::make_private_folder(home.folder()).unwrap();
        let mut child = std::process::Command::new("sleep").arg("600").spawn().unwrap();
        Record::unready(Process::with_pid(child.id()).unwrap()).save(&home).unwrap();
        let outcome = start(&home, Source::Demo, &[], |_| ()).await;
        assert!(matches!(outcome, Err(Error::NotInstalled)), "{outcome:?}");
        assert!(!child.wait().unwrap().success());
        assert!(!home.record().exists());
    }

    #[tokio::test]
    async fn another_source_is_refused_while_one_runs() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().to_owned());
        private::make_private_folder(home.folder()).unwrap();
        let this_process = Process::with_pid(std::process::id()).unwrap();
        let (_socket, record) = Record::listening(this_process);
        record.save(&home).unwrap();
        let same = start(&home, Source::Demo, &[], |_| ()).await.unwrap();
        let base_url = record.base_url.clone();
        assert_eq!(same, Started { record, was_running: true, warnings: Vec::new() });
        let model = Source::Model { name: "openai/x".to_owned(), api_key_env: None };
        let message = start(&home, model, &[], |_| ()).await.unwrap_err().to_string();
        assert_eq!(
            message,
            format!(
                "a proxy for the demo models is already running at {base_url}: \
                 stop it with `litellm-ls proxy stop` first"
            )
        );
    }

    #[test]
    fn our_key_and_the_vendors_are_secrets() {
        let variables = [
            ("OPENAI_API_KEY", "a-vendors-key"),
            ("SHORT_KEY", "abc"),
            ("KEYBOARD", "qwertyuiop"),
            ("GITHUB_TOKEN", "a-long-token"),
        ];
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        assert_eq!(secrets("sk-ours", variables), ["a-vendors-key", "a-long-token", "sk-ours"]);
    }
}
