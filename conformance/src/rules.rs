//! What holds in every check, whatever it is about: each thing that a server said is looked at once more.

use std::collections::HashMap;

use litellm_ls_protocol::ErrorKind;
use serde_json::{Value, json};

use crate::{
    failure::{Checked, Failure, ensure, shown},
    schema,
    transcript::{Said, Transcript},
};

/// Goes through a conversation. A failure says which must it broke.
pub(crate) fn hold(transcript: &Transcript) -> Checked {
    no_secret(transcript)?;
    let mut open = Open::default();
    for said in &transcript.said {
        match said {
            Said::Sent(message) => open.sent(message),
            Said::Received(message) => {
                for message in messages(message) {
                    of_json_rpc(message)?;
                    open.received(message, transcript.loose)?;
                    well_written(message)?;
                }
            }
        }
    }
    Ok(())
}

/// A message, or those of a batch.
fn messages(message: &Value) -> &[Value] {
    message.as_array().map_or(std::slice::from_ref(message), Vec::as_slice)
}

fn no_secret(transcript: &Transcript) -> Checked {
    let log = transcript.log.lock().map(|log| String::from_utf8_lossy(&log).into_owned()).unwrap_or_default();
    for secret in &transcript.secrets {
        ensure(!log.contains(secret), || {
            "M20: a key is in what the server writes to standard error".to_owned()
        })?;
        for said in &transcript.said {
            if let Said::Received(message) = said {
                ensure(!message.to_string().contains(secret), || {
                    let shown = shown(message).replace(secret, "(the key)");
                    format!("M20: a key is in what the server says: {shown}")
                })?;
            }
        }
    }
    Ok(())
}

fn of_json_rpc(message: &Value) -> Checked {
    let told = || shown(message);
    ensure(message["jsonrpc"] == "2.0", || format!("M30: a message is not of JSON-RPC 2.0: {}", told()))?;
    if message.get("method").is_some() {
        return Ok(());
    }
    let one = message.get("result").is_some() != message.get("error").is_some();
    ensure(message.get("id").is_some() && one, || {
        format!(
            "M30: an answer has an `id` and either a `result` or an `error`; this one has not: {}",
            told()
        )
    })?;
    let Some(error) = message.get("error") else { return Ok(()) };
    let text = error["message"].as_str().unwrap_or_default();
    ensure(error["code"].is_i64(), || format!("M31: the code of an error is a whole number: {}", told()))?;
    ensure(!text.is_empty() && !text.contains('\n'), || {
        format!("M31: the message of an error is one line: {}", told())
    })?;
    let kind = &error["data"]["kind"];
    let known = ErrorKind::ALL.into_iter().find(|known| json!(known) == *kind);
    ensure(known.is_none_or(|known| error["code"] == known.code()), || {
        format!("M31: the error has the code of another kind: {}", told())
    })
}

/// The requests that were sent and not yet answered.
#[derive(Default)]
struct Open {
    /// By id, as it is written.
    methods: HashMap<String, Vec<String>>,
    /// By token, as it is written: the requests that are running with it.
    tokens: HashMap<String, (String, usize)>,
    /// Which tokens belong to an id.
    tokens_of: HashMap<String, Vec<String>>,
}

impl Open {
    fn sent(&mut self, message: &Value) {
        for message in messages(message) {
            let (Some(id), Some(method)) = (message.get("id"), message["method"].as_str()) else { continue };
            self.methods.entry(id.to_string()).or_default().push(method.to_owned());
            for name in ["partialResultToken", "workDoneToken"] {
                if let Some(token) = message["params"].get(name) {
                    let running = self.tokens.entry(token.to_string()).or_insert((name.to_owned(), 0));
                    running.1 += 1;
                    self.tokens_of.entry(id.to_string()).or_default().push(token.to_string());
                }
            }
        }
    }

    fn received(&mut self, message: &Value, loose: bool) -> Checked {
        match message["method"].as_str() {
            Some("$/progress") => self.progress(&message["params"]),
            Some(method) => schema::fits_notification(method, &message["params"]),
            None => self.answer(message, loose),
        }
    }

    fn progress(&self, params: &Value) -> Checked {
        let Some((name, running)) = self.tokens.get(&params["token"].to_string()) else { return Ok(()) };
        ensure(*running > 0, || {
            format!("M3: a progress comes behind the answer to its request: {}", shown(params))
        })?;
        if name == "partialResultToken" { schema::fits("Delta", &params["value"]) } else { Ok(()) }
    }

    fn answer(&mut self, message: &Value, loose: bool) -> Checked {
        let id = message["id"].to_string();
        // A second request of an id that is in use is refused at once, and before the first.
        let is_refused_twin = message["error"]["code"] == -32600;
        let open = self.methods.get_mut(&id).filter(|open| !open.is_empty());
        let method = open.and_then(|open| if is_refused_twin { open.pop() } else { Some(open.remove(0)) });
        let Some(method) = method else {
            return ensure(loose || message["id"].is_null(), || {
                format!("M1: an answer to what was not asked, or a second one: {}", shown(message))
            });
        };
        for token in self.tokens_of.remove(&id).unwrap_or_default() {
            if let Some(running) = self.tokens.get_mut(&token).filter(|_| !is_refused_twin) {
                running.1 = running.1.saturating_sub(1);
            }
        }
        match message.get("result") {
            Some(result) => schema::fits_result(&method, result),
            None if method.starts_with("provider/") => schema::fits("ResponseError", &message["error"]),
            None => Ok(()),
        }
    }
}

/// Instants and amounts are written in one way everywhere.
fn well_written(value: &Value) -> Checked {
    match value {
        Value::Array(values) => values.iter().try_for_each(well_written),
        Value::Object(members) => members.iter().try_for_each(|(name, member)| {
            if name == "_meta" {
                return Ok(());
            }
            amount_or_instant(name, member)?;
            well_written(member)
        }),
        _ => Ok(()),
    }
}

fn amount_or_instant(name: &str, member: &Value) -> Checked {
    let is_amount =
        name.ends_with("Price") || ["cost", "estimatedCost", "spend", "maxBudget"].contains(&name);
    if is_amount && let Value::Number(number) = member {
        let digits = number.to_string();
        let digits = digits.split(['e', 'E']).next().unwrap_or_default().replace(['.', '-'], "");
        let significant = digits.trim_start_matches('0').trim_end_matches('0').len();
        ensure(significant <= 12, || {
            format!("M32: `{name}` has {significant} significant digits, more than 12: {number}")
        })?;
    }
    let is_instant = name.ends_with("At") || ["since", "asOf", "lastUsed"].contains(&name);
    match member {
        Value::String(text) if is_instant && !is_rfc_3339(text) => Err(Failure::new(format!(
            "M32: `{name}` is no instant in UTC with milliseconds, such as 2026-11-26T04:30:00.000Z: {text}"
        ))),
        _ => Ok(()),
    }
}

fn is_rfc_3339(text: &str) -> bool {
    const FORM: &[u8] = b"0000-00-00T00:00:00.000Z";
    let fits = |(byte, form): (u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte == *form };
    text.len() == FORM.len() && text.bytes().zip(FORM).all(fits)
}
