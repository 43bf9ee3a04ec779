//! `provider/usage`.

use litellm_ls_protocol::{UsageReportParams, UsageReportResult};

use crate::{provider::Result, server::Peer};

/// Says what was spent, and what the key may still spend.
pub(in crate::server) async fn usage(peer: Peer, params: UsageReportParams) -> Result<UsageReportResult> {
    let profile = peer.profile(params.profile.as_deref()).await?;
    Ok(peer.provider.usage(&profile))
}
