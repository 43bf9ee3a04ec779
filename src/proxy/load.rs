//! LiteLLM's own loading of a configuration, without a server: what it says of it, and what it would serve.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::error::{Error, Result};
use super::home::Home;
use super::installation::Installation;
use super::launch::{beside, surround};
use super::log;
use super::options::Options;
use super::python::isolated;
use super::secrets::{known_secrets, named_in};
use super::source::LARGEST;
use super::start::new_key;
use crate::masking::redact;
use crate::store::{private, read_regular};

/// Loads a file, and connects to nothing.
const LOAD: &str = include_str!("load.py");
/// How long it may take: 5 s on an idle machine, half a minute on a busy one.
const LIMIT: Duration = Duration::from_secs(120);
/// Most bytes of the answer.
const ANSWER: u64 = 16 << 20;

/// What came of loading a configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Loaded {
    /// Whether LiteLLM would start.
    pub starts: bool,
    /// The deployments that it would serve, in its order: the name of each, and its model.
    pub served: Vec<(String, String)>,
    /// What it logged, and why it would not start, without secrets.
    pub lines: Vec<String>,
    /// Python of the file's that was not run; then the rest was not loaded.
    pub code: Vec<String>,
    /// Where it would have connected to.
    pub connections: Vec<String>,
    /// Programs that it would have run.
    pub programs: Vec<String>,
}

/// Has LiteLLM load a configuration file. Nothing is connected to, listened on or started; Python that the file names runs
/// only where `may_run_code`. Dropping the future ends it.
///
/// # Errors
/// Where LiteLLM can't be run, says nothing, or takes longer than two minutes.
pub async fn load(
    home: &Home,
    installation: &Installation,
    config: &Path,
    options: &Options,
    may_run_code: bool,
) -> Result<Loaded> {
    let config = std::path::absolute(config).map_err(Error::io("find", config))?;
    private::make_private_folder(home.folder())?;
    let python = installation.python.as_path();
    let key = options.key.clone().map_or_else(new_key, Ok)?;
    let mut command = isolated(python, home.surroundings());
    command.args(["-c", LOAD]).arg(&config).arg(if may_run_code { "code" } else { "no-code" });
    // LiteLLM looks for modules around its working folder: not around the file.
    command.current_dir(home.folder());
    surround(&mut command, &key, home.surroundings());
    let log = private::create_private(&home.check_log())?;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
    let mut child = command.spawn().map_err(Error::io("run", python))?;
    let mut said = Vec::new();
    // By no environment: libraries look there for code to load before Python can refuse it.
    let variables = serde_json::to_vec(&beside(options, home.surroundings()).collect::<BTreeMap<_, _>>())
        .unwrap_or_default();
    let work = async {
        if let Some(mut stdin) = child.stdin.take() {
            // Where it ended already, its status says so.
            let _ = stdin.write_all(&variables).await;
        }
        if let Some(stdout) = child.stdout.take() {
            stdout.take(ANSWER).read_to_end(&mut said).await.map_err(Error::io("read from", python))?;
        }
        child.wait().await.map_err(Error::io("wait for", python))
    };
    let ended = tokio::time::timeout(LIMIT, work).await;
    let mut secrets = known_secrets(Some(&key), &options.beside, home.surroundings());
    let files = std::iter::once(&config).chain(&options.included);
    let texts = files.filter_map(|path| read_regular(path, LARGEST).ok());
    let texts: Vec<String> = texts.map(|text| String::from_utf8_lossy(&text).into_owned()).collect();
    // LiteLLM quotes values that it can't use.
    secrets.extend(named_in(&texts, &options.beside, home.surroundings()));
    let last_lines = || log::tail(&home.check_log(), &secrets);
    let Ok(status) = ended else {
        let _ = child.start_kill();
        return Err(Error::NotReady {
            seconds: LIMIT.as_secs(),
            log: home.check_log(),
            last_lines: last_lines(),
        });
    };
    let status = status?.to_string();
    let loaded: Option<Loaded> = serde_json::from_slice(&said).ok();
    let mut loaded =
        loaded.ok_or_else(|| Error::Died { status, log: home.check_log(), last_lines: last_lines() })?;
    for text in loaded.lines.iter_mut().chain(&mut loaded.connections).chain(&mut loaded.programs) {
        *text = redact(text, &secrets);
    }
    Ok(loaded)
}
