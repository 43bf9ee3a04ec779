//! A server that no one asks anything gives back what it does not need meanwhile.

use std::time::Duration;

use litellm_ls::Door;
use serde_json::json;

use crate::support::{memory, server::TestServer, within};

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
