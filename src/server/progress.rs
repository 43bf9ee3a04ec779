//! Progress in the editor's own display, with its cancel button.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use litellm_ls_protocol::ProgressToken;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::Peer;
use crate::plain;

/// What carries every change of a display.
const PROGRESS: &str = "$/progress";
/// How long an editor may take to make room for a progress display. Work waits for it, and some never answer
/// (lsp-mode 8.0.0).
const CREATE_LIMIT: Duration = Duration::from_secs(2);

/// Widest text of a display, in columns.
const WIDTH: usize = 120;

/// A progress display from begin to end: it ends when this is dropped, so that none is left behind.
pub(super) struct Progress {
    peer: Peer,
    token: ProgressToken,
    cancel: CancellationToken,
}

impl Progress {
    /// The display that the editor has made for a request of its own.
    pub(super) fn of(peer: &Peer, token: &ProgressToken, title: &str) -> Self {
        let progress = Self { peer: peer.clone(), token: token.clone(), cancel: peer.editor.listen(token) };
        let title = plain::label(title, WIDTH);
        progress.tell(&json!({"kind": "begin", "title": title, "cancellable": true}));
        progress
    }

    /// A display of ours. None where the editor has none to give.
    pub(super) async fn create(peer: &Peer, title: &str) -> Option<Self> {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        if !peer.editor.abilities().progress {
            return None;
        }
        let token =
            ProgressToken::String(format!("litellm-ls/progress-{}", NUMBER.fetch_add(1, Ordering::Relaxed)));
        peer.outbox.ask("window/workDoneProgress/create", json!({"token": token}), CREATE_LIMIT).await?;
        Some(Self::of(peer, &token, title))
    }

    /// Says how far the work is, unless the editor is busy: a later report makes up for it.
    pub(super) fn report(&self, message: &str) {
        let report = json!({"kind": "report", "message": plain::label(message, WIDTH)});
        self.peer.outbox.notify_if_room(PROGRESS, self.params(&report));
    }

    /// Waits for the cancel button.
    pub(super) async fn cancelled(&self) {
        self.cancel.cancelled().await;
    }

    fn tell(&self, value: &Value) {
        self.peer.outbox.notify_now(PROGRESS, self.params(value));
    }

    fn params(&self, value: &Value) -> Value {
        json!({"token": self.token, "value": value})
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.peer.editor.stop_listening(&self.token);
        self.tell(&json!({"kind": "end"}));
    }
}

/// Waits for the cancel button of a display, where there is one.
pub(super) async fn pressed(progress: Option<&Progress>) {
    match progress {
        Some(progress) => progress.cancelled().await,
        None => std::future::pending().await,
    }
}
