//! Limits: what is within them is read, and what is beyond is refused, in words.

use serde_json::{Value, json};

use crate::{
    check::{COMPLETE, Check, DISCOVER, HOLD, LIST_MODELS, both, chat},
    failure::{Checked, Failure, ensure, same, shown},
    peer::Peer,
    proxy::MODEL_INFO,
    session::{Door, Session},
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("limits.levels", "M6", "", "A message of as many levels as the limit says is read.", levels_within),
    both("limits.more-levels", "M6", "", "One of more levels is refused.", levels_beyond),
    both("limits.deep", "M6", "", "One of a hundred thousand levels ends nothing.", deep),
    both("limits.values", "M6", "", "A message of nearly as many values as the limit says is read.", values_within),
    both("limits.more-values", "M6", "", "One of more values is refused.", values_beyond),
    both("limits.bytes", "M6", "", "A message of as many bytes as the limit says is read.", bytes_within),
    both("limits.more-bytes", "M6", "", "A longer line is refused, and the next is read.", line_beyond).at_lines(),
    both("limits.length", "M6", "", "A `Content-Length` beyond the limit ends the connection.", length_beyond).at_lsp(),
    both("limits.busy", "M11", "", "One request too many is `busy`, and one that ends makes room.", busy).at_lsp().model(HOLD),
    both("limits.waits", "M11", "", "One request too many waits, and can be cancelled.", waits).at_lines().model(HOLD),
];

/// A request with this in an unknown member; the request, its params and that are three levels.
fn carrying(id: &str, what: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":"{id}","method":"{DISCOVER}","params":{{"extra":{what}}}}}"#)
}

fn is_read(server: &mut Peer, text: String) -> Checked {
    server.send_text(text);
    let answer = server.answer("x")?;
    ensure(answer.is_ok(), || format!("it is refused: {}", shown(&json!(answer.err()))))
}

/// It is answered by an error, under its id or `null`, and the server goes on.
fn is_refused(server: &mut Peer, text: String) -> Checked {
    server.send_text(text);
    loop {
        let message = server.next()?;
        if message.get("method").is_none() {
            ensure(message["error"].is_object(), || {
                format!("it is not refused, but answered by {}", shown(&message))
            })?;
            return server.is_well();
        }
    }
}

fn nested(levels: usize) -> String {
    "[".repeat(levels) + &"]".repeat(levels)
}

fn levels_within(session: &Session) -> Checked {
    let levels = session.claims.limit("messageLevels")?;
    is_read(&mut session.open()?, carrying("x", &nested(levels - 2)))
}

fn levels_beyond(session: &Session) -> Checked {
    let levels = session.claims.limit("messageLevels")?;
    is_refused(&mut session.open()?, carrying("x", &nested(levels - 1)))
}

fn deep(session: &Session) -> Checked {
    is_refused(&mut session.open()?, carrying("x", &nested(100_000)))
}

fn values(count: usize) -> String {
    format!("[{}0]", "0,".repeat(count - 1))
}

fn values_within(session: &Session) -> Checked {
    let most = session.claims.limit("messageValues")?;
    // The request has some itself.
    is_read(&mut session.open()?, carrying("x", &values(most - 20)))
}

fn values_beyond(session: &Session) -> Checked {
    let most = session.claims.limit("messageValues")?;
    is_refused(&mut session.open()?, carrying("x", &values(most + 1)))
}

/// A request of exactly so many bytes.
fn of_length(length: usize) -> String {
    let bare = carrying("x", "\"\"").len();
    carrying("x", &format!("\"{}\"", "x".repeat(length - bare)))
}

fn bytes_within(session: &Session) -> Checked {
    let most = session.claims.limit("messageBytes")?;
    is_read(&mut session.open()?, of_length(most))
}

fn line_beyond(session: &Session) -> Checked {
    let most = session.claims.limit("messageBytes")?;
    is_refused(&mut session.open()?, of_length(most + 1))
}

fn length_beyond(session: &Session) -> Checked {
    let most = session.claims.limit("messageBytes")?;
    for length in [most + 1, usize::MAX] {
        let mut server = session.open()?;
        server.send_bytes(format!("Content-Length: {length}\r\n\r\n{{}}"));
        server.rest()?;
        server.exit_code()?;
    }
    Ok(())
}

/// A request that does not end by itself. Of a server with a proxy all of them wait for one list.
fn held(session: &Session) -> (&'static str, Value) {
    if session.claims.has("features", "proxy") {
        session.proxy.hold(MODEL_INFO);
        return (LIST_MODELS, json!({}));
    }
    (COMPLETE, chat(HOLD))
}

/// Starts as many as may run, and returns their ids.
fn fill(session: &Session, server: &mut Peer) -> Checked<Vec<i64>> {
    let most = session.claims.limit("requests")?;
    let (method, params) = held(session);
    Ok((0..most).map(|_| server.request(method, params.clone())).collect())
}

fn end(server: &mut Peer, ids: &[i64], door: Door) -> Checked {
    for id in ids {
        server.notify("$/cancelRequest", json!({"id": id}));
    }
    for id in ids {
        let cancelled = server.answer(*id)?;
        ensure(cancelled.is_err(), || format!("what was cancelled at {} has a result", door.name()))?;
    }
    Ok(())
}

fn busy(session: &Session) -> Checked {
    let mut server = session.open()?;
    let ids = fill(session, &mut server)?;
    server.fails(DISCOVER, json!({}), "busy")?;
    let (first, rest) = ids.split_first().ok_or_else(|| Failure::new("`limits.requests` is 0"))?;
    server.notify("$/cancelRequest", json!({"id": first}));
    let cancelled = server.answer(*first)?.err().unwrap_or_default();
    same("the code of what was cancelled", &cancelled["code"], -32800)?;
    server.is_well()?;
    end(&mut server, rest, session.door())
}

fn waits(session: &Session) -> Checked {
    let mut server = session.open()?;
    let ids = fill(session, &mut server)?;
    let waiting = server.request(DISCOVER, json!({}));
    let given_up = server.request(DISCOVER, json!({}));
    server.notify("$/cancelRequest", json!({"id": given_up}));
    let cancelled = server.answer(given_up)?.err().unwrap_or_default();
    same("the code of what waited and was cancelled", &cancelled["code"], -32800)?;
    end(&mut server, &ids, session.door())?;
    let answer = server.answer(waiting)?;
    ensure(answer.is_ok(), || format!("what waited is refused: {}", shown(&json!(answer.err()))))
}
