//! `provider/checkFile`.

use litellm_ls_protocol::{CheckFileParams, CheckFileResult};

use crate::{
    disclosure::Secret,
    provider::Result,
    server::{Peer, consent},
};

/// Says whether a file may hold secrets.
pub(in crate::server) async fn check_file(peer: Peer, params: CheckFileParams) -> Result<CheckFileResult> {
    let secret = consent::of_file(&peer, &params.uri, params.text).await;
    let pattern = secret.as_ref().and_then(Secret::pattern).map(str::to_owned);
    Ok(CheckFileResult { secret: secret.is_some(), pattern })
}
