//! Starts a proxy, and says how far that is.

use std::path::PathBuf;

use super::{show, started_text};
use crate::cli::{
    check,
    output::{note, say, warn},
    progress::Progress,
};
use crate::environment::Environment;
use crate::proxy::{Error, Home, Source, StartProgress, Started};
use crate::supervise::{self, Plan, Step};

/// Reads the reference to a vendor's key. A key itself would stand in the list of processes.
pub(super) fn key(text: &str) -> Result<String, String> {
    let name = text.strip_prefix("env:").map(str::trim).filter(|name| !name.is_empty());
    name.map(str::to_owned).ok_or_else(|| {
        "give env:NAME, where NAME is the variable that holds the key: what is typed here is seen by others".to_owned()
    })
}

/// Starts a proxy once its configuration has been looked at, and says how to use it.
///
/// # Errors
/// What is in its way.
pub(super) async fn checked(
    home: &Home,
    source: Source,
    plan: &Plan,
    python: Option<PathBuf>,
    environment: &Environment,
) -> anyhow::Result<()> {
    if let Source::Config(path) = &source
        && path.is_file()
    {
        check::before_start(path, environment)?;
    }
    let started = start(home, source.clone(), plan, python).await;
    if let (Err(Error::Died { .. }), Some(path)) = (&started, source.config()) {
        check::after_failure(path, &supervise::log(&source, home));
    }
    let started = started?;
    for warning in &started.warnings {
        warn(&warning.to_string());
    }
    say(&started_text(&started, home, environment))?;
    Ok(())
}

/// Starts a proxy; installs LiteLLM first where that was not done.
///
/// # Errors
/// What is in its way.
pub(in crate::cli) async fn start(
    home: &Home,
    source: Source,
    plan: &Plan,
    python: Option<PathBuf>,
) -> Result<Started, Error> {
    let (mut installing, mut starting) = (Progress::default(), Progress::default());
    let tell = |step| match step {
        Step::Install(step) => show(&mut installing, &step),
        Step::Start(StartProgress::Edited) => {
            starting.wipe();
            note("The configuration has changed since this proxy started: it is ended, and started anew.");
        }
        step @ Step::Start(_) => {
            installing.wipe();
            starting.show(&plan.told(&step));
        }
    };
    supervise::start(home, &source, plan, python.as_deref(), std::future::ready(true), tell).await
}
