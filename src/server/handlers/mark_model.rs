//! `provider/markModel`.

use litellm_ls_protocol::{MarkModelParams, MarkModelResult, Problem};

use crate::{
    provider::{Error, Result},
    server::Peer,
};

/// Makes a model a favourite, or takes that away.
pub(in crate::server) async fn mark_model(peer: Peer, params: MarkModelParams) -> Result<MarkModelResult> {
    let MarkModelParams { model, favourite, profile } = params;
    if model.trim().is_empty() {
        let problem = Problem::new("model", "no model is named", "give the model's id");
        return Err(Error::invalid("the params", vec![problem]));
    }
    let _whole = peer.call.hold();
    let profile = peer.settings().profile(profile.as_deref())?;
    peer.mark_favourite(&profile.name, model, favourite).await
}
