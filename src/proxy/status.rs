//! How the proxy of this machine is.

use std::path::PathBuf;

use serde::Serialize;

use super::error::Result;
use super::health;
use super::home::Home;
use super::install::installed;
use super::record::{Record, running};

/// What can be said of this machine's proxy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The installed version. Absent where there is none, or one that this program would replace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installed: Option<&'static str>,
    /// The proxy that runs. Absent where none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub running: Option<Record>,
    /// Whether it answers. False where none runs.
    pub healthy: bool,
    /// Where its output goes, or the last one's went.
    pub log: PathBuf,
}

/// Looks at the installation, the process and, where one runs, its health.
///
/// # Errors
/// Where it can't be found out whether anything is installed.
pub async fn status(home: &Home) -> Result<Status> {
    let running = running(home);
    let healthy = match &running {
        Some(record) => health::is_ready(record.port).await,
        None => false,
    };
    Ok(Status { installed: installed(home)?, running, healthy, log: home.log() })
}
