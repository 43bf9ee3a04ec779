//! Answers: whole, with what they took; and questions, as they reach the proxy.

use serde_json::{Value, json};

use crate::{
    check::{BUSY, COMPLETE, Check, ECHO, HELLO, LIST_MODELS, THINK, TOOL, both, chat},
    failure::{Checked, ensure, same, shown},
    peer::Peer,
    proxy::{Answer, CHAT},
    session::{KEY, Session},
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("answers.text", "M38", COMPLETE, "The whole text comes with the result.", text).model(HELLO),
    both("answers.conversation", "M38", COMPLETE, "The last message of a conversation is answered.", conversation).model(ECHO),
    both("answers.parts", "M38", COMPLETE, "A message of parts is what its texts say.", parts).model(ECHO),
    both("answers.finish", "M38", COMPLETE, "Why it stopped is told.", finish).model(TOOL),
    both("answers.model", "M38", COMPLETE, "The result names the model that was asked for.", model).model(HELLO),
    both("answers.call-id", "M38", COMPLETE, "Each call has an id of its own.", call_id).model(HELLO),
    both("answers.usage", "M32", COMPLETE, "Tokens and cost are told, and who says the cost.", usage).model(HELLO).also(&[LIST_MODELS]),
    both("answers.reasoning", "M38", COMPLETE, "Reasoning stands apart from the text.", reasoning).model(THINK),
    both("answers.tool-call", "M38", COMPLETE, "A call of a tool comes with its id, name and arguments.", tool_call).model(TOOL),
    both("answers.sent", "M38", COMPLETE, "What a question says reaches the proxy.", sent).proxy(),
    both("answers.nothing-else", "M38", COMPLETE, "Nothing reaches the proxy that nobody asked for.", nothing_else).proxy(),
    both("answers.extra-body", "M38", COMPLETE, "`extraBody` is passed on, and wins.", extra_body).proxy(),
    both("answers.tools", "M38", COMPLETE, "Schemas of tools are passed on untouched.", tools).proxy(),
    both("answers.key", "M26", COMPLETE, "The key goes along as a bearer token.", key).proxy(),
    both("answers.sent-again", "M37", COMPLETE, "A refusal before the first byte is sent again, and told in `retries`.", sent_again).proxy(),
    both("answers.not-sent-again", "M37", COMPLETE, "What broke off behind its first byte is not sent again.", not_sent_again).proxy(),
    both("answers.once", "M27", COMPLETE, "A call under a key that is taken is refused, and says what became of the first.", once).model(HELLO).feature("idempotency"),
    both("answers.once-failed", "M27", COMPLETE, "What failed has taken its key, and what was refused by its params has not.", once_failed).model(BUSY).feature("idempotency"),
    both("answers.not-wrong-again", "M37", COMPLETE, "A wrong request is not sent again.", not_wrong_again).proxy(),
];

fn ask(server: &mut Peer, model: &str) -> Checked<Value> {
    server.ask(COMPLETE, chat(model))
}

fn text(session: &Session) -> Checked {
    let answer = ask(&mut session.open()?, HELLO)?;
    same("`message.text`", &answer["message"]["text"], "Hello.")?;
    same("`finishReason`", &answer["finishReason"], "stop")
}

fn conversation(session: &Session) -> Checked {
    let messages = json!([
        {"role": "user", "content": "one"}, {"role": "assistant", "content": "two"}, {"role": "user", "content": "three"},
    ]);
    let answer =
        session.open()?.ask(COMPLETE, json!({"model": ECHO, "system": "Be brief.", "messages": messages}))?;
    same("`message.text`", &answer["message"]["text"], "three")
}

fn parts(session: &Session) -> Checked {
    let content = json!([{"type": "text", "text": "one "}, {"type": "text", "text": "two"}]);
    let params = json!({"model": ECHO, "messages": [{"role": "user", "content": content}]});
    let answer = session.open()?.ask(COMPLETE, params)?;
    same("`message.text`", &answer["message"]["text"], "one two")
}

fn finish(session: &Session) -> Checked {
    let answer = ask(&mut session.open()?, TOOL)?;
    same("`finishReason`", &answer["finishReason"], "toolCalls")
}

fn model(session: &Session) -> Checked {
    let answer = ask(&mut session.open()?, HELLO)?;
    same("`model`", &answer["model"], HELLO)
}

fn call_id(session: &Session) -> Checked {
    let mut server = session.open()?;
    let (one, other) = (ask(&mut server, HELLO)?["callId"].take(), ask(&mut server, HELLO)?["callId"].take());
    ensure(one.as_str().is_some_and(|id| !id.is_empty()) && one != other, || {
        format!("the ids of two calls are {one} and {other}")
    })
}

/// 13 tokens at 0.11 and 3 at 0.70 USD a million.
fn usage(session: &Session) -> Checked {
    let mut server = session.open()?;
    // Prices are those of the list, and only of one that is at hand.
    server.ask(LIST_MODELS, json!({}))?;
    let usage = &ask(&mut server, HELLO)?["usage"];
    same("`usage.inputTokens`", &usage["inputTokens"], 13)?;
    same("`usage.outputTokens`", &usage["outputTokens"], 3)?;
    let cost = usage["cost"].as_f64().unwrap_or_default();
    ensure((cost - 3.53e-6).abs() < 1e-12, || format!("`usage.cost` is {}, not 0.00000353", usage["cost"]))?;
    ensure(usage["costSource"].is_string(), || "`usage.costSource` does not say who told the cost".to_owned())
}

fn reasoning(session: &Session) -> Checked {
    let message = &ask(&mut session.open()?, THINK)?["message"];
    same("`message.reasoning`", &message["reasoning"], "Hm.")?;
    same("`message.text`", &message["text"], "Yes.")
}

fn tool_call(session: &Session) -> Checked {
    let tool = json!({"name": "look", "parameters": {"type": "object"}});
    let params = json!({"model": TOOL, "prompt": "x", "tools": [tool]});
    let calls = &session.open()?.ask(COMPLETE, params)?["message"]["toolCalls"];
    same(
        "`message.toolCalls`",
        calls,
        json!([{"id": "call-1", "name": "look", "arguments": "{\"at\":\"x\"}"}]),
    )
}

/// The body of the one chat that reached the proxy.
fn body(session: &Session, params: Value) -> Checked<Value> {
    session.open()?.ask(COMPLETE, params)?;
    Ok(session.proxy.request(CHAT, 1)?.body)
}

fn sent(session: &Session) -> Checked {
    let body = body(
        session,
        json!({"model": HELLO, "system": "Be brief.", "prompt": "Hi", "maxTokens": 7, "temperature": 0, "topP": 0.5, "stop": ["END"], "seed": 3}),
    )?;
    for (member, expected) in [
        ("model", json!(HELLO)),
        ("messages", json!([{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}])),
        ("max_tokens", json!(7)),
        ("top_p", json!(0.5)),
        ("stop", json!(["END"])),
        ("seed", json!(3)),
    ] {
        same(&format!("`{member}` at the proxy"), &body[member], expected)?;
    }
    same("`temperature` at the proxy", &json!(body["temperature"].as_f64()), 0.0)
}

fn nothing_else(session: &Session) -> Checked {
    let body = body(session, json!({"model": HELLO, "prompt": "Hi"}))?;
    for member in
        ["temperature", "top_p", "parallel_tool_calls", "tools", "tool_choice", "stop", "seed", "user"]
    {
        same(&format!("`{member}` at the proxy"), &body[member], Value::Null)?;
    }
    Ok(())
}

fn extra_body(session: &Session) -> Checked {
    let extra = json!({"custom": {"a": [1]}, "temperature": 0.25});
    let body = body(session, json!({"model": HELLO, "prompt": "Hi", "temperature": 1, "extraBody": extra}))?;
    same("`custom` at the proxy", &body["custom"], json!({"a": [1]}))?;
    same("`temperature` at the proxy", &body["temperature"], 0.25)
}

fn tools(session: &Session) -> Checked {
    let schema = json!({"type": "object", "properties": {"z": {"type": "string"}, "a": {"enum": [1, null]}}, "x-own": true});
    let tool = json!({"name": "look", "description": "Looks.", "parameters": schema});
    let body =
        body(session, json!({"model": HELLO, "prompt": "Hi", "tools": [tool], "toolChoice": "required"}))?;
    same("`tools[0].function.parameters` at the proxy", &body["tools"][0]["function"]["parameters"], schema)?;
    same("`tool_choice` at the proxy", &body["tool_choice"], "required")
}

fn key(session: &Session) -> Checked {
    ask(&mut session.open()?, HELLO)?;
    let request = session.proxy.request(CHAT, 1)?;
    let is_sent = request.header("authorization") == Some(&format!("Bearer {KEY}"));
    ensure(is_sent, || "the key is not in the header `authorization`".to_owned())
}

fn sent_again(session: &Session) -> Checked {
    let refused = Answer::error(429, "throttling_error", "Too many requests.").header("retry-after-ms", "1");
    session.proxy.next(CHAT, refused);
    let answer = ask(&mut session.open()?, HELLO)?;
    same("`message.text`", &answer["message"]["text"], "Hello.")?;
    same("`timing.retries`", &answer["timing"]["retries"], 1)
}

fn not_sent_again(session: &Session) -> Checked {
    let mut server = session.open()?;
    let answer = server.call(COMPLETE, chat(crate::check::CUT))?;
    ensure(answer.is_err(), || format!("what broke off has a result: {}", shown(&json!(answer.ok()))))?;
    same("the number of chats at the proxy", &json!(session.proxy.requests(CHAT).len()), 1)
}

fn not_wrong_again(session: &Session) -> Checked {
    session.proxy.always(CHAT, Answer::error(400, "invalid_request_error", "This is wrong."));
    let mut server = session.open()?;
    server.fails(COMPLETE, chat(HELLO), "invalidRequest")?;
    same("the number of chats at the proxy", &json!(session.proxy.requests(CHAT).len()), 1)
}

fn once(session: &Session) -> Checked {
    let mut server = session.open()?;
    let question = json!({"model": HELLO, "prompt": "x", "idempotencyKey": "only-once"});
    server.ask(COMPLETE, question.clone())?;
    let earlier = server.fails(COMPLETE, question, "alreadyCalled")?;
    same("`data.earlierCall.state`", &earlier["earlierCall"]["state"], "answered")?;
    if session.claims.has("features", "proxy") {
        same("the number of chats at the proxy", &json!(session.proxy.requests(CHAT).len()), 1)?;
    }
    server.ask(COMPLETE, json!({"model": HELLO, "prompt": "x", "idempotencyKey": "another"})).map(drop)
}

fn once_failed(session: &Session) -> Checked {
    let mut server = session.open()?;
    let question = json!({"model": BUSY, "prompt": "x", "idempotencyKey": "only-once"});
    server.refused(COMPLETE, json!({"prompt": 7, "idempotencyKey": "only-once"}), -32602)?;
    server.fails(COMPLETE, question.clone(), "rateLimited")?;
    let earlier = server.fails(COMPLETE, question, "alreadyCalled")?;
    same("`data.earlierCall.state`", &earlier["earlierCall"]["state"], "failed")
}
