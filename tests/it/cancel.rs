//! A cancelled request is answered, and its connection closed, however many run beside it.

use litellm_ls::Door;
use litellm_ls_protocol::ErrorKind;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy, Request},
    server::TestServer,
    session::{failure, peer},
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
        assert_eq!((&error["code"], &error["data"]["kind"]), (&json!(-32800), &json!("requestCancelled")));
        assert_eq!(error["data"]["partial"]["message"]["text"], "on", "{error}");
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

/// The button of a progress display and `$/cancelRequest` are one, at both doors and for every token.
#[tokio::test]
async fn what_had_arrived_comes_with_the_cancel_however_it_came() {
    for door in [Door::Lsp, Door::Lines] {
        for token in [json!("t"), json!(7), json!("7")] {
            for by_button in [true, false] {
                let (fake, mut server) = peer(door).await;
                fake.on(CHAT).always(Answer::stream().text("half").held().finish("stop").done());
                let mut params = chat();
                params["workDoneToken"] = token.clone();
                params["partialResultToken"] = json!("pieces");
                params["_meta"] = json!({"mine": [1, null]});
                let id = server.request("provider/complete", params).await;
                let request = fake.next_on(CHAT).await;
                while server.notification("$/progress").await["token"] != "pieces" {}
                if by_button {
                    // Another's button is none of ours.
                    server.notify("window/workDoneProgress/cancel", json!({"token": "other"})).await;
                    server.notify("window/workDoneProgress/cancel", json!({"token": token})).await;
                } else {
                    server.notify("$/cancelRequest", json!({"id": id})).await;
                }
                let end = server.notification("$/progress").await;
                assert_eq!((&end["token"], &end["value"]["kind"]), (&token, &json!("end")));
                let error = server.response(id).await.unwrap_err();
                let data = failure(&error, ErrorKind::RequestCancelled);
                assert_eq!(data.partial.unwrap().message.text, "half");
                assert_eq!(data.meta, Some(json!({"mine": [1, null]})));
                fake.closed(&request).await;
                server.end().await;
            }
        }
    }
}

/// A `provider/configure` that is given up has not happened, or says that it has.
#[tokio::test]
async fn a_cancelled_configure_says_whether_it_holds() {
    for door in [Door::Lsp, Door::Lines] {
        let (fake, mut server) = peer(door).await;
        for route in ["GET /health/liveliness", "GET /v1/model/info", "GET /v1/models"] {
            fake.on(route).always(Answer::nothing().held());
        }
        let id = server.request("provider/configure", json!({"model": "chosen", "persist": true})).await;
        fake.next_request().await;
        server.notify("$/cancelRequest", json!({"id": id})).await;
        let error = server.response(id).await.unwrap_err();
        let data = failure(&error, ErrorKind::RequestCancelled);
        let now = server.ask("provider/configure", json!({"verify": false})).await;
        assert!(data.applied, "{error}");
        assert_eq!(now["settings"]["model"]["value"], "chosen");
        server.abandon();
    }
}
