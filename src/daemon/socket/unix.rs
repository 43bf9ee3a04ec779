//! A Unix socket in a folder that only its owner can enter. Each side looks whose process is at the other end.

use std::{
    fs, io,
    os::unix::{fs::MetadataExt, net::SocketAddr},
    path::{Path, PathBuf},
};

use tokio::net::{
    UnixListener, UnixStream,
    unix::{OwnedReadHalf, OwnedWriteHalf},
};

pub(in crate::daemon) type Reading = OwnedReadHalf;
pub(in crate::daemon) type Writing = OwnedWriteHalf;

/// Takes connections.
pub(in crate::daemon) struct Listener {
    listener: UnixListener,
    path: PathBuf,
    /// What tells the socket from another of its name.
    file: (u64, u64),
}

impl Listener {
    /// Begins to take them, in the place of a process that is no more.
    pub(in crate::daemon) fn at(path: &Path) -> io::Result<Self> {
        let _ = fs::remove_file(path);
        let listener = UnixListener::bind(path)?;
        Ok(Self { listener, path: path.to_owned(), file: identity(path)? })
    }

    /// Takes its name away, so that nobody finds it any more; another's of that name stays.
    pub(in crate::daemon) fn hide(&self) {
        if identity(&self.path).is_ok_and(|file| file == self.file) {
            let _ = fs::remove_file(&self.path);
        }
    }

    /// The next one of this user's.
    pub(in crate::daemon) async fn accept(&self) -> io::Result<(Reading, Writing)> {
        checked(self.listener.accept().await?.0)
    }
}

/// Whether a socket may have this path, which the system bounds.
pub(in crate::daemon) fn can_be_at(path: &Path) -> bool {
    SocketAddr::from_pathname(path).is_ok()
}

/// Connects to the process of this user.
///
/// # Errors
/// `PermissionDenied` where another user's takes the connection.
pub(in crate::daemon) async fn connect(path: &Path) -> io::Result<(Reading, Writing)> {
    checked(UnixStream::connect(path).await?)
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    let data = fs::symlink_metadata(path)?;
    Ok((data.dev(), data.ino()))
}

/// The process at the other end.
pub(in crate::daemon) fn process(input: &Reading) -> Option<u32> {
    input.as_ref().peer_cred().ok()?.pid()?.try_into().ok()
}

fn checked(stream: UnixStream) -> io::Result<(Reading, Writing)> {
    if stream.peer_cred()?.uid() != rustix::process::geteuid().as_raw() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok(stream.into_split())
}
