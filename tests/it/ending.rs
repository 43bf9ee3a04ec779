//! The process ends with its editor, however that ends, and takes every connection to the proxy with it.

use std::process::Command;

use litellm_ls::Door;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy, Request},
    server::TestServer,
};

/// A process with a completion that does not end by itself.
struct Running {
    fake: FakeProxy,
    server: TestServer,
    request: Request,
}

impl Running {
    async fn start(process_id: Value) -> Self {
        let fake = FakeProxy::start().await;
        fake.on("POST /v1/chat/completions").always(Answer::stream().text("on").held());
        let mut server = TestServer::process(Door::Lsp, &[("LITELLM_BASE_URL", &fake.url())]);
        let params = json!({"processId": process_id, "rootUri": null, "capabilities": {}});
        server.call("initialize", params).await.unwrap();
        server.notify("initialized", json!({})).await;
        server
            .request("provider/complete", json!({"model": "gpt", "prompt": "x", "partialResultToken": 1}))
            .await;
        server.notification("$/progress").await;
        let request = fake.next_on("POST /v1/chat/completions").await;
        Self { fake, server, request }
    }

    /// The process must end with this code, and its connection with it.
    async fn ends(mut self, code: i32) {
        assert_eq!(self.server.exit_code().await, code);
        self.fake.closed(&self.request).await;
        self.server.abandon();
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

#[tokio::test]
async fn when_nobody_reads_its_output_any_more() {
    let mut running = Running::start(Value::Null).await;
    running.server.close_output();
    running.ends(1).await;
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

#[tokio::test]
async fn by_a_signal() {
    let mut running = Running::start(Value::Null).await;
    let pid = running.server.pid().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    running.server.killed().await;
    running.fake.closed(&running.request).await;
    running.server.abandon();
}
