//! Connection pools, each with the certificates that it was made of.

use std::{path::Path, sync::Mutex};

use secrecy::zeroize::Zeroizing;

use super::{Profile, Provider, Result, lock, pem::read_pem};
use crate::{
    descriptors,
    litellm::{self, Client, ConnectionOptions},
    off_thread::off_thread,
    store::{Reason, Stamp},
};

/// Most connection pools kept; one more drops the oldest that nobody uses.
const MAX_CLIENTS: usize = 8;

/// The pools that are kept.
#[derive(Default)]
pub(super) struct Connections {
    kept: Mutex<Vec<Kept>>,
    /// Who holds it makes a pool; others wait, for it may do for them too.
    making: tokio::sync::Mutex<()>,
}

struct Kept {
    client: Client,
    /// The files of certificates as they were when it was made.
    files: Vec<Stamp>,
}

impl Connections {
    /// A pool that reaches proxies this way and has room, with the certificates as they are now. Made when it is first
    /// needed, and on a thread of its own, for loading the system's trust store takes milliseconds.
    async fn client(&self, transport: &ConnectionOptions) -> Result<Client> {
        // Before the files are read: what changes meanwhile is read again.
        let files = stamps(transport);
        let with_room = |kept: &[Kept]| {
            let is_it = |kept: &&Kept| kept.client.is_for(transport) && kept.files == files;
            kept.iter().filter(is_it).find(|kept| !kept.client.is_full()).map(|kept| kept.client.clone())
        };
        let known = with_room(&lock(&self.kept));
        if let Some(client) = known {
            return Ok(client);
        }
        let _making = self.making.lock().await;
        let known = with_room(&lock(&self.kept));
        if let Some(client) = known {
            return Ok(client);
        }
        let wanted = transport.clone();
        let client = off_thread(move || Client::new(&wanted, certificate)).await?;
        let mut kept = lock(&self.kept);
        // Answers under way keep the pool that they came by.
        kept.retain(|kept| !kept.client.is_for(transport) || kept.files == files);
        while kept.len() >= MAX_CLIENTS
            && let Some(oldest) = kept.iter().position(|kept| kept.client.is_unused())
        {
            kept.remove(oldest);
        }
        kept.push(Kept { client: client.clone(), files });
        Ok(client)
    }
}

impl Provider {
    /// The connection pool for a profile.
    pub(super) async fn client(&self, profile: &Profile) -> Result<Client> {
        self.connections.client(&profile.transport).await
    }
}

/// Reads a file of certificates.
pub(super) fn certificate(path: &Path) -> std::result::Result<Zeroizing<Vec<u8>>, litellm::Error> {
    read_pem(path).map_err(|refused| match &refused.reason {
        Reason::System(error) if descriptors::are_spent(error) => litellm::Error::TooManyFiles { url: None },
        _ => litellm::Error::CertificateFile { reason: refused.to_string() },
    })
}

fn stamps(transport: &ConnectionOptions) -> Vec<Stamp> {
    transport.files().map(Stamp::of).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use litellm_ls_protocol::ErrorKind;

    use super::*;

    fn transport(path: &Path) -> ConnectionOptions {
        ConnectionOptions {
            encrypted: true,
            ca_file: Some(path.to_owned()),
            ..ConnectionOptions::on_this_machine()
        }
    }

    fn certificate_pem() -> String {
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem()
    }

    #[tokio::test]
    #[cfg_attr(wine, ignore = "Wine refuses the authorities of a file: RELEASE.md")]
    async fn a_changed_certificate_is_used_for_the_next_connection() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        fs::write(&path, certificate_pem()).unwrap();
        let (connections, transport) = (Connections::default(), transport(&path));
        let stamps = |connections: &Connections| {
            lock(&connections.kept).iter().map(|kept| kept.files.clone()).collect::<Vec<_>>()
        };
        connections.client(&transport).await.unwrap();
        let first = stamps(&connections);
        connections.client(&transport).await.unwrap();
        assert_eq!(stamps(&connections), first);

        let other = folder.path().join("other.pem");
        fs::write(&other, certificate_pem()).unwrap();
        fs::rename(&other, &path).unwrap();
        connections.client(&transport).await.unwrap();
        let second = stamps(&connections);
        assert!(second.len() == 1 && second != first, "{second:?}");

        fs::write(&path, "no certificate").unwrap();
        let refused = connections.client(&transport).await.err().unwrap();
        assert_eq!(refused.kind(), ErrorKind::Tls, "{refused:?}");
    }

    /// Each has room for so many; those who need another at the same time wait for one, and none that is used is given up.
    #[tokio::test]
    #[cfg_attr(wine, ignore = "Wine refuses the authorities of a file: RELEASE.md")]
    async fn many_at_once_share_pools() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        fs::write(&path, certificate_pem()).unwrap();
        let (connections, transport) = (Connections::default(), transport(&path));
        let mut users = Vec::new();
        for pools in [1, 2, 9] {
            let more = 100 * pools - users.len();
            let asking = (0..more).map(|_| connections.client(&transport));
            users.extend(futures_util::future::try_join_all(asking).await.unwrap());
            assert_eq!(lock(&connections.kept).len(), pools);
        }
        drop(users);
        connections.client(&transport).await.unwrap();
        assert_eq!(lock(&connections.kept).len(), 9);
    }

    #[tokio::test]
    async fn a_file_of_certificates_is_read_with_care() {
        let folder = tempfile::tempdir().unwrap();
        let connections = Connections::default();
        let large = folder.path().join("large.pem");
        fs::write(&large, vec![b' '; crate::provider::pem::MAX_PEM as usize + 1]).unwrap();
        for (path, reason) in [(large.as_path(), "larger than"), (folder.path(), "no regular file")] {
            let refused = connections.client(&transport(path)).await.err().unwrap();
            assert!(refused.message.contains(reason), "{refused:?}");
        }
    }
}
