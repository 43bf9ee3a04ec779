//! Streams: what is ready goes ahead of the result, and says what the result says.

use serde_json::{Value, json};

use crate::{
    check::{COMPLETE, COUNT, Check, HELLO, LONG, THINK, TOOL, both, chat},
    failure::{Checked, ensure, same, shown},
    proxy::{Answer, CHAT},
    session::Session,
    stream::Streamed,
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("streaming.text", "M10", COMPLETE, "The texts of the pieces, joined, are the text of the result.", text).model(HELLO),
    both("streaming.order", "M10", COMPLETE, "A thousand pieces come in order, and none is lost.", order).model(COUNT),
    both("streaming.size", "M6", COMPLETE, "No piece has more bytes of text than `limits.partialBytes`.", size).model(LONG),
    both("streaming.token", "M10", COMPLETE, "The pieces have the token that was given, a number or a text.", token).model(HELLO),
    both("streaming.unasked", "M10", COMPLETE, "Without a token nothing is streamed.", unasked).model(HELLO),
    both("streaming.same", "M10", COMPLETE, "A streamed answer has the result of one that is not.", same_result).model(HELLO),
    both("streaming.reasoning", "M10", COMPLETE, "Reasoning is streamed as such, and joins to that of the result.", reasoning).model(THINK),
    both("streaming.tool-call", "M10", COMPLETE, "The pieces of a call of a tool join to the call.", tool_call).model(TOOL),
    both("streaming.two", "M10", COMPLETE, "Two streams at once do not mix.", two).model(COUNT),
    both("streaming.retry", "M37", COMPLETE, "That a request is sent again is told by a `retry` piece.", retry).proxy(),
];

fn result(streamed: &Streamed) -> Checked<&Value> {
    streamed
        .answer
        .as_ref()
        .map_err(|error| crate::failure::Failure::new(format!("the answer failed: {}", shown(error))))
}

fn text(session: &Session) -> Checked {
    let streamed = session.open()?.stream(chat(HELLO))?;
    same("the text of the result", &result(&streamed)?["message"]["text"], "Hello.")?;
    same("the text of the pieces", &json!(streamed.text), "Hello.")
}

fn order(session: &Session) -> Checked {
    let streamed = session.open()?.stream(chat(COUNT))?;
    let whole: String = (0..1000).map(|number| format!("{number} ")).collect();
    same("the text of the result", &result(&streamed)?["message"]["text"], whole.as_str())?;
    same("the text of the pieces", &json!(streamed.text), whole)
}

fn size(session: &Session) -> Checked {
    let most = session.claims.limit("partialBytes")?;
    let streamed = session.open()?.stream(chat(LONG))?;
    let largest = streamed.deltas.iter().filter_map(|delta| delta["text"].as_str()).map(str::len).max();
    ensure(largest.is_some_and(|largest| largest <= most), || {
        format!(
            "the largest piece has {} bytes, and `limits.partialBytes` is {most}",
            largest.unwrap_or_default()
        )
    })?;
    same("the length of the text", &json!(streamed.text.len()), 100_000)
}

fn token(session: &Session) -> Checked {
    let mut server = session.open()?;
    for token in [json!(0), json!(7), json!("7"), json!("ü"), json!("")] {
        let streamed = server.stream_as(token.clone(), chat(HELLO))?;
        ensure(streamed.text == "Hello.", || format!("under the token {token} came {:?}", streamed.text))?;
    }
    Ok(())
}

fn unasked(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.ask(COMPLETE, chat(HELLO))?;
    let rest = server.end()?.0;
    let progress = rest.iter().find(|message| message["method"] == "$/progress");
    ensure(progress.is_none(), || format!("it is streamed: {}", shown(&json!(progress))))
}

fn same_result(session: &Session) -> Checked {
    let mut server = session.open()?;
    let whole = server.ask(COMPLETE, chat(HELLO))?;
    let streamed = server.stream(chat(HELLO))?;
    for member in ["model", "message", "finishReason", "usage"] {
        same(
            &format!("`{member}` of a streamed answer"),
            &result(&streamed)?[member],
            whole[member].clone(),
        )?;
    }
    Ok(())
}

fn reasoning(session: &Session) -> Checked {
    let streamed = session.open()?.stream(chat(THINK))?;
    same("the reasoning of the pieces", &json!(streamed.joined("reasoning")), "Hm.")?;
    same("the text of the pieces", &json!(streamed.text), "Yes.")?;
    same("the reasoning of the result", &result(&streamed)?["message"]["reasoning"], "Hm.")
}

fn tool_call(session: &Session) -> Checked {
    let mut params = chat(TOOL);
    params["tools"] = json!([{"name": "look", "parameters": {"type": "object"}}]);
    let streamed = session.open()?.stream(params)?;
    let mut call = json!({"id": null, "name": null, "arguments": ""});
    for delta in streamed.deltas.iter().filter(|delta| delta["type"] == "toolCall") {
        same("`index`", &delta["index"], 0)?;
        for member in ["id", "name"] {
            if delta[member].is_string() {
                call[member] = delta[member].clone();
            }
        }
        let so_far = call["arguments"].as_str().unwrap_or_default();
        call["arguments"] = format!("{so_far}{}", delta["arguments"].as_str().unwrap_or_default()).into();
    }
    same("the call of the pieces", &call, result(&streamed)?["message"]["toolCalls"][0].clone())
}

fn two(session: &Session) -> Checked {
    let mut server = session.open()?;
    let mut ids = Vec::new();
    for token in ["a", "b"] {
        let mut params = chat(COUNT);
        params["partialResultToken"] = token.into();
        ids.push(server.request(COMPLETE, params));
    }
    let mut texts = [String::new(), String::new()];
    for id in ids {
        let answer = server.answer(id)?.unwrap_or_default();
        ensure(answer["message"]["text"].is_string(), || "one of two streams failed".to_owned())?;
    }
    for message in server.end()?.0 {
        let params = &message["params"];
        let which = usize::from(params["token"] == "b");
        texts[which] += params["value"]["text"].as_str().unwrap_or_default();
    }
    let whole: String = (0..1000).map(|number| format!("{number} ")).collect();
    texts
        .into_iter()
        .try_for_each(|text| same("the text of one of two streams", &json!(text), whole.as_str()))
}

fn retry(session: &Session) -> Checked {
    let refused = Answer::error(429, "throttling_error", "Too many requests.").header("retry-after-ms", "1");
    session.proxy.next(CHAT, refused);
    let streamed = session.open()?.stream(chat(HELLO))?;
    let retry = streamed.deltas.first().cloned().unwrap_or_default();
    same("the type of the first piece", &retry["type"], "retry")?;
    same("`attempt`", &retry["attempt"], 2)?;
    same("`kind`", &retry["kind"], "rateLimited")?;
    same("the text of the pieces", &json!(streamed.text), "Hello.")
}
