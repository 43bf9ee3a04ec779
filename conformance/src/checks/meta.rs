//! `_meta`: a note of the client to itself.

use serde_json::{Value, json};

use crate::{
    check::{
        BUSY, COMPLETE, CONFIGURE, Check, DISCOVER, HELLO, HOLD, LIST_MODELS, STATUS, USAGE, both, chat,
    },
    failure::{Checked, same},
    proxy::CHAT,
    session::Session,
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("meta.result", "M15", DISCOVER, "`_meta` comes back with a result, unchanged.", result).feature("meta"),
    both("meta.each-method", "M15", "", "`_meta` comes back from each method that can be asked without harm.", each_method).feature("meta"),
    both("meta.invalid-params", "M15", COMPLETE, "`_meta` comes back in the `data` of refused params.", refused).feature("meta"),
    both("meta.error", "M15", COMPLETE, "`_meta` comes back in the `data` of what failed.", failed).feature("meta").model(BUSY),
    both("meta.cancelled", "M15", COMPLETE, "`_meta` comes back in the `data` of what was cancelled.", cancelled).feature("meta").model(HOLD),
    both("meta.absent", "M15", DISCOVER, "Without `_meta` none comes back.", absent),
    both("meta.not-sent-on", "M15", COMPLETE, "`_meta` does not reach the proxy.", not_sent_on).proxy(),
];

/// Numbers beyond 53 bits and members in no order tell a server that reads it from one that passes it on.
fn note() -> Value {
    json!({"z": [1, null, 2.5, "ü"], "a": {"n": 9_007_199_254_740_993_i64}, "": true})
}

fn result(session: &Session) -> Checked {
    let told = session.open()?.ask(DISCOVER, json!({"_meta": note()}))?;
    same("`_meta`", &told["_meta"], note())
}

fn each_method(session: &Session) -> Checked {
    let mut server = session.open()?;
    for (method, mut params) in [
        (STATUS, json!({})),
        (LIST_MODELS, json!({})),
        (USAGE, json!({})),
        (CONFIGURE, json!({"verify": false})),
        (COMPLETE, chat(HELLO)),
    ] {
        if session.claims.has("methods", method) {
            params["_meta"] = note();
            let told = server.ask(method, params)?;
            same(&format!("`_meta` of {method}"), &told["_meta"], note())?;
        }
    }
    Ok(())
}

fn refused(session: &Session) -> Checked {
    let error = session.open()?.refused(COMPLETE, json!({"prompt": 7, "_meta": note()}), -32602)?;
    same("`data._meta`", &error["data"]["_meta"], note())
}

fn failed(session: &Session) -> Checked {
    let data = session.open()?.fails(
        COMPLETE,
        json!({"model": BUSY, "prompt": "x", "_meta": note()}),
        "rateLimited",
    )?;
    same("`data._meta`", &data["_meta"], note())
}

fn cancelled(session: &Session) -> Checked {
    let mut server = session.open()?;
    let params = json!({"model": HOLD, "prompt": "x", "partialResultToken": "t", "_meta": note()});
    let id = server.request(COMPLETE, params);
    server.notification("$/progress")?;
    server.notify("$/cancelRequest", json!({"id": id}));
    let error = server.answer(id)?.err().unwrap_or_default();
    same("`data._meta`", &error["data"]["_meta"], note())
}

fn absent(session: &Session) -> Checked {
    let told = session.open()?.ask(DISCOVER, json!({}))?;
    same("`_meta`", &told["_meta"], Value::Null)
}

fn not_sent_on(session: &Session) -> Checked {
    session.open()?.ask(COMPLETE, json!({"model": HELLO, "prompt": "x", "_meta": {"mine": 1}}))?;
    let body = session.proxy.request(CHAT, 1)?.body;
    same("whether the proxy got it", &json!(body.to_string().contains("mine")), false)
}
