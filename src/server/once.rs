//! A call that is made once, under a key of its client.

use std::sync::Arc;

use litellm_ls_protocol::{CallState, Complete, EarlierCall, ErrorKind, Problem, Request};

use super::peer::Peer;
use crate::{
    off_thread::off_thread,
    provider::{Error, Result, now},
    store::{self, Calls},
};

/// The member that has the key.
const MEMBER: &str = "idempotencyKey";
/// Longest key, in bytes; a UUID has 36.
const LONGEST: usize = 200;
/// How often the end of a call waits for other servers to have noted theirs; each time is two seconds.
const WAITS: usize = 5;

impl Peer {
    /// Makes a call, unless one was made under its key. The key is on the disk before anything is sent, and how the call
    /// ended before its result is. One that was refused for its params was not made.
    pub(super) async fn once<T>(
        &self,
        key: Option<&str>,
        call: impl Future<Output = Result<T>> + Unpin,
    ) -> Result<T> {
        let Some(key) = key else { return call.await };
        if !(1..=LONGEST).contains(&key.len()) {
            let reason = format!("the key has {} bytes", key.len());
            let problem = Problem::new(MEMBER, reason, format!("give 1 to {LONGEST} bytes, such as a UUID"));
            return Err(Error::invalid(Complete::METHOD, vec![problem]));
        }
        // How a cancelled call ended is on the disk before its answer goes out, with what had arrived.
        let _whole = self.call.hold();
        let (calls, taken) = (self.calls.clone(), key.to_owned());
        if let Some(earlier) =
            off_thread(move || calls.begin(&taken, &now())).await.map_err(|error| unkept(&error))?
        {
            return Err(Error::already_called(earlier_call(earlier)));
        }
        let mut end = End { calls: self.calls.clone(), key: Some(key.to_owned()) };
        let outcome = call.await;
        let state = match &outcome {
            Ok(_) => Some(store::CallState::Answered),
            Err(error) if error.kind() == ErrorKind::InvalidParams => None,
            Err(_) => Some(store::CallState::Failed),
        };
        if let Some(key) = end.key.take() {
            let calls = end.calls.clone();
            off_thread(move || note(&calls, &key, state)).await;
        }
        outcome
    }
}

/// A call under way; where it is dropped it has failed.
struct End {
    calls: Arc<Calls>,
    key: Option<String>,
}

impl Drop for End {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            let calls = self.calls.clone();
            drop(tokio::task::spawn_blocking(move || note(&calls, &key, Some(store::CallState::Failed))));
        }
    }
}

fn note(calls: &Calls, key: &str, state: Option<store::CallState>) {
    let now = now();
    let mut waits = 1;
    let mut noted = calls.end(key, state, &now);
    while waits < WAITS && noted.as_ref().is_err_and(store::Unreadable::is_locked) {
        waits += 1;
        noted = calls.end(key, state, &now);
    }
    if let Err(error) = noted {
        tracing::warn!("a call stays begun in the list of calls: {error}");
    }
}

fn earlier_call(store::EarlierCall { state, at }: store::EarlierCall) -> EarlierCall {
    let state = match state {
        store::CallState::Begun => CallState::Begun,
        store::CallState::Answered => CallState::Answered,
        store::CallState::Failed => CallState::Failed,
    };
    EarlierCall { state, at }
}

fn unkept(error: &store::Unreadable) -> Error {
    let reason = format!("the key can't be kept: {error}");
    if error.is_locked() {
        return Error::new(ErrorKind::Busy, reason, "ask again under the same key: no call was made");
    }
    let remedy = format!("leave {MEMBER} out, or make that file one that only you can read and write");
    Error::invalid(Complete::METHOD, vec![Problem::new(MEMBER, reason, remedy)])
}
