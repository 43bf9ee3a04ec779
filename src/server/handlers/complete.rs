//! `provider/complete`.

use std::sync::Arc;

use litellm_ls_protocol::{CompleteParams, CompleteResult, Delta};

use crate::{
    provider::{Error, Profile, Result},
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
    loop {
        let sent = async {
            let Some(mut delta) = answer.next().await? else { return Ok(false) };
            if let Some(token) = &params.partial_result_token {
                if let Delta::Retry { message, .. } | Delta::Warning { message } = &mut delta {
                    *message = peer.language().said(message).into_owned();
                }
                peer.outbox.partial(token, delta).await?;
            }
            Ok::<_, Error>(true)
        };
        let goes_on = tokio::select! {
            biased;
            () = &mut cancelled => {
                // What had arrived is told, though the connection is closed first.
                let _whole = peer.call.hold();
                return Err(answer.cancelled().await);
            }
            sent = sent => sent?,
        };
        if !goes_on {
            break;
        }
    }
    let result = peer.whole(profile, answer).await;
    peer.note_use(profile, &result.model);
    Ok(result)
}
