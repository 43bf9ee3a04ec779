//! Somebody who types commands: with a home of their own, and an environment that names a proxy.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use super::{
    blocking, home,
    real_proxy::{MASTER_KEY, RealProxy},
};

/// The program.
const PROGRAM: &str = env!("CARGO_BIN_EXE_litellm-ls");

/// A user.
pub(crate) struct User {
    pub(crate) home: TempDir,
    pub(crate) base_url: String,
    key: &'static str,
    /// More of the environment.
    pub(crate) variables: Vec<(&'static str, String)>,
}

impl User {
    pub(crate) async fn of_real_proxy() -> Self {
        Self::of(&RealProxy::shared().await.url, MASTER_KEY)
    }

    pub(crate) fn of(base_url: &str, key: &'static str) -> Self {
        Self { home: tempfile::tempdir().unwrap(), base_url: base_url.to_owned(), key, variables: Vec::new() }
    }

    /// A program of this user.
    fn program(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(home::variables(self.home.path())).current_dir(self.home.path());
        // No process that somebody else shares.
        command.env("XDG_RUNTIME_DIR", self.home.path());
        command.env("LITELLM_BASE_URL", &self.base_url).env("LITELLM_API_KEY", self.key);
        command.envs(self.variables.iter().cloned());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.program(PROGRAM);
        command.args(arguments);
        command
    }

    /// The program with these arguments, started by a line of a shell in which it is `"$0" "$@"`.
    #[cfg(unix)]
    pub(crate) fn by_shell(&self, line: &str, arguments: &[&str]) -> Command {
        let mut command = self.program("sh");
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.args(["-c", line, PROGRAM]).args(arguments);
        command
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = self.command(arguments);
        blocking(move || command.output().unwrap().into()).await
    }

    pub(crate) async fn run_with(&self, arguments: &[&str], input: &'static str) -> Ran {
        fed(self.command(arguments), input.to_owned()).await
    }

    /// Runs it in a terminal so many columns wide. Each step waits for a text, and then types another.
    #[cfg(unix)]
    pub(crate) async fn at_terminal(&self, columns: u16, arguments: &[&str], steps: &[[&str; 2]]) -> Ran {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/terminal.py");
        let mut command = self.program("python3");
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("TERM", "xterm");
        command.arg(script).args([&columns.to_string(), "200", PROGRAM]).args(arguments);
        let mut ran = fed(command, serde_json::json!(steps).to_string()).await;
        ran.out = ran.out.replace("\r\n", "\n");
        ran
    }

    /// A file in the home.
    pub(crate) fn file(&self, name: &str, text: &str) {
        std::fs::write(self.home.path().join(name), text).unwrap();
    }
}

async fn fed(mut command: Command, input: String) -> Ran {
    command.stdin(Stdio::piped());
    blocking(move || {
        let mut child = command.spawn().unwrap();
        // A command that fails before it reads leaves the pipe closed.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap().into()
    })
    .await
}

/// What a command said.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// What it printed as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}
