//! One line of a transcript.

use serde_json::Value;

use super::expected;

/// What a line says.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    Request(String, Value),
    Notify(String, Value),
    Answer(Value),
    Message(String, Value),
    /// A response to the request of this number, if one is given.
    Response(Option<i64>, Result<Value, Value>),
    /// A request reaches the proxy.
    Reaches(String, Option<Value>),
    ProxySays(Proxy),
}

/// What the proxy does.
#[derive(Debug, PartialEq)]
pub(super) enum Proxy {
    Whole(u16, Value),
    Line(String),
    End,
    Close,
    Reset,
}

impl Step {
    pub(super) fn parse(line: &str) -> Result<Self, String> {
        if let Some(text) = line.strip_prefix("--> ") {
            return match word(text) {
                ("result", value) => Ok(Self::Answer(json(value)?)),
                ("notify", text) => {
                    let (method, params) = word(text);
                    Ok(Self::Notify(method.to_owned(), json(params)?))
                }
                (method, params) => Ok(Self::Request(method.to_owned(), json(params)?)),
            };
        }
        if let Some(text) = line.strip_prefix("<-- ") {
            let (name, text) = word(text);
            let (number, value) = match word(text) {
                (number, value) if number.parse::<i64>().is_ok() => (number.parse().ok(), value),
                _ => (None, text),
            };
            let value = expected::parse(value)?;
            return Ok(match name {
                "result" => Self::Response(number, Ok(value)),
                "error" => Self::Response(number, Err(value)),
                method => Self::Message(method.to_owned(), value),
            });
        }
        if let Some(text) = line.strip_prefix("proxy <- ") {
            let (method, text) = word(text);
            let (path, body) = word(text);
            let body = (!body.is_empty()).then(|| expected::parse(body)).transpose()?;
            return Ok(Self::Reaches(format!("{method} {path}"), body));
        }
        if let Some(text) = line.strip_prefix("proxy -> ") {
            return Ok(Self::ProxySays(match word(text) {
                ("end", "") => Proxy::End,
                ("close", "") => Proxy::Close,
                ("reset", "") => Proxy::Reset,
                (status, body) => match status.parse() {
                    Ok(status) => Proxy::Whole(status, json(body)?),
                    Err(_) => Proxy::Line(text.to_owned()),
                },
            }));
        }
        Err(format!("not a line of a transcript: {line}"))
    }
}

/// The first word, and the rest.
fn word(text: &str) -> (&str, &str) {
    text.split_once(' ').unwrap_or((text, ""))
}

/// What is sent; nothing is null, which is not sent.
fn json(text: &str) -> Result<Value, String> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(text).map_err(|error| format!("{error} in {text}"))
}
