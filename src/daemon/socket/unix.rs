//! A Unix socket in a folder that only its owner can enter. Each side looks whose process is at the other end.

use std::{fs, io, path::Path};

use tokio::net::{
    UnixListener, UnixStream,
    unix::{OwnedReadHalf, OwnedWriteHalf},
};

pub(in crate::daemon) type Reading = OwnedReadHalf;
pub(in crate::daemon) type Writing = OwnedWriteHalf;

/// Takes connections.
pub(in crate::daemon) struct Listener(UnixListener);

impl Listener {
    /// Begins to take them, in the place of a process that is no more.
    pub(in crate::daemon) fn at(path: &Path) -> io::Result<Self> {
        remove(path);
        UnixListener::bind(path).map(Self)
    }

    /// The next one of this user's.
    pub(in crate::daemon) async fn accept(&self) -> io::Result<(Reading, Writing)> {
        checked(self.0.accept().await?.0)
    }
}

/// Connects to the process of this user.
///
/// # Errors
/// `PermissionDenied` where another user's takes the connection.
pub(in crate::daemon) async fn connect(path: &Path) -> io::Result<(Reading, Writing)> {
    checked(UnixStream::connect(path).await?)
}

/// Takes the name of a socket away.
pub(in crate::daemon) fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

fn checked(stream: UnixStream) -> io::Result<(Reading, Writing)> {
    if stream.peer_cred()?.uid() != rustix::process::geteuid().as_raw() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok(stream.into_split())
}
