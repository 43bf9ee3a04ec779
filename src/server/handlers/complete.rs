//! `provider/complete`.

use std::sync::Arc;

use litellm_ls_protocol::{CompleteParams, CompleteResult, ErrorKind};

use crate::{
    provider::{Error, Profile, Result},
    server::{Peer, commands::pressed, progress::Progress},
};

/// Asks a model: sends what is ready as it comes, and returns the whole message.
pub(in crate::server) async fn complete(peer: Peer, params: CompleteParams) -> Result<CompleteResult> {
    let profile = peer.profile(params.profile.as_deref()).await?;
    answered(&peer, &profile, &params).await
}

/// Asks a model, with a progress display where one is wanted.
pub(super) async fn answered(
    peer: &Peer,
    profile: &Arc<Profile>,
    params: &CompleteParams,
) -> Result<CompleteResult> {
    let progress = params.work_done_token.as_ref().map(|token| Progress::of(peer, token, "LiteLLM"));
    let asked = tokio::select! {
        biased;
        () = pressed(progress.as_ref()) => {
            return Err(Error::new(ErrorKind::RequestCancelled, "cancelled", "ask again where that was by mistake"));
        }
        asked = ask(peer, profile, params) => asked,
    };
    peer.watch(profile, asked)
}

async fn ask(peer: &Peer, profile: &Arc<Profile>, params: &CompleteParams) -> Result<CompleteResult> {
    let _usage = peer.tell_usage_after(profile);
    let begun = peer.provider.complete(profile, params).await;
    peer.tell_models(profile);
    let mut answer = begun?;
    while let Some(delta) = answer.next().await? {
        if let Some(token) = &params.partial_result_token {
            peer.outbox.partial(token, delta).await?;
        }
    }
    let result = answer.finish();
    peer.note_use(profile, &result.model);
    Ok(result)
}
