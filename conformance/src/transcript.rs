//! What was said between the suite and a server, in order, for the rules that hold in every check.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::failure::clipped;

/// One thing that was said.
#[derive(Debug, Clone)]
pub(crate) enum Said {
    /// By the suite.
    Sent(Value),
    /// By the server.
    Received(Value),
}

/// A conversation with one server.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    pub(crate) said: Vec<Said>,
    /// Whether the suite sent what is no message: then ids of answers say nothing.
    pub(crate) loose: bool,
    /// What the server wrote to standard error.
    pub(crate) log: Arc<Mutex<Vec<u8>>>,
    /// Texts that must not be seen anywhere.
    pub(crate) secrets: Vec<String>,
}

impl Transcript {
    /// The message that the suite sent last. None where it was written by hand, as one that is no message is.
    pub(crate) fn last_sent(&self) -> Option<Value> {
        let mut sent = self.said.iter().rev().filter_map(|said| match said {
            Said::Sent(message) => Some(message),
            Said::Received(_) => None,
        });
        sent.next().filter(|_| !self.loose).cloned()
    }

    /// The last line on standard error that names an error, else the last of all: stacks and versions stand behind it.
    pub(crate) fn last_logged(&self) -> Option<String> {
        let log = self.log.lock().ok()?;
        let log = String::from_utf8_lossy(&log);
        let mut lines = log.lines().rev().map(str::trim).filter(|line| !line.is_empty());
        let last = lines.clone().next();
        lines.find(|line| line.contains("rror") || line.contains("panicked")).or(last).map(clipped)
    }
}
