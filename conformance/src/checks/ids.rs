//! Ids: each comes back as it was, and means one request at a time.

use serde_json::{Value, json};

use crate::{
    check::{COMPLETE, Check, DISCOVER, HELLO, HOLD, both, chat},
    failure::{Checked, ensure, same},
    session::Session,
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("ids.kinds", "M1", "", "Ids of each kind come back as they were.", kinds),
    both("ids.many", "M1", "", "Of a hundred requests each is answered once.", many),
    both("ids.in-use", "M4", COMPLETE, "An id of a running request is refused, and the request goes on.", in_use).model(HOLD),
    both("ids.free-again", "M4", COMPLETE, "An id is free again once its request is answered.", free_again).model(HELLO),
    both("ids.number-or-text", "M4", COMPLETE, "`1` and `\"1\"` are two ids.", number_or_text).model(HOLD),
];

fn kinds(session: &Session) -> Checked {
    let mut server = session.open()?;
    let ids = [json!(-1), json!(0), json!(i64::MAX), json!(""), json!("ü🦀"), json!("a\"b\\c\n"), json!("7")];
    for id in ids {
        server.request_as(id.clone(), DISCOVER, json!({}));
        let answer = server.answer(id.clone())?;
        ensure(answer.is_ok(), || format!("a request of the id {id} is refused"))?;
    }
    Ok(())
}

/// A second answer to one of them is seen by the rules.
fn many(session: &Session) -> Checked {
    let mut server = session.open()?;
    let ids: Vec<i64> = (0..100).map(|_| server.request(DISCOVER, json!({}))).collect();
    for id in ids {
        server
            .answer(id)?
            .map_err(|error| crate::failure::Failure::new(format!("{id} is refused: {error}")))?;
    }
    server.end().map(drop)
}

fn hold() -> Value {
    json!({"model": HOLD, "prompt": "x", "partialResultToken": "pieces"})
}

fn in_use(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.request_as("one", COMPLETE, hold());
    server.notification("$/progress")?;
    server.request_as("one", COMPLETE, chat(HOLD));
    let refused = server.answer("one")?.err().unwrap_or_default();
    same("the code of the answer to the second", &refused["code"], -32600)?;
    server.notify("$/cancelRequest", json!({"id": "one"}));
    let cancelled = server.answer("one")?.err().unwrap_or_default();
    same("the code of the answer to the first, which was cancelled", &cancelled["code"], -32800)
}

fn free_again(session: &Session) -> Checked {
    let mut server = session.open()?;
    for _ in 0..3 {
        server.request_as("again", COMPLETE, chat(HELLO));
        let answer = server.answer("again")?;
        ensure(answer.is_ok(), || "an id that was answered is refused".to_owned())?;
    }
    Ok(())
}

fn number_or_text(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.request_as(77, COMPLETE, hold());
    server.notification("$/progress")?;
    server.request_as("77", DISCOVER, json!({}));
    let other = server.answer("77")?;
    ensure(other.is_ok(), || "`\"77\"` is refused while `77` runs".to_owned())?;
    server.notify("$/cancelRequest", json!({"id": "77"}));
    server.is_well()?;
    server.notify("$/cancelRequest", json!({"id": 77}));
    let cancelled = server.answer(77)?.err().unwrap_or_default();
    same("the code of the answer to `77`", &cancelled["code"], -32800)
}
