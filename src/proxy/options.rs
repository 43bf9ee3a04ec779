//! How a proxy is started, and how far that is.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::installation::Choice;

/// How a proxy is started.
#[derive(Clone)]
pub struct Options {
    /// Variables for it that the environment has not, such as those of `.env` beside its configuration.
    pub beside: Vec<(String, String)>,
    /// The files that its configuration includes: an edit of one of them is an edit of the configuration.
    pub included: Vec<PathBuf>,
    /// The key that its configuration sets. Absent: it gets one of its own.
    pub key: Option<String>,
    /// The port to listen on. Absent: a free one.
    pub port: Option<u16>,
    /// Whether it goes on when its [`Hold`](super::Hold) is dropped, or this process ends, however that comes.
    pub stays: bool,
    /// Which LiteLLM runs.
    pub litellm: Choice,
    /// Whether one that runs is ended first, whatever it serves.
    pub anew: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            beside: Vec::new(),
            included: Vec::new(),
            key: None,
            port: None,
            stays: true,
            litellm: Choice::Any,
            anew: false,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The rest holds keys.
        formatter
            .debug_struct("Options")
            .field("port", &self.port)
            .field("stays", &self.stays)
            .field("litellm", &self.litellm)
            .finish_non_exhaustive()
    }
}

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
