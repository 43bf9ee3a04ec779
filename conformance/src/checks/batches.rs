//! Batches, which only the line door takes.

use serde_json::{Value, json};

use crate::{
    check::{COMPLETE, Check, DISCOVER, HELLO, HOLD, both},
    failure::{Checked, ensure, same, shown},
    peer::Peer,
    session::Session,
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("batches.one-array", "M7", "", "A batch is answered by one array with an answer for each request.", one_array).at_lines(),
    both("batches.bad-entry", "M7", "", "A bad entry spoils no other.", bad_entry).at_lines(),
    both("batches.notifications", "M7", "", "A batch of notifications alone is not answered.", notifications).at_lines(),
    both("batches.empty", "M7", "", "An empty batch is refused with -32600.", empty).at_lines(),
    both("batches.last-one", "M7", COMPLETE, "The answer waits for the last request of the batch, and holds up no other.", last_one).at_lines().model(HOLD),
    both("batches.pieces", "M3", COMPLETE, "The pieces of an answer come before the answers of its batch.", pieces).at_lines().model(HELLO),
    both("batches.too-many", "M6", "", "A batch beyond `limits.batchMessages` is refused.", too_many).at_lines(),
    both("batches.lsp", "M7", "", "The LSP door refuses a batch with -32600.", lsp).at_lsp(),
];

fn request(id: impl Into<Value>, method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id.into(), "method": method, "params": params})
}

/// The next message that is no notification.
fn next(server: &mut Peer) -> Checked<Value> {
    loop {
        let message = server.next()?;
        if message.is_array() || message.get("method").is_none() {
            return Ok(message);
        }
    }
}

fn batch(server: &mut Peer) -> Checked<Vec<Value>> {
    match next(server)? {
        Value::Array(answers) => Ok(answers),
        other => Err(crate::failure::Failure::new(format!("the answer is no array, but {}", shown(&other)))),
    }
}

fn of(answers: &[Value], id: impl Into<Value>) -> Value {
    let id = id.into();
    answers.iter().find(|answer| answer["id"] == id).cloned().unwrap_or_default()
}

fn one_array(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.send((0..10).map(|id| request(id, DISCOVER, json!({}))).collect());
    let answers = batch(&mut server)?;
    same("the number of answers", &json!(answers.len()), 10)?;
    for id in 0..10 {
        ensure(of(&answers, id)["result"].is_object(), || format!("there is no result for {id}"))?;
    }
    Ok(())
}

fn bad_entry(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.send_text(
        json!([request("a", DISCOVER, json!({})), 7, request("b", "no/such", json!({})), {"jsonrpc": "2.0", "method": "x"}]).to_string(),
    );
    let answers = batch(&mut server)?;
    same("the number of answers", &json!(answers.len()), 3)?;
    ensure(of(&answers, "a")["result"].is_object(), || {
        "the request beside a bad entry has no result".to_owned()
    })?;
    same("the code of the answer to `7`", &of(&answers, Value::Null)["error"]["code"], -32600)?;
    same("the code of the answer to an unknown method", &of(&answers, "b")["error"]["code"], -32601)
}

fn notifications(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.send(json!([{"jsonrpc": "2.0", "method": "x"}, {"jsonrpc": "2.0", "method": "$/y"}]));
    server.is_well()?;
    let rest = server.end()?.0;
    ensure(rest.is_empty(), || format!("it is answered: {}", shown(&rest[0])))
}

fn empty(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.send_text("[]");
    let answer = next(&mut server)?;
    same("the id", &answer["id"], Value::Null)?;
    same("the code", &answer["error"]["code"], -32600)
}

fn last_one(session: &Session) -> Checked {
    let mut server = session.open()?;
    let held = json!({"model": HOLD, "prompt": "x", "partialResultToken": "pieces"});
    server.send(json!([request("held", COMPLETE, held), request("at once", DISCOVER, json!({}))]));
    server.notification("$/progress")?;
    server.is_well()?;
    server.notify("$/cancelRequest", json!({"id": "held"}));
    let answers = batch(&mut server)?;
    same("the number of answers", &json!(answers.len()), 2)?;
    ensure(of(&answers, "at once")["result"].is_object(), || "there is no result for `at once`".to_owned())?;
    same("the code of what was cancelled", &of(&answers, "held")["error"]["code"], -32800)
}

fn pieces(session: &Session) -> Checked {
    let mut server = session.open()?;
    let chat = json!({"model": HELLO, "prompt": "x", "partialResultToken": "pieces"});
    server.send(json!([request("chat", COMPLETE, chat), request("other", DISCOVER, json!({}))]));
    let mut text = String::new();
    let answers = loop {
        match server.next()? {
            Value::Array(answers) => break answers,
            message => text += message["params"]["value"]["text"].as_str().unwrap_or_default(),
        }
    };
    same("the text of the pieces", &json!(text), "Hello.")?;
    same("the text of the result", &of(&answers, "chat")["result"]["message"]["text"], "Hello.")
}

fn too_many(session: &Session) -> Checked {
    let most = session.claims.limit("batchMessages")?;
    let mut server = session.open()?;
    server.send_text(format!("[{}7]", "7,".repeat(most)));
    let answer = next(&mut server)?;
    ensure(answer["error"].is_object(), || format!("it is not refused, but answered by {}", shown(&answer)))?;
    server.is_well()
}

fn lsp(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.send_text(json!([request(1, DISCOVER, json!({}))]).to_string());
    let answer = next(&mut server)?;
    same("the id", &answer["id"], Value::Null)?;
    same("the code", &answer["error"]["code"], -32600)?;
    server.is_well()
}
