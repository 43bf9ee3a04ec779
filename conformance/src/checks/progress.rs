//! Progress displays: a begin, an end, and both before the answer.

use serde_json::{Value, json};

use crate::{
    check::{BUSY, COMPLETE, Check, HELLO, HOLD, both},
    failure::{Checked, ensure, same},
    peer::{Peer, is_answer},
    session::Session,
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("progress.begin-end", "M3", COMPLETE, "A `workDoneToken` gets a begin and an end, before the answer.", begin_end).model(HELLO),
    both("progress.of-failure", "M3", COMPLETE, "What fails has its end too.", of_failure).model(BUSY),
    both("progress.of-cancel", "M3", COMPLETE, "What is cancelled has its end too.", of_cancel).model(HOLD),
    both("progress.in-use", "M24", COMPLETE, "A token of a running request is refused to another, and free behind the answer.", in_use).model(HOLD),
    both("progress.beside-pieces", "M3", COMPLETE, "A display and a stream of one request do not mix.", beside_pieces).model(HELLO),
];

/// What is told of a token before the answer to a request.
fn told(server: &mut Peer, id: i64, token: &str) -> Checked<Vec<Value>> {
    let mut told = Vec::new();
    loop {
        let mut message = server.next()?;
        if is_answer(&message) && message["id"] == id {
            return Ok(told);
        }
        if message["params"]["token"] == token {
            told.push(message["params"]["value"].take());
        }
    }
}

fn begins_and_ends(told: &[Value]) -> Checked {
    let kinds: Vec<&Value> = told.iter().map(|value| &value["kind"]).collect();
    let [first, .., last] = kinds[..] else {
        return Err(crate::failure::Failure::new(format!("before the answer came {}", json!(kinds))));
    };
    same("the first", first, "begin")?;
    same("the last", last, "end")?;
    let between = &kinds[1..kinds.len() - 1];
    ensure(between.iter().all(|kind| **kind == "report"), || {
        format!("between begin and end came {}", json!(between))
    })?;
    let title = told[0]["title"].as_str().unwrap_or_default();
    ensure(!title.is_empty(), || "the begin has no title".to_owned())
}

fn begin_end(session: &Session) -> Checked {
    let mut server = session.open()?;
    let id = server.request(COMPLETE, json!({"model": HELLO, "prompt": "x", "workDoneToken": "work"}));
    begins_and_ends(&told(&mut server, id, "work")?)
}

fn of_failure(session: &Session) -> Checked {
    let mut server = session.open()?;
    let id = server.request(COMPLETE, json!({"model": BUSY, "prompt": "x", "workDoneToken": "work"}));
    begins_and_ends(&told(&mut server, id, "work")?)
}

fn of_cancel(session: &Session) -> Checked {
    let mut server = session.open()?;
    let id = server.request(COMPLETE, json!({"model": HOLD, "prompt": "x", "workDoneToken": "work"}));
    let begin = server.next()?;
    same("the first that comes", &begin["params"]["value"]["kind"], "begin")?;
    server.notify("$/cancelRequest", json!({"id": id}));
    let rest = told(&mut server, id, "work")?;
    let last = rest.last().map(|value| value["kind"].clone()).unwrap_or_default();
    same("the last before the answer", &last, "end")
}

fn in_use(session: &Session) -> Checked {
    let mut server = session.open()?;
    let question = |model: &str, name: &str| json!({"model": model, "prompt": "x", name: "one"});
    let running = server.request(COMPLETE, question(HOLD, "partialResultToken"));
    while server.notification("$/progress")?["token"] != "one" {}
    for name in ["partialResultToken", "workDoneToken"] {
        let second = server.request(COMPLETE, question(HELLO, name));
        let error = server.answer(second)?.err().unwrap_or_default();
        same("the code of a second request with the token", &error["code"], -32602)?;
        same("the path of the problem", &error["data"]["problems"][0]["path"], name)?;
    }
    server.notify("$/cancelRequest", json!({"id": running}));
    let _cancelled = server.answer(running)?;
    let next = server.request(COMPLETE, question(HELLO, "partialResultToken"));
    let answer = server.answer(next)?.unwrap_or_default();
    same("the text of the next request with it", &answer["message"]["text"], "Hello.")
}

fn beside_pieces(session: &Session) -> Checked {
    let mut server = session.open()?;
    let params =
        json!({"model": HELLO, "prompt": "x", "workDoneToken": "work", "partialResultToken": "pieces"});
    let id = server.request(COMPLETE, params);
    let (mut work, mut text) = (Vec::new(), String::new());
    loop {
        let mut message = server.next()?;
        if is_answer(&message) && message["id"] == id {
            break;
        }
        let token = message["params"]["token"].take();
        let value = message["params"]["value"].take();
        if token == "work" {
            work.push(value);
        } else if token == "pieces" {
            ensure(value.get("kind").is_none(), || {
                format!("the stream has a piece of the display: {value}")
            })?;
            text += value["text"].as_str().unwrap_or_default();
        }
    }
    begins_and_ends(&work)?;
    same("the text of the pieces", &json!(text), "Hello.")
}
