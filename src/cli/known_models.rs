//! The names of the models of each profile, kept from the last list: a shell can complete them at once, without the
//! proxy.

use std::{fs, path::PathBuf};

use crate::{
    environment::Environment,
    plain,
    provider::{Listing, Profile, Settings},
    store,
};

/// Most names that are kept.
const MOST: usize = 10_000;

/// Keeps the names of a list. Where that fails, a shell completes fewer names.
pub(super) fn keep(environment: &Environment, profile: &Profile, listing: &Listing) {
    let Some(file) = file(environment, profile) else { return };
    // One name a line, and none that a terminal would obey.
    let names = listing.catalog.models.iter().map(|model| model.id.as_str());
    let lines: Vec<&str> =
        names.filter(|name| plain::text(name) == **name && !name.contains('\n')).take(MOST).collect();
    if lines.is_empty() {
        return;
    }
    if let Err(error) = store::write_private_file(&file, &lines.join("\n")) {
        tracing::debug!(%error, "the names of the models are not kept");
    }
}

/// The names that were kept for the active profile, or for another one.
pub(super) fn of(environment: &Environment, profile: Option<&str>) -> Vec<String> {
    let settings = Settings::new(environment.clone());
    let Ok(profile) = settings.profile(profile) else { return Vec::new() };
    let text = file(environment, &profile).and_then(|file| fs::read_to_string(file).ok());
    text.unwrap_or_default().lines().map(str::to_owned).collect()
}

/// Where the names for a profile are: another address has other models.
fn file(environment: &Environment, profile: &Profile) -> Option<PathBuf> {
    use md5::{Digest, Md5};

    let name = Md5::digest(format!("{}\n{}", profile.name, profile.settings.base_url.value));
    let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(environment.models()?.join(name))
}
