//! The process ends with its editor, however that ends, and takes every connection to the proxy with it.

use std::process::Command;

use litellm_ls::Door;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy, Request},
    server::TestServer,
};

const CHAT: &str = "POST /v1/chat/completions";

/// A process with a completion that does not end by itself.
struct Running {
    fake: FakeProxy,
    server: TestServer,
    request: Request,
}

impl Running {
    /// With an editor of this process id.
    async fn start(process_id: Value) -> Self {
        Self::start_at(Door::Lsp, &[], process_id).await
    }

    async fn start_at(door: Door, arguments: &[&str], process_id: Value) -> Self {
        let fake = FakeProxy::start().await;
        fake.on(CHAT).always(Answer::stream().text("on").held().finish("stop").done());
        let mut server = TestServer::process_with(door, arguments, &[("LITELLM_BASE_URL", &fake.url())]);
        if matches!(door, Door::Lsp) {
            let params = json!({"processId": process_id, "rootUri": null, "capabilities": {}});
            server.call("initialize", params).await.unwrap();
            server.notify("initialized", json!({})).await;
        }
        server
            .request("provider/complete", json!({"model": "gpt", "prompt": "x", "partialResultToken": 1}))
            .await;
        server.notification("$/progress").await;
        let request = fake.next_on(CHAT).await;
        Self { fake, server, request }
    }

    /// The process must end with this code, and its connection with it.
    async fn ends(mut self, code: i32) {
        assert_eq!(self.server.exit_code().await, code);
        self.fake.closed(&self.request).await;
        self.server.abandon();
    }
}

/// However an editor ends its server, the call was paid for.
#[tokio::test]
async fn on_a_signal_and_the_call_is_recorded() {
    for (door, arguments) in [(Door::Lsp, &[][..]), (Door::Lines, &[]), (Door::Lsp, &["--shared"])] {
        let mut running = Running::start_at(door, arguments, Value::Null).await;
        let (home, pid) = (running.server.home(), running.server.pid().unwrap());
        let pid = rustix::process::Pid::from_raw(pid.try_into().unwrap()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        // It dies as it would have by itself.
        running.server.killed().await;
        running.fake.closed(&running.request).await;
        running.server.abandon();
        if arguments.is_empty() {
            let mut usage = Command::new(env!("CARGO_BIN_EXE_litellm-ls"));
            usage.args(["usage", "--by", "outcome", "--csv"]).env_clear().env("HOME", home.path());
            let told = String::from_utf8(usage.output().unwrap().stdout).unwrap();
            assert!(told.contains("cancelled,,1,"), "{door:?}: {told}");
        }
    }
}

#[tokio::test]
async fn on_exit() {
    for (orderly, code) in [(true, 0), (false, 1)] {
        let mut running = Running::start(Value::Null).await;
        if orderly {
            running.server.call("shutdown", Value::Null).await.unwrap();
        }
        running.server.notify("exit", Value::Null).await;
        running.ends(code).await;
    }
}

#[tokio::test]
async fn at_the_end_of_input() {
    let mut running = Running::start(Value::Null).await;
    running.server.close_input();
    running.ends(1).await;
}

/// `echo … | litellm-ls --transport lines` ends its input at once, and wants its answer.
#[tokio::test]
async fn at_the_end_of_lines_once_all_is_answered() {
    let mut running = Running::start_at(Door::Lines, &[], Value::Null).await;
    running.server.close_input();
    running.request.resume(Answer::nothing());
    assert_eq!(running.server.response(1).await.unwrap()["message"]["text"], "on");
    running.ends(0).await;
}

#[tokio::test]
async fn when_nobody_reads_its_output_any_more() {
    for (door, input_ends) in [(Door::Lsp, false), (Door::Lines, false), (Door::Lines, true)] {
        let mut running = Running::start_at(door, &[], Value::Null).await;
        if input_ends {
            running.server.close_input();
        }
        running.server.close_output();
        running.ends(1).await;
    }
}

#[tokio::test]
async fn when_the_editor_dies() {
    let mut editor = Command::new("sleep").arg("1000").spawn().unwrap();
    let running = Running::start(json!(editor.id())).await;
    editor.kill().unwrap();
    // Nobody has asked how it ended: it is a zombie, and gone all the same.
    running.ends(1).await;
    editor.wait().unwrap();
}

/// Some clients name themselves on the command line, and say nothing of it in `initialize`.
#[tokio::test]
async fn when_the_process_of_its_arguments_dies() {
    let mut editor = Command::new("sleep").arg("1000").spawn().unwrap();
    let argument = format!("--clientProcessId={}", editor.id());
    let running = Running::start_at(Door::Lsp, &[&argument], Value::Null).await;
    editor.kill().unwrap();
    running.ends(1).await;
    editor.wait().unwrap();
}

/// It may be a number of another host, as with an editor outside of the container.
#[tokio::test]
async fn not_because_its_editor_was_never_seen() {
    let mut gone = Command::new("true").spawn().unwrap();
    let id = gone.id();
    gone.wait().unwrap();
    let mut running = Running::start(json!(id)).await;
    running.request.resume(Answer::nothing());
    assert_eq!(running.server.response(2).await.unwrap()["message"]["text"], "on");
    running.server.close_input();
    running.ends(1).await;
}

#[tokio::test]
async fn by_a_signal() {
    let mut running = Running::start(Value::Null).await;
    let pid = running.server.pid().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    running.server.killed().await;
    running.fake.closed(&running.request).await;
    running.server.abandon();
}
