//! Progress in the editor's own display, with its cancel button.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use litellm_ls_protocol::ProgressToken;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{Peer, tokens::Claim};
use crate::plain;

/// What carries every change of a display.
const PROGRESS: &str = "$/progress";
/// What an editor is asked for a display by.
pub const CREATE_PROGRESS: &str = "window/workDoneProgress/create";
/// How long an editor may take to make room for a progress display. Work waits for it, and some never answer
/// (lsp-mode 8.0.0).
const CREATE_LIMIT: Duration = Duration::from_secs(2);

/// Widest text of a display, in columns.
const WIDTH: usize = 120;

/// A progress display from begin to end: it ends when this is dropped, so that none is left behind.
pub(super) struct Progress {
    peer: Peer,
    token: ProgressToken,
    button: CancellationToken,
    /// Its token where nobody else has it in use; free again behind the end.
    _claim: Option<Claim>,
}

impl Progress {
    /// The display that the editor has made for a request of its own, whose tokens are in use.
    pub(super) fn of(peer: &Peer, token: &ProgressToken, title: &str) -> Self {
        Self::begin(peer, token.clone(), None, title)
    }

    /// The display of a token.
    pub(super) fn claimed(peer: &Peer, claim: Claim, title: &str) -> Self {
        Self::begin(peer, claim.token.clone(), Some(claim), title)
    }

    /// A display of ours. None where the editor has none to give.
    pub(super) async fn create(peer: &Peer, title: &str) -> Option<Self> {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        if !peer.editor.abilities().progress {
            return None;
        }
        let claim = std::iter::repeat_with(|| {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            peer.editor.tokens.claim(ProgressToken::String(format!("litellm-ls/progress-{number}")))
        });
        let claim = claim.flatten().next()?;
        peer.outbox.ask(CREATE_PROGRESS, json!({"token": claim.token}), CREATE_LIMIT).await?;
        Some(Self::claimed(peer, claim, title))
    }

    fn begin(peer: &Peer, token: ProgressToken, claim: Option<Claim>, title: &str) -> Self {
        let button = peer.editor.tokens.button(&token);
        let progress = Self { peer: peer.clone(), token, button, _claim: claim };
        let title = plain::label(&peer.language().said(title), WIDTH);
        progress.tell(&json!({"kind": "begin", "title": title, "cancellable": true}));
        progress
    }

    /// Says how far the work is, unless the editor is busy: a later report makes up for it.
    pub(super) fn report(&self, message: &str) {
        let report =
            json!({"kind": "report", "message": plain::label(&self.peer.language().said(message), WIDTH)});
        self.peer.outbox.notify_if_room(PROGRESS, self.params(&report));
    }

    /// Waits for the cancel button.
    pub(super) async fn cancelled(&self) {
        self.button.cancelled().await;
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
