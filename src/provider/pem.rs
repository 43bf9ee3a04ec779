//! Files of certificates and keys.

use std::path::Path;

use secrecy::zeroize::Zeroizing;

use crate::store::{NotRead, read_guarded};

/// Most bytes of a file of certificates. All that a system trusts take a quarter of it.
pub(super) const MAX_PEM: u64 = 1 << 20;

/// The bytes of a file of certificates or of a key.
///
/// # Errors
/// Where it can't be read, or is not to be trusted.
pub(super) fn read_pem(path: &Path) -> std::result::Result<Zeroizing<Vec<u8>>, NotRead> {
    read_guarded(path, MAX_PEM)
}
