//! What a client has told the process, as far as another process has to be told where the first has crashed; and what it
//! still waits for.

use std::{borrow::Cow, collections::BTreeMap};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

use crate::{
    language::Language,
    numbers::AsWritten,
    server::{CREATE_PROGRESS, Chosen, Mirror},
    transport::{ASIDE, Framing, Incoming, heard},
};

/// The id, as it is written, under which another process is told `initialize` where the client has its answer.
const AGAIN: &str = r#""litellm-ls/again""#;

/// The members of a message of the process that say what it is.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    params: Option<&'a RawValue>,
}

/// What was said between a client and the process. It has no `Debug`, for settings hold keys.
#[derive(Default)]
pub(super) struct Journal {
    /// The id and the params of `initialize`.
    initialize: Option<(String, Option<Value>)>,
    /// The params of `initialized`, and of what the editor pushed last.
    initialized: Option<Option<Value>>,
    pushed: Option<Option<Value>>,
    mirror: Mirror,
    /// What the process says that the client has chosen, as JSON.
    chosen: Option<Vec<u8>>,
    /// The ids of requests without an answer, as they are written in one, and how many there are under each.
    in_flight: BTreeMap<String, usize>,
    /// The displays of progress that the process has asked for.
    displays: Vec<Value>,
    has_shut_down: bool,
}

/// Whom a message of the process is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    Client,
    Shim,
}

impl Journal {
    /// The client says something.
    pub(super) fn hear(&mut self, framing: Framing, message: &Bytes) {
        for incoming in heard(framing, message.clone()) {
            match incoming {
                Incoming::Request { id, method, params } => {
                    let id = written(&id);
                    *self.in_flight.entry(id.clone()).or_default() += 1;
                    self.take(Some(id), &method, params);
                }
                Incoming::Notification { method, params } => self.take(None, &method, params),
                // An answer to a question of the process.
                Incoming::Reply { .. } => {}
                // What is wrong with it is answered too.
                Incoming::Refused { id: Value::Null, .. } => {}
                Incoming::Refused { id, .. } => *self.in_flight.entry(written(&id)).or_default() += 1,
                Incoming::Lost { method, params, .. } => self.mirror.lose(method.as_deref(), params.as_ref()),
            }
        }
    }

    fn take(&mut self, id: Option<String>, method: &str, params: Option<Value>) {
        match method {
            "initialize" => {
                self.mirror.hear(method, params.clone().unwrap_or_default());
                self.initialize = id.map(|id| (id, params));
            }
            _ if method.starts_with("textDocument/did") => {
                self.mirror.hear(method, params.unwrap_or_default());
            }
            "initialized" => self.initialized = Some(params),
            "workspace/didChangeConfiguration" => self.pushed = Some(params),
            "shutdown" | "exit" => self.has_shut_down = true,
            _ => {}
        }
    }

    /// The process says something.
    pub(super) fn say(&mut self, message: &[u8]) -> For {
        /// What most messages begin with, and none that matters here.
        const NOTIFICATION: &[u8] = br#"{"jsonrpc":"2.0","method":"#;
        match message {
            [ASIDE, chosen @ ..] => {
                self.chosen = Some(chosen.to_vec());
                return For::Shim;
            }
            _ if message.starts_with(NOTIFICATION) => return For::Client,
            _ => {}
        }
        let mut whom = For::Client;
        for Head { id, method, params } in heads(message) {
            match (id, method) {
                (Some(id), None) => {
                    self.answered(id.get());
                    if id.get() == AGAIN {
                        whom = For::Shim;
                    }
                }
                (_, Some(method)) if method == CREATE_PROGRESS => {
                    let params = params.and_then(|params| serde_json::from_str::<Value>(params.get()).ok());
                    self.displays.extend(params.map(|mut params| params["token"].take()));
                }
                _ => {}
            }
        }
        whom
    }

    fn answered(&mut self, id: &str) {
        if let Some(waiting) = self.in_flight.get_mut(id) {
            *waiting -= 1;
            if *waiting == 0 {
                self.in_flight.remove(id);
            }
        }
    }

    /// Whether the client goes on when the process does not.
    pub(super) fn goes_on(&self) -> bool {
        !self.has_shut_down
    }

    /// What the client had chosen. None where it had chosen nothing.
    pub(super) fn chosen(&self) -> Option<Chosen> {
        serde_json::from_slice(self.chosen.as_deref()?).ok()
    }

    /// The language that the client names as an editor.
    pub(super) fn locale(&self) -> Option<&str> {
        self.initialize.as_ref()?.1.as_ref()?["locale"].as_str()
    }

    /// What the client is told where the process has ended: each request that it waits for has failed, and no display goes
    /// on.
    pub(super) fn failures(&mut self, why: &str, language: Language) -> Vec<String> {
        let (why, remedy) = (language.said(why), language.said("ask again"));
        let error = json!({
            "code": -32603,
            "message": why,
            "data": {"kind": "internal", "remedy": remedy, "retryable": true},
        });
        let initializes = self.initializes().map(str::to_owned);
        let mut told = Vec::new();
        for (id, times) in std::mem::take(&mut self.in_flight) {
            if initializes.as_ref() == Some(&id) {
                // The next process answers it.
                self.in_flight.insert(id, 1);
            } else if id != AGAIN {
                let failure = format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{error}}}"#);
                told.extend(std::iter::repeat_n(failure, times));
            }
        }
        let displays = std::mem::take(&mut self.displays);
        if !displays.is_empty() {
            // What they showed may have been answered long ago.
            let params = json!({"type": 2, "message": format!("LiteLLM: {remedy} – {why}")});
            told.push(said("window/showMessage", &params));
        }
        told.extend(
            displays
                .into_iter()
                .map(|token| said("$/progress", &json!({"token": token, "value": {"kind": "end"}}))),
        );
        told
    }

    /// The id of `initialize` where it has no answer.
    fn initializes(&self) -> Option<&str> {
        self.initialize.as_ref().map(|(id, _)| id.as_str()).filter(|id| self.in_flight.contains_key(*id))
    }

    /// What another process is told first, and the id of the answer that it is told more behind. None where the client has
    /// not begun, or needs no beginning.
    pub(super) fn beginning(&mut self) -> Option<(String, String)> {
        let id = self.initializes().unwrap_or(AGAIN).to_owned();
        let params = written(self.initialize.as_ref()?.1.as_ref().unwrap_or(&Value::Null));
        self.in_flight.insert(id.clone(), 1);
        Some((format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"initialize","params":{params}}}"#), id))
    }

    /// What it is told behind that.
    pub(super) fn rest(&self) -> Vec<String> {
        let none = json!({});
        let say = |method: &str, params: &Option<Value>| said(method, params.as_ref().unwrap_or(&none));
        let initialized = self.initialized.iter().map(|params| say("initialized", params));
        let pushed = self.pushed.iter().map(|params| say("workspace/didChangeConfiguration", params));
        let openings = self.mirror.openings().into_iter();
        initialized
            .chain(pushed)
            .chain(openings.map(|params| said("textDocument/didOpen", &params)))
            .collect()
    }

    /// Whether an answer is still awaited.
    pub(super) fn awaits(&self, id: &str) -> bool {
        self.in_flight.contains_key(id)
    }
}

/// A notification.
fn said(method: &str, params: &Value) -> String {
    format!(r#"{{"jsonrpc":"2.0","method":"{method}","params":{}}}"#, written(params))
}

/// A value as the process writes it.
fn written(value: &Value) -> String {
    serde_json::to_string(&AsWritten::of(value)).unwrap_or_default()
}

/// The heads of a message or batch of the process.
fn heads(message: &[u8]) -> Vec<Head<'_>> {
    let heads = match message.first() {
        Some(b'[') => serde_json::from_slice(message),
        _ => serde_json::from_slice(message).map(|head| vec![head]),
    };
    heads.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// However a client writes what it says, it is told what has failed, and another process what it had said.
    #[test]
    fn what_is_said_is_known_in_any_spelling() {
        let mut journal = Journal::default();
        let said = [
            r#"{"jsonrpc":"2.0","id":"a\/1","method":"initialize","params":{"a":1}}"#,
            r#"{"method":"initialize\u0064","params":{},"jsonrpc":"2.0"}"#,
            r#"{"jsonrpc":"2.0","method":"textDocument\/didOpen","params":{"textDocument":{"uri":"file:\/\/\/a","languageId":"x","version":1,"text":"\u00e9"}}}"#,
            r#" [{"jsonrpc":"2.0","id":1,"method":"a"},{"jsonrpc":"2.0","id":"\u00e9","method":"b"},{"jsonrpc":"2.0","method":"c"}]"#,
            r#"{"jsonrpc":"2.0","id":1,"method":"provider\/complete"}"#,
        ];
        said.iter().for_each(|message| journal.hear(Framing::Lines, &Bytes::from_static(message.as_bytes())));
        for answer in [
            r#"{"jsonrpc":"2.0","id":"a/1","result":{}}"#,
            r#"[{"jsonrpc":"2.0","id":1,"result":{}},{"jsonrpc":"2.0","id":"é","result":{}}]"#,
            r#"{"jsonrpc":"2.0","id":123456789012345678901234567890,"result":{}}"#,
            r#"{"jsonrpc":"2.0","id":"no version","error":{"code":-32600,"message":""}}"#,
            r#"{"jsonrpc":"2.0","id":"litellm-ls/0","method":"window/workDoneProgress/create","params":{"token":"t"}}"#,
        ] {
            assert_eq!(journal.say(answer.as_bytes()), For::Client);
        }
        let told: Vec<Value> = journal
            .failures("why", Language::English)
            .iter()
            .map(|told| serde_json::from_str(told).unwrap())
            .collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert_eq!(told[0]["id"], 1);
        assert_eq!(told[1]["method"], "window/showMessage");
        assert_eq!(told[2]["params"]["token"], "t");
        assert!(journal.failures("why", Language::English).is_empty(), "nothing fails twice");

        let (first, id) = journal.beginning().unwrap();
        assert_eq!(id, AGAIN);
        assert_eq!(serde_json::from_str::<Value>(&first).unwrap()["params"], json!({"a": 1}));
        assert_eq!(journal.say(br#"{"jsonrpc":"2.0","id":"litellm-ls/again","result":{}}"#), For::Shim);
        assert!(!journal.awaits(&id));
        let rest: Vec<Value> =
            journal.rest().iter().map(|message| serde_json::from_str(message).unwrap()).collect();
        let methods: Vec<_> = rest.iter().map(|message| message["method"].as_str().unwrap()).collect();
        assert_eq!(methods, ["initialized", "textDocument/didOpen"]);
        assert_eq!(rest[1]["params"]["textDocument"]["text"], "é");
    }

    /// A client that has no answer to `initialize` gets it from the next process, and once.
    #[test]
    fn a_beginning_that_was_not_answered_is_answered_by_the_next() {
        let mut journal = Journal::default();
        journal.hear(
            Framing::Lines,
            &br#"{"jsonrpc":"2.0","id":7,"method":"initialize","params":{}}"#[..].into(),
        );
        for _ in 0..2 {
            assert!(journal.failures("why", Language::English).is_empty());
            assert_eq!(journal.beginning().unwrap().1, "7");
        }
        assert_eq!(journal.say(br#"{"jsonrpc":"2.0","id":7,"result":{}}"#), For::Client);
        assert!(!journal.awaits("7"));
    }

    /// What the process reads otherwise than it stands there is known as the process reads it, and what it can't read is not
    /// known.
    #[test]
    fn texts_are_those_that_the_process_has() {
        let opened = |journal: &mut Journal, changes: &[&[u8]]| {
            let open = r#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///a","languageId":"x","version":1,"text":"b"}}}"#;
            journal.hear(Framing::Lines, &open.into());
            changes.iter().for_each(|change| journal.hear(Framing::Lines, &Bytes::copy_from_slice(change)));
            journal
                .mirror
                .openings()
                .iter()
                .map(|opening| opening["textDocument"]["text"].clone())
                .collect::<Vec<_>>()
        };
        let change = |before: &[u8], text: &[u8]| {
            let head = br#"{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///a","version":2},"contentChanges":[{"text":""#;
            [before, head, text, br#""}]}}"#].concat()
        };
        for (change, text) in [
            (change(b"\xef\xbb\xbf", b"mark"), vec![json!("mark")]),
            (change(b"", br"half \ud83d"), vec![json!("half \u{fffd}")]),
            (change(b" ", b"twice\",\"text\":\"said"), vec![json!("said")]),
            (change(b"", b"no UTF-8 \xe9"), vec![]),
            (change(b"", b"raw \n"), vec![]),
        ] {
            assert_eq!(
                opened(&mut Journal::default(), &[&change]),
                text,
                "{}",
                String::from_utf8_lossy(&change)
            );
        }
    }
}
