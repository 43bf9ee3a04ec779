//! What a client has told the process, as far as another process has to be told where the first has crashed; and what it
//! still waits for.

use std::collections::{BTreeSet, HashMap};

use bytes::Bytes;
use litellm_ls_protocol::{Configure, Request};
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

use crate::server::{CREATE_PROGRESS, Mirror};

/// Most settings of a client that are told again, the newest: each says all that it says by itself.
const MAX_CONFIGURED: usize = 64;

/// The members of a message that say what it is. Texts with escapes are none of ours.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    method: Option<&'a str>,
    #[serde(borrow, default)]
    params: Option<&'a RawValue>,
}

/// What was said between a client and the process. It has no `Debug`, for settings hold keys.
#[derive(Default)]
pub(super) struct Journal {
    /// `initialize`, `initialized`, and what the editor pushed last.
    initialize: Option<Bytes>,
    initialized: Option<Bytes>,
    pushed: Option<Bytes>,
    /// What the client has set for itself alone.
    configured: Vec<Bytes>,
    mirror: Mirror,
    /// The ids of requests without an answer, as JSON.
    in_flight: BTreeSet<String>,
    /// The ids of the process's questions without an answer, and the displays of progress that it has asked for.
    asked: BTreeSet<String>,
    displays: Vec<Value>,
    /// Ids of which the answer is not the client's: what it had told was told again.
    told_again: BTreeSet<String>,
    /// Replies to questions that nobody waits for any more.
    stale: HashMap<String, usize>,
    has_shut_down: bool,
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    On,
    /// It is for nobody.
    Kept,
}

impl Journal {
    /// The client says something.
    pub(super) fn hear(&mut self, message: &Bytes) -> Way {
        if message.trim_ascii_start().starts_with(b"[") {
            // A batch: its requests have answers of their own.
            let batch: Vec<&RawValue> = serde_json::from_slice(message).unwrap_or_default();
            for one in batch {
                self.hear_one(message, one.get().as_bytes());
            }
            return Way::On;
        }
        self.hear_one(message, message)
    }

    fn hear_one(&mut self, whole: &Bytes, message: &[u8]) -> Way {
        let Ok(head) = serde_json::from_slice::<Head<'_>>(message) else { return Way::On };
        let id = head.id.map(|id| id.get().to_owned());
        let Some(method) = head.method else {
            let Some(id) = id else { return Way::On };
            if let Some(waiting) = self.stale.get_mut(&id) {
                *waiting -= 1;
                if *waiting == 0 {
                    self.stale.remove(&id);
                }
                return Way::Kept;
            }
            self.asked.remove(&id);
            return Way::On;
        };
        match method {
            "initialize" => self.initialize = Some(whole.clone()),
            "initialized" => self.initialized = Some(whole.clone()),
            "workspace/didChangeConfiguration" => self.pushed = Some(whole.clone()),
            // What stands in the settings file is read there: its user may have changed it since.
            Configure::METHOD if !is_persisted(head.params) => {
                if self.configured.len() == MAX_CONFIGURED {
                    self.configured.remove(0);
                }
                self.configured.push(whole.clone());
            }
            "shutdown" | "exit" => self.has_shut_down = true,
            _ => {}
        }
        if method == "initialize" || method.starts_with("textDocument/did") {
            let params = head.params.and_then(|params| serde_json::from_str(params.get()).ok());
            self.mirror.hear(method, params.unwrap_or_default());
        }
        self.in_flight.extend(id);
        Way::On
    }

    /// The process says something.
    pub(super) fn say(&mut self, message: &[u8]) -> Way {
        /// What most messages begin with, and none that matters here.
        const NOTIFICATION: &[u8] = br#"{"jsonrpc":"2.0","method":"#;
        if message.starts_with(NOTIFICATION) {
            return Way::On;
        }
        let Some((id, rest)) = answered(message) else { return Way::On };
        if rest.starts_with(br#","method":"#) {
            let question = serde_json::from_slice::<Value>(message).unwrap_or_default();
            if question["method"] == CREATE_PROGRESS {
                self.displays.push(question["params"]["token"].clone());
            }
            self.asked.insert(id);
            return Way::On;
        }
        self.in_flight.remove(&id);
        if self.told_again.remove(&id) { Way::Kept } else { Way::On }
    }

    /// Whether the client goes on when the process does not.
    pub(super) fn goes_on(&self) -> bool {
        !self.has_shut_down
    }

    /// What the client is told where the process has crashed: each request that it waits for has failed, and no display
    /// goes on.
    pub(super) fn failures(&mut self) -> Vec<Value> {
        let waits_for = self.initialize.as_ref().and_then(|message| id_of(message));
        let initializes = waits_for.filter(|id| self.in_flight.contains(id));
        let failed = |id: &String| {
            json!({"jsonrpc": "2.0", "id": serde_json::from_str::<Value>(id).unwrap_or_default(), "error": {
                "code": -32603,
                "message": "the shared process has ended, and another one goes on: ask again",
                "data": {"kind": "internal", "remedy": "ask again", "retryable": true},
            }})
        };
        let mut told: Vec<_> =
            self.in_flight.iter().filter(|id| Some(*id) != initializes.as_ref()).map(failed).collect();
        self.in_flight = initializes.into_iter().collect();
        told.extend(self.displays.drain(..).map(|token| {
            json!({"jsonrpc": "2.0", "method": "$/progress", "params": {"token": token, "value": {"kind": "end"}}})
        }));
        for id in std::mem::take(&mut self.asked) {
            *self.stale.entry(id).or_default() += 1;
        }
        told
    }

    /// What another process is told first, and the id of the answer that it is told more behind. None where the client has
    /// not begun, or needs no beginning.
    pub(super) fn beginning(&mut self) -> Option<(Bytes, String)> {
        let message = self.initialize.clone()?;
        let id = id_of(&message)?;
        if !self.in_flight.contains(&id) {
            self.told_again.insert(id.clone());
        }
        Some((message, id))
    }

    /// What it is told behind that.
    pub(super) fn rest(&mut self) -> Vec<Bytes> {
        self.told_again.extend(self.configured.iter().filter_map(|message| id_of(message)));
        let openings = self.mirror.openings().into_iter().map(|params| {
            json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": params}).to_string().into()
        });
        let told = self.initialized.iter().chain(&self.pushed).chain(&self.configured).cloned();
        told.chain(openings).collect()
    }

    /// Whether an answer is still awaited.
    pub(super) fn awaits(&self, id: &str) -> bool {
        self.in_flight.contains(id) || self.told_again.contains(id)
    }
}

/// Whether the settings of `provider/configure` are written to the settings file.
fn is_persisted(params: Option<&RawValue>) -> bool {
    #[derive(Deserialize)]
    struct Persisted {
        #[serde(default)]
        persist: bool,
    }
    params.is_some_and(|params| {
        serde_json::from_str::<Persisted>(params.get()).is_ok_and(|params| params.persist)
    })
}

fn id_of(message: &[u8]) -> Option<String> {
    Some(serde_json::from_slice::<Head<'_>>(message).ok()?.id?.get().to_owned())
}

/// The id of an answer or a question of the process, and what stands behind it.
fn answered(message: &[u8]) -> Option<(String, &[u8])> {
    let rest = message.strip_prefix(br#"{"jsonrpc":"2.0","id":"#)?;
    let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<&RawValue>();
    let id = values.next()?.ok()?.get().to_owned();
    Some((id, &rest[values.byte_offset()..]))
}
