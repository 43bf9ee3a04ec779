//! What was said between the suite and a server, in order, for the rules that hold in every check.

use std::sync::{Arc, Mutex};

use serde_json::Value;

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
