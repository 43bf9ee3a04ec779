//! A server that may open no more files says so, wherever it would open one, and goes on when it may again.

use std::fs;

use litellm_ls::Door;
use litellm_ls_protocol::{CheckName, ErrorKind, Outcome, StatusResult};
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy},
    server::TestServer,
    session::parsed,
};

const SAID: &str = "too many open files";

/// Lets a server have so many files open, whatever it has.
fn limit(server: &TestServer, files: u64) {
    let pid = server.pid().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?)).expect("a process");
    let limit = Rlimit { current: Some(files), maximum: Some(1024) };
    prlimit(Some(pid), Resource::Nofile, limit).expect("a limit");
}

fn check(status: &StatusResult, name: CheckName) -> (Outcome, &str) {
    let check = status.checks.iter().find(|check| check.name == name).expect("a check");
    (check.outcome, &check.message)
}

#[test]
fn whoever_may_open_next_to_nothing_is_told_so() {
    for files in 4..12 {
        let mut shell = std::process::Command::new("sh");
        let line = format!("ulimit -n {files}; exec \"$0\" --transport lines");
        shell.args(["-c", &line, env!("CARGO_BIN_EXE_litellm-ls")]).stdin(std::process::Stdio::null());
        let ran = shell.output().unwrap();
        let told = String::from_utf8(ran.stderr).unwrap();
        assert!(
            !told.contains("defect") && ran.status.code().is_some_and(|code| code < 2),
            "{files}: {told}"
        );
        assert!(ran.status.success() || told.to_lowercase().contains(SAID), "{files}: {told}");
    }
}

#[tokio::test]
async fn what_can_not_be_opened_is_told_as_that_and_not_as_what_it_looks_like() {
    let fake = FakeProxy::start().await;
    let home = tempfile::tempdir().unwrap();
    let (file, key) = (home.path().join("settings.toml"), home.path().join("key"));
    fs::write(&file, "[profiles.default]\nmodel = \"gpt\"\n").unwrap();
    fs::write(&key, "sk-file").unwrap();
    let file_name = file.display().to_string();
    let variables = [("LITELLM_LS_SETTINGS", &*file_name), ("LITELLM_BASE_URL", &fake.url())];
    let mut server = TestServer::process(Door::Lines, &variables);
    let profile = |name: &str, key: &str| json!({"profile": name, "activate": false, "baseUrl": fake.url(), "apiKey": key, "verify": false});
    for (name, key) in [("literal", "sk-fake".to_owned()), ("file", format!("file:{}", key.display()))] {
        server.ask("provider/configure", profile(name, &key)).await;
    }
    server.ask("provider/configure", profile("command", "cmd:echo sk-fake")).await;

    // Fewer than it has.
    limit(&server, 3);
    let wish = |name: &str| json!({"profile": name, "model": "gpt", "prompt": "hi"});
    for (name, kind) in [
        ("literal", ErrorKind::Busy),
        ("command", ErrorKind::NotConfigured),
        ("file", ErrorKind::NotConfigured),
    ] {
        let error = server.call("provider/complete", wish(name)).await.expect_err(name);
        assert_eq!(error["data"]["kind"], json!(kind), "{name}: {error}");
        assert!(error["message"].as_str().is_some_and(|message| message.contains(SAID)), "{name}: {error}");
        assert!(error["data"]["remedy"].as_str().is_some_and(|remedy| remedy.contains("ulimit")), "{error}");
    }
    fs::write(&file, "[profiles.default]\nmodel = \"another\"\n").unwrap();
    let status: StatusResult = parsed(server.ask("provider/status", json!({"profile": "literal"})).await);
    for name in [CheckName::Settings, CheckName::Connect] {
        let (outcome, message) = check(&status, name);
        assert!(outcome == Outcome::Failed && message.contains(SAID), "{name:?}: {message}");
    }

    limit(&server, 1024);
    fake.on("POST /v1/chat/completions").always(Answer::stream().text("hello").finish("stop").done());
    for name in ["literal", "command", "file"] {
        let answer = server.ask("provider/complete", wish(name)).await;
        assert_eq!(answer["message"]["text"], "hello", "{name}");
    }
    let status: StatusResult = parsed(server.ask("provider/status", json!({"profile": "default"})).await);
    assert_eq!(status.default_model.as_deref(), Some("another"), "the settings are read after all");
    server.abandon();
}

/// What was not read is not written over: what is marked meanwhile is added to what was marked before.
#[tokio::test]
async fn what_can_not_be_read_is_not_lost() {
    let fake = FakeProxy::start().await;
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("settings.toml").display().to_string();
    let variables = [("LITELLM_LS_SETTINGS", &*file), ("LITELLM_BASE_URL", &fake.url())];
    let mut server = TestServer::process(Door::Lines, &variables);
    let mark = |model: &str| json!({"model": model, "favourite": true});
    server.ask("provider/markModel", mark("one")).await;
    limit(&server, 3);
    let _: Result<Value, Value> = server.call("provider/markModel", mark("two")).await;
    limit(&server, 1024);
    server.ask("provider/markModel", mark("three")).await;
    server.abandon();
    let kept: String = fs::read_dir(home.path())
        .unwrap()
        .filter_map(|entry| fs::read_to_string(entry.unwrap().path()).ok())
        .collect();
    assert!(kept.contains("one") && kept.contains("three"), "{kept}");
}
