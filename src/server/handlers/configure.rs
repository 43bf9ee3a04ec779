//! `provider/configure`.

use litellm_ls_protocol::{ConfigureParams, ConfigureResult, Unchecked};

use crate::{
    provider::{Result, complaint},
    server::Peer,
};

/// Sets up the provider, or changes nothing; an unreachable proxy is no error.
pub(in crate::server) async fn configure(
    peer: Peer,
    params: Unchecked<ConfigureParams>,
) -> Result<ConfigureResult> {
    let (configured, complaints) = {
        let mut settings = peer.settings();
        (
            settings.configure(&params.object)?,
            settings.problems().map(|problem| complaint(&problem)).collect::<Vec<_>>(),
        )
    };
    let profile = configured.profile;
    let status = if configured.verify { Some(super::status::check(&peer, &profile).await) } else { None };
    Ok(ConfigureResult {
        profile: profile.name.clone(),
        active: configured.active,
        settings: profile.settings.clone(),
        urls: profile.urls.clone(),
        warnings: complaints.into_iter().chain(profile.warnings.iter().cloned()).collect(),
        status,
    })
}
