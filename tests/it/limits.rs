//! Everything is bounded: requests, messages, and what waits for an editor that does not read.

use litellm_ls::{
    Door,
    transport::{MAX_MESSAGE, MAX_REQUESTS},
};
use serde_json::{Value, json};

use super::support::{
    fake_proxy::Answer,
    session::{peer, with_fake},
};
#[cfg(target_os = "linux")]
use super::support::{fake_proxy::FakeProxy, server::TestServer};

const CHAT: &str = "POST /v1/chat/completions";

#[tokio::test]
async fn one_request_too_many_is_told_that_the_server_is_busy() {
    let (fake, mut server) = peer(Door::Lsp).await;
    // The list that all of them wait for comes when the test says so.
    fake.on("GET /v1/model/info").answer(Answer::nothing().held());
    for _ in 0..MAX_REQUESTS {
        server.request("provider/listModels", json!({})).await;
    }
    let list = fake.next_on("GET /v1/model/info").await;
    let busy = server.call("provider/listModels", json!({})).await.unwrap_err();
    assert_eq!((&busy["code"], &busy["data"]["kind"]), (&json!(1018), &json!("busy")));
    server.notify("$/cancelRequest", json!({"id": 1})).await;
    server.response(1).await.unwrap_err();
    server.ask("provider/listProfiles", json!({})).await;
    list.resume(Answer::json(200, &json!({"data": []})));
    for id in 2..=MAX_REQUESTS as i64 {
        let _ = server.response(id).await;
    }
    server.abandon();
}

/// Whoever asked waits for an answer under its id, wherever that stands in the message.
#[tokio::test]
async fn a_request_beyond_the_limit_is_refused_under_its_id() {
    let (_fake, mut server) = peer(Door::Lines).await;
    let prompt = "x".repeat(MAX_MESSAGE);
    let params = format!(r#"{{"id":9,"prompt":"{prompt}\""}}"#);
    for (id, request) in [
        (json!(77), format!(r#"{{"jsonrpc":"2.0","id":77,"method":"provider/complete","params":{params}}}"#)),
        (json!("a\"b"), format!(r#"{{"method":"provider/complete","params":{params},"id":"a\"b"}}"#)),
        (Value::Null, format!(r#"{{"method":"provider/configure","params":{params}}}"#)),
        (Value::Null, format!(r#"[{{"id":1,"method":"provider/complete","params":{params}}}]"#)),
    ] {
        server.send_raw(format!("{request}\n")).await;
        let refused = server.next_message().await;
        assert_eq!((&refused["id"], &refused["error"]["code"]), (&id, &json!(-32600)), "{refused}");
    }
    server.call("provider/listProfiles", json!({})).await.expect("the next is answered");
    server.abandon();
}

/// A script writes all of its requests before it reads, and has no use for `busy`.
#[tokio::test]
async fn in_lines_one_request_too_many_waits() {
    let (fake, mut server) = with_fake().await;
    fake.on("GET /v1/model/info").answer(Answer::nothing().held());
    let all = MAX_REQUESTS as i64 + 3;
    for _ in 0..all {
        server.request("provider/listModels", json!({})).await;
    }
    let list = fake.next_on("GET /v1/model/info").await;
    // One that waits is cancelled at once, and one that runs makes room.
    for id in [all - 1, 1] {
        server.notify("$/cancelRequest", json!({"id": id})).await;
        assert_eq!(server.next_message().await["id"], id);
    }
    list.resume(Answer::json(200, &json!({"data": []})));
    for id in 2..=all {
        if id != all - 1 {
            assert!(server.response(id).await.is_ok_and(|list| list["models"].is_array()));
        }
    }
    server.abandon();
}

/// The button of a progress display works however many requests run, and for one that waits too.
#[tokio::test]
async fn the_cancel_button_waits_for_nobody() {
    let (fake, mut server) = with_fake().await;
    fake.on("GET /v1/model/info").answer(Answer::nothing().held());
    fake.on(CHAT).answer(Answer::nothing().held());
    let question = |token: &str| json!({"model": "gpt", "prompt": "x", "workDoneToken": token});
    let running = server.request("provider/complete", question("running")).await;
    for _ in 0..=MAX_REQUESTS {
        server.request("provider/listModels", json!({})).await;
    }
    let waiting = server.request("provider/complete", question("waiting")).await;
    let list = fake.next_on("GET /v1/model/info").await;
    for (token, id) in [("waiting", waiting), ("running", running)] {
        server.notify("window/workDoneProgress/cancel", json!({"token": token})).await;
        assert_eq!(server.response(id).await.unwrap_err()["code"], -32800, "{token}");
    }
    list.resume(Answer::json(200, &json!({"data": []})));
    for id in running + 1..waiting {
        assert!(server.response(id).await.is_ok());
    }
    server.abandon();
}

/// What a proxy sends is bounded by what it becomes, too: an event of so many values would take gigabytes and seconds.
#[tokio::test]
async fn an_answer_of_too_many_values_ends_and_keeps_what_had_arrived() {
    let (fake, mut server) = with_fake().await;
    let zeros = "0,".repeat(1 << 17);
    for member in [
        format!(r#""reasoning_details":[{zeros}0]"#),
        format!(r#""tool_calls":[{}{{}}]"#, "{},".repeat(1 << 17)),
    ] {
        let event = format!("data: {{\"choices\":[{{\"delta\":{{{member}}}}}]}}\n\n");
        fake.on(CHAT).answer(Answer::stream().text("Half of it").piece(event).finish("stop").done());
        let error =
            server.call("provider/complete", json!({"model": "gpt", "prompt": "x"})).await.unwrap_err();
        assert_eq!(error["data"]["kind"], "streamInterrupted", "{error}");
        assert_eq!(error["data"]["partial"]["message"]["text"], "Half of it");
    }
    let many = format!(r#"{{"choices":[{{"message":{{"content":"x","zz":[{}0]}}}}]}}"#, "0,".repeat(1 << 20));
    fake.on(CHAT).answer(Answer::whole(200, "application/json", many));
    let error = server.call("provider/complete", json!({"model": "gpt", "prompt": "x"})).await.unwrap_err();
    assert_eq!(error["data"]["kind"], "streamInterrupted", "{error}");
    server.end().await;
}

/// However much a client sends at once, and however little of it can be used: what it cancels meanwhile is answered
/// first.
#[tokio::test]
async fn a_large_message_holds_up_no_cancel() {
    let (fake, mut server) = with_fake().await;
    fake.on(CHAT).answer(Answer::nothing().held()).always(Answer::stream().text("x").finish("stop").done());
    let members = |count: usize| -> Value {
        (0..count).map(|number| (format!("k{number}"), json!(1))).collect::<serde_json::Map<_, _>>().into()
    };
    let lines = "fn a() {}\n".repeat(30_000);
    let large = [
        (
            "provider/fit",
            json!({"text": lines, "language": "rust", "selection": lines, "finishReason": "stop"}),
        ),
        (
            "provider/fit",
            json!({"text": "{".repeat(60_000) + &"}".repeat(60_000), "after": "}".repeat(60_000)}),
        ),
        ("provider/configure", members(30_000)),
        ("provider/configure", json!({"modelOverrides": {"m": members(30_000)}})),
        ("provider/configure", json!({"fallbackUrls": vec!["http://a.example"; 30_000]})),
        ("provider/complete", json!({"messages": vec![json!({"role": "nobody"}); 30_000]})),
        (
            "provider/complete",
            json!({"model": "gpt", "messages": [
                {"role": "user", "content": vec![json!({"type": "text", "text": "a"}); 20_000]},
            ]}),
        ),
        ("provider/countTokens", json!({"model": "gpt", "prompt": "word ".repeat(100_000)})),
        ("provider/status", json!({"profile": "x".repeat(3_000_000)})),
    ];
    for (method, params) in large {
        let hung = server.request("provider/complete", json!({"model": "gpt", "prompt": "x"})).await;
        fake.next_on(CHAT).await;
        let id = server.request(method, params).await;
        server.notify("$/cancelRequest", json!({"id": hung})).await;
        let first = loop {
            let message = server.next_message().await;
            if message["id"].is_i64() {
                break message["id"].clone();
            }
        };
        assert_eq!(first, json!(hung), "{method}");
        let _ = server.response(id).await;
        fake.on(CHAT).answer(Answer::nothing().held());
    }
    server.end().await;
}

/// It is one of what a client can cancel, from when it has been written.
#[tokio::test]
async fn a_large_message_can_be_cancelled() {
    let (fake, mut server) = with_fake().await;
    fake.on(CHAT).answer(Answer::nothing().held());
    let parts = vec![json!({"type": "text", "text": "a"}); 20_000];
    let question = json!({"model": "gpt", "messages": [{"role": "user", "content": parts}]});
    let id = server.request("provider/complete", question).await;
    server.notify("$/cancelRequest", json!({"id": id})).await;
    assert_eq!(server.response(id).await.unwrap_err()["code"], -32800);
    server.end().await;
}

/// What a large message changes holds for what is sent behind it.
#[tokio::test]
async fn what_is_behind_a_large_message_waits_for_its_turn() {
    let (_fake, mut server) = with_fake().await;
    let patterns: Vec<String> = (0..10_000).map(|number| format!("*.a-secret-of-mine-{number:04}")).collect();
    let large =
        json!({"profile": "new", "secretFiles": patterns, "verify": false, "_padding": "x".repeat(1 << 20)});
    let configured = server.request("provider/configure", large).await;
    let status = server.request("provider/listProfiles", json!({})).await;
    let listed = server.response(status).await.unwrap();
    assert!(
        listed["profiles"].as_array().unwrap().iter().any(|profile| profile["name"] == "new"),
        "{listed}"
    );
    server.response(configured).await.unwrap();
    server.end().await;
}

/// Those of a batch make room for others of it, though all are answered together.
#[tokio::test]
async fn a_batch_may_be_larger_than_what_runs_at_once() {
    let (fake, mut server) = with_fake().await;
    fake.on("GET /v1/model/info").answer(Answer::nothing().held());
    let all = 2 * MAX_REQUESTS + 3;
    let request = |id: usize| json!({"jsonrpc": "2.0", "id": id, "method": "provider/listModels"});
    server.send(&(0..all).map(request).collect()).await;
    fake.next_on("GET /v1/model/info").await.resume(Answer::json(200, &json!({"data": []})));
    let answers = server.next_message().await;
    let mut ids: Vec<_> =
        answers.as_array().unwrap().iter().map(|answer| answer["id"].as_u64().unwrap()).collect();
    ids.sort_unstable();
    assert!(ids.into_iter().eq(0..all as u64));
    assert!(answers.as_array().unwrap().iter().all(|answer| answer["result"].is_object()));
    server.end().await;
}

#[tokio::test]
async fn a_line_over_the_limit_is_skipped() {
    let (_fake, mut server) = peer(Door::Lines).await;
    let blank = vec![b' '; 1 << 20];
    for _ in 0..=MAX_MESSAGE / blank.len() {
        server.send_raw(&blank).await;
    }
    server.send_raw("\n").await;
    let refused = server.next_message().await;
    assert_eq!((&refused["id"], &refused["error"]["code"]), (&Value::Null, &json!(-32600)));
    server.ask("provider/listProfiles", json!({})).await;
    server.end().await;
}

/// What says that something has ended must come, though there was no room for it when it did.
#[tokio::test]
async fn a_progress_display_ends_though_nobody_reads_for_a_while() {
    let (fake, mut server) = with_fake().await;
    // Much more than every buffer on the way holds.
    let long = "x".repeat(16 << 10);
    let flood = (0..64).fold(Answer::stream(), |answer, _| answer.text(&long));
    fake.on(CHAT).answer(Answer::stream().held()).always(flood.finish("stop").done());
    let watched = json!({"model": "gpt", "prompt": "x", "workDoneToken": "work"});
    let id = server.request("provider/complete", watched).await;
    let held = fake.next_on(CHAT).await;
    assert_eq!(server.notification("$/progress").await["value"]["kind"], "begin");
    let mut floods = Vec::new();
    for number in 0..24 {
        let piece = json!({"model": "gpt", "prompt": "x", "partialResultToken": number});
        floods.push(server.request("provider/complete", piece).await);
        fake.next_on(CHAT).await;
    }
    server.notify("$/cancelRequest", json!({"id": id})).await;
    // Its connection is closed, and so its end was said.
    fake.closed(&held).await;
    let mut ended = false;
    while !floods.is_empty() {
        let message = server.next_message().await;
        ended |= message["params"]["token"] == "work" && message["params"]["value"]["kind"] == "end";
        if message["id"] == id {
            assert!(ended, "the end is behind the response, or lost");
            assert_eq!(message["error"]["code"], -32800);
        }
        floods.retain(|flood| message["id"] != *flood);
    }
    assert!(ended);
    server.end().await;
}

/// Resident memory in MiB.
#[cfg(target_os = "linux")]
fn resident(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<f64>().unwrap() / 1024.0
}

/// Returns when a process has nothing more to do: it has used no processor for half a second.
#[cfg(target_os = "linux")]
async fn at_rest(pid: u32) {
    let used = || {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        let fields: Vec<String> =
            stat.rsplit_once(") ").unwrap().1.split(' ').skip(11).take(2).map(str::to_owned).collect();
        fields
    };
    let mut last = used();
    let mut same = 0;
    while same < 5 {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let now = used();
        same = if now == last { same + 1 } else { 0 };
        last = now;
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_editor_that_stops_reading_loses_nothing_and_costs_no_memory() {
    const DELTAS: usize = 200_000;
    let fake = FakeProxy::start().await;
    let pieces = |from: usize, to: usize| -> Vec<u8> {
        let event = |number: usize| {
            format!("data: {}\n\n", json!({"choices": [{"delta": {"content": format!("{number} ")}}]}))
        };
        (from..to).map(event).collect::<String>().into_bytes()
    };
    let mut answer = Answer::stream();
    for from in (0..DELTAS).step_by(100) {
        answer = answer.piece(pieces(from, from + 100));
    }
    fake.on(CHAT).answer(short()).answer(answer.finish("stop").done());
    let mut server = TestServer::process(Door::Lines, &[("LITELLM_BASE_URL", &fake.url())]);
    // Warm: a connection is made, and every path was taken once.
    server.stream(json!({"model": "gpt", "prompt": "warm"})).await.outcome.unwrap();
    let pid = server.pid().unwrap();
    let before = resident(pid);
    let chat = json!({"model": "gpt", "prompt": "x", "partialResultToken": "t"});
    let id = server.request("provider/complete", chat).await;
    let mut text = String::new();
    // The first piece has come; then nothing is read until the server takes no more from the proxy.
    let first = server.next_message().await;
    text += first["params"]["value"]["text"].as_str().unwrap();
    at_rest(pid).await;
    let stalled = resident(pid);
    assert!(stalled - before < 4.0, "from {before} to {stalled} MiB");
    loop {
        let message = server.next_message().await;
        if message["id"] == id {
            let whole: String = (0..DELTAS).map(|number| format!("{number} ")).collect();
            assert_eq!(message["result"]["message"]["text"], whole);
            assert!(text == whole, "the pieces are the text");
            break;
        }
        text += message["params"]["value"]["text"].as_str().unwrap_or_default();
    }
    server.end().await;
}

#[cfg(target_os = "linux")]
fn short() -> Answer {
    Answer::stream().text("warm").finish("stop").done()
}
