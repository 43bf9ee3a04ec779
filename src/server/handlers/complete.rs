//! `provider/complete`.

use std::sync::Arc;

use litellm_ls_protocol::{CompleteParams, CompleteResult, Delta};

use crate::{
    provider::{Answer, Error, Profile, Result},
    server::{
        Peer,
        progress::{Progress, pressed},
    },
};

/// Asks a model: sends what is ready as it comes, and returns the whole message.
pub(in crate::server) async fn complete(peer: Peer, params: CompleteParams) -> Result<CompleteResult> {
    let profile = peer.profile(params.profile.as_deref()).await?;
    let answered = std::pin::pin!(answered(&peer, &profile, &params));
    peer.once(params.idempotency_key.as_deref(), answered).await
}

/// Asks a model, with a progress display where one is wanted.
pub(super) async fn answered(
    peer: &Peer,
    profile: &Arc<Profile>,
    params: &CompleteParams,
) -> Result<CompleteResult> {
    let progress = params.work_done_token.as_ref().map(|token| Progress::of(peer, token, "LiteLLM"));
    let cancelled = std::pin::pin!(async {
        tokio::select! {
            () = peer.call.cancelled() => {}
            () = pressed(progress.as_ref()) => {}
        }
    });
    let asked = ask(peer, profile, params, cancelled).await;
    peer.watch(profile, asked)
}

/// Asks a model, and sends what comes. Where that is cancelled, the error carries what had come.
async fn ask(
    peer: &Peer,
    profile: &Arc<Profile>,
    params: &CompleteParams,
    mut cancelled: impl Future<Output = ()> + Unpin,
) -> Result<CompleteResult> {
    let _usage = peer.tell_usage_after(profile);
    let begun = tokio::select! {
        biased;
        () = &mut cancelled => return Err(Error::cancelled()),
        begun = peer.provider.complete(profile, params) => begun,
    };
    peer.tell_models(profile);
    let mut answer = begun?;
    // One that has come is told to its end, whatever is cancelled then: it was paid for.
    let mut come = None;
    loop {
        let next = tokio::select! {
            biased;
            () = &mut cancelled, if come.is_none() => return Err(given_up(peer, &mut answer).await),
            next = answer.next() => next?,
        };
        if answer.has_come() {
            come = come.or_else(|| peer.call.hold());
        }
        let Some(mut delta) = next else { break };
        let Some(token) = &params.partial_result_token else { continue };
        if let Delta::Retry { message, .. } | Delta::Warning { message } = &mut delta {
            *message = peer.language().said(message).into_owned();
        }
        tokio::select! {
            biased;
            () = &mut cancelled, if come.is_none() => return Err(given_up(peer, &mut answer).await),
            sent = peer.outbox.partial(token, delta) => sent?,
        }
    }
    let result = peer.whole(profile, &mut answer).await;
    peer.note_use(profile, &result.model);
    Ok(result)
}

/// The error of an answer that was cancelled while it came. What had arrived is told, though the connection is closed first.
async fn given_up(peer: &Peer, answer: &mut Answer<'_>) -> Error {
    let _whole = peer.call.hold();
    answer.cancelled().await
}
