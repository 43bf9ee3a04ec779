//! A script that drives an editor: it prints a line for each step.

use std::time::Duration;

use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout},
};

use super::within;

/// A script that runs.
pub(crate) struct Script {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    printed: Vec<String>,
    /// How long each line may take.
    patience: Duration,
}

impl Script {
    /// One whose output is a pipe.
    pub(crate) fn of(mut child: Child, patience: Duration) -> Self {
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        Self { child, lines, printed: Vec::new(), patience }
    }

    /// Gives each line the time that LiteLLM takes to start on a busy machine.
    pub(crate) fn patient(&mut self) {
        self.patience *= 6;
    }

    /// Reads on to the line `STEP name`, and returns what stands after that.
    pub(crate) async fn step(&mut self, name: &str) -> String {
        let begin = format!("STEP {name}");
        while let Some(line) = self.line().await {
            if let Some(rest) = line.strip_prefix(&begin) {
                return rest.trim().to_owned();
            }
        }
        panic!("no step {name} in:\n{}", self.printed.join("\n"));
    }

    /// Reads to the end, which must be a good one, with this as the last line where one is named.
    pub(crate) async fn passes(mut self, last: Option<&str>) {
        while self.line().await.is_some() {}
        let status = within("the end of a script", self.child.wait()).await.expect("a status");
        let passed =
            status.success() && last.is_none_or(|last| self.printed.last().is_some_and(|line| line == last));
        assert!(passed, "{status}:\n{}", self.printed.join("\n"));
    }

    /// Kills it.
    pub(crate) async fn kill(&mut self) {
        self.child.start_kill().expect("to kill the editor");
        within("the end of the editor", self.child.wait()).await.expect("an editor that ended");
    }

    async fn line(&mut self) -> Option<String> {
        let line = tokio::time::timeout(self.patience, self.lines.next_line()).await.expect("a line in time");
        let line = line.expect("lines of UTF-8")?;
        self.printed.push(line.clone());
        Some(line)
    }
}
