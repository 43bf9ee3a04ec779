//! The clients of `protocol/clients`, in each language: their example, and what happens when an answer is given up.

#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use litellm_ls_client::{
    Client, Event,
    protocol::{CompleteParams, ConfigureParams, Delta, ErrorKind, StatusParams, UsageReportParams},
};
use serde_json::json;
use tempfile::TempDir;

use super::{
    clients::node,
    support::{
        blocking,
        cached::run,
        fake_proxy::{Answer, FakeProxy},
        within,
    },
};

const BINARY: &str = env!("CARGO_BIN_EXE_litellm-ls");
const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const CHAT: &str = "POST /v1/chat/completions";
/// Some readers of lines take the character in the middle for the end of one.
const HALF: &str = "Half\u{2028}of";

fn clients(path: &str) -> PathBuf {
    Path::new(ROOT).join("protocol/clients").join(path)
}

fn libraries(path: &str) -> PathBuf {
    Path::new(ROOT).join("tests/clients/libraries").join(path)
}

/// A proxy whose second question is about a model that it does not know.
async fn forgetful() -> FakeProxy {
    let fake = FakeProxy::start().await;
    fake.on(CHAT).answer(Answer::stream().text("Hello").text(" there").finish("stop").done());
    let error = json!({"message": "The model `gone` does not exist", "type": "invalid_request_error", "param": null, "code": "404"});
    fake.on(CHAT).always(Answer::json(404, &json!({"error": error})));
    fake
}

/// A proxy that never ends its answer.
async fn endless() -> FakeProxy {
    let fake = FakeProxy::start().await;
    fake.on(CHAT).always(Answer::stream().text(HALF).held());
    fake
}

/// With a user of its own, whose proxy this is.
fn as_user(mut command: Command, fake: &FakeProxy) -> (Command, TempDir) {
    let home = tempfile::tempdir().expect("a folder");
    command.env("LITELLM_BASE_URL", fake.url()).env("LITELLM_API_KEY", "sk-fake");
    command.env("LITELLM_LS_SETTINGS", home.path().join("settings.toml"));
    (command, home)
}

/// Runs an example, and checks what it shows.
async fn asks(command: Command) {
    let fake = forgetful().await;
    let (mut command, _home) = as_user(command, &fake);
    command.args([BINARY, "Hi"]);
    let shown = blocking(move || run(&mut command)).await;
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0].to_lowercase(), "state: ready", "{shown}");
    assert_eq!(lines[1], "models: gpt, claude", "{shown}");
    assert!(lines[2].starts_with("tokens: "), "{shown}");
    let pieces: String = lines.iter().filter_map(|line| line.strip_prefix("piece: ")).collect();
    assert_eq!(pieces, "Hello there", "{shown}");
    assert!(lines.contains(&"answer: Hello there"), "{shown}");
    let error = lines.iter().find(|line| line.to_lowercase().contains("modelnotfound")).expect(&shown);
    assert!(error.starts_with("error: ") && error.contains("; "), "{shown}");
    assert_eq!(lines.last(), Some(&"calls: 2"), "{shown}");
}

/// Runs a script that gives an answer up, and checks what it shows.
async fn gives_up(command: Command) {
    let fake = endless().await;
    let (mut command, _home) = as_user(command, &fake);
    command.arg(BINARY);
    let shown = blocking(move || run(&mut command)).await;
    let words: Vec<Vec<&str>> = shown.lines().map(|line| line.split_ascii_whitespace().collect()).collect();
    assert_eq!(words[0], ["-32800", "requestCancelled", HALF, "1"], "{shown}");
    assert_eq!(words[1], ["invalidParams", "baseUrl"], "{shown}");
    assert_eq!(words[2].join(" "), "the server has ended", "{shown}");
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no Python")]
async fn the_python_client() {
    let python = |script: PathBuf| {
        let mut command = Command::new("python3");
        command.arg("-B").arg(script).env("PYTHONPATH", clients("python"));
        command
    };
    asks(python(clients("python/examples/ask.py"))).await;
    gives_up(python(libraries("cancel.py"))).await;
    #[cfg(unix)]
    {
        let errors = "TypeError\nTypeError\nValueError\nValueError";
        let before = format!("True\n{errors}\n\"a\\ud83d\" {{}} {{}}\n");
        is_met_by_odd_things(python(libraries("odd.py")), &before).await;
    }
}

/// Runs a script with programs that are no servers and do not end by themselves, and checks what it shows: how what is no
/// JSON was refused, and what it says of these.
#[cfg(unix)]
async fn is_met_by_odd_things(mut script: Command, before: &str) {
    const SAID: [&str; 5] = ["hello", "null", "5", "\"{}\"", "[]{}"];
    let folder = tempfile::tempdir().expect("a folder");
    let home = tempfile::tempdir().expect("a folder");
    script.env("HOME", home.path());
    for (number, said) in SAID.into_iter().enumerate() {
        let program = folder.path().join(number.to_string());
        fs::write(&program, format!("#!/bin/sh\necho '{said}'\nexec sleep 600\n")).expect("a script");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a program");
        script.arg(program);
    }
    let shown = blocking(move || run(&mut script)).await;
    let told = "what was started is no litellm-ls, for it says what is no JSON: check the command\n";
    assert_eq!(shown, format!("{before}{}", told.repeat(SAID.len())));
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no Node.js")]
async fn the_typescript_client() {
    let node_modules = blocking(node).await.join("node_modules");
    let built = tempfile::tempdir().expect("a folder");
    fs::copy(clients("typescript/package.json"), built.path().join("package.json")).expect("a copy");
    let mut compile = Command::new("node");
    compile.arg(node_modules.join("typescript/bin/tsc"));
    compile.arg("--project").arg(clients("typescript")).arg("--outDir").arg(built.path());
    compile.arg("--typeRoots").arg(node_modules.join("@types"));
    blocking(move || run(&mut compile)).await;
    let mut example = Command::new("node");
    example.arg(built.path().join("examples/ask.js"));
    asks(example).await;
    let mut script = Command::new("node");
    script.arg(libraries("cancel.mjs")).arg(built.path().join("src/index.js"));
    gives_up(script).await;
    #[cfg(unix)]
    {
        let mut script = Command::new("node");
        script.arg(libraries("odd.mjs")).arg(built.path().join("src/index.js")).arg(BINARY);
        is_met_by_odd_things(script, "TypeError\nTypeError\n0\n").await;
    }
}

/// In Neovim, which has what Lua itself has not: processes that are read and written.
#[cfg(unix)]
#[tokio::test]
async fn the_lua_client() {
    let nvim = blocking(|| super::support::editors::folder("nvim").join("bin/nvim")).await;
    let lua = |script: PathBuf| {
        let mut command = Command::new(&nvim);
        command.args(["--clean", "--headless", "-l"]).arg(script);
        command
    };
    asks(lua(clients("lua/examples/ask.lua"))).await;
    let mut script = lua(libraries("cancel.lua"));
    script.arg(clients("lua"));
    gives_up(script).await;
    let mut script = lua(libraries("odd.lua"));
    script.arg(clients("lua")).arg(BINARY);
    is_met_by_odd_things(script, "false\nfalse\n0\n").await;
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no cargo")]
async fn the_rust_client() {
    let built = blocking(|| {
        run(Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--locked", "--offline", "--workspace", "--example", "ask"])
            .current_dir(ROOT));
        let tests = std::env::current_exe().expect("a test");
        let folder = tests.parent().and_then(Path::parent).expect("a folder of what was built");
        folder.join("examples").join(format!("ask{}", std::env::consts::EXE_SUFFIX))
    });
    asks(Command::new(built.await)).await;

    let fake = endless().await;
    let (command, _home) = as_user(Command::new(BINARY), &fake);
    let client = Client::connect(command.into()).await.expect("a server");
    assert!(client.supports("provider/edit") && client.supports("idempotency") && !client.supports("x"));
    let mut events = client.events();
    client
        .usage(&UsageReportParams { watch: Some(true), ..Default::default() })
        .await
        .expect("what was spent");
    let question =
        || CompleteParams { model: Some("gpt".into()), prompt: Some("Hi".into()), ..Default::default() };
    let mut answer = client.stream(question());
    assert_eq!(within("a piece", answer.next()).await, Some(Delta::Text { text: HALF.into() }));
    answer.cancel();
    let error = within("the end", answer.result()).await.expect_err("an answer that was given up");
    assert_eq!(error.kind(), Some(ErrorKind::RequestCancelled));
    assert_eq!(error.partial().expect("what had come").message.text, HALF);
    let Ok(Event::Usage(usage)) = within("what was spent", events.recv()).await else {
        panic!("another event")
    };
    assert_eq!(usage.total.calls, 1);

    // What is dropped is given up too.
    let mut answer = client.stream(question());
    within("a piece", answer.next()).await.expect("a piece");
    drop(answer);
    let Ok(Event::Usage(usage)) = within("what was spent", events.recv()).await else {
        panic!("another event")
    };
    assert_eq!(usage.total.calls, 2);

    let wrong = ConfigureParams { base_url: Some("ftp://x".into()), ..Default::default() };
    let error = client.configure(&wrong).await.expect_err("settings that can't be used");
    assert_eq!(error.data().expect("data").problems[0].path, "baseUrl");
    assert!(error.remedy().is_some());
    client.status(&StatusParams::default()).await.expect("a status");
    client.close().await.expect("an end");
}
