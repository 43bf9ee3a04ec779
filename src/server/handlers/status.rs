//! `provider/status`.

use std::sync::Arc;

use litellm_ls_protocol::{StatusParams, StatusResult};

use crate::{
    provider::{Profile, Result},
    server::{ALL_IS_WELL, Peer},
};

/// Says whether the provider can be used right now.
pub(in crate::server) async fn status(peer: Peer, params: StatusParams) -> Result<StatusResult> {
    let profile = peer.settings().profile(params.profile.as_deref())?;
    Ok(check(&peer, &profile).await)
}

/// Checks a profile, and tells the peer where its state is another than before.
pub(super) async fn check(peer: &Peer, profile: &Arc<Profile>) -> StatusResult {
    let status = peer.provider.status(profile).await;
    peer.tell_models(profile);
    let worst = status.worst();
    let message = worst.map_or(ALL_IS_WELL, |check| &check.message);
    let remedy = worst.and_then(|check| check.remedy.as_deref());
    peer.tell_state(&profile.name, status.state, message, remedy);
    status
}
