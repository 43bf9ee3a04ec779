//! How the proxy of this machine is, for people.

use crate::environment::Environment;
use crate::provider::Settings;
use crate::proxy::{Home, Started, Status};

pub(in crate::cli) fn started_text(started: &Started, home: &Home, environment: &Environment) -> String {
    let record = &started.record;
    let state = if started.was_running { "was already running" } else { "is ready" };
    format!(
        "LiteLLM {} {state} at {}, serving {}.\n  use it   {}\n  stop it  litellm-ls proxy stop\n  its log  {}\n",
        record.version,
        record.base_url,
        record.source,
        use_it(environment),
        home.log().display()
    )
}

/// How to use the proxy of this machine, where the settings may name another.
fn use_it(environment: &Environment) -> String {
    let models = match environment.profile() {
        Some(profile) => format!("litellm-ls models --profile {profile}"),
        None => "litellm-ls models".to_owned(),
    };
    let profile = Settings::new(environment.clone()).profile(None).ok();
    let otherwise = profile.as_ref().and_then(|profile| {
        let (_, instead) = profile.passed_over()?;
        Some((&profile.settings.base_url.value, instead))
    });
    match otherwise {
        None => models,
        Some((other, instead)) => format!("{models}; but {other} is set, so first {instead}"),
    }
}

pub(super) fn text(status: &Status, environment: &Environment) -> String {
    let installed = match status.installed {
        Some(version) => format!("LiteLLM {version}"),
        None => "no (run `litellm-ls proxy install`)".to_owned(),
    };
    let running = match &status.running {
        Some(record) => {
            let health = if status.healthy { "" } else { " (does not answer: see the log)" };
            let edited = match record.is_edited() {
                true => ", which has changed since (start it again to serve that)",
                false => "",
            };
            format!(
                "{}{health}, serving {}{edited}, process {} since {}",
                record.base_url,
                record.source,
                record.pid(),
                minute(&record.started_at)
            )
        }
        None => "no (run `litellm-ls proxy start`)".to_owned(),
    };
    let use_it = match status.running {
        Some(_) => format!("use it     {}\n", use_it(environment)),
        None => String::new(),
    };
    format!("installed  {installed}\nrunning    {running}\n{use_it}log        {}\n", status.log.display())
}

/// An instant to the minute, as people read it: `2026-01-02 03:04 UTC`.
fn minute(instant: &str) -> String {
    match instant.get(..16).and_then(|minute| minute.split_once('T')) {
        Some((day, time)) => format!("{day} {time} UTC"),
        None => instant.to_owned(),
    }
}
