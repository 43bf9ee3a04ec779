//! `provider/listModels`.

use litellm_ls_protocol::{
    DidChangeModels, DidChangeModelsParams, ListModelsParams, ListModelsResult, Notification,
};

use crate::{
    provider::{Freshness, Result},
    server::Peer,
};

/// Lists the models the proxy offers.
pub(in crate::server) async fn list_models(peer: Peer, params: ListModelsParams) -> Result<ListModelsResult> {
    let profile = peer.profile(params.profile.as_deref())?;
    let freshness = if params.refresh { Freshness::Now } else { Freshness::Cached };
    let listed = peer.watch(&profile, peer.provider.models(&profile, freshness).await)?;
    if let Some(change) = &listed.change {
        let params = DidChangeModelsParams {
            profile: profile.name.clone(),
            model_count: listed.listing.catalog.models.len() as u64,
            added: change.added.clone(),
            removed: change.removed.clone(),
        };
        peer.outbox.notify_if_room(DidChangeModels::METHOD, params);
    }
    Ok(listed.result(&profile, &params))
}
