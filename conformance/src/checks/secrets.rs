//! Keys: they are shown by their end alone, and go where they were meant for.
//!
//! That no key is in anything a server says or logs is looked at in every check besides.

use serde_json::json;

use crate::{
    check::{COMPLETE, CONFIGURE, Check, HELLO, LIST_MODELS, both, chat},
    failure::{Checked, ensure, same, shown},
    proxy::{Answer, CHAT, NAMES, Proxy},
    session::{KEY, Session},
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("secrets.hint", "M20", CONFIGURE, "Of a key its last four characters are told.", hint),
    both("secrets.short", "M20", CONFIGURE, "Of a short key nothing is told.", short),
    both("secrets.refused", "M20", CONFIGURE, "A refusal does not quote a key.", refused),
    both("secrets.headers", "M20", CONFIGURE, "Of extra headers the names alone are told.", headers),
    both("secrets.url", "M20", CONFIGURE, "A password of a base URL is not told.", url),
    both("secrets.echoed", "M20", COMPLETE, "A key that the proxy repeats in its error is not passed on.", echoed).proxy(),
    both("secrets.withheld", "M26", CONFIGURE, "A key does not go to another origin than its own.", withheld).proxy(),
    both("secrets.given-again", "M26", CONFIGURE, "Given again, it goes to the other.", given_again).proxy(),
    both("secrets.both-at-once", "M26", CONFIGURE, "Server and key change in one call.", both_at_once).proxy(),
];

/// Long enough to have a hint.
const OTHER: &str = "sk-other-key-8c41d2f6b7";

fn hint(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.keep_secret(OTHER);
    let told = server.ask(CONFIGURE, json!({"apiKey": OTHER, "verify": false}))?;
    let key = &told["settings"]["apiKey"];
    same("`present`", &key["present"], true)?;
    same("`origin`", &key["origin"], "literal")?;
    same("`hint`", &key["hint"], "…f6b7".replace("f6b7", &OTHER[OTHER.len() - 4..]))
}

fn short(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.keep_secret("sk-short-1");
    let told = server.ask(CONFIGURE, json!({"apiKey": "sk-short-1", "verify": false}))?;
    let key = &told["settings"]["apiKey"];
    same("`hint`", &key["hint"], json!(null))
}

fn refused(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.keep_secret(OTHER);
    for wrong in [json!([OTHER]), json!({"key": OTHER}), json!(format!("{OTHER}\nx-more: 1"))] {
        // Whether the last is refused or mended is the server's.
        let answer = server.call(CONFIGURE, json!({"apiKey": wrong, "timeouts": 7, "verify": false}))?;
        ensure(answer.is_err(), || "`timeouts` of 7 is not refused".to_owned())?;
    }
    Ok(())
}

fn headers(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.keep_secret("a-value-of-a-header");
    let told =
        server.ask(CONFIGURE, json!({"headers": {"X-Team": "a-value-of-a-header"}, "verify": false}))?;
    same("`settings.headers.value`", &told["settings"]["headers"]["value"], json!(["X-Team"]))
}

fn url(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.keep_secret("a-password-of-a-url");
    let url = "http://user:a-password-of-a-url@127.0.0.1:9";
    // It is taken without, or refused.
    let _ = server.call(CONFIGURE, json!({"baseUrl": url, "verify": false}))?;
    server.ask(CONFIGURE, json!({"verify": false})).map(drop)
}

fn echoed(session: &Session) -> Checked {
    let text = format!("The header authorization: Bearer {KEY} is wrong for this model.");
    session.proxy.always(CHAT, Answer::error(400, "invalid_request_error", &text));
    let answer = session.open()?.call(COMPLETE, chat(HELLO))?;
    ensure(answer.is_err(), || "a refused question has a result".to_owned())
}

fn withheld(session: &Session) -> Checked {
    let other = Proxy::start(session.patience())?;
    let mut server = session.open()?;
    let told = server.ask(CONFIGURE, json!({"baseUrl": other.url(), "verify": false}))?;
    same("`settings.apiKey.withheld`", &told["settings"]["apiKey"]["withheld"], true)?;
    ensure(told["warnings"].as_array().is_some_and(|warnings| !warnings.is_empty()), || {
        format!("there is no warning: {}", shown(&told))
    })?;
    server.ask(LIST_MODELS, json!({}))?;
    server.ask(COMPLETE, chat(HELLO))?;
    for route in [NAMES, CHAT] {
        let sent = other.request(route, 1)?;
        let is_sent = sent.header("authorization").is_some_and(|value| value.contains(KEY));
        ensure(!is_sent, || format!("the key goes to another origin than its own, with {route}"))?;
    }
    Ok(())
}

fn goes_to(session: &Session, settings: &[serde_json::Value], other: &Proxy) -> Checked {
    let mut server = session.open()?;
    server.keep_secret(OTHER);
    for params in settings {
        let mut params = params.clone();
        params["verify"] = false.into();
        server.ask(CONFIGURE, params)?;
    }
    server.ask(COMPLETE, chat(HELLO))?;
    let is_sent = other.request(CHAT, 1)?.header("authorization") == Some(&format!("Bearer {OTHER}"));
    ensure(is_sent, || "the key that was given for it does not go there".to_owned())
}

fn given_again(session: &Session) -> Checked {
    let other = Proxy::start(session.patience())?;
    goes_to(session, &[json!({"baseUrl": other.url()}), json!({"apiKey": OTHER})], &other)
}

fn both_at_once(session: &Session) -> Checked {
    let other = Proxy::start(session.patience())?;
    goes_to(session, &[json!({"baseUrl": other.url(), "apiKey": OTHER})], &other)
}
