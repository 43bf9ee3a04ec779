//! How the proxy of this machine is, for people.

use crate::cli::output::{Text, Tone, language, padded, said, words};
use crate::environment::Environment;
use crate::provider::{Settings, minute};
use crate::proxy::{Home, Started, Status};

/// Columns of what a line of the status is of.
pub(super) const NAME: usize = 11;

pub(in crate::cli) fn started_text(started: &Started, home: &Home, environment: &Environment) -> String {
    let record = &started.record;
    let (version, base_url, source) = (&record.version, &record.base_url, &record.source);
    let state = match started.was_running {
        true => format!("LiteLLM {version} was already running at {base_url}, serving {source}."),
        false => format!("LiteLLM {version} is ready at {base_url}, serving {source}."),
    };
    format!(
        "{state}\n  use it   {}\n  stop it  litellm-ls proxy stop\n  its log  {}\n",
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

/// The status in lines, each with what it is of.
pub(super) fn text(status: &Status, environment: &Environment) -> Text {
    let installed = match status.installed {
        Some(version) => format!("LiteLLM {version}"),
        None => "no (run `litellm-ls proxy install`)".to_owned(),
    };
    let running = match &status.running {
        Some(record) => {
            let mut parts = vec![record.base_url.clone()];
            if !status.healthy {
                parts.push("does not answer: see the log".to_owned());
            }
            parts.push(format!("serving {}", record.source));
            if record.is_edited() {
                parts.push("which has changed since (start it again to serve that)".to_owned());
            }
            parts.push(format!("process {} since {}", record.pid(), minute(&record.started_at)));
            parts.iter().map(|part| said(part)).collect::<Vec<_>>().join(language().comma())
        }
        None => "no (run `litellm-ls proxy start`)".to_owned(),
    };
    let use_it = status.running.as_ref().map(|_| use_it(environment));
    let log = status.log.display().to_string();
    let lines =
        [("installed", Some(installed)), ("running", Some(running)), ("use it", use_it), ("log", Some(log))];
    lines.into_iter().fold(Text::default(), |text, (name, value)| match value {
        Some(value) => text.and(Tone::Usual, format!("{}{}\n", padded(&words(name), NAME), said(&value))),
        None => text,
    })
}
