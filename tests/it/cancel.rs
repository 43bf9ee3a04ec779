//! A cancelled request is answered, and its connection closed, however many run beside it.

use litellm_ls::Door;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy, Request},
    server::TestServer,
    session::peer,
};

const CHAT: &str = "POST /v1/chat/completions";

fn chat() -> Value {
    json!({"model": "gpt", "prompt": "x"})
}

/// Starts completions that do not end by themselves: their ids, and their requests at the proxy.
async fn start(fake: &FakeProxy, server: &mut TestServer, count: usize) -> Vec<(i64, Request)> {
    fake.on(CHAT).always(Answer::stream().text("on").held().finish("stop").done());
    let mut running = Vec::new();
    for _ in 0..count {
        let id = server.request("provider/complete", chat()).await;
        running.push((id, fake.next_on(CHAT).await));
    }
    running
}

#[tokio::test]
async fn one_of_many_is_cancelled_and_the_others_go_on() {
    for (door, count) in [(Door::Lsp, 4), (Door::Lsp, 64), (Door::Lines, 4), (Door::Lines, 64)] {
        let (fake, mut server) = peer(door).await;
        let mut running = start(&fake, &mut server, count).await;
        let (id, request) = running.swap_remove(count / 2);
        server.notify("$/cancelRequest", json!({"id": id})).await;
        let error = server.response(id).await.unwrap_err();
        assert_eq!((&error["code"], error.get("data")), (&json!(-32800), None));
        fake.closed(&request).await;
        for (id, request) in running {
            request.resume(Answer::nothing());
            assert_eq!(server.response(id).await.unwrap()["message"]["text"], "on");
        }
        server.end().await;
    }
}

#[tokio::test]
async fn shutdown_is_answered_while_all_run() {
    let (fake, mut server) = peer(Door::Lsp).await;
    let running = start(&fake, &mut server, 64).await;
    assert_eq!(server.call("shutdown", Value::Null).await, Ok(Value::Null));
    server.notify("exit", Value::Null).await;
    assert_eq!(server.exit_code().await, 0);
    for (_, request) in running {
        fake.closed(&request).await;
    }
    server.abandon();
}

#[tokio::test]
async fn a_question_that_the_proxy_has_not_answered_yet_is_closed_too() {
    for door in [Door::Lsp, Door::Lines] {
        let (fake, mut server) = peer(door).await;
        fake.on(CHAT).always(Answer::nothing().held());
        let id = server.request("provider/complete", chat()).await;
        let request = fake.next_on(CHAT).await;
        server.notify("$/cancelRequest", json!({"id": id})).await;
        assert_eq!(server.response(id).await.unwrap_err()["code"], -32800);
        fake.closed(&request).await;
        server.end().await;
    }
}

#[tokio::test]
async fn cancelling_what_is_not_there_harms_nothing() {
    for door in [Door::Lsp, Door::Lines] {
        let (fake, mut server) = peer(door).await;
        let done = server.request("provider/listProfiles", json!({})).await;
        server.response(done).await.unwrap();
        let (id, running) = start(&fake, &mut server, 1).await.remove(0);
        // The same digits as a text are another id.
        let text = json!(id.to_string());
        for id in [json!(done), json!(99), json!("x"), text, json!(null), json!(1.5), json!({}), json!([id])]
        {
            server.notify("$/cancelRequest", json!({"id": id})).await;
        }
        for params in [Value::Null, json!({}), json!([id])] {
            server.notify("$/cancelRequest", params).await;
        }
        running.resume(Answer::nothing());
        assert_eq!(server.response(id).await.unwrap()["message"]["text"], "on");
        server.end().await;
    }
}
