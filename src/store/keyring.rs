//! The keyring of the platform: the Secret Service of Linux, the Keychain of macOS, the Credential Manager of Windows.

use secrecy::SecretString;

use crate::descriptors::REASON;

/// Why a key is not in the keyring.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// It has none of this name.
    #[error("the keyring has no key of this name")]
    NoKey,
    /// The system lets this process open no more files.
    #[error("{REASON}")]
    TooManyFiles,
    /// There is no keyring, or it can't be used.
    #[error("the keyring can't be used ({0})")]
    Unusable(String),
}

#[cfg(feature = "keyring")]
mod platform {
    use keyring::{Entry, Error, Result};
    use secrecy::{ExposeSecret, SecretString};

    use super::KeyringError;
    use crate::descriptors;

    /// What our keys are filed under.
    const SERVICE: &str = env!("CARGO_PKG_NAME");

    pub(super) fn read(name: &str) -> std::result::Result<SecretString, KeyringError> {
        Ok(entry(name).and_then(|entry| entry.get_password()).map_err(reason)?.into())
    }

    pub(super) fn write(name: &str, key: &SecretString) -> std::result::Result<(), KeyringError> {
        entry(name).and_then(|entry| entry.set_password(key.expose_secret())).map_err(reason)
    }

    fn entry(name: &str) -> Result<Entry> {
        Entry::new(SERVICE, name)
    }

    fn reason(error: Error) -> KeyringError {
        match error {
            // Its own words are that there is none.
            _ if descriptors::refusal().is_some() => KeyringError::TooManyFiles,
            Error::NoEntry => KeyringError::NoKey,
            Error::NoDefaultStore => {
                let status = Entry::store_status().as_ref();
                KeyringError::Unusable(status.err().map_or_else(|| error.to_string(), ToString::to_string))
            }
            // Some errors hold what was found, which may be the key.
            Error::BadEncoding(_) | Error::BadDataFormat(..) => {
                KeyringError::Unusable("what it holds is no text".into())
            }
            error => KeyringError::Unusable(error.to_string()),
        }
    }
}

#[cfg(not(feature = "keyring"))]
mod platform {
    use secrecy::SecretString;

    use super::KeyringError;

    fn none<T>() -> Result<T, KeyringError> {
        Err(KeyringError::Unusable("this build has no support for it".into()))
    }

    pub(super) fn read(_: &str) -> Result<SecretString, KeyringError> {
        none()
    }

    pub(super) fn write(_: &str, _: &SecretString) -> Result<(), KeyringError> {
        none()
    }
}

/// The key of a name. Waits while the user is asked to unlock the keyring.
///
/// # Errors
/// Where there is none.
pub fn read_key(name: &str) -> Result<SecretString, KeyringError> {
    platform::read(name)
}

/// Keeps a key under a name, in place of the one that was there.
///
/// # Errors
/// Where the keyring can't be used.
pub fn write_key(name: &str, key: &SecretString) -> Result<(), KeyringError> {
    platform::write(name, key)
}
