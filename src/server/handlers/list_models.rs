//! `provider/listModels`.

use litellm_ls_protocol::{ListModelsParams, ListModelsResult};

use crate::{
    provider::{Freshness, Result},
    server::Peer,
};

/// Lists the models the proxy offers.
pub(in crate::server) async fn list_models(peer: Peer, params: ListModelsParams) -> Result<ListModelsResult> {
    let profile = peer.profile(params.profile.as_deref()).await?;
    let freshness = if params.refresh { Freshness::Now } else { Freshness::Cached };
    let listed = peer.models(&profile, freshness).await?;
    listed.result(&profile, &params, &peer.marks.of(&profile.name))
}
