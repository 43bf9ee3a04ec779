//! `provider/status`.

use std::sync::Arc;

use litellm_ls_protocol::{StatusParams, StatusResult};

use crate::{
    provider::{Profile, Result, unusable_status},
    server::{ALL_IS_WELL, Peer, states::Finding},
};

/// Says whether the provider can be used right now.
pub(in crate::server) async fn status(peer: Peer, params: StatusParams) -> Result<StatusResult> {
    let (name, profile) = {
        let settings = peer.settings();
        let name = settings.named(params.profile.as_deref())?;
        let profile = settings.profile(Some(&name));
        (name, profile)
    };
    match profile {
        Ok(profile) => Ok(check(&peer, &profile).await),
        Err(error) => {
            let status = unusable_status(&name, &error);
            tell(&peer, &status);
            Ok(status)
        }
    }
}

/// Checks a profile, and tells the peer where its state is another than before.
pub(super) async fn check(peer: &Peer, profile: &Arc<Profile>) -> StatusResult {
    let status = peer.provider.status(profile).await;
    peer.tell_models(profile);
    tell(peer, &status);
    status
}

fn tell(peer: &Peer, status: &StatusResult) {
    let worst = status.worst();
    let message = worst.map_or(ALL_IS_WELL, |check| &check.message);
    let remedy = worst.and_then(|check| check.remedy.clone());
    let finding = Finding { state: status.state, message: message.to_owned(), remedy };
    peer.tell_finding(&status.profile, finding);
}
