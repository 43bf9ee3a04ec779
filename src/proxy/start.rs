//! Starts LiteLLM on a port that its process binds before anyone knows it, waits until it answers, and records it.

use std::fmt::Write;

use jiff::Timestamp;
use tokio::process::ChildStdin;

use super::error::{Error, Result};
use super::health::{self, Greeting};
use super::home::Home;
use super::installation::{self, Choice, Installation};
use super::launch::Starting;
use super::options::{Options, StartProgress};
use super::record::{self, Record};
use super::source::{Prepared, Source, Warning};
use crate::store::private;
use crate::surroundings::Surroundings;

/// Keeps a proxy that does not stay: it ends when this is dropped.
#[derive(Debug)]
pub struct Hold(#[expect(dead_code, reason = "the proxy reads its end")] ChildStdin);

/// A proxy that answers.
#[derive(Debug)]
pub struct Started {
    /// The proxy.
    pub record: Record,
    /// Whether it was running before it was asked for.
    pub was_running: bool,
    /// What to tell the user: of one that was running, what it has otherwise than was asked for.
    pub warnings: Vec<Warning>,
    /// What it lives by. None where it stays, or where somebody else has it.
    pub hold: Option<Hold>,
}

/// Starts a proxy and waits until it answers, for up to two minutes. The one that runs is given back where it
/// serves the same; where its configuration has been edited since, it is ended first. Dropping the future ends the
/// process.
///
/// # Errors
/// [`Error::NotInstalled`], [`Error::Busy`], [`Error::NoConfig`], [`Error::PortRefused`], [`Error::Died`],
/// [`Error::NotReady`], and whatever the system refuses.
pub async fn start(
    home: &Home,
    source: Source,
    options: &Options,
    mut on_progress: impl FnMut(StartProgress),
) -> Result<Started> {
    let source = source.resolved()?;
    let waiting = |who| on_progress(StartProgress::Waiting { who });
    let _turn = home.lock("starts a proxy", waiting).await?;
    // Looked for before the one that runs is ended for it.
    let installation = installation::find(home, &options.litellm);
    if let Some(record) = record::alive(home) {
        let runs = record.ready && record.listener().listens();
        if runs && !options.anew {
            if record.source != source {
                return Err(Error::Busy { running: record.source.to_string(), base_url: record.base_url });
            }
            if !record.is_edited() {
                let warnings = otherwise(&record, options, installation)?;
                return Ok(Started { record, was_running: true, warnings, hold: None });
            }
            on_progress(StartProgress::Edited);
        }
        if runs && let Err(error) = installation {
            return Err(error);
        }
        // Its start was killed, and nobody knows whether it will ever answer; or it is about to end.
        record.process.end().await?;
    }
    record::forget(home)?;
    let installation = installation?;
    let Prepared { config, mut warnings } =
        source.prepare(home, |variable| is_set(variable, home.surroundings()))?;

    let key = options.key.clone().map_or_else(new_key, Ok)?;
    let mut starting = Starting::spawn(home, &installation, &config, key, options)?;
    let hold = starting.hold().map(Hold);
    let (process, port) = starting.bound().await?;
    let mut record = Record {
        process,
        port,
        base_url: record::base_url(port),
        api_key: Some(format!("file:{}", home.master_key().display())),
        included: options.included.clone(),
        config_digest: source.digest(&options.included)?,
        source,
        started_at: Timestamp::now().strftime("%FT%T%.3fZ").to_string(),
        version: installation.version.clone(),
        environment: installation.place.clone(),
        stays: options.stays,
        ready: false,
    };
    // Recorded before it answers, so that a start that is killed here leaves no unknown process behind.
    private::write_private(&home.master_key(), &starting.key)?;
    record.save(home)?;
    starting.wait_until_ready(port, on_progress).await?;
    // Invariant: the key goes to nobody but the process that was started here.
    if !record.listener().listens() {
        return Err(Error::NotOurs { port });
    }
    match health::greet(record.listener(), &starting.key).await {
        Greeting::Welcome => {}
        Greeting::NoModels => warnings.push(Warning::NoModels),
        Greeting::KeyRefused => {
            record.api_key = None;
            private::remove(&home.master_key())?;
            warnings.push(Warning::OwnMasterKey);
        }
    }
    record.ready = true;
    record.save(home)?;
    starting.is_recorded = true;
    Ok(Started { record, was_running: false, warnings, hold })
}

/// What a proxy that runs has otherwise than is asked for.
///
/// # Errors
/// Where the LiteLLM that is asked for is not there.
fn otherwise(record: &Record, options: &Options, installation: Result<Installation>) -> Result<Vec<Warning>> {
    let is_other = match options.litellm {
        Choice::Any => false,
        Choice::Pinned => record.environment.is_some(),
        Choice::Own | Choice::At(_) => installation?.place != record.environment,
    };
    let port = options.port.filter(|asked| *asked != record.port);
    let port = port.map(|asked| Warning::OtherPort { runs: record.port, asked });
    let litellm = is_other.then(|| {
        let place = record.environment.as_ref().map(|place| format!(" of {}", place.display()));
        let place = place.unwrap_or_else(|| ", the pinned one".to_owned());
        Warning::OtherLitellm(format!("LiteLLM {}{place}", record.version))
    });
    let ends = (!record.stays).then_some(Warning::EndsWithEditor);
    Ok(port.into_iter().chain(litellm).chain(ends).collect())
}

fn is_set(variable: &str, surroundings: &Surroundings) -> bool {
    surroundings.variable(variable).is_some_and(|value| !value.is_empty())
}

/// `sk-` and 32 random bytes: LiteLLM wants the beginning, and newer versions refuse weak ones.
pub(crate) fn new_key() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(Error::NoRandom)?;
    let mut key = "sk-".to_owned();
    for byte in bytes {
        let _ = write!(key, "{byte:02x}");
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proxy::process::Process;

    #[test]
    fn keys_are_strong_and_differ() {
        let key = new_key().unwrap();
        assert_eq!(key.len(), 3 + 64);
        assert!(key.starts_with("sk-") && key[3..].bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(key, new_key().unwrap());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_a_killed_start_left_is_ended_first() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().to_owned());
        private::make_private_folder(home.folder()).unwrap();
        let mut child = std::process::Command::new("sleep").arg("600").spawn().unwrap();
        Record::unready(Process::with_pid(child.id()).unwrap()).save(&home).unwrap();
        let outcome = start(&home, Source::Demo, &Options::default(), |_| ()).await;
        assert!(matches!(outcome, Err(Error::NotInstalled)), "{outcome:?}");
        assert!(!child.wait().unwrap().success());
        assert!(!home.record().exists());
    }

    /// What runs is told as it is, and not as it was asked for.
    #[tokio::test]
    async fn what_a_running_one_has_otherwise_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().to_owned());
        private::make_private_folder(home.folder()).unwrap();
        let (_socket, mut record) = Record::listening(Process::with_pid(std::process::id()).unwrap());
        record.environment = Some("/venv".into());
        let port = record.port;
        for (runs_on, port, litellm, told) in [
            (true, None, Choice::Any, &[][..]),
            (true, Some(port), Choice::Any, &[]),
            (true, Some(port.wrapping_add(1)), Choice::Any, &["port"]),
            (true, None, Choice::Pinned, &["LiteLLM"]),
            (false, Some(port.wrapping_add(1)), Choice::Pinned, &["port", "LiteLLM", "editor"]),
        ] {
            record.stays = runs_on;
            record.save(&home).unwrap();
            // That it ends with another editor is news to one that asks for no other.
            let options = Options { port, litellm, stays: runs_on, ..Options::default() };
            let started = start(&home, Source::Demo, &options, |_| ()).await.unwrap();
            let warnings: Vec<String> = started.warnings.iter().map(ToString::to_string).collect();
            assert_eq!(warnings.len(), told.len(), "{warnings:?}");
            assert!(warnings.iter().zip(told).all(|(warning, word)| warning.contains(word)), "{warnings:?}");
            assert!(warnings.iter().all(|warning| warning.contains("stop it, and start it again")));
        }
        let options = Options { litellm: Choice::At("/nowhere".into()), ..Options::default() };
        let refused = start(&home, Source::Demo, &options, |_| ()).await;
        assert!(matches!(refused, Err(Error::NoLitellmThere(_))), "{refused:?}");
    }

    #[tokio::test]
    async fn another_source_is_refused_while_one_runs() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().to_owned());
        private::make_private_folder(home.folder()).unwrap();
        let this_process = Process::with_pid(std::process::id()).unwrap();
        let (_socket, record) = Record::listening(this_process);
        record.save(&home).unwrap();
        let same = start(&home, Source::Demo, &Options::default(), |_| ()).await.unwrap();
        let base_url = record.base_url.clone();
        assert!(same.was_running && same.record == record, "{same:?}");
        let model = Source::Model { name: "openai/x".to_owned(), api_key_env: None };
        let message = start(&home, model, &Options::default(), |_| ()).await.unwrap_err().to_string();
        assert_eq!(
            message,
            format!(
                "a proxy for the demo models is already running at {base_url}: \
                 stop it with `litellm-ls proxy stop` first"
            )
        );
    }
}
