//! `provider/listPrompts`.

use litellm_ls_protocol::{ListPromptsParams, ListPromptsResult};

use crate::{provider::Result, server::Peer};

/// Lists the user's own prompts and the built-in ones.
pub(in crate::server) async fn list_prompts(peer: Peer, _: ListPromptsParams) -> Result<ListPromptsResult> {
    Ok(ListPromptsResult { prompts: peer.settings().prompts() })
}
