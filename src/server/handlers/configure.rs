//! `provider/configure`.

use litellm_ls_protocol::{ConfigureParams, ConfigureResult, Unchecked};

use crate::{
    provider::{Configured, Error, Result},
    server::Peer,
};

/// Sets up the provider, or changes nothing; an unreachable proxy is no error.
pub(in crate::server) async fn configure(
    peer: Peer,
    params: Unchecked<ConfigureParams>,
) -> Result<ConfigureResult> {
    let Configured { mut profile, active, verify, write } = peer.settings().configure(&params.object)?;
    if let Some(write) = write {
        profile = peer.save(write).await?.unwrap_or(profile);
    }
    let complaints = profile.complaints();
    let status = match verify {
        true => tokio::select! {
            biased;
            () = peer.call.cancelled() => return Err(Error::cancelled().applied()),
            status = super::status::check(&peer, &profile) => Some(status),
        },
        false => None,
    };
    Ok(ConfigureResult {
        profile: profile.name.clone(),
        active,
        settings: profile.settings.clone(),
        urls: profile.urls.clone(),
        warnings: complaints.into_iter().chain(profile.warnings.iter().map(ToString::to_string)).collect(),
        status,
    })
}
