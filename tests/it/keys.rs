//! Keys that a command prints: run when they are needed, kept until a proxy refuses them, and in nobody's way.

use std::{fs, path::Path};

use litellm_ls::Door;
use litellm_ls_protocol::ErrorKind;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy, Request},
    server::TestServer,
};

/// Answers who has this key, and refuses all others as LiteLLM does.
fn only(key: &'static str, answer: Answer) -> impl Fn(&Request) -> Answer {
    move |request| {
        if request.header("authorization") == Some(&format!("Bearer {key}")) {
            return answer.clone();
        }
        let error =
            json!({"message": "Authentication Error", "type": "auth_error", "param": "None", "code": "401"});
        Answer::json(401, &json!({"error": error}))
    }
}

/// A proxy that takes `sk-new` alone.
async fn proxy() -> FakeProxy {
    let fake = FakeProxy::start().await;
    let models = json!({"data": [{"model_name": "gpt", "model_info": {"mode": "chat"}}]});
    let chat = Answer::stream().text("hello").finish("stop").done();
    fake.on("GET /v1/model/info").always_with(only("sk-new", Answer::json(200, &models)));
    fake.on("GET /v1/models")
        .always_with(only("sk-new", Answer::json(200, &json!({"data": [{"id": "gpt"}]}))));
    fake.on("POST /v1/chat/completions").always_with(only("sk-new", chat));
    fake.on("POST /utils/token_counter")
        .always_with(only("sk-new", Answer::json(200, &json!({"total_tokens": 7}))));
    fake
}

/// A command that prints the text of `key`, and writes down that it ran.
fn command(folder: &Path) -> String {
    let script = folder.join("key.sh");
    let (key, runs) = (folder.join("key"), folder.join("runs"));
    fs::write(&script, format!("echo run >> '{}'\ncat '{}'\n", runs.display(), key.display())).unwrap();
    format!("cmd:sh '{}'", script.display())
}

fn runs(folder: &Path) -> usize {
    fs::read_to_string(folder.join("runs")).unwrap_or_default().lines().count()
}

#[tokio::test]
async fn a_command_runs_when_its_key_is_needed_and_again_when_the_key_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (method, params) in [
        ("provider/listModels", json!({})),
        ("provider/complete", json!({"model": "gpt", "prompt": "hello"})),
        ("provider/countTokens", json!({"model": "gpt", "prompt": "hello"})),
    ] {
        let fake = proxy().await;
        let mut server = TestServer::memory(Door::Lines, &[("LITELLM_BASE_URL", &fake.url())]);
        fs::write(folder.join("key"), "sk-new\n").unwrap();
        let _ = fs::remove_file(folder.join("runs"));
        server.ask("provider/configure", json!({"apiKey": command(folder), "verify": false})).await;
        assert_eq!(runs(folder), 0, "nothing needs the key yet");
        for _ in 0..3 {
            server.ask(method, params.clone()).await;
        }
        assert_eq!(runs(folder), 1, "{method}");

        let mut server = TestServer::memory(Door::Lines, &[("LITELLM_BASE_URL", &fake.url())]);
        fs::write(folder.join("key"), "sk-old").unwrap();
        server.ask("provider/configure", json!({"apiKey": command(folder), "verify": false})).await;
        let refused = server.call(method, params.clone()).await;
        assert_eq!(runs(folder), 3, "{method}: once, and once more for the key was refused");
        if method != "provider/countTokens" {
            assert_eq!(refused.unwrap_err()["data"]["kind"], "unauthorized");
            assert_eq!(server.told_state().await, "unauthorized");
        }
        fs::write(folder.join("key"), "sk-new").unwrap();
        let answer = server.ask(method, params.clone()).await;
        assert_eq!(runs(folder), 4, "{method}: {answer}");
        if method != "provider/countTokens" {
            assert_eq!(server.told_state().await, "ready");
        }
        match method {
            "provider/listModels" => assert_eq!(answer["models"][0]["id"], "gpt"),
            "provider/complete" => assert_eq!(answer["message"]["text"], "hello"),
            _ => assert_eq!(answer["source"], "proxy"),
        }
    }
}

#[tokio::test]
async fn a_slow_command_holds_nobody_up_and_can_be_cancelled() {
    let fake = proxy().await;
    let folder = tempfile::tempdir().unwrap();
    let (pid, go) = (folder.path().join("pid"), folder.path().join("go"));
    let slow = format!(
        "cmd:sh -c 'echo $$ > {}; while [ ! -e {} ]; do sleep 0.02; done; echo sk-new'",
        pid.display(),
        go.display()
    );
    let mut server = TestServer::memory(Door::Lines, &[("LITELLM_BASE_URL", &fake.url())]);
    server
        .ask(
            "provider/configure",
            json!({"profile": "quick", "apiKey": "sk-new", "baseUrl": fake.url(), "verify": false}),
        )
        .await;
    server
        .ask(
            "provider/configure",
            json!({"profile": "slow", "apiKey": slow, "baseUrl": fake.url(), "verify": false}),
        )
        .await;

    let waiting = server.request("provider/complete", json!({"model": "gpt", "prompt": "x"})).await;
    let chat = json!({"profile": "quick", "model": "gpt", "prompt": "x"});
    assert_eq!(server.ask("provider/complete", chat).await["message"]["text"], "hello");
    while fs::read_to_string(&pid).unwrap_or_default().is_empty() {
        tokio::task::yield_now().await;
    }
    server.notify("$/cancelRequest", json!({"id": waiting})).await;
    assert_eq!(server.response(waiting).await.unwrap_err()["code"], -32800);
    let ran = fs::read_to_string(&pid).unwrap().trim().to_owned();
    let alive = || fs::read_to_string(format!("/proc/{ran}/stat")).is_ok_and(|stat| !stat.contains(") Z "));
    while cfg!(target_os = "linux") && alive() {
        tokio::task::yield_now().await;
    }

    let waiting = server.request("provider/complete", json!({"model": "gpt", "prompt": "x"})).await;
    fs::write(&go, "").unwrap();
    assert_eq!(server.response(waiting).await.unwrap()["message"]["text"], "hello");
}

#[tokio::test]
async fn a_command_that_fails_is_a_check_that_fails() {
    let fake = proxy().await;
    let mut server = TestServer::memory(Door::Lines, &[("LITELLM_BASE_URL", &fake.url())]);
    let configured =
        server.ask("provider/configure", json!({"apiKey": "cmd:false sk-secret", "verify": true})).await;
    let status = &configured["status"];
    assert_eq!(status["state"], "unauthorized");
    let checks = status["checks"].as_array().unwrap();
    let key: &Value = checks.iter().find(|check| check["name"] == "key").unwrap();
    assert_eq!(key["outcome"], "failed");
    assert_eq!(key["message"], "`apiKey` can't be used: the key command false failed");
    assert_eq!(key["remedy"], "run it in a terminal and mend what it says there");
    assert_eq!(server.told_state().await, "unauthorized");
    let error = server.fails("provider/listModels", json!({}), ErrorKind::NotConfigured).await;
    assert!(!format!("{configured} {error:?}").contains("sk-secret"));
    server.fails("provider/configure", json!({"apiKey": "cmd:'false"}), ErrorKind::InvalidParams).await;
}

#[tokio::test]
async fn where_there_is_no_keyring_the_error_says_what_else_there_is() {
    let nowhere = ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all");
    let mut server = TestServer::process(Door::Lines, &[nowhere]);
    let settings = json!({"apiKey": "keyring:no key of this name", "verify": false});
    server.ask("provider/configure", settings).await;
    let error = server.fails("provider/listModels", json!({}), ErrorKind::NotConfigured).await;
    let other_way = ["env:NAME", "store-key"].iter().any(|way| error.remedy.as_ref().unwrap().contains(way));
    assert!(other_way, "{error:?}");
    server.end().await;
}
