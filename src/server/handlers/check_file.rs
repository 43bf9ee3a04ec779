//! `provider/checkFile`.

use litellm_ls_protocol::{CheckFileParams, CheckFileResult};

use crate::{
    provider::Result,
    server::{Peer, secret_files},
};

/// Says whether a file may hold secrets.
pub(in crate::server) async fn check_file(peer: Peer, params: CheckFileParams) -> Result<CheckFileResult> {
    let pattern = secret_files::pattern(&peer, &params.uri);
    Ok(CheckFileResult { secret: pattern.is_some(), pattern })
}
