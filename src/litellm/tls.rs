//! Certificates: the system's trust store, a company's own, and client certificates.

use std::{path::Path, sync::Once};

use reqwest::{Certificate, ClientBuilder, Identity};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use secrecy::zeroize::Zeroizing;

use super::{ConnectionOptions, Error, error};
use crate::descriptors;

/// Sets up TLS as the transport says, with files as `read` reads them.
///
/// # Errors
/// [`Error::CertificateFile`] where a file can't be read or used.
pub(super) fn configure(
    builder: ClientBuilder,
    transport: &ConnectionOptions,
    read: impl Fn(&Path) -> Result<Zeroizing<Vec<u8>>, Error>,
) -> Result<ClientBuilder, Error> {
    // The one crypto provider of this binary; building a client without one panics.
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });

    if transport.loopback && !transport.encrypted {
        // No certificate will be looked at, and reading the system's takes milliseconds.
        return Ok(builder.tls_certs_only([]));
    }
    let mut builder = builder.tls_danger_accept_invalid_certs(transport.insecure);
    if let Some(file) = &transport.ca_file {
        let certificates = Certificate::from_pem_bundle(&read(file)?).map_err(|_| unusable(file))?;
        if certificates.is_empty() {
            return Err(unusable(file));
        }
        builder = builder.tls_certs_merge(certificates);
    }
    if let Some((certificate, key)) = &transport.client_certificate {
        let mut pem = read(key)?;
        PrivateKeyDer::from_pem_slice(&pem).map_err(|_| Error::CertificateFile {
            reason: format!("{} holds no PEM key that can be used", key.display()),
        })?;
        pem.push(b'\n');
        pem.extend_from_slice(&read(certificate)?);
        builder = builder.identity(Identity::from_pem(&pem).map_err(|_| unusable(certificate))?);
    }
    Ok(builder)
}

fn unusable(file: &Path) -> Error {
    Error::CertificateFile { reason: format!("{} holds no PEM certificate that can be used", file.display()) }
}

/// Why no client can be made.
pub(super) fn build_error(error: &reqwest::Error, transport: &ConnectionOptions) -> Error {
    match (error::cause(error), &transport.client_certificate) {
        (Some(rustls::Error::InconsistentKeys(_)), Some((certificate, key))) => Error::CertificateFile {
            reason: format!("{} is not the key of {}", key.display(), certificate.display()),
        },
        // The system's certificates are files too.
        _ if descriptors::refusal().is_some() => Error::TooManyFiles { url: None },
        _ => Error::Tls { reason: error::root(error), certificate: None, url: None },
    }
}
