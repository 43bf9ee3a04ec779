//! Order: requests run beside each other, and each sees the settings that held when it came.

use serde_json::{Value, json};

use crate::{
    check::{COMPLETE, CONFIGURE, Check, DISCOVER, ECHO, HELLO, HOLD, both, chat},
    failure::{Checked, same},
    session::Session,
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("order.overtakes", "M8", COMPLETE, "A short answer overtakes a long one.", overtakes).model(HOLD),
    both("order.fifty", "M8", COMPLETE, "Fifty answers at once are each that of their question.", fifty).model(ECHO),
    both("order.settings-before", "M9", CONFIGURE, "A question sees a `provider/configure` before it that is not answered yet.", settings_before).model(HELLO),
    both("order.settings-behind", "M9", CONFIGURE, "A question does not see a `provider/configure` behind it.", settings_behind).model(HELLO),
    both("order.last-wins", "M9", CONFIGURE, "Of calls of `provider/configure` at once the last holds.", last_wins),
    both("order.pieces-first", "M3", COMPLETE, "No piece follows its answer, with many at once.", pieces_first).model(HELLO),
];

fn overtakes(session: &Session) -> Checked {
    let mut server = session.open()?;
    let held = server.request(COMPLETE, chat(HOLD));
    let hello = server.ask(COMPLETE, chat(HELLO))?;
    same("the text", &hello["message"]["text"], "Hello.")?;
    server.ask(DISCOVER, json!({}))?;
    server.notify("$/cancelRequest", json!({"id": held}));
    server.answer(held).map(drop)
}

fn fifty(session: &Session) -> Checked {
    let mut server = session.open()?;
    let ids: Vec<(i64, String)> = (0..50)
        .map(|number| {
            let words = format!("question {number}");
            (server.request(COMPLETE, json!({"model": ECHO, "prompt": words})), words)
        })
        .collect();
    for (id, words) in ids {
        let answer = server.answer(id)?.unwrap_or_default();
        same(&format!("the answer to {words:?}"), &answer["message"]["text"], words)?;
    }
    Ok(())
}

fn sets(model: &str) -> Value {
    json!({"model": model, "verify": false})
}

fn settings_before(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.request(CONFIGURE, sets(ECHO));
    server.request(CONFIGURE, sets(HELLO));
    let answer = server.ask(COMPLETE, json!({"prompt": "x"}))?;
    same("the model that was asked", &answer["model"], HELLO)
}

fn settings_behind(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.ask(CONFIGURE, sets(HELLO))?;
    let question = server.request(COMPLETE, json!({"prompt": "x"}));
    let change = server.request(CONFIGURE, sets(ECHO));
    let answer = server.answer(question)?.unwrap_or_default();
    same("the model that was asked", &answer["model"], HELLO)?;
    let changed = server.answer(change)?.unwrap_or_default();
    same("the model behind it", &changed["settings"]["model"]["value"], ECHO)
}

fn last_wins(session: &Session) -> Checked {
    let mut server = session.open()?;
    for number in 0..20 {
        server.request(CONFIGURE, sets(&format!("model-{number}")));
    }
    let now = server.ask(CONFIGURE, json!({"verify": false}))?;
    same("the model that holds", &now["settings"]["model"]["value"], "model-19")
}

/// What comes behind its answer is seen by the rules.
fn pieces_first(session: &Session) -> Checked {
    let mut server = session.open()?;
    let question = |number: i64| {
        let display = format!("w{number}");
        json!({"model": HELLO, "prompt": "x", "partialResultToken": number, "workDoneToken": display})
    };
    let ids: Vec<i64> = (0..30).map(|number| server.request(COMPLETE, question(number))).collect();
    for id in ids {
        let answer = server.answer(id)?.unwrap_or_default();
        same("the text", &answer["message"]["text"], "Hello.")?;
    }
    server.end().map(drop)
}
