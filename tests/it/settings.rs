//! The settings file while others hold it, break it or may write it; and what a status says of it.

use std::{
    fs::{self, File},
    path::PathBuf,
};

use litellm_ls::Door;
use litellm_ls_protocol::{CheckName, ErrorKind, Outcome, State, StatusResult};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::{
    fake_proxy::{Answer, FakeProxy},
    server::TestServer,
    session::{parsed, with},
};

/// A folder for the settings of one user.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self) -> PathBuf {
        self.path("settings.toml")
    }

    /// A server with these settings, whose environment names a proxy or none.
    fn server(&self, base_url: &str) -> TestServer {
        let file = self.file().display().to_string();
        TestServer::process(Door::Lines, &[("LITELLM_LS_SETTINGS", &file), ("LITELLM_BASE_URL", base_url)])
    }
}

async fn status(server: &mut TestServer) -> StatusResult {
    parsed(server.ask("provider/status", json!({})).await)
}

fn outcome(status: &StatusResult, name: CheckName) -> Outcome {
    status.checks.iter().find(|check| check.name == name).unwrap().outcome
}

async fn model(server: &mut TestServer) -> Value {
    server.ask("provider/configure", json!({"verify": false})).await["settings"]["model"].clone()
}

#[tokio::test]
async fn who_holds_the_lock_keeps_nobody_waiting_and_the_order_stays() {
    let home = Home::new();
    let mut server = home.server("http://127.0.0.1:9");
    let lock = File::create(home.path("settings.lock")).unwrap();
    lock.lock().unwrap();
    let persist = |model: &str| json!({"model": model, "persist": true, "verify": false});
    let first = server.request("provider/configure", persist("m1")).await;
    let second = server.request("provider/configure", persist("m2")).await;
    // It is answered while both wait, and sees what the messages before it said.
    assert_eq!(model(&mut server).await, json!({"value": "m2", "origin": "configure"}));
    let cancelled = server.request("provider/configure", persist("m3")).await;
    server.notify("$/cancelRequest", json!({"id": cancelled})).await;
    assert_eq!(server.response(cancelled).await.unwrap_err()["code"], -32800);
    assert_eq!(model(&mut server).await["value"], "m2");
    lock.unlock().unwrap();
    for request in [first, second] {
        server.response(request).await.unwrap();
    }
    assert_eq!(model(&mut server).await, json!({"value": "m2", "origin": "settingsFile"}));
    assert!(fs::read_to_string(home.file()).unwrap().contains("model = \"m2\""));
    server.end().await;
}

#[tokio::test]
async fn a_broken_settings_file_is_a_failing_check_though_another_layer_names_the_proxy() {
    let fake = FakeProxy::start().await;
    let home = Home::new();
    fs::write(home.file(), "[profiles.default]\nmodel = \n").unwrap();
    let mut server = home.server(&fake.url());
    let broken = status(&mut server).await;
    assert_eq!((broken.state, broken.reachable), (State::Failed, true), "{broken:?}");
    let check = &broken.checks[0];
    assert_eq!((check.name, check.outcome), (CheckName::Settings, Outcome::Failed));
    assert!(
        check.message.contains("line 2") && check.remedy.as_ref().unwrap().contains("none of its settings")
    );
    fs::write(home.file(), "[profiles.default]\nmodel = \"m\"\n").unwrap();
    assert_eq!(outcome(&status(&mut server).await, CheckName::Settings), Outcome::Ok);
    fs::write(home.file(), "[profiles.default]\ntimeouts = 7\n").unwrap();
    assert_eq!(outcome(&status(&mut server).await, CheckName::Settings), Outcome::Warning);
    server.abandon();
}

#[cfg(unix)]
#[tokio::test]
async fn a_settings_file_that_others_may_write_or_that_is_none_is_said_and_not_obeyed() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let fake = FakeProxy::start().await;
    for what in ["writable", "pipe", "circle", "folder", "large"] {
        let home = Home::new();
        let file = home.file();
        let settings = "[profiles.default]\nmodel = \"evil\"\n";
        match what {
            "writable" => {
                fs::write(&file, settings).unwrap();
                fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
            }
            "pipe" => assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success()),
            "circle" => symlink(&file, &file).unwrap(),
            "folder" => fs::create_dir(&file).unwrap(),
            _ => fs::write(&file, settings.to_owned() + &"# much\n".repeat(50_000)).unwrap(),
        }
        let mut server = home.server(&fake.url());
        assert_eq!(model(&mut server).await, Value::Null, "{what}");
        assert_eq!(outcome(&status(&mut server).await, CheckName::Settings), Outcome::Failed, "{what}");
        let persist = json!({"model": "m", "persist": true, "verify": false});
        let refused = server.fails("provider/configure", persist, ErrorKind::InvalidParams).await;
        assert_eq!(refused.problems[0].path, "persist", "{what}");
        if what == "writable" {
            fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
            assert_eq!(model(&mut server).await["value"], "evil", "what was mended is obeyed");
        }
        server.abandon();
    }
}

#[tokio::test]
async fn settings_that_can_not_be_used_are_a_status_too() {
    let mut server = with("ftp://nowhere.example", "sk");
    let told = server.ask("provider/status", json!({})).await;
    assert!(told.get("baseUrl").is_none(), "what is not known is absent: {told}");
    assert_eq!(server.told_state().await, "failed");
    let broken = status(&mut server).await;
    assert_eq!((broken.state, broken.reachable), (State::Failed, false));
    assert_eq!(outcome(&broken, CheckName::Settings), Outcome::Failed);
    assert_eq!(outcome(&broken, CheckName::Reachable), Outcome::Skipped);
    server.fails("provider/status", json!({"profile": "none"}), ErrorKind::NotConfigured).await;
    server.end().await;
}

#[tokio::test]
async fn what_is_no_litellm_is_never_ready_though_the_settings_name_models() {
    let page = || Answer::whole(404, "text/html", "<html>Not found</html>");
    for (kind, state) in [("litellm", State::Failed), ("openaiCompatible", State::Degraded)] {
        let fake = FakeProxy::start().await;
        for route in
            ["GET /health/liveliness", "GET /v1/model/info", "GET /model_group/info", "GET /v1/models"]
        {
            fake.on(route).always(page());
        }
        let mut server = with(&fake.url(), "sk");
        let set_up = server.ask("provider/configure", json!({"model": "m", "kind": kind})).await;
        let status: StatusResult = parsed(set_up["status"].clone());
        assert_eq!(status.state, state, "{kind}: {:?}", status.checks);
        assert_eq!(outcome(&status, CheckName::Server) == Outcome::Failed, state == State::Failed, "{kind}");
        server.abandon();
    }
}

/// What a file names that can't be read is not known: no text goes to the built-in address in its place, and settings can be set
/// all the same.
#[tokio::test]
async fn no_text_goes_to_the_built_in_address_while_the_file_cannot_be_read() {
    let mut server = TestServer::memory(Door::Lines, &[]);
    std::fs::write(server.home().path().join("settings.toml"), "[profiles.default]\nmodel = 1\nmodel = 2\n")
        .unwrap();
    let configured = server.call("provider/configure", json!({"model": "m"})).await.unwrap();
    assert!(configured["warnings"][0].as_str().unwrap().contains("settings.toml"), "{configured}");
    for method in ["provider/complete", "provider/countTokens"] {
        let error = server.call(method, json!({"model": "m", "prompt": "secret"})).await.unwrap_err();
        assert_eq!(error["data"]["kind"], "notConfigured", "{method}: {error}");
    }
    server.abandon();
}

/// A file that has profiles and does not say which is active: the only one is, and of several none is guessed at.
#[tokio::test]
async fn a_question_goes_to_a_profile_of_the_file_and_not_to_the_built_in_address() {
    let fake = crate::support::fake_proxy::FakeProxy::start().await;
    let profile = |name: &str| format!("[profiles.{name}]\nbaseUrl = \"{}\"\nmodel = \"gpt\"\n", fake.url());
    for (text, is_asked) in [
        (profile("work"), true),
        (profile("work") + &profile("home"), false),
        (profile("work") + &profile("default"), true),
        (format!("active = \"home\"\n{}{}", profile("work"), profile("home")), true),
    ] {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(home.path().join(".config/litellm-ls")).unwrap();
        std::fs::write(home.path().join(".config/litellm-ls/settings.toml"), &text).unwrap();
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_litellm-ls"));
        command
            .args(["complete", "hi"])
            .env_clear()
            .env("HOME", home.path())
            .stdin(std::process::Stdio::null());
        let ran = command.output().await.unwrap();
        let said = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.success(), is_asked, "{text}: {said}");
        assert!(is_asked || said.contains("none of its profiles active"), "{text}: {said}");
    }
}
