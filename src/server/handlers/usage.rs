//! `provider/usage`.

use litellm_ls_protocol::{UsageReportParams, UsageReportResult};

use crate::{
    provider::Result,
    server::{Peer, shown::usage_page},
};

/// Says what was spent, and what the key may still spend.
pub(in crate::server) async fn usage(peer: Peer, params: UsageReportParams) -> Result<UsageReportResult> {
    let profile = peer.profile(params.profile.as_deref()).await?;
    if let Some(watch) = params.watch {
        peer.usage_news.watch(&profile.name, watch);
    }
    let history = match params.history {
        Some(true) => peer.provider.history(profile.clone()).await,
        _ => None,
    };
    let ledger = match &params.ledger {
        Some(asked) => peer.provider.ledger(&profile, asked).await?,
        None => None,
    };
    let budgets = peer.provider.own_budgets(&profile).await;
    let told = UsageReportResult { history, ledger, budgets, ..peer.provider.usage(&profile) };
    let page = match params.page {
        Some(true) => Some(usage_page(&told, &peer.provider.glance(profile).await?)),
        _ => None,
    };
    Ok(UsageReportResult { page, ..told })
}
