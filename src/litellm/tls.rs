//! Certificates: the system's trust store, a company's own, and client certificates.

use std::{path::Path, sync::Once};

use reqwest::{Certificate, ClientBuilder, Identity};

use super::{Error, Transport};

/// Sets up TLS as the transport says.
///
/// # Errors
/// [`Error::Tls`] where a file can't be read or used.
pub(super) fn configure(builder: ClientBuilder, transport: &Transport) -> Result<ClientBuilder, Error> {
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
        pem.push(b'\n');
        pem.extend(read(certificate)?);
        builder = builder.identity(Identity::from_pem(&pem).map_err(|_| unusable(certificate))?);
    }
    Ok(builder)
}

fn read(file: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(file).map_err(|error| Error::Tls {
        reason: format!("{} can't be read: {error}", file.display()),
        url: None,
    })
}

fn unusable(file: &Path) -> Error {
    Error::Tls { reason: format!("{} holds no PEM certificate that can be used", file.display()), url: None }
}
