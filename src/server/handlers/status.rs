//! `provider/status`.

use litellm_ls_protocol::{Outcome, StatusParams, StatusResult};

use crate::{
    provider::{Profile, Result},
    server::Peer,
};

/// Says whether the provider can be used right now.
pub(in crate::server) async fn status(peer: Peer, params: StatusParams) -> Result<StatusResult> {
    let profile = peer.profile(params.profile.as_deref())?;
    Ok(check(&peer, &profile).await)
}

/// Checks a profile, and tells the peer where its state is another than before.
pub(super) async fn check(peer: &Peer, profile: &Profile) -> StatusResult {
    let status = peer.provider.status(profile).await;
    peer.tell_models(profile);
    let worst = status
        .checks
        .iter()
        .find(|check| check.outcome == Outcome::Failed)
        .or_else(|| status.checks.iter().find(|check| check.outcome == Outcome::Warning));
    let message = worst.map_or("the proxy answers", |check| &check.message);
    let remedy = worst.and_then(|check| check.remedy.as_deref());
    peer.tell_state(&profile.name, status.state, message, remedy);
    status
}
