//! How a proxy is started: on which port, by which LiteLLM, with which key, and for how long. What stands for LiteLLM
//! starts at once; the launcher is the real one.
#![cfg(unix)]

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use litellm_ls::{
    Environment,
    proxy::{self, Choice, Error, Home, Options, Record, Source, Started},
    supervise::Plan,
};
use tempfile::TempDir;

use crate::support::{stub_litellm, user::User};

const TEXT: &str =
    "model_list:\n  - model_name: one\n    litellm_params: {model: openai/gpt-4o, api_key: x}\n";

struct Place {
    folder: TempDir,
    home: Home,
    litellm: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let litellm = stub_litellm::make(&folder.path().join("venv"), "1.99.0");
        Self { home: Home::open(folder.path().join("data")), folder, litellm }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn config(&self, text: &str) -> Source {
        fs::write(self.path("config.yaml"), text).expect("a file");
        Source::Config(self.path("config.yaml"))
    }

    fn options(&self) -> Options {
        Options { litellm: Choice::At(self.litellm.clone()), ..Options::default() }
    }

    async fn start(&self, source: Source, options: &Options) -> Result<Started, Error> {
        proxy::start(&self.home, source, options, |_| ()).await
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

fn models(record: &Record) -> String {
    let file = record.api_key.as_deref().and_then(|key| key.strip_prefix("file:")).expect("a key");
    let key = fs::read_to_string(file).expect("a key");
    let mut stream = TcpStream::connect(("127.0.0.1", record.port)).expect("a proxy");
    write!(stream, "GET /v1/models HTTP/1.0\r\nAuthorization: Bearer {key}\r\n\r\n").expect("to ask");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

/// Waits until a process is gone: it is no child of ours, or one that the runtime buries.
async fn gone(home: &Home) {
    while proxy::running(home).is_some() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_users_own_litellm_runs_on_the_port_that_is_asked_for_and_again_at_once() {
    let place = Place::new();
    let source = place.config(TEXT);
    let started = place.start(source.clone(), &place.options()).await.unwrap();
    let record = started.record;
    assert_eq!((record.version.as_str(), record.environment.clone()), ("1.99.0", Some(place.path("venv"))));
    assert!(record.stays && started.hold.is_none());
    // A connection that the proxy closes first keeps its port for a minute, but for a proxy of the same port.
    assert!(models(&record).contains("one"));

    let environment = Environment::new(Default::default(), None);
    let plan = Plan::again(&record, &environment);
    let again = place.start(source.clone(), &plan.options).await.unwrap();
    assert!(!again.was_running && again.record.port == record.port && again.record.pid() != record.pid());
    assert!(models(&again.record).contains("one"));
    proxy::stop(&place.home).await.unwrap();

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let refused = place.start(source, &Options { port: Some(port), ..place.options() }).await.unwrap_err();
    assert!(refused.to_string().starts_with(&format!("port {port} can't be had (")), "{refused}");
    assert!(!place.path("data/litellm/proxy.json").exists());
}

#[tokio::test]
async fn a_proxy_that_does_not_stay_ends_with_whoever_holds_it() {
    let place = Place::new();
    let options = Options { stays: false, ..place.options() };
    let started = place.start(place.config(TEXT), &options).await.unwrap();
    assert!(started.hold.is_some() && !started.record.stays);
    assert!(proxy::running(&place.home).is_some());
    drop(started.hold);
    gone(&place.home).await;
}

#[tokio::test]
async fn a_key_that_the_file_sets_is_the_key_of_the_record() {
    let place = Place::new();
    fs::write(place.path(".env"), "OWN=sk-beside\n").unwrap();
    for (written, key) in [("sk-of-the-file", "sk-of-the-file"), ("os.environ/OWN", "sk-beside")] {
        let source = place.config(&format!("{TEXT}general_settings:\n  master_key: {written}\n"));
        let plan = Plan::of(&source, &Environment::new(Default::default(), None));
        let options = Options { litellm: place.options().litellm, ..plan.options };
        assert_eq!((plan.deployments, options.key.as_deref()), (Some(1), Some(key)));
        assert!(!format!("{options:?}").contains(key));
        let started = place.start(source, &options).await.unwrap();
        assert!(started.warnings.is_empty(), "{:?}", started.warnings);
        assert!(models(&started.record).contains("one"));
        assert!(!fs::read_to_string(place.path("data/litellm/proxy.json")).unwrap().contains(key));
        proxy::stop(&place.home).await.unwrap();
    }
}

#[tokio::test]
async fn an_edit_of_an_included_file_is_an_edit() {
    let place = Place::new();
    fs::write(place.path("more.yaml"), "model_list: []\n").unwrap();
    let source = place.config(&format!("include: [more.yaml]\n{TEXT}"));
    let plan = Plan::of(&source, &Environment::new(Default::default(), None));
    let options = Options { litellm: place.options().litellm, ..plan.options };
    let started = place.start(source, &options).await.unwrap();
    assert!(!started.record.is_edited());
    fs::write(place.path("more.yaml"), "model_list: [] # edited\n").unwrap();
    assert!(proxy::running(&place.home).unwrap().is_edited());
    proxy::stop(&place.home).await.unwrap();
}

/// A compromised version runs its code with whatever its Python does: it is known without running anything.
#[test]
fn which_litellm_is_found_and_which_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::open(folder.path().join("data"));
    let path = |name: &str| folder.path().join(name);
    let find = |path: &Path| proxy::find(&home, &Choice::At(path.to_owned()));
    let program = stub_litellm::make(&path("good"), "1.99.0");
    symlink(&program, path("litellm")).unwrap();
    for named in [path("good"), program.clone(), program.with_file_name("python"), path("litellm")] {
        let found = find(&named).unwrap();
        assert_eq!((found.version.as_str(), found.place), ("1.99.0", Some(path("good"))), "{named:?}");
    }
    for version in ["1.82.7", "1.82.8", "1.107.2"] {
        let bad = stub_litellm::make(&path(version), version);
        // It would say that it was run.
        fs::remove_file(bad.with_file_name("python")).unwrap();
        fs::write(bad.with_file_name("python"), "").unwrap();
        let refused = find(&bad).unwrap_err();
        assert!(matches!(&refused, Error::Compromised(said) if said == version), "{refused}");
    }
    fs::create_dir(path("empty")).unwrap();
    assert!(matches!(find(&path("empty")), Err(Error::NoLitellmThere(_))));
    assert!(matches!(find(&path("nowhere")), Err(Error::NoLitellmThere(_))));
    let packages = fs::read_dir(path("good/lib")).unwrap().next().unwrap().unwrap().path();
    fs::remove_dir_all(packages.join("site-packages/fastapi")).unwrap();
    assert!(matches!(find(&path("good")), Err(Error::NoProxyThere(_))));
    assert!(matches!(proxy::find(&home, &Choice::Pinned), Err(Error::NotInstalled)));
}

/// The same by people who type it.
#[tokio::test]
async fn commands_restart_print_the_log_and_uninstall() {
    let mut user = User::of("", "");
    let data = user.home.path().join("data");
    user.variables = vec![("LITELLM_LS_DATA_DIR", data.display().to_string())];
    stub_litellm::make(&user.home.path().join("venv"), "1.99.0");
    let home = Home::open(data.clone());
    user.file("config.yaml", &format!("{TEXT}# log: LiteLLM read api_key: abcdefgh\n"));
    for (arguments, said) in [
        (&["proxy", "restart"][..], "no proxy runs"),
        (&["proxy", "start", "--key", "sk-typed-by-mistake", "--model", "openai/x"], "give env:NAME"),
        (&["proxy", "start", "--port", "0"], "0"),
        (&["proxy", "start", "--litellm", "nowhere"], "no virtual environment with LiteLLM"),
    ] {
        let refused = user.run(arguments).await;
        assert!(refused.code != 0 && refused.err.contains(said), "{arguments:?}: {refused:?}");
    }
    let start = ["proxy", "start", "--config", "config.yaml", "--litellm", "venv"];
    let started = user.run(&start).await;
    assert!(started.code == 0 && started.out.starts_with("LiteLLM 1.99.0 is ready at "), "{started:?}");
    let first = proxy::running(&home).unwrap();
    let restarted = user.run(&["proxy", "restart"]).await;
    assert!(restarted.out.contains(&format!("is ready at {}", first.base_url)), "{restarted:?}");
    assert_ne!(proxy::running(&home).unwrap().pid(), first.pid());
    let logs = user.run(&["proxy", "logs"]).await;
    assert_eq!(logs.out, "LiteLLM read api_key: …\n", "{logs:?}");
    let refused = user.run(&["proxy", "uninstall"]).await;
    assert!(refused.err.contains("stop it with `litellm-ls proxy stop`"), "{refused:?}");
    assert!(user.run(&["proxy", "stop"]).await.out.starts_with("Stopped the proxy at "));
    fs::create_dir(data.join("litellm/venv")).unwrap();
    fs::write(data.join("litellm/venv/big"), vec![0; 2_500_000]).unwrap();
    assert_eq!(user.run(&["proxy", "uninstall"]).await.out, "Removed LiteLLM: 2 MB.\n");
    assert_eq!(user.run(&["proxy", "uninstall"]).await.out, "LiteLLM is not installed here.\n");
    assert!(user.home.path().join("venv").exists());
}
