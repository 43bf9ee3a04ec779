//! A company's certificates, and TLS in front of a server that has none.

use std::{
    future::Future,
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use rustls::{
    RootCertStore, ServerConfig, SupportedProtocolVersion,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    server::WebPkiClientVerifier,
    version::{TLS12, TLS13},
};
use tempfile::TempDir;
use tokio::{
    io::{copy, copy_bidirectional, sink},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// An authority that no system knows.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

/// A certificate and its key.
pub(crate) struct Certificate {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

impl Authority {
    /// A new one, with a name of its own.
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let mut params = CertificateParams::default();
        let name = format!("Authority {}", NUMBER.fetch_add(1, Ordering::Relaxed));
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key"));
        Self {
            issuer: issuer.expect("a certificate of an authority"),
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// Its own certificate, as a file.
    pub(crate) fn file(&self) -> PathBuf {
        self.write("ca.pem", &self.issuer.pem())
    }

    /// A certificate for a host, valid now.
    pub(crate) fn certify(&self, host: &str) -> Certificate {
        self.certify_with(host, |_| ())
    }

    /// The same, but otherwise.
    pub(crate) fn certify_with(
        &self,
        host: &str,
        change: impl FnOnce(&mut CertificateParams),
    ) -> Certificate {
        let mut params = CertificateParams::new([host.to_owned()]).expect("the name of a host");
        change(&mut params);
        let key = KeyPair::generate().expect("a key");
        Certificate { certificate: params.signed_by(&key, &self.issuer).expect("a certificate"), key }
    }

    /// A certificate for a client and its key, as files.
    pub(crate) fn client_files(&self) -> [PathBuf; 2] {
        let Certificate { certificate, key } = self.certify("client.example");
        [self.write("client.pem", &certificate.pem()), self.write("client.key", &key.serialize_pem())]
    }

    fn write(&self, name: &str, pem: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, pem).expect("a file");
        path
    }

    fn roots(&self) -> Arc<RootCertStore> {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).expect("a root");
        roots.into()
    }
}

/// How a door greets.
pub(crate) struct Greeting<'a> {
    /// What it shows.
    pub(crate) certificate: Certificate,
    /// Whose certificates a client must show; none where it need not.
    pub(crate) clients_of: Option<&'a Authority>,
    /// What it speaks.
    pub(crate) version: &'static SupportedProtocolVersion,
    /// What it offers by ALPN, best first.
    pub(crate) protocols: &'a [&'a str],
}

impl Greeting<'_> {
    /// Shows this certificate and asks for none, in TLS 1.3, for HTTP/1.1.
    pub(crate) fn of(certificate: Certificate) -> Self {
        Self { certificate, clients_of: None, version: &TLS13, protocols: &["http/1.1"] }
    }

    fn config(self) -> ServerConfig {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&[self.version])
            .expect("a version");
        let builder = match self.clients_of {
            None => builder.with_no_client_auth(),
            Some(authority) => builder.with_client_cert_verifier(
                WebPkiClientVerifier::builder_with_provider(authority.roots(), provider)
                    .build()
                    .expect("a verifier"),
            ),
        };
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.certificate.key.serialize_der()));
        let chain = vec![self.certificate.certificate.der().clone()];
        let mut config = builder.with_single_cert(chain, key).expect("a certificate with its key");
        config.alpn_protocols = self.protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        config
    }
}

/// Both versions of TLS.
pub(crate) const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

/// A listener that speaks TLS. It ends, with all connections, when it is dropped.
pub(crate) struct TlsDoor {
    address: SocketAddr,
    opened: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl TlsDoor {
    /// One that passes on what it decrypts.
    pub(crate) async fn before(server: SocketAddr, greeting: Greeting<'_>) -> Self {
        Self::start(greeting, move |mut stream| async move {
            let mut behind = TcpStream::connect(server).await.expect("the server behind the door");
            // The end of either side is no news to the other.
            let _ = copy_bidirectional(&mut stream, &mut behind).await;
        })
        .await
    }

    /// One whose connections are served like this.
    pub(crate) async fn start<F: Future<Output = ()> + Send + 'static>(
        greeting: Greeting<'_>,
        serve: impl Fn(TlsStream<TcpStream>) -> F + Clone + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port on loopback");
        let address = listener.local_addr().expect("an address");
        let acceptor = TlsAcceptor::from(Arc::new(greeting.config()));
        let opened = Arc::new(AtomicUsize::new(0));
        let count = opened.clone();
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, serve, count) = (acceptor.clone(), serve.clone(), count.clone());
                connections.spawn(async move {
                    match acceptor.accept(stream).into_fallible().await {
                        Ok(stream) => {
                            count.fetch_add(1, Ordering::Relaxed);
                            serve(stream).await;
                        }
                        // Closed with something unread, it would be reset before the client knows why.
                        Err((_, mut stream)) => _ = copy(&mut stream, &mut sink()).await,
                    }
                });
            }
        });
        Self { address, opened, task }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its URL.
    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// How many connections came through the door so far.
    pub(crate) fn opened(&self) -> usize {
        self.opened.load(Ordering::Relaxed)
    }
}

impl Drop for TlsDoor {
    fn drop(&mut self) {
        self.task.abort();
    }
}
