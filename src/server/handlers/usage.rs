//! `provider/usage`.

use std::sync::atomic::Ordering;

use litellm_ls_protocol::{UsageReportParams, UsageReportResult};

use crate::{provider::Result, server::Peer};

/// Says what was spent, and what the key may still spend.
pub(in crate::server) async fn usage(peer: Peer, params: UsageReportParams) -> Result<UsageReportResult> {
    if let Some(watch) = params.watch {
        peer.watches_usage.store(watch, Ordering::Relaxed);
    }
    let profile = peer.profile(params.profile.as_deref()).await?;
    let history = match params.history {
        Some(true) => peer.provider.history(profile.clone()).await,
        _ => None,
    };
    let ledger = match &params.ledger {
        Some(asked) => peer.provider.ledger(&profile, asked).await?,
        None => None,
    };
    Ok(UsageReportResult { history, ledger, ..peer.provider.usage(&profile) })
}
