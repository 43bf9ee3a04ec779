//! How the proxy of this machine is.

use std::path::PathBuf;

use serde::Serialize;

use super::error::Result;
use super::health::{self, Deployment};
use super::home::Home;
use super::install::installed;
use super::record::{self, Record, running};

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
    /// Whether one was started that has not answered yet.
    pub starting: bool,
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
    let starting = running.is_none() && record::alive(home).is_some_and(|record| !record.ready);
    Ok(Status { installed: installed(home)?, running, healthy, starting, log: home.log() })
}

/// What a proxy serves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Served {
    /// The names that it lists.
    pub names: Vec<String>,
    /// Its deployments. Empty where it does not tell them.
    pub deployments: Vec<Deployment>,
}

/// What the proxy serves. None where it does not tell our key.
pub async fn served(home: &Home, record: &Record) -> Option<Served> {
    record.api_key.as_ref()?;
    let key = home.key()?;
    let names = health::models(record.listener(), &key).await?;
    let deployments = health::deployments(record.listener(), &key).await.unwrap_or_default();
    Some(Served { names, deployments })
}
