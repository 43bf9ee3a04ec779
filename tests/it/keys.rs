//! Keys that a command prints: run when they are needed, kept until a proxy refuses them, and in nobody's way.

use std::{fs, path::Path};

use litellm_ls::Door;
use litellm_ls_protocol::ErrorKind;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy, Request},
    server::TestServer,
    user::User,
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
    let (key, runs) = (folder.join("key"), folder.join("runs"));
    let (key, runs) = (key.display(), runs.display());
    let (shell, script, text) = if cfg!(windows) {
        ("cmd /c", folder.join("key.cmd"), format!("@echo run>> \"{runs}\"\r\n@type \"{key}\"\r\n"))
    } else {
        ("sh", folder.join("key.sh"), format!("echo run >> '{runs}'\ncat '{key}'\n"))
    };
    fs::write(&script, text).unwrap();
    format!("cmd:{shell} '{}'", script.display())
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

// What waits is a line of a shell.
#[cfg(unix)]
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
    let [program, fails] = if cfg!(windows) { ["cmd", "/c exit 1"] } else { ["false", ""] };
    let key = format!("cmd:{program} {fails} sk-secret");
    let configured = server.ask("provider/configure", json!({"apiKey": key, "verify": true})).await;
    let status = &configured["status"];
    assert_eq!(status["state"], "unauthorized");
    let checks = status["checks"].as_array().unwrap();
    let key: &Value = checks.iter().find(|check| check["name"] == "key").unwrap();
    assert_eq!(key["outcome"], "failed");
    assert_eq!(key["message"], format!("`apiKey` can't be used: the key command {program} failed"));
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

#[tokio::test]
async fn a_key_file_is_read_again_where_it_has_changed() {
    let fake = proxy().await;
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    let chat = json!({"model": "gpt", "prompt": "hello"});
    fs::write(&key, "sk-new\n").unwrap();
    let mut server = TestServer::memory(Door::Lines, &[("LITELLM_BASE_URL", &fake.url())]);
    let settings = json!({"apiKey": format!("file:{}", key.display()), "verify": false});
    server.ask("provider/configure", settings).await;
    assert_eq!(server.ask("provider/complete", chat.clone()).await["message"]["text"], "hello");
    fs::write(&key, "sk-old").unwrap();
    let refused = server.call("provider/complete", chat.clone()).await.unwrap_err();
    assert_eq!(refused["data"]["kind"], "unauthorized");
    assert_eq!(server.told_state().await, "unauthorized");
    // By another file in its place, as `mv` and Kubernetes do it.
    fs::write(folder.path().join("next"), "\"sk-new\"").unwrap();
    fs::rename(folder.path().join("next"), &key).unwrap();
    assert_eq!(server.ask("provider/complete", chat.clone()).await["message"]["text"], "hello");
    assert_eq!(server.told_state().await, "ready");
    fs::remove_file(&key).unwrap();
    let gone = server.fails("provider/complete", chat, ErrorKind::NotConfigured).await;
    assert!(format!("{gone:?}").contains("file"), "{gone:?}");
}

#[tokio::test]
async fn a_key_copied_with_more_than_the_key_is_mended_and_said() {
    let fake = proxy().await;
    for (given, said) in [
        ("Bearer sk-new", Some("the word Bearer")),
        ("bearer: sk-new", Some("the word Bearer")),
        ("\"sk-new\"", Some("quotation marks")),
        ("“Bearer sk-new”", Some("quotation marks and the word Bearer")),
        ("sk-\u{200b}new\u{feff}", Some("invisible characters")),
        ("sk-new\r\n", None),
    ] {
        let mut server = TestServer::memory(Door::Lines, &[("LITELLM_BASE_URL", &fake.url())]);
        let configured = server.ask("provider/configure", json!({"apiKey": given, "verify": false})).await;
        let warnings = configured["warnings"].to_string();
        match said {
            Some(said) => assert!(warnings.contains(said), "{given:?}: {configured}"),
            None => assert!(!warnings.contains("the key"), "{given:?}: {configured}"),
        }
        let answer = server.ask("provider/complete", json!({"model": "gpt", "prompt": "hello"})).await;
        assert_eq!(answer["message"]["text"], "hello", "{given:?}");
    }
    let mut server = TestServer::memory(Door::Lines, &[("LITELLM_BASE_URL", &fake.url())]);
    let refused =
        server.fails("provider/configure", json!({"apiKey": "KEYRING:work"}), ErrorKind::InvalidParams).await;
    assert!(format!("{refused:?}").contains("keyring:"), "{refused:?}");
}

// What waits is a line of a shell.
#[cfg(unix)]
#[tokio::test]
async fn a_command_that_fails_runs_once_for_all_who_wait() {
    let fake = proxy().await;
    let folder = tempfile::tempdir().unwrap();
    let (runs, go) = (folder.path().join("runs"), folder.path().join("go"));
    let failing = format!(
        "cmd:sh -c 'echo run >> {}; while [ ! -e {} ]; do sleep 0.02; done; exit 3'",
        runs.display(),
        go.display()
    );
    let mut server = TestServer::memory(Door::Lines, &[("LITELLM_BASE_URL", &fake.url())]);
    let configure = |name: &str, key: &str| json!({"profile": name, "apiKey": key, "baseUrl": fake.url(), "verify": false});
    server.ask("provider/configure", configure("quick", "sk-new")).await;
    server.ask("provider/configure", configure("failing", &failing)).await;
    let mut waiting = Vec::new();
    for _ in 0..5 {
        waiting.push(server.request("provider/complete", json!({"model": "gpt", "prompt": "x"})).await);
    }
    // What is answered now was read after all of them.
    server.ask("provider/complete", json!({"profile": "quick", "model": "gpt", "prompt": "x"})).await;
    fs::write(&go, "").unwrap();
    for id in waiting {
        assert_eq!(server.response(id).await.unwrap_err()["data"]["kind"], "notConfigured");
    }
    assert_eq!(fs::read_to_string(&runs).unwrap().lines().count(), 1);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_command_ends_with_a_server_that_is_killed() {
    let fake = proxy().await;
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("pid");
    let endless =
        format!("cmd:sh -c 'echo $$ > {0}.new; mv {0}.new {0}; while :; do sleep 0.1; done'", note.display());
    let mut server = TestServer::process(Door::Lines, &[("LITELLM_BASE_URL", &fake.url())]);
    server.ask("provider/configure", json!({"apiKey": endless, "verify": false})).await;
    server.request("provider/complete", json!({"model": "gpt", "prompt": "x"})).await;
    while !note.exists() {
        tokio::task::yield_now().await;
    }
    let pid = server.pid().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-KILL", &pid]).status().unwrap().success());
    server.killed().await;
    let command = fs::read_to_string(&note).unwrap().trim().to_owned();
    let alive =
        || fs::read_to_string(format!("/proc/{command}/stat")).is_ok_and(|stat| !stat.contains(") Z "));
    while alive() {
        tokio::task::yield_now().await;
    }
    server.abandon();
}

/// Whether the memory of a process holds a text. Root alone may look.
#[cfg(target_os = "linux")]
fn remembers(pid: u32, text: &[u8]) -> bool {
    use std::io::{Read, Seek, SeekFrom};
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let mut memory = fs::File::open(format!("/proc/{pid}/mem")).unwrap();
    maps.lines().any(|line| {
        let mut words = line.split_whitespace();
        let (from, to) = words.next().unwrap().split_once('-').unwrap();
        let (from, to) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
        if !words.next().unwrap().starts_with("rw") || memory.seek(SeekFrom::Start(from)).is_err() {
            return false;
        }
        let mut piece = Vec::new();
        let _ = (&memory).take(to - from).read_to_end(&mut piece);
        piece.windows(text.len()).any(|window| window == text)
    })
}

/// Nobody but root sees into the server, and a key that was replaced is not there to be seen.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_servers_memory_is_closed_and_forgets_a_replaced_key() {
    let fake = FakeProxy::start().await;
    let mut server = TestServer::process(Door::Lines, &[("LITELLM_BASE_URL", &fake.url())]);
    let chat = json!({"model": "gpt", "prompt": "hello"});
    let (first, second) = ("sk-first-4b1f0c77d2", "sk-second-9e8a31c5f6");
    for key in [first, second] {
        server.ask("provider/configure", json!({"apiKey": key, "verify": false})).await;
        server.ask("provider/listModels", json!({"refresh": true})).await;
        for _ in 0..3 {
            server.ask("provider/complete", chat.clone()).await;
        }
    }
    let pid = server.pid().unwrap();
    let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert!(core.split_whitespace().nth(4) == Some("0"), "{core}");
    use std::os::unix::fs::MetadataExt;
    // What can't be dumped belongs to root, whoever started it.
    assert_eq!(fs::metadata(format!("/proc/{pid}/mem")).unwrap().uid(), 0);
    if rustix::process::geteuid().is_root() {
        assert!(remembers(pid, second.as_bytes()), "the key in use");
        // What was under way with it ends in its own time.
        for _ in 0..200 {
            if !remembers(pid, first.as_bytes()) {
                break;
            }
            server.ask("provider/status", json!({})).await;
        }
        assert!(!remembers(pid, first.as_bytes()), "a key that was replaced");
    }
    server.end().await;
}

/// A client that takes the key for a name is told so without it, whatever its shape.
#[tokio::test]
async fn a_key_that_a_client_gives_as_a_name_is_not_quoted() {
    for key in ["CANARY-of-no-shape-7", "sk-CANARY7u8i9o0p1a2s3d4"] {
        let nowhere = [("LITELLM_BASE_URL", "http://127.0.0.1:9"), ("LITELLM_API_KEY", key)];
        let mut server = TestServer::memory(Door::Lines, &nowhere);
        let place = json!({"line": 0, "character": 0});
        let text = json!({"uri": "file:///a", "text": "a", "range": {"start": place, "end": place}});
        let edit = |more: Value| {
            let mut params = text.clone();
            params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            params
        };
        for (method, params) in [
            ("provider/status", json!({"profile": key})),
            ("provider/listModels", json!({"profile": key})),
            ("provider/complete", json!({"profile": key, "prompt": "hi"})),
            ("provider/removeProfile", json!({"profile": key})),
            ("provider/edit", edit(json!({"profile": key}))),
            ("provider/edit", edit(json!({"prompt": key}))),
        ] {
            if let Err(refused) = server.call(method, params).await {
                assert!(!refused.to_string().contains("CANARY"), "{method}: {refused}");
            }
        }
        let refused = server.call("provider/status", json!({"profile": key})).await.unwrap_err();
        assert!(refused["message"].as_str().unwrap().contains("there is no profile"), "{refused}");
        server.end().await;
    }
}

/// What stands where a name belongs may be the key itself.
#[tokio::test]
async fn a_key_in_the_place_of_a_name_is_not_shown() {
    const KEY: &str = "sk-CANARYy7u8i9o0p1";
    for settings in [
        format!("[profiles.default]\napiKey = \"env:{KEY}\"\n"),
        format!("[profiles.default]\napiKey = \"file:{KEY}\"\n"),
        format!("[profiles.default]\napiKey = \"keyring:{KEY}\"\n"),
        format!("[profiles.default]\napiKey = \"cmd:KEY={KEY} program\"\n"),
        format!("[profiles.default]\napiKey = \"cmd:{KEY}\"\n"),
        format!("active = \"{KEY}\"\n"),
        format!("{KEY} = 1\n[profiles.default]\n{KEY} = 2\n"),
    ] {
        let user = User::of("http://127.0.0.1:9", "");
        let folder = user.home.path().join(".config/litellm-ls");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("settings.toml"), &settings).unwrap();
        for arguments in [
            &["status"][..],
            &["models"],
            &["config", "show"],
            &["doctor", "--report"],
            &["complete", "-m", "m", "hi"],
        ] {
            let ran = user.run(arguments).await;
            assert!(!format!("{ran:?}").contains("CANARY"), "{arguments:?} of {settings}: {ran:?}");
        }
    }
}
