//! Switches what an editor has of us.

use serde_json::Value;

use super::{Peer, doors::read};

/// Switches features as settings say; what can't be read is shown, and leaves them as they are.
pub(super) fn switch(peer: &Peer, features: Option<&Value>) {
    let Some(features) = features.filter(|features| !features.is_null()) else { return };
    match read("features", features) {
        Ok(features) => peer.editor.set_features(features),
        Err(problems) => peer.complain(problems),
    }
}
