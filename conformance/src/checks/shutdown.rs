//! The end: in order or not, the server goes, and takes what it asked with it.

use serde_json::{Value, json};

use crate::{
    check::{COMPLETE, Check, DISCOVER, ECHO, HELLO, HOLD, both, chat},
    failure::{Checked, ensure, same, shown},
    proxy::CHAT,
    session::Session,
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("shutdown.order", "M41", "shutdown", "Behind `shutdown` and `exit` the server ends with 0.", in_order).at_lsp(),
    both("shutdown.exit-alone", "M41", "exit", "Behind `exit` alone it ends with 1.", exit_alone).at_lsp(),
    both("shutdown.late", "M42", "shutdown", "A request behind `shutdown` is refused with -32600.", late).at_lsp(),
    both("shutdown.while-asking", "M41", "shutdown", "`shutdown` is answered while a question runs, and `exit` ends both.", while_asking).at_lsp().model(HOLD),
    both("shutdown.input-ends", "M41", "", "At the end of its input the server ends.", input_ends).at_lsp().model(HOLD),
    both("shutdown.closes", "M41", COMPLETE, "With the server its connections to the proxy end.", closes).at_lsp().proxy(),
    both("shutdown.answers-first", "M12", "", "At the end of its input the line door answers what it was asked, then ends with 0.", answers_first).at_lines().model(ECHO),
    both("shutdown.last-line", "M12", "", "The last line needs no end.", last_line).at_lines(),
    both("shutdown.nothing-asked", "M12", "", "A line door that is asked nothing ends with 0.", nothing_asked).at_lines(),
    both("shutdown.clean", "M1", "", "All that the server says until its end is a message.", clean).model(HELLO),
];

fn in_order(session: &Session) -> Checked {
    let (_, code) = session.open()?.end()?;
    same("the exit code", &json!(code), 0)
}

fn exit_alone(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.notify("exit", Value::Null);
    server.rest()?;
    same("the exit code", &json!(server.exit_code()?), 1)
}

fn late(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.ask("shutdown", Value::Null)?;
    server.refused(DISCOVER, json!({}), -32600)?;
    server.notify("exit", Value::Null);
    server.rest()?;
    same("the exit code", &json!(server.exit_code()?), 0)
}

fn hold() -> Value {
    json!({"model": HOLD, "prompt": "x", "partialResultToken": "t"})
}

fn while_asking(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.request(COMPLETE, hold());
    server.notification("$/progress")?;
    let (_, code) = server.end()?;
    same("the exit code", &json!(code), 0)
}

fn input_ends(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.request(COMPLETE, hold());
    server.notification("$/progress")?;
    server.close_input();
    server.rest()?;
    server.exit_code().map(drop)
}

fn closes(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.request(COMPLETE, hold());
    let request = session.proxy.request(CHAT, 1)?;
    server.notify("exit", Value::Null);
    session.proxy.closed(&request)
}

fn answers_first(session: &Session) -> Checked {
    let mut server = session.open()?;
    let ids: Vec<i64> = (0..20)
        .map(|number| server.request(COMPLETE, json!({"model": ECHO, "prompt": format!("{number}")})))
        .collect();
    server.close_input();
    for (number, id) in ids.into_iter().enumerate() {
        let answer = server.answer(id)?.unwrap_or_default();
        same("the text", &answer["message"]["text"], format!("{number}"))?;
    }
    server.rest()?;
    same("the exit code", &json!(server.exit_code()?), 0)
}

fn last_line(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.send_bytes(json!({"jsonrpc": "2.0", "id": "last", "method": DISCOVER}).to_string());
    server.close_input();
    let answer = server.answer("last")?;
    ensure(answer.is_ok(), || format!("the last line is refused: {}", shown(&json!(answer.err()))))
}

fn nothing_asked(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.close_input();
    let rest = server.rest()?;
    ensure(rest.is_empty(), || format!("it says something: {}", shown(&rest[0])))?;
    same("the exit code", &json!(server.exit_code()?), 0)
}

fn clean(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.ask(COMPLETE, chat(HELLO))?;
    server.end().map(drop)
}
