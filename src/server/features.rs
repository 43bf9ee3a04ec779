//! Switches what an editor has of us.

use litellm_ls_protocol::Problem;
use serde_json::Value;

use super::Peer;

/// Switches features as settings say; what can't be read is shown, and leaves them as they are.
pub(super) fn switch(peer: &Peer, features: Option<&Value>) {
    let Some(features) = features.filter(|features| !features.is_null()) else { return };
    match serde_json::from_value(features.clone()) {
        Ok(features) => peer.editor.set_features(features),
        Err(error) => peer.complain(vec![Problem::new(
            "features",
            error.to_string(),
            "correct it as PROTOCOL.md says under Features",
        )]),
    }
}
