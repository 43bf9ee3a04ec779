//! A server that no one asks anything gives back what it does not need meanwhile.

use std::time::Duration;

use litellm_ls::Door;
use serde_json::json;

use crate::support::{
    fake_proxy::{Answer, FakeProxy},
    memory,
    server::TestServer,
    within,
};

/// Waits until a process maps less than this much of its files, in KiB.
async fn shrinks_below(pid: u32, kibibytes: usize) {
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    let shrunk = async {
        while memory::of_files(pid).expect("a process that lives") >= kibibytes {
            looks.tick().await;
        }
    };
    within("less memory", shrunk).await;
}

#[tokio::test]
async fn what_the_start_needed_goes_back_and_comes_again() {
    for door in [Door::Lsp, Door::Lines] {
        let mut server = TestServer::process(door, &[]);
        if door == Door::Lsp {
            server.initialize(json!({})).await;
        }
        let pid = server.pid().expect("a process");
        for _ in 0..2 {
            server.call("provider/listProfiles", json!({})).await.expect("profiles");
            let awake = memory::of_files(pid).expect("a process that lives");
            shrinks_below(pid, awake / 2).await;
        }
        server.abandon();
    }
}

/// Nobody says anything behind the answer, which would be another reason to look.
#[tokio::test]
async fn what_a_late_answer_needed_goes_back_too() {
    let fake = FakeProxy::start().await;
    fake.on("POST /v1/chat/completions").answer(Answer::stream().text("Hello").held());
    let mut server = TestServer::process(Door::Lines, &[("LITELLM_BASE_URL", &fake.url())]);
    let question = json!({"model": "gpt", "prompt": "hi", "partialResultToken": "t"});
    let id = server.request("provider/complete", question).await;
    let request = fake.next_on("POST /v1/chat/completions").await;
    let pid = server.pid().expect("a process");
    server.notification("$/progress").await;
    let awake = memory::of_files(pid).expect("a process that lives");
    shrinks_below(pid, awake / 2).await;
    let rests = memory::of_files(pid).expect("a process that lives");
    request.resume(Answer::nothing().text(" there").finish("stop").done());
    server.response(id).await.expect("an answer");
    let answered = memory::of_files(pid).expect("a process that lives");
    assert!(answered > rests, "an answer needs pages");
    shrinks_below(pid, rests.midpoint(answered)).await;
    server.abandon();
}
