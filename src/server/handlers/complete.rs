//! `provider/complete`.

use litellm_ls_protocol::{CompleteParams, CompleteResult, ProgressToken};
use serde_json::json;

use crate::{
    provider::{Profile, Result},
    server::Peer,
};

/// Asks a model: sends what is ready as it comes, and returns the whole message.
pub(in crate::server) async fn complete(peer: Peer, params: CompleteParams) -> Result<CompleteResult> {
    let profile = peer.profile(params.profile.as_deref())?;
    let _progress = WorkDone::begin(&peer, params.work_done_token.as_ref());
    let asked = ask(&peer, &profile, &params).await;
    peer.watch(&profile, asked)
}

async fn ask(peer: &Peer, profile: &Profile, params: &CompleteParams) -> Result<CompleteResult> {
    let begun = peer.provider.complete(profile, params).await;
    peer.tell_models(profile);
    let mut answer = begun?;
    while let Some(delta) = answer.next().await? {
        if let Some(token) = &params.partial_result_token {
            peer.outbox.partial(token, delta).await?;
        }
    }
    Ok(answer.finish())
}

/// Progress in the editor's own display, from begin to end.
struct WorkDone<'a> {
    peer: &'a Peer,
    token: Option<&'a ProgressToken>,
}

impl<'a> WorkDone<'a> {
    fn begin(peer: &'a Peer, token: Option<&'a ProgressToken>) -> Self {
        let progress = Self { peer, token };
        progress.report(&json!({"kind": "begin", "title": "LiteLLM", "cancellable": true}));
        progress
    }

    fn report(&self, value: &serde_json::Value) {
        if let Some(token) = self.token {
            self.peer.outbox.notify_if_room("$/progress", json!({"token": token, "value": value}));
        }
    }
}

impl Drop for WorkDone<'_> {
    /// However a request ends, it leaves no spinner behind.
    fn drop(&mut self) {
        self.report(&json!({"kind": "end"}));
    }
}
