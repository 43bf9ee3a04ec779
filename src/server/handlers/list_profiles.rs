//! `provider/listProfiles`.

use litellm_ls_protocol::{ListProfilesParams, ListProfilesResult};

use crate::{provider::Result, server::Peer};

/// Lists the named servers a user has set up.
pub(in crate::server) async fn list_profiles(
    peer: Peer,
    _: ListProfilesParams,
) -> Result<ListProfilesResult> {
    Ok(peer.settings().list())
}
