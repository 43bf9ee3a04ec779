//! `provider/countTokens`.

use litellm_ls_protocol::{CountTokensParams, CountTokensResult};

use crate::{provider::Result, server::Peer};

/// Counts the tokens of a question.
pub(in crate::server) async fn count_tokens(
    peer: Peer,
    params: CountTokensParams,
) -> Result<CountTokensResult> {
    let profile = peer.profile(params.profile.as_deref()).await?;
    let counted = peer.provider.count_tokens(&profile, params).await;
    peer.tell_models(&profile);
    counted
}
