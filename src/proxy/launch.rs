//! The process of LiteLLM from its birth until it answers. Dropped before that, it is ended and forgotten.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::Instant;

use super::error::{Error, Result};
use super::health;
use super::home::Home;
use super::installation::Installation;
use super::log;
use super::options::{Options, StartProgress};
use super::process::{self, Process};
use super::python::isolated;
use super::record;
use super::secrets::known_secrets;
use crate::store::private;
use crate::surroundings::Surroundings;

/// How long LiteLLM may take until it answers: 5 s on an idle machine, half a minute on a busy one.
const READY_LIMIT: Duration = Duration::from_secs(120);
/// How often it is asked meanwhile.
const READY_RETRY: Duration = Duration::from_millis(200);

/// Binds a port, says which, and runs LiteLLM on it.
const LAUNCH: &str = include_str!("launch.py");
/// Most bytes of what it says: a port and a process id, or why the port can't be had.
const SAID: u64 = 200;

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

/// A process that is not yet recorded as ready: dropped, it is killed and forgotten.
pub(super) struct Starting<'a> {
    home: &'a Home,
    child: Child,
    python: &'a Path,
    pub(super) key: String,
    options: &'a Options,
    pub(super) is_recorded: bool,
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
    pub(super) fn spawn(
        home: &'a Home,
        installation: &'a Installation,
        config: &Path,
        key: String,
        options: &'a Options,
    ) -> Result<Self> {
        let python = installation.python.as_path();
        let log = private::create_private(&home.log())?;
        let mut command = isolated(python, home.surroundings());
        command.args(["-c", LAUNCH]).arg(options.port.unwrap_or(0).to_string());
        command.arg(if options.stays { "stays" } else { "ends" }).arg("--config").arg(config);
        // Relative paths and modules named in a configuration count from its folder.
        command.current_dir(config.parent().unwrap_or(home.folder()));
        command.envs(beside(options, home.surroundings()));
        surround(&mut command, &key, home.surroundings());
        command.stdin(if options.stays { Stdio::null() } else { Stdio::piped() });
        command.stdout(Stdio::piped()).stderr(log).kill_on_drop(false);
        process::detach(&mut command);
        let child = command.spawn().map_err(Error::io("run", python))?;
        Ok(Starting { home, child, python, key, options, is_recorded: false })
    }

    /// What keeps it alive. None where nothing is needed for that.
    pub(super) fn hold(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// The process that has bound a port, and that port. They come by a pipe that only this child can write to.
    pub(super) async fn bound(&mut self) -> Result<(Process, u16)> {
        let mut said = String::new();
        if let Some(stdout) = self.child.stdout.take() {
            let mut line = BufReader::new(stdout.take(SAID));
            let read = tokio::time::timeout(READY_LIMIT, line.read_line(&mut said)).await;
            read.unwrap_or(Ok(0)).map_err(Error::io("read from", self.python))?;
        }
        let read = || {
            let (port, pid) = said.trim().split_once(' ')?;
            // On Windows the child is Python's launcher, and the process that it says is the interpreter.
            Some((Process::with_pid(pid.parse().ok()?)?, port.parse().ok()?))
        };
        if let Some(bound) = read() {
            return Ok(bound);
        }
        let _ = self.child.start_kill();
        let status = self.child.wait().await.map_err(Error::io("wait for", self.python))?;
        match said.trim().strip_prefix("refused ") {
            Some(reason) => {
                Err(Error::PortRefused { port: self.options.port.unwrap_or(0), reason: reason.to_owned() })
            }
            None => Err(self.died(status.to_string())),
        }
    }

    pub(super) async fn wait_until_ready(
        &mut self,
        port: u16,
        mut on_progress: impl FnMut(StartProgress),
    ) -> Result<()> {
        let began = Instant::now();
        // It takes connections from the beginning, and answers when it can.
        let mut ready = Box::pin(health::is_ready(port));
        let mut asks = true;
        loop {
            tokio::select! {
                status = self.child.wait() => {
                    let status = status.map_err(Error::io("wait for", self.python))?;
                    return Err(self.died(status.to_string()));
                }
                is_ready = &mut ready, if asks => {
                    if is_ready {
                        return Ok(());
                    }
                    asks = false;
                }
                () = tokio::time::sleep(READY_RETRY) => {
                    if !asks {
                        ready = Box::pin(health::is_ready(port));
                        asks = true;
                    }
                }
            }
            let last_lines = self.last_lines();
            let elapsed = began.elapsed();
            if elapsed >= READY_LIMIT {
                return Err(Error::NotReady { seconds: elapsed.as_secs(), log: self.home.log(), last_lines });
            }
            on_progress(StartProgress::Starting { elapsed, last_line: last_lines.last().cloned() });
        }
    }

    fn died(&self, status: String) -> Error {
        Error::Died { status, log: self.home.log(), last_lines: self.last_lines() }
    }

    fn last_lines(&self) -> Vec<String> {
        log::tail(
            &self.home.log(),
            &known_secrets(Some(&self.key), &self.options.beside, self.home.surroundings()),
        )
    }
}

/// The variable that LiteLLM is given its own key by, whatever the environment says.
pub const KEY_VARIABLE: &str = "LITELLM_MASTER_KEY";

/// The variables of `.env` that LiteLLM gets: what is exported wins.
pub(super) fn beside<'a>(
    options: &'a Options,
    surroundings: &Surroundings,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let variables = options.beside.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let is_one = |name: &str, value: &str| !name.contains(['=', '\0']) && !value.contains('\0');
    variables.filter(move |(name, value)| {
        is_one(name, value) && may_come(name) && surroundings.variable(name).is_none()
    })
}

/// Gives LiteLLM its environment, but for what comes from a file.
pub(super) fn surround(command: &mut Command, key: &str, surroundings: &Surroundings) {
    for name in REMOVED {
        command.env_remove(name);
    }
    command.envs(SET.iter().copied()).env(KEY_VARIABLE, key);
    // A company's web proxy may be the way to the vendors, but would catch calls to models on this machine.
    for name in ["NO_PROXY", "no_proxy"] {
        command
            .env(name, with_loopback(surroundings.variable(name).and_then(|value| value.into_string().ok())));
    }
}

/// Whether a variable may come from a file: what says how programs are run, or which code they load, may not.
fn may_come(name: &str) -> bool {
    const WHOLE: [&str; 7] = ["BASH_ENV", "ENV", "GCONV_PATH", "GLIBC_TUNABLES", "IFS", "LOCPATH", "PATH"];
    const BEGINNINGS: [&str; 9] =
        ["DYLD_", "GIT_", "LD_", "MALLOC_", "NODE_", "OPENSSL_", "PERL5", "PYTHON", "RUBY"];
    let name = name.to_ascii_uppercase();
    !WHOLE.contains(&&*name) && !BEGINNINGS.iter().any(|start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_loads_code_comes_from_a_file() {
        let beside_of = |name: &str, value: &str| {
            let options = Options { beside: vec![(name.to_owned(), value.to_owned())], ..Options::default() };
            beside(&options, &Surroundings::default()).count() == 1
        };
        for name in [
            "PATH",
            "Path",
            "LD_PRELOAD",
            "OPENSSL_CONF",
            "OPENSSL_MODULES",
            "GCONV_PATH",
            "PYTHONPATH",
            "A=B",
            "A\0",
        ] {
            assert!(!beside_of(name, "x"), "{name}");
        }
        assert!(!beside_of("OPENAI_API_KEY", "a\0b") && beside_of("A_KEY_THAT_NOBODY_EXPORTS", "x"));
    }
}
