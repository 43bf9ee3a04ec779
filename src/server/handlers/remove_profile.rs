//! `provider/removeProfile`.

use litellm_ls_protocol::{RemoveProfileParams, RemoveProfileResult};

use crate::{provider::Result, server::Peer};

/// Removes a named server.
pub(in crate::server) async fn remove_profile(
    peer: Peer,
    params: RemoveProfileParams,
) -> Result<RemoveProfileResult> {
    let _whole = peer.call.hold();
    let (removed, write) = peer.settings().remove(&params.profile);
    if let Some(write) = write {
        peer.save(write).await?;
    }
    peer.forget(&params.profile);
    Ok(RemoveProfileResult { removed, active: peer.settings().active().to_owned() })
}
