//! `provider/removeProfile`.

use litellm_ls_protocol::{RemoveProfileParams, RemoveProfileResult};

use crate::{provider::Result, server::Peer};

/// Removes a named server.
pub(in crate::server) async fn remove_profile(
    peer: Peer,
    params: RemoveProfileParams,
) -> Result<RemoveProfileResult> {
    let mut settings = peer.settings();
    let removed = settings.remove(&params.profile)?;
    Ok(RemoveProfileResult { removed, active: settings.active().to_owned() })
}
