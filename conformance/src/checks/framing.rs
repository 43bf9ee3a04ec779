//! Messages as they may be written, and what is none.

use serde_json::{Value, json};

use crate::{
    check::{COMPLETE, Check, DISCOVER, ECHO, both},
    failure::{Checked, ensure, same},
    peer::Peer,
    session::{Door, Session},
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("framing.no-json", "M5", "", "What is no JSON is answered with -32700 under `null`.", no_json),
    both("framing.no-utf8", "M5", "", "What is no UTF-8 is answered with -32700.", no_utf8),
    both("framing.too-much", "M5", "", "What follows a message within its frame is answered with -32700.", too_much),
    both("framing.no-request", "M5", "", "JSON that is no request is answered with -32600 under `null`.", no_request),
    both("framing.no-version", "M5", "", "A request of another JSON-RPC than 2.0 is refused under its id.", no_version),
    both("framing.no-method", "M5", "", "A request whose method is no text, or is absent, is refused under its id.", no_method),
    both("framing.no-id", "M5", "", "An id that is neither a text nor a number is refused under `null`.", no_id),
    both("framing.goes-on", "M5", "", "What comes behind a wrong message is read as if nothing had been.", goes_on),
    both("framing.bytewise", "M6", "", "A message that comes byte by byte is read.", bytewise),
    both("framing.joined", "M6", "", "Messages that come in one piece are read one by one.", joined),
    both("framing.unicode", "M6", COMPLETE, "Texts beyond ASCII come through unchanged.", unicode).model(ECHO),
    both("framing.escapes", "M6", COMPLETE, "Escaped texts mean what they say.", escapes).model(ECHO),
    both("framing.more-members", "M14", "", "Members of a message that JSON-RPC does not know are ignored.", more_members),
    both("framing.header-case", "M6", "", "Names of headers are read in any case.", header_case).at_lsp(),
    both("framing.content-type", "M6", "", "A `Content-Type` before or behind the length is taken.", content_type).at_lsp(),
    both("framing.lost", "M6", "", "A `Content-Length` that is no number ends the connection.", lost).at_lsp(),
    both("framing.blank-lines", "M6", "", "Blank lines are passed over.", blank_lines).at_lines(),
    both("framing.cr-lf", "M6", "", "A line may end with CR LF.", cr_lf).at_lines(),
    both("notifications.unknown", "M2", "", "A notification of an unknown method is not answered.", unknown_notification),
    both("notifications.request", "M2", "", "A method that is sent without an id is not answered.", request_without_id),
    both("notifications.response", "M2", "", "An answer to what the server never asked is passed over.", stray_answer),
];

/// The next answer, whatever it is for; what is no answer is passed over.
fn next_answer(server: &mut Peer) -> Checked<Value> {
    loop {
        let message = server.next()?;
        if message.get("method").is_none() {
            return Ok(message);
        }
    }
}

/// The server's next word about this is an error under this id.
fn refuses(server: &mut Peer, text: impl AsRef<[u8]>, id: impl Into<Value>, code: i64) -> Checked {
    let shown = String::from_utf8_lossy(text.as_ref()).into_owned();
    server.send_text(text);
    let answer = next_answer(server)?;
    same(&format!("the id of the answer to {shown}"), &answer["id"], id)?;
    same(&format!("the code of the answer to {shown}"), &answer["error"]["code"], code)
}

fn no_json(session: &Session) -> Checked {
    let mut server = session.open()?;
    ["{", "}", "no json", "\u{0}", "{'jsonrpc': '2.0'}"]
        .into_iter()
        .try_for_each(|text| refuses(&mut server, text, Value::Null, -32700))
}

fn no_utf8(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.send_text(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}");
    let answer = next_answer(&mut server)?;
    same("the code of the answer", &answer["error"]["code"], -32700)
}

fn too_much(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.send_text(r#"{"jsonrpc":"2.0","id":6,"method":"provider/discover"}{"jsonrpc":"2.0"}"#);
    let answer = next_answer(&mut server)?;
    same("the code of the answer", &answer["error"]["code"], -32700)
}

fn no_request(session: &Session) -> Checked {
    let mut server = session.open()?;
    ["{}", "7", "\"text\"", "null", "true"]
        .into_iter()
        .try_for_each(|text| refuses(&mut server, text, Value::Null, -32600))
}

fn no_version(session: &Session) -> Checked {
    let mut server = session.open()?;
    refuses(&mut server, r#"{"id":2,"method":"provider/discover"}"#, 2, -32600)?;
    refuses(&mut server, r#"{"jsonrpc":"1.0","id":"b","method":"provider/discover"}"#, "b", -32600)
}

fn no_method(session: &Session) -> Checked {
    let mut server = session.open()?;
    refuses(&mut server, r#"{"jsonrpc":"2.0","id":1,"method":7}"#, 1, -32600)?;
    refuses(&mut server, r#"{"jsonrpc":"2.0","id":4}"#, 4, -32600)
}

fn no_id(session: &Session) -> Checked {
    let mut server = session.open()?;
    for id in ["{}", "true", "[1]"] {
        let text = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"provider/discover"}}"#);
        refuses(&mut server, text, Value::Null, -32600)?;
    }
    Ok(())
}

fn goes_on(session: &Session) -> Checked {
    let mut server = session.open()?;
    for text in ["{", "7", "no json at all"] {
        server.send_text(text);
        server.is_well()?;
    }
    Ok(())
}

fn discover(id: &str) -> String {
    json!({"jsonrpc": "2.0", "id": id, "method": DISCOVER, "params": {}}).to_string()
}

fn framed(session: &Session, message: &str) -> String {
    match session.door() {
        Door::Lsp => format!("Content-Length: {}\r\n\r\n{message}", message.len()),
        Door::Lines => format!("{message}\n"),
    }
}

fn answered(server: &mut Peer, id: &str) -> Checked {
    server
        .answer(id)?
        .map(drop)
        .map_err(|error| crate::failure::Failure::new(format!("{id} is refused: {error}")))
}

fn bytewise(session: &Session) -> Checked {
    let mut server = session.open()?;
    for byte in framed(session, &discover("ü")).bytes() {
        server.send_bytes([byte]);
    }
    answered(&mut server, "ü")
}

fn joined(session: &Session) -> Checked {
    let mut server = session.open()?;
    let ids = ["a", "b", "c", "d"];
    let all: String = ids.iter().map(|id| framed(session, &discover(id))).collect();
    server.send_bytes(all);
    ids.into_iter().try_for_each(|id| answered(&mut server, id))
}

fn unicode(session: &Session) -> Checked {
    let mut server = session.open()?;
    for text in ["ünïcödé", "🦀 crab", "\u{2028}\u{2029}", "日本語", "e\u{301}"] {
        let answer = server.ask(COMPLETE, json!({"model": ECHO, "prompt": text}))?;
        same("the text that came back", &answer["message"]["text"], text)?;
    }
    Ok(())
}

fn escapes(session: &Session) -> Checked {
    let mut server = session.open()?;
    let text = r#"{"jsonrpc":"2.0","id":"e","method":"provider/complete","params":{"model":"test-echo","prompt":"\u00fc \ud83e\udd80 \"\\\n\t\/"}}"#;
    server.send_bytes(framed(session, text));
    let answer = server.answer("e")?.unwrap_or_default();
    same("the text that came back", &answer["message"]["text"], "ü 🦀 \"\\\n\t/")
}

fn more_members(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.send(
        json!({"jsonrpc": "2.0", "id": "m", "method": DISCOVER, "params": {}, "extra": [1], "_x": null}),
    );
    answered(&mut server, "m")
}

fn with_headers(session: &Session, cases: &[&str]) -> Checked {
    let mut server = session.open()?;
    for (number, headers) in cases.iter().enumerate() {
        let id = format!("h{number}");
        let message = discover(&id);
        server.send_bytes(headers.replace("{}", &message.len().to_string()) + &message);
        answered(&mut server, &id)?;
    }
    Ok(())
}

fn header_case(session: &Session) -> Checked {
    with_headers(
        session,
        &["content-length: {}\r\n\r\n", "CONTENT-LENGTH: {}\r\n\r\n", "Content-Length:{}\r\n\r\n"],
    )
}

fn content_type(session: &Session) -> Checked {
    const TYPE: &str = "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n";
    let (before, behind) =
        (format!("{TYPE}Content-Length: {{}}\r\n\r\n"), format!("Content-Length: {{}}\r\n{TYPE}\r\n"));
    with_headers(session, &[&before, &behind])
}

fn lost(session: &Session) -> Checked {
    for headers in
        ["Content-Length: many\r\n\r\n{}", "Content-Length: -2\r\n\r\n{}", "no header at all\r\n\r\n{}"]
    {
        let mut server = session.open()?;
        server.send_bytes(headers);
        server.rest()?;
        server.exit_code()?;
    }
    Ok(())
}

fn blank_lines(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.send_bytes(format!("\n\n  \n{}\n\n", discover("a")));
    answered(&mut server, "a")?;
    let rest = server.end()?.0;
    ensure(rest.is_empty(), || format!("a blank line is answered: {}", rest[0]))
}

fn cr_lf(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.send_bytes(format!("{}\r\n{}\r\n", discover("a"), discover("b")));
    answered(&mut server, "a")?;
    answered(&mut server, "b")
}

/// Nothing that the server says until its end is an answer.
fn says_nothing(server: &mut Peer) -> Checked {
    server.is_well()?;
    let rest = server.end()?.0;
    let answer = rest.iter().find(|message| message.get("method").is_none());
    ensure(answer.is_none(), || format!("it is answered: {}", answer.unwrap_or(&Value::Null)))
}

fn unknown_notification(session: &Session) -> Checked {
    let mut server = session.open()?;
    for method in ["no/such", "$/unknown", "provider/noSuchMethod"] {
        server.notify(method, json!({"a": 1}));
        server.notify(method, Value::Null);
    }
    says_nothing(&mut server)
}

fn request_without_id(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.notify(DISCOVER, json!({}));
    server.notify(DISCOVER, json!([1]));
    server.notify(COMPLETE, json!({"prompt": 7}));
    says_nothing(&mut server)
}

fn stray_answer(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.send(json!({"jsonrpc": "2.0", "id": "nobody", "result": 1}));
    server.send(json!({"jsonrpc": "2.0", "id": 7, "error": {"code": 1, "message": "x"}}));
    says_nothing(&mut server)
}
