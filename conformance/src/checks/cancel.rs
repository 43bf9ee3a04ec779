//! Cancelling: at once, with what had arrived, and nothing but what was meant.

use serde_json::{Value, json};

use crate::{
    check::{COMPLETE, CONFIGURE, Check, DISCOVER, HELLO, HOLD, LIST_MODELS, both, chat},
    failure::{Checked, ensure, same, shown},
    peer::Peer,
    proxy::{CHAT, MODEL_INFO, NAMES},
    session::Session,
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("cancel.answer", "M21", COMPLETE, "A cancelled request is answered by -32800 and `requestCancelled`.", answer).model(HOLD),
    both("cancel.partial", "M21", COMPLETE, "What had arrived comes with the cancel.", partial).model(HOLD).feature("cancelPartial"),
    both("cancel.goes-on", "M21", COMPLETE, "Behind a cancel the server works as before.", goes_on).model(HOLD),
    both("cancel.unknown", "M21", "", "A cancel of what does not run is passed over.", unknown),
    both("cancel.odd", "M21", "", "A cancel that is odd is passed over.", odd),
    both("cancel.answered", "M21", "", "A cancel of what was answered is passed over.", answered),
    both("cancel.others", "M21", COMPLETE, "What runs beside it goes on.", others).model(HOLD),
    both("cancel.many", "M21", COMPLETE, "Each of many is cancelled for itself.", many).model(HOLD),
    both("cancel.before-first-byte", "M21", LIST_MODELS, "What the proxy has not answered yet is cancelled too.", before_first_byte).proxy(),
    both("cancel.closes", "M21", COMPLETE, "The connection to the proxy is closed with it.", closes).proxy(),
    both("cancel.button", "M22", COMPLETE, "The button of a progress display does the same.", button).model(HOLD),
    both("cancel.number-button", "M22", COMPLETE, "A token that is a number is another than its digits.", number_button).model(HOLD),
    both("cancel.other-button", "M22", COMPLETE, "The button of another display does nothing.", other_button).model(HOLD),
    both("cancel.configure", "M23", CONFIGURE, "A cancelled `provider/configure` has changed nothing, or says `applied`.", configure).proxy(),
];

/// Starts an answer that does not end, and waits for its first piece.
fn held(server: &mut Peer, mut params: Value) -> Checked<i64> {
    params["model"] = HOLD.into();
    params["prompt"] = "x".into();
    params["partialResultToken"] = "pieces".into();
    let id = server.request(COMPLETE, params);
    while server.notification("$/progress")?["token"] != "pieces" {}
    Ok(id)
}

/// A request must be answered as cancelled; returns the error.
fn is_cancelled(server: &mut Peer, id: i64) -> Checked<Value> {
    let error = match server.answer(id)? {
        Err(error) => error,
        Ok(result) => {
            return Err(crate::failure::Failure::new(format!(
                "what was cancelled has a result: {}",
                shown(&result)
            )));
        }
    };
    same("the code of what was cancelled", &error["code"], -32800)?;
    same("`data.kind` of what was cancelled", &error["data"]["kind"], "requestCancelled")?;
    Ok(error)
}

fn cancel(server: &mut Peer, id: i64) {
    server.notify("$/cancelRequest", json!({"id": id}));
}

fn answer(session: &Session) -> Checked {
    let mut server = session.open()?;
    let id = held(&mut server, json!({}))?;
    cancel(&mut server, id);
    is_cancelled(&mut server, id).map(drop)
}

fn partial(session: &Session) -> Checked {
    let mut server = session.open()?;
    let id = held(&mut server, json!({}))?;
    cancel(&mut server, id);
    let error = is_cancelled(&mut server, id)?;
    same("`data.partial.message.text`", &error["data"]["partial"]["message"]["text"], "half")
}

fn goes_on(session: &Session) -> Checked {
    let mut server = session.open()?;
    for _ in 0..3 {
        let id = held(&mut server, json!({}))?;
        cancel(&mut server, id);
        is_cancelled(&mut server, id)?;
        server.is_well()?;
    }
    Ok(())
}

fn unknown(session: &Session) -> Checked {
    let mut server = session.open()?;
    for id in [json!(99), json!("x"), json!(""), json!(-1)] {
        server.notify("$/cancelRequest", json!({ "id": id }));
    }
    server.is_well()
}

fn odd(session: &Session) -> Checked {
    let mut server = session.open()?;
    for params in
        [Value::Null, json!({}), json!([1]), json!({"id": {}}), json!({"id": null}), json!({"id": 1.5})]
    {
        server.notify("$/cancelRequest", params);
    }
    server.notify("window/workDoneProgress/cancel", json!({}));
    server.notify("window/workDoneProgress/cancel", json!({"token": {}}));
    server.is_well()
}

fn answered(session: &Session) -> Checked {
    let mut server = session.open()?;
    let id = server.request(DISCOVER, json!({}));
    let told = server.answer(id)?;
    ensure(told.is_ok(), || "the request is refused".to_owned())?;
    cancel(&mut server, id);
    server.end().map(drop)
}

fn others(session: &Session) -> Checked {
    let mut server = session.open()?;
    let one = held(&mut server, json!({}))?;
    let other =
        server.request(COMPLETE, json!({"model": HOLD, "prompt": "x", "partialResultToken": "other"}));
    while server.notification("$/progress")?["token"] != "other" {}
    cancel(&mut server, one);
    is_cancelled(&mut server, one)?;
    let hello = server.ask(COMPLETE, chat(HELLO))?;
    same("the text of a third", &hello["message"]["text"], "Hello.")?;
    cancel(&mut server, other);
    is_cancelled(&mut server, other).map(drop)
}

fn many(session: &Session) -> Checked {
    let mut server = session.open()?;
    let ids: Vec<i64> = (0..20).map(|_| server.request(COMPLETE, chat(HOLD))).collect();
    for id in ids.iter().rev() {
        cancel(&mut server, *id);
    }
    ids.into_iter().try_for_each(|id| is_cancelled(&mut server, id).map(drop))
}

fn before_first_byte(session: &Session) -> Checked {
    session.proxy.hold(MODEL_INFO);
    session.proxy.hold(NAMES);
    let mut server = session.open()?;
    let id = server.request(LIST_MODELS, json!({}));
    session.proxy.request(MODEL_INFO, 1)?;
    cancel(&mut server, id);
    is_cancelled(&mut server, id).map(drop)
}

fn closes(session: &Session) -> Checked {
    let mut server = session.open()?;
    let id = held(&mut server, json!({}))?;
    let request = session.proxy.request(CHAT, 1)?;
    cancel(&mut server, id);
    session.proxy.closed(&request)
}

fn button(session: &Session) -> Checked {
    let mut server = session.open()?;
    let id = held(&mut server, json!({"workDoneToken": "work"}))?;
    server.notify("window/workDoneProgress/cancel", json!({"token": "work"}));
    is_cancelled(&mut server, id).map(drop)
}

fn number_button(session: &Session) -> Checked {
    let mut server = session.open()?;
    let id = held(&mut server, json!({"workDoneToken": 5}))?;
    server.notify("window/workDoneProgress/cancel", json!({"token": "5"}));
    server.request_as("another", COMPLETE, chat(HELLO));
    let other = server.answer("another")?;
    ensure(other.is_ok(), || "another request is refused".to_owned())?;
    // It runs still: its id is refused.
    server.request_as(id, COMPLETE, chat(HOLD));
    let twin = server.answer(id)?.err().unwrap_or_default();
    same("the code of a second request of its id", &twin["code"], -32600)?;
    server.notify("window/workDoneProgress/cancel", json!({"token": 5}));
    is_cancelled(&mut server, id).map(drop)
}

fn other_button(session: &Session) -> Checked {
    let mut server = session.open()?;
    let id = held(&mut server, json!({"workDoneToken": "work"}))?;
    server.notify("window/workDoneProgress/cancel", json!({"token": "other"}));
    // The token of its stream is no button.
    server.notify("window/workDoneProgress/cancel", json!({"token": "pieces"}));
    server.is_well()?;
    server.request_as(id, COMPLETE, chat(HOLD));
    let twin = server.answer(id)?.err().unwrap_or_default();
    same("the code of a second request of its id", &twin["code"], -32600)?;
    cancel(&mut server, id);
    is_cancelled(&mut server, id).map(drop)
}

fn configure(session: &Session) -> Checked {
    for route in [MODEL_INFO, NAMES, "GET /health/liveliness"] {
        session.proxy.hold(route);
    }
    let mut server = session.open()?;
    let before = server.ask(CONFIGURE, json!({"verify": false}))?["settings"]["model"].take();
    let id = server.request(CONFIGURE, json!({"model": HELLO}));
    cancel(&mut server, id);
    let applied = is_cancelled(&mut server, id)?["data"]["applied"] == true;
    let now = server.ask(CONFIGURE, json!({"verify": false}))?["settings"]["model"].take();
    let expected = if applied { json!(HELLO) } else { before["value"].clone() };
    same(&format!("the model behind a cancel that says `applied` {applied}"), &now["value"], expected)
}
