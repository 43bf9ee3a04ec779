//! What a command says where standard output takes no more: the same for all of them.

use std::{collections::BTreeSet, io, process::Command};

use super::support::{
    blocking,
    fake_proxy::{Answer, FakeProxy},
    user::{Ran, User},
};

const CHAT: &str = "POST /v1/chat/completions";

/// Every command that writes something, in each of its forms.
const COMMANDS: &[&[&str]] = &[
    &["--version"],
    &["--help"],
    &["models", "--help"],
    &["models"],
    &["models", "--json"],
    &["complete", "-m", "m", "hi"],
    &["complete", "-m", "m", "--no-stream", "hi"],
    &["complete", "-m", "m", "--json", "hi"],
    &["complete", "-m", "m", "-x", "hi"],
    &["complete", "-m", "m", "--dry-run", "hi"],
    &["chat", "--list"],
    &["count", "-m", "m", "hi"],
    &["count", "-m", "m", "--json", "hi"],
    &["status"],
    &["status", "--json"],
    &["doctor"],
    &["doctor", "--report"],
    &["doctor", "--json"],
    // Without budgets it has nothing to write for a program.
    &["usage", "--json"],
    &["config", "path"],
    &["config", "show"],
    &["proxy", "status"],
    &["proxy", "status", "--json"],
    &["proxy", "stop"],
    &["init", "-", "--vendor", "openai"],
    &["check", "config.yaml"],
    &["check", "--format", "json", "config.yaml"],
    &["check", "--format", "sarif", "config.yaml"],
    &["check", "--format", "github", "config.yaml"],
    &["check", "--format", "junit", "config.yaml"],
    &["schema"],
    &["sessions"],
    &["sessions", "--json"],
    &["stop"],
    &["try"],
    &["completions", "bash"],
];

async fn somebody() -> (FakeProxy, User) {
    let fake = FakeProxy::start().await;
    fake.on(CHAT).always(Answer::stream().text("```\nan answer\n```").finish("stop").done());
    let user = User::of(&fake.url(), "sk-fake");
    user.file(
        "config.yaml",
        "model_list:\n  - model_name: one\n    litellm_params: {model: opanai/gpt-4o}\n",
    );
    (fake, user)
}

async fn ran(mut command: Command) -> Ran {
    blocking(move || command.output().unwrap().into()).await
}

#[test]
fn every_command_is_in_the_table() {
    let command = litellm_ls::cli::command();
    // What is hidden is for programs of ours.
    let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
    let all: BTreeSet<_> = shown.map(|command| command.get_name().to_owned()).collect();
    let tried: BTreeSet<_> = COMMANDS.iter().map(|line| line[0].to_owned()).collect();
    assert_eq!(all.difference(&tried).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[tokio::test]
async fn a_full_disk_is_a_failure() {
    let (_fake, user) = somebody().await;
    for line in COMMANDS {
        let ran = ran(user.by_shell("exec \"$0\" \"$@\" > /dev/full", line)).await;
        assert_eq!(ran.code, 1, "{line:?}: {ran:?}");
        assert!(ran.err.contains("the output can't be written: "), "{line:?}: {ran:?}");
    }
}

#[tokio::test]
async fn without_standard_output_nothing_is_asked() {
    let (fake, user) = somebody().await;
    for line in COMMANDS.iter().chain(&[&["--transport", "lines"][..], &["--stdio"]]) {
        let ran = ran(user.by_shell("exec \"$0\" \"$@\" >&-", line)).await;
        assert_eq!(ran.code, 1, "{line:?}: {ran:?}");
        assert!(ran.err.contains("standard output is closed"), "{line:?}: {ran:?}");
        let asks = fake.requests().iter().any(|request| request.route() == CHAT);
        assert!(!asks, "{line:?} has paid for an answer that nobody can read");
    }
}

/// As `| head -1` does, but at once.
#[tokio::test]
async fn whoever_has_enough_ends_a_command_without_a_word() {
    let (_fake, user) = somebody().await;
    for line in COMMANDS {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let mut command = user.command(line);
        command.stdout(writer);
        let ran = ran(command).await;
        assert_eq!(ran.code, 141, "{line:?}: {ran:?}");
        assert!(!ran.err.contains("error"), "{line:?}: {ran:?}");
    }
}

/// Whoever shares a stream with a command may have made it non-blocking, as Node does.
#[cfg(unix)]
#[tokio::test]
async fn a_stream_that_is_not_ready_is_waited_for() {
    use std::{
        io::{Read, Write},
        os::{fd::OwnedFd, unix::net::UnixStream},
        process::Stdio,
    };

    let (fake, user) = somebody().await;
    let names = (0..20_000).map(|number| format!("a-model-with-a-long-name-{number}"));
    let models: Vec<_> = names.map(|id| serde_json::json!({"id": id, "object": "model"})).collect();
    fake.on("GET /v1/models").always(Answer::json(200, &serde_json::json!({"data": models})));
    for (line, input) in [(&["models", "--json"][..], ""), (&["complete", "-m", "m"], "a question")] {
        let [(input_here, input_there), (output_here, output_there)] =
            [UnixStream::pair().unwrap(), UnixStream::pair().unwrap()];
        for stream in [&input_there, &output_there] {
            stream.set_nonblocking(true).unwrap();
        }
        let mut command = user.command(line);
        command.stdin(Stdio::from(OwnedFd::from(input_there)));
        command.stdout(Stdio::from(OwnedFd::from(output_there)));
        let (code, out) = blocking(move || {
            let mut child = command.spawn().unwrap();
            drop(command);
            let (mut input_here, mut output_here) = (input_here, output_here);
            input_here.write_all(input.as_bytes()).unwrap();
            drop(input_here);
            let mut out = String::new();
            output_here.read_to_string(&mut out).unwrap();
            (child.wait().unwrap().code(), out)
        })
        .await;
        assert_eq!(code, Some(0), "{line:?}: {} bytes", out.len());
        assert!(line[0] != "models" || out.matches("a-model-with").count() >= 20_000, "{} bytes", out.len());
    }
    assert!(fake.requests().iter().any(|request| request.route() == CHAT));
}
