//! A real LiteLLM process, from its start to its end. Installs LiteLLM once, into the build folder, unless
//! `LITELLM_LS_TEST_VENV` names a virtual environment that has it.
#![cfg(unix)]
// The helpers below are no test functions, which clippy would let off.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use litellm_ls::config_yaml;
use litellm_ls::proxy::{self, Error, Home, Options, Record, Source, StartProgress, Warning};
use serde_json::Value;
use tempfile::TempDir;

/// A data folder of its own for each test, with an installation that all share.
struct Place {
    folder: TempDir,
    home: Home,
}

impl Place {
    async fn with_litellm() -> Place {
        let venv = match std::env::var_os("LITELLM_LS_TEST_VENV") {
            Some(venv) => PathBuf::from(venv),
            None => {
                // The tests may arrive here together: the first installs, the others wait.
                let shared = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("litellm-ls");
                proxy::install(&Home::open(shared.clone()), None, |_| ()).await.unwrap();
                shared.join("litellm/venv")
            }
        };
        let folder = tempfile::tempdir().unwrap();
        let place = Place { home: Home::open(folder.path().to_owned()), folder };
        fs::create_dir(place.path("litellm")).unwrap();
        symlink(venv, place.path("litellm/venv")).unwrap();
        let lock = include_str!("../../src/proxy/requirements.lock");
        fs::write(place.path("litellm/installed.lock"), lock).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn config(&self, text: &str) -> Source {
        let path = self.path("mine.yaml");
        fs::write(&path, text).unwrap();
        Source::Config(path)
    }

    /// Nothing runs, and nothing is kept that was only for what ran.
    fn assert_at_rest(&self) {
        assert_eq!(proxy::running(&self.home), None);
        assert!(!self.path("litellm/proxy.json").exists());
        assert!(!self.path("litellm/master-key").exists());
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Only after a failed test does anything run here.
        if let Some(record) = proxy::running(&self.home) {
            let _ = std::process::Command::new("kill").arg(record.pid().to_string()).status();
        }
    }
}

/// Status and body of a GET with this key.
fn get(record: &Record, path: &str, key: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(("127.0.0.1", record.port)).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\nAuthorization: Bearer {key}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap())
}

fn models(record: &Record) -> Vec<String> {
    let (status, list) = get(record, "/v1/models", &recorded_key(record));
    assert_eq!(status, 200, "{list}");
    let mut names: Vec<_> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| model["id"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

fn recorded_key(record: &Record) -> String {
    let reference = record.api_key.as_ref().unwrap();
    fs::read_to_string(reference.strip_prefix("file:").unwrap()).unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn the_demo_starts_is_found_and_stops() {
    let place = Place::with_litellm().await;
    let mut seen = 0;
    let started = proxy::start(&place.home, Source::Demo, &Options::default(), |_| seen += 1).await.unwrap();
    assert!(seen > 0 && !started.was_running && started.warnings.is_empty(), "{started:?}");
    let record = started.record;
    assert_ne!(record.port, 4000);
    assert_eq!(record.base_url, format!("http://127.0.0.1:{}", record.port));
    assert_eq!(proxy::running(&place.home).as_ref(), Some(&record));
    let status = proxy::status(&place.home).await.unwrap();
    assert!(status.healthy && status.running.as_ref() == Some(&record), "{status:?}");

    assert_eq!(models(&record), ["demo-code", "demo-fast", "demo-long", "demo-reasoning", "demo-smart"]);
    let key = recorded_key(&record);
    let (_, rows) = get(&record, "/v1/model/info", &key);
    for row in rows["data"].as_array().unwrap() {
        let info = &row["model_info"];
        assert!(info["max_input_tokens"].as_u64() > Some(0), "{row}");
        assert!(info["output_cost_per_token"].as_f64() > Some(0.0), "{row}");
        assert!(info["description"].as_str().is_some(), "{row}");
    }

    for name in ["proxy.json", "master-key", "proxy.log", "config.yaml"] {
        assert_eq!(mode(&place.path("litellm").join(name)), 0o600, "{name}");
    }
    assert!(!fs::read_to_string(place.home.log()).unwrap().contains(&key));
    assert!(!fs::read_to_string(place.path("litellm/proxy.json")).unwrap().contains(&key));
    if cfg!(target_os = "linux") {
        let arguments = fs::read_to_string(format!("/proc/{}/cmdline", record.pid())).unwrap();
        assert!(arguments.contains("--config") && !arguments.contains(&key), "{arguments}");
        assert!(!arguments.contains(&record.port.to_string()), "{arguments}");
    }

    let again = proxy::start(&place.home, Source::Demo, &Options::default(), |_| ()).await.unwrap();
    assert!(again.was_running && again.record == record, "{again:?}");

    assert_eq!(proxy::stop(&place.home).await.unwrap().as_ref(), Some(&record));
    place.assert_at_rest();
    assert!(TcpStream::connect(("127.0.0.1", record.port)).is_err());
    assert_eq!(proxy::stop(&place.home).await.unwrap(), None);
}

#[tokio::test]
async fn one_model_is_served_under_the_name_that_was_typed() {
    let place = Place::with_litellm().await;
    let variable = "LITELLM_LS_TEST_UNSET_KEY".to_owned();
    let source = Source::Model { name: "openai/gpt-4o".to_owned(), api_key_env: Some(variable.clone()) };
    let started = proxy::start(&place.home, source, &Options::default(), |_| ()).await.unwrap();
    assert_eq!(started.warnings, [Warning::VendorKeyUnset(variable)]);
    assert_eq!(models(&started.record), ["openai/gpt-4o"]);

    // Killed from outside, it is still in the record, and not running.
    let pid = started.record.pid().to_string();
    assert!(std::process::Command::new("kill").args(["-9", &pid]).status().unwrap().success());
    while proxy::running(&place.home).is_some() {
        tokio::task::yield_now().await;
    }
    assert!(place.path("litellm/proxy.json").exists());
    assert!(!proxy::status(&place.home).await.unwrap().healthy);
    assert_eq!(proxy::stop(&place.home).await.unwrap(), None);
    place.assert_at_rest();
}

#[tokio::test]
async fn a_config_with_its_own_key_is_served_without_ours() {
    let place = Place::with_litellm().await;
    let source = place.config(
        "model_list:\n  - model_name: mine\n    litellm_params: {model: openai/gpt-4o, api_key: x, mock_response: hi}\n\
         general_settings: {master_key: sk-of-the-file}\n",
    );
    let started = proxy::start(&place.home, source, &Options::default(), |_| ()).await.unwrap();
    assert_eq!(started.warnings, [Warning::OwnMasterKey]);
    assert_eq!(started.record.api_key, None);
    assert!(!place.path("litellm/master-key").exists());
    let (status, list) = get(&started.record, "/v1/models", "sk-of-the-file");
    assert_eq!((status, &list["data"][0]["id"]), (200, &Value::from("mine")));

    // Edited, it is served as it is now.
    let edited =
        fs::read_to_string(place.path("mine.yaml")).unwrap().replace("model_name: mine", "model_name: new");
    fs::write(place.path("mine.yaml"), edited).unwrap();
    assert!(proxy::running(&place.home).unwrap().is_edited());
    let source = Source::Config(place.path("mine.yaml"));
    let mut said = Vec::new();
    let again =
        proxy::start(&place.home, source.clone(), &Options::default(), |step| said.push(step)).await.unwrap();
    assert!(said.contains(&StartProgress::Edited) && !again.was_running, "{said:?}");
    let (_, list) = get(&again.record, "/v1/models", "sk-of-the-file");
    assert_eq!(list["data"][0]["id"], "new");
    assert!(proxy::start(&place.home, source, &Options::default(), |_| ()).await.unwrap().was_running);
    proxy::stop(&place.home).await.unwrap();
    place.assert_at_rest();
}

#[tokio::test]
async fn a_config_gets_the_env_file_beside_it_and_no_stray_modules() {
    let place = Place::with_litellm().await;
    let folder = place.path("a/b");
    fs::create_dir_all(&folder).unwrap();
    let config = folder.join("mine.yaml");
    fs::write(
        &config,
        "model_list:\n  - model_name: mine\n    litellm_params: {model: openai/gpt-4o, api_key: x, mock_response: hi}\n\
         general_settings: {master_key: os.environ/LITELLM_LS_TEST_BESIDE}\n",
    )
    .unwrap();
    // LiteLLM would look for modules two folders above.
    let planted = place.path("planted");
    for module in ["yaml", "apscheduler", "orjson", "fastapi_sso", "backoff", "rich"] {
        let code = format!("open({planted:?}, 'w')\nraise SystemExit(9)\n");
        fs::write(place.path(&format!("{module}.py")), code).unwrap();
    }
    let source = Source::Config(config.clone());
    fs::write(folder.join(".env"), "LITELLM_LS_TEST_BESIDE=sk-of-the-env-file\nPYTHONPATH=/nowhere\n")
        .unwrap();
    let beside = config_yaml::beside(&config);
    assert_eq!(beside.len(), 2);
    let started =
        proxy::start(&place.home, source, &Options { beside, ..Options::default() }, |_| ()).await.unwrap();
    assert_eq!(get(&started.record, "/v1/models", "sk-of-the-env-file").0, 200);
    assert_ne!(get(&started.record, "/v1/models", "sk-of-nobody").0, 200);
    let environment = fs::read(format!("/proc/{}/environ", started.record.pid()));
    if let Ok(environment) = environment {
        assert!(
            !String::from_utf8_lossy(&environment).contains("/nowhere"),
            "what says how programs are run"
        );
    }
    assert!(!planted.exists(), "a module of nobody's ran");
    for module in ["yaml", "apscheduler", "orjson", "fastapi_sso", "backoff", "rich"] {
        fs::remove_file(place.path(&format!("{module}.py"))).unwrap();
    }
    proxy::stop(&place.home).await.unwrap();
    place.assert_at_rest();
}

#[tokio::test]
async fn a_config_that_does_not_load_says_why() {
    let place = Place::with_litellm().await;
    let source = place.config(
        "model_list:\n  - model_name: mine\n    litellm_params: {model: openai/gpt-4o, api_key: sk-canary-4711-4711\n",
    );
    let error = proxy::start(&place.home, source, &Options::default(), |_| ()).await.unwrap_err();
    let Error::Died { status, last_lines, .. } = &error else { panic!("{error:?}") };
    assert_eq!(status, "exit status: 1");
    let last = last_lines.last().unwrap();
    assert!(last.contains("mine.yaml") && last.contains("line 4"), "{last_lines:?}");
    assert!(!format!("{error}{error:?}").contains("canary"), "{error}");
    place.assert_at_rest();
}

#[tokio::test]
async fn a_start_that_is_given_up_leaves_nothing_behind() {
    let place = Place::with_litellm().await;
    let (began, options) = (tokio::sync::Notify::new(), Options::default());
    let mut start = Box::pin(proxy::start(&place.home, Source::Demo, &options, |_| began.notify_one()));
    tokio::select! {
        outcome = &mut start => panic!("{outcome:?}"),
        () = began.notified() => {}
    }
    // Alive and recorded, but not yet running as far as anyone else is told.
    let record: Value = serde_json::from_slice(&fs::read(place.path("litellm/proxy.json")).unwrap()).unwrap();
    assert_eq!(proxy::running(&place.home), None);
    let is_alive = || {
        let pid = record["pid"].to_string();
        std::process::Command::new("kill").args(["-0", &pid]).output().unwrap().status.success()
    };
    assert!(is_alive());
    drop(start);
    place.assert_at_rest();
    while is_alive() {
        // The runtime buries the child on its next turns.
        tokio::task::yield_now().await;
    }
}
