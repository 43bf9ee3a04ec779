//! A real LiteLLM proxy, started once for all tests that ask for it.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::OnceLock,
};

use serde_json::Value;
use tokio::sync::watch;

use super::{blocking, cached, within};

/// Where configuration and launcher are.
const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/proxy");

/// What an environment of our own is made from.
const LOCK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/proxy/requirements.lock");

/// The key that may do everything.
pub(crate) const MASTER_KEY: &str = "sk-tests-master";

/// The proxy, with a vendor behind it that logs what reaches it.
pub(crate) struct RealProxy {
    pub(crate) url: String,
    upstream: watch::Receiver<Vec<Value>>,
    /// It ends with its input, which the operating system closes when this process ends, however that comes.
    _launcher: Child,
}

impl RealProxy {
    /// The proxy of `tests/cases/proxy/config.yaml`.
    pub(crate) async fn shared() -> &'static Self {
        static PROXY: OnceLock<RealProxy> = OnceLock::new();
        once(&PROXY, "config.yaml").await
    }

    /// The proxy of `tests/cases/proxy/config_keys.yaml`, which knows the keys of `keys.py`.
    pub(crate) async fn with_keys() -> &'static Self {
        static PROXY: OnceLock<RealProxy> = OnceLock::new();
        once(&PROXY, "config_keys.yaml").await
    }

    /// What the upstream logged of the request whose prompt contains a mark.
    pub(crate) async fn upstream_request(&self, mark: &str) -> Value {
        self.logged(mark, |entry| entry["body"]["messages"].to_string().contains(mark)).await
    }

    /// Returns when the proxy has left a logged request unfinished.
    pub(crate) async fn upstream_hung_up(&self, request: &Value) {
        let number = &request["request"];
        self.logged("a hang-up", |entry| entry["hungUp"] == true && entry["request"] == *number).await;
    }

    async fn logged(&self, what: &str, matches: impl Fn(&Value) -> bool) -> Value {
        let mut log = self.upstream.clone();
        let log =
            within(&format!("{what} at the upstream"), log.wait_for(|log| log.iter().any(&matches))).await;
        let log = log.expect("a launcher that still runs");
        log.iter().find(|entry| matches(entry)).cloned().expect("what was waited for")
    }
}

async fn once(proxy: &'static OnceLock<RealProxy>, config: &'static str) -> &'static RealProxy {
    // Installing takes minutes: no deadline here.
    blocking(move || proxy.get_or_init(|| start(config))).await
}

fn start(config: &str) -> RealProxy {
    let log = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(config).with_extension("log");
    let mut launcher = Command::new(cached::interpreter(&environment()))
        .arg(format!("{CASES}/launch.py"))
        .arg(format!("{CASES}/{config}"))
        .arg(&log)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python to start");
    let mut lines = BufReader::new(launcher.stdout.take().expect("a pipe"));
    let first = next(&mut lines).unwrap_or_default();
    let Some(url) = first["url"].as_str() else {
        panic!("the real proxy did not start ({first}); its log is {}", log.display());
    };
    let (sender, upstream) = watch::channel(Vec::new());
    std::thread::spawn(move || {
        while let Some(entry) = next(&mut lines) {
            sender.send_modify(|log| log.push(entry));
        }
    });
    RealProxy { url: url.to_owned(), upstream, _launcher: launcher }
}

fn next(lines: &mut BufReader<ChildStdout>) -> Option<Value> {
    let mut line = String::new();
    lines.read_line(&mut line).ok()?;
    serde_json::from_str(&line).ok()
}

/// An installed LiteLLM of another line than the pinned one, and its version: what a lock of `tests/cases/lines` names.
#[cfg(unix)]
pub(crate) fn other_line(lock: &Path) -> (String, PathBuf) {
    let version = lock.file_stem().expect("a version").to_string_lossy().into_owned();
    (version, cached::python("litellm", lock))
}

/// The locks of the lines that answers are compared with beside the pinned one.
#[cfg(unix)]
pub(crate) fn other_lines() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/lines");
    let files = std::fs::read_dir(folder).expect("the lines").flatten().map(|file| file.path());
    files.filter(|path| path.extension().is_some_and(|end| end == "lock")).collect()
}

/// What a user of an editor begins with: a data folder in which LiteLLM is installed, the one of [`environment`].
#[cfg(unix)]
pub(crate) fn data_folder() -> tempfile::TempDir {
    let data = tempfile::tempdir().expect("a folder");
    super::stub_litellm::install(&environment(), data.path());
    data
}

/// A deployment that answers by itself, of which the provider is misspelt.
pub(crate) const MISSPELT: &str = "  - {model_name: mine, litellm_params: {model: opena/gpt-4o, api_key: none, mock_response: Sphinx of black quartz}}";

/// An installed LiteLLM: the one that `LITELLM_LS_TEST_VENV` names, else one of our own in the cache.
pub(crate) fn environment() -> PathBuf {
    match std::env::var_os("LITELLM_LS_TEST_VENV") {
        Some(environment) => environment.into(),
        None => cached::python("litellm", Path::new(LOCK)),
    }
}
