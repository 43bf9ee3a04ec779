//! What was spent: each call counts once, however it ended.

use serde_json::{Value, json};

use crate::{
    check::{BUSY, COMPLETE, CUT, Check, HELLO, HOLD, LIST_MODELS, USAGE, both, chat},
    failure::{Checked, ensure, same},
    peer::Peer,
    session::Session,
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("usage.nothing", "M34", USAGE, "Before the first call nothing was spent.", nothing),
    both("usage.sums", "M34", USAGE, "Tokens and costs are summed up.", sums).model(HELLO).also(&[LIST_MODELS]),
    both("usage.outcomes", "M34", USAGE, "Calls are told apart by model and outcome.", outcomes).model(CUT),
    both("usage.rows", "M34", USAGE, "The rows add up to the total.", rows).model(HELLO),
    both("usage.cancelled", "M34", USAGE, "A cancelled call counts, and its cost is not known.", cancelled).model(HOLD),
    both("usage.invalid", "M34", USAGE, "A question that was refused by its params is no call.", invalid),
    both("usage.watch", "M35", USAGE, "Who watches is told behind each call.", watch).model(HELLO),
    both("usage.unwatched", "M35", USAGE, "Who does not watch is told nothing.", unwatched).model(HELLO),
    both("usage.ledger", "M34", USAGE, "However calls are put together, each counts once.", ledger).model(HELLO).feature("ledger"),
    both("usage.ledger-pages", "M34", USAGE, "Pages of the ledger, joined, are the whole.", ledger_pages).model(HELLO).feature("ledger"),
    both("usage.ledger-wrong", "M17", USAGE, "What the ledger can't be asked is refused with its place.", ledger_wrong).feature("ledger"),
];

const NEWS: &str = "provider/didChangeUsage";

fn ask(server: &mut Peer, model: &str) -> Checked {
    server.call(COMPLETE, chat(model)).map(drop)
}

fn total(server: &mut Peer) -> Checked<Value> {
    Ok(server.ask(USAGE, json!({}))?["total"].take())
}

fn nothing(session: &Session) -> Checked {
    let mut server = session.open()?;
    let told = server.ask(USAGE, json!({}))?;
    same("`total.calls`", &told["total"]["calls"], 0)?;
    same("`total.cost`", &told["total"]["cost"], Value::Null)?;
    same("`rows`", &told["rows"], json!([]))
}

fn sums(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.ask(LIST_MODELS, json!({}))?;
    for _ in 0..3 {
        ask(&mut server, HELLO)?;
    }
    let total = total(&mut server)?;
    same("`total.calls`", &total["calls"], 3)?;
    same("`total.inputTokens`", &total["inputTokens"], 39)?;
    same("`total.outputTokens`", &total["outputTokens"], 9)?;
    same("`total.unpricedCalls`", &total["unpricedCalls"], 0)?;
    let cost = total["cost"].as_f64().unwrap_or_default();
    ensure((cost - 1.059e-5).abs() < 1e-12, || format!("`total.cost` is {}, not 0.00001059", total["cost"]))
}

fn outcomes(session: &Session) -> Checked {
    let mut server = session.open()?;
    for model in [HELLO, CUT, HELLO, BUSY] {
        ask(&mut server, model)?;
    }
    let told = server.ask(USAGE, json!({}))?;
    let rows: Vec<Value> = told["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| json!([row["model"], row["outcome"], row["sum"]["calls"]]))
        .collect();
    let expected = json!([[HELLO, "succeeded", 2], [CUT, "failed", 1], [BUSY, "failed", 1]]);
    same("model, outcome and calls of the rows", &json!(rows), expected)
}

fn rows(session: &Session) -> Checked {
    let mut server = session.open()?;
    for model in [HELLO, CUT, HELLO, BUSY] {
        ask(&mut server, model)?;
    }
    let told = server.ask(USAGE, json!({}))?;
    for member in [
        "calls",
        "inputTokens",
        "outputTokens",
        "cacheReadTokens",
        "cacheWriteTokens",
        "reasoningTokens",
        "unpricedCalls",
    ] {
        let rows = told["rows"].as_array().into_iter().flatten();
        let sum: u64 = rows.filter_map(|row| row["sum"][member].as_u64()).sum();
        same(&format!("`total.{member}`"), &told["total"][member], sum)?;
    }
    Ok(())
}

fn cancelled(session: &Session) -> Checked {
    let mut server = session.open()?;
    let id = server.request(COMPLETE, json!({"model": HOLD, "prompt": "x", "partialResultToken": "t"}));
    server.notification("$/progress")?;
    server.notify("$/cancelRequest", json!({"id": id}));
    let answer = server.answer(id)?;
    ensure(answer.is_err(), || "what was cancelled has a result".to_owned())?;
    let told = server.ask(USAGE, json!({}))?;
    same("`outcome`", &told["rows"][0]["outcome"], "cancelled")?;
    same("`total.calls`", &told["total"]["calls"], 1)?;
    same("`total.unpricedCalls`", &told["total"]["unpricedCalls"], 1)
}

fn invalid(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.refused(COMPLETE, json!({"model": HELLO, "prompt": 7}), -32602)?;
    same("`total.calls`", &total(&mut server)?["calls"], 0)
}

fn watch(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.ask(USAGE, json!({"watch": true}))?;
    for calls in 1..=3 {
        ask(&mut server, HELLO)?;
        let news = server.notification(NEWS)?;
        same("`total.calls` of the news", &news["total"]["calls"], calls)?;
    }
    server.ask(USAGE, json!({"watch": false}))?;
    ask(&mut server, HELLO)?;
    none(&mut server)
}

fn unwatched(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.ask(USAGE, json!({}))?;
    ask(&mut server, HELLO)?;
    none(&mut server)
}

fn none(server: &mut Peer) -> Checked {
    let news = server.end()?.0.iter().filter(|message| message["method"] == NEWS).count();
    same("the number of news", &json!(news), 0)
}

/// What the ledger says, asked in this way.
fn told(server: &mut Peer, asked: Value) -> Checked<Value> {
    Ok(server.ask(USAGE, json!({"ledger": asked}))?["ledger"].take())
}

fn calls(groups: &Value) -> u64 {
    groups.as_array().into_iter().flatten().filter_map(|group| group["sum"]["calls"].as_u64()).sum()
}

fn ledger(session: &Session) -> Checked {
    let mut server = session.open()?;
    let before = told(&mut server, json!({}))?["total"]["calls"].as_u64().unwrap_or_default();
    for model in [HELLO, CUT, HELLO] {
        ask(&mut server, model)?;
    }
    for by in ["hour", "day", "week", "month", "model", "client", "workspace", "profile", "outcome"] {
        let told = told(&mut server, json!({"by": [by]}))?;
        same(&format!("`ledger.total.calls` by {by}"), &told["total"]["calls"], before + 3)?;
        same(&format!("the calls of the groups by {by}"), &json!(calls(&told["groups"])), before + 3)?;
    }
    Ok(())
}

fn ledger_pages(session: &Session) -> Checked {
    let mut server = session.open()?;
    for model in [HELLO, CUT, HELLO] {
        ask(&mut server, model)?;
    }
    let by = json!(["day", "model", "outcome"]);
    let whole = told(&mut server, json!({"by": by}))?["groups"].take();
    let (mut joined, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let mut asked = json!({"by": by, "limit": 1});
        if !cursor.is_null() {
            asked["cursor"] = cursor;
        }
        let mut page = told(&mut server, asked)?;
        joined.extend(page["groups"].as_array().into_iter().flatten().cloned());
        cursor = page["nextCursor"].take();
        if cursor.is_null() || joined.len() > 1_000 {
            break;
        }
    }
    same("the pages, joined", &json!(joined), whole)
}

fn ledger_wrong(session: &Session) -> Checked {
    let mut server = session.open()?;
    for asked in [
        json!({"by": ["day", "month"]}),
        json!({"by": ["colour"]}),
        json!({"since": "yesterday"}),
        json!({"timeZone": "nowhere"}),
        json!({"limit": 0}),
        json!({"cursor": "nobody gave it"}),
    ] {
        server.refused(USAGE, json!({"ledger": asked}), -32602)?;
    }
    Ok(())
}
