//! `provider/markModel`.

use litellm_ls_protocol::{MarkModelParams, MarkModelResult};

use crate::{
    provider::{Error, Result},
    server::Peer,
};

/// Makes a model a favourite, or takes that away.
pub(in crate::server) async fn mark_model(peer: Peer, params: MarkModelParams) -> Result<MarkModelResult> {
    let MarkModelParams { model, favourite, profile } = params;
    if model.trim().is_empty() {
        return Err(Error::invalid_param("model", "no model is named", "give the model's id"));
    }
    let _whole = peer.call.hold();
    let profile = peer.settings().profile(profile.as_deref())?;
    profile.may_name(&model).map_err(|problem| Error::invalid("the params", vec![problem]))?;
    peer.mark_favourite(&profile.name, model, favourite).await
}
