//! What the models of the proxy say. IMPLEMENTING.md tells the same to servers that have no proxy.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Answer, connection};
use crate::check::{BUSY, COUNT, CUT, ECHO, HELLO, HOLD, LONG, THINK, TOOL};

/// What comes behind the pieces of an answer.
enum End {
    /// The reason why it stopped.
    Finish(&'static str),
    /// Nothing, ever.
    Hold,
    /// The end of the connection.
    Cut,
}

/// What becomes of a connection behind an answer.
pub(super) enum Then {
    /// It takes the next request.
    Next,
    /// It is held until the server ends it.
    Hold,
    /// It ends.
    Close,
}

/// Answers a chat.
pub(super) fn answer(body: &Value, writer: &mut impl Write) -> io::Result<Then> {
    let text = |text: &str| json!({ "content": text });
    let (pieces, end): (Vec<Value>, End) = match body["model"].as_str().unwrap_or_default() {
        HELLO => (["Hel", "lo", "."].map(text).into(), End::Finish("stop")),
        ECHO => (vec![text(&last_words(body))], End::Finish("stop")),
        COUNT => ((0..1000).map(|number| text(&format!("{number} "))).collect(), End::Finish("stop")),
        LONG => (vec![text(&"x".repeat(100_000))], End::Finish("stop")),
        HOLD => (vec![text("half")], End::Hold),
        CUT => (vec![text("half")], End::Cut),
        THINK => (vec![json!({"reasoning_content": "Hm."}), text("Yes.")], End::Finish("stop")),
        TOOL => (tool_call(), End::Finish("tool_calls")),
        BUSY => {
            let refused =
                Answer::error(429, "throttling_error", "Too many requests.").header("retry-after", "20");
            return connection::write(writer, &refused).map(|()| Then::Next);
        }
        other => {
            let message = format!(
                "Invalid model name passed in model={other}. Call `/v1/models` to view available models."
            );
            let refused = Answer::error(400, "invalid_request_error", &message);
            return connection::write(writer, &refused).map(|()| Then::Next);
        }
    };
    if body["stream"] == true {
        stream(writer, body, &pieces, &end)
    } else {
        whole(writer, body, &pieces, &end)
    }
}

fn tool_call() -> Vec<Value> {
    let call = |function: Value| json!({"index": 0, "function": function});
    let mut first = call(json!({"name": "look", "arguments": ""}));
    first["id"] = "call-1".into();
    first["type"] = "function".into();
    [first, call(json!({"arguments": "{\"at\":"})), call(json!({"arguments": "\"x\"}"}))]
        .map(|call| json!({"tool_calls": [call]}))
        .into()
}

/// The text of the last message.
fn last_words(body: &Value) -> String {
    let content =
        body["messages"].as_array().and_then(|messages| messages.last()).map(|last| &last["content"]);
    match content {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts.iter().filter_map(|part| part["text"].as_str()).collect(),
        _ => String::new(),
    }
}

fn usage() -> Value {
    json!({"prompt_tokens": 13, "completion_tokens": 3, "total_tokens": 16})
}

fn stream(writer: &mut impl Write, body: &Value, pieces: &[Value], end: &End) -> io::Result<Then> {
    write!(writer, "HTTP/1.1 200 \r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")?;
    let mut choice = |choice: Value, usage: Option<Value>| {
        let mut event = json!({"id": "chatcmpl-1", "model": body["model"], "choices": [choice]});
        if let Some(usage) = usage {
            event["usage"] = usage;
        }
        chunk(writer, &format!("data: {event}\n\n"))
    };
    for piece in pieces {
        choice(json!({"index": 0, "delta": piece}), None)?;
    }
    let End::Finish(reason) = end else { return Ok(unfinished(end)) };
    choice(json!({"index": 0, "delta": {}, "finish_reason": reason}), None)?;
    choice(json!({"index": 0, "delta": {}}), Some(usage()))?;
    chunk(writer, "data: [DONE]\n\n")?;
    write!(writer, "0\r\n\r\n").map(|()| Then::Next)
}

/// For a server that does not stream.
fn whole(writer: &mut impl Write, body: &Value, pieces: &[Value], end: &End) -> io::Result<Then> {
    let End::Finish(reason) = end else {
        write!(writer, "HTTP/1.1 200 \r\ncontent-length: 1000\r\n\r\n{{")?;
        return Ok(unfinished(end));
    };
    let mut message = json!({"role": "assistant"});
    for piece in pieces {
        for name in ["content", "reasoning_content"] {
            if let Some(text) = piece[name].as_str() {
                let so_far = message[name].as_str().unwrap_or_default();
                message[name] = format!("{so_far}{text}").into();
            }
        }
    }
    if reason == &"tool_calls" {
        let function = json!({"name": "look", "arguments": "{\"at\":\"x\"}"});
        message["tool_calls"] = json!([{"id": "call-1", "type": "function", "function": function}]);
    }
    let choice = json!({"index": 0, "finish_reason": reason, "message": message});
    let whole = json!({"id": "chatcmpl-1", "model": body["model"], "choices": [choice], "usage": usage()});
    connection::write(writer, &Answer::json(200, &whole)).map(|()| Then::Next)
}

fn unfinished(end: &End) -> Then {
    if matches!(end, End::Hold) { Then::Hold } else { Then::Close }
}

fn chunk(writer: &mut impl Write, text: &str) -> io::Result<()> {
    write!(writer, "{:x}\r\n{text}\r\n", text.len())
}
