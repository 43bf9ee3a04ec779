//! A named pipe that only its owner can use. Pipes have names that anybody may take first, so its name is a random one, which
//! stands in a file of the owner's.

use std::{
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

use interprocess::{
    local_socket::{
        GenericFilePath, ListenerOptions, Name, ToFsName,
        tokio::{Listener as Pipe, Stream, prelude::*},
    },
    os::windows::{local_socket::ListenerOptionsExt, security_descriptor::SecurityDescriptor},
};
use tokio::io::{ReadHalf, WriteHalf};
use widestring::u16cstr;

pub(in crate::daemon) type Reading = ReadHalf<Stream>;
pub(in crate::daemon) type Writing = WriteHalf<Stream>;

/// Whether the file that names a pipe may have this path.
pub(in crate::daemon) fn can_be_at(_: &Path) -> bool {
    true
}

/// Takes connections.
pub(in crate::daemon) struct Listener {
    listener: Pipe,
    path: PathBuf,
    pipe: String,
}

impl Listener {
    /// Begins to take them, in the place of a process that is no more.
    pub(in crate::daemon) fn at(path: &Path) -> io::Result<Self> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let mut pipe = r"\\.\pipe\litellm-ls-".to_owned();
        for byte in random {
            let _ = write!(pipe, "{byte:02x}");
        }
        // All rights for the owner, and none for others.
        let rights = SecurityDescriptor::deserialize(u16cstr!("D:P(A;;GA;;;OW)"))?;
        let listener =
            ListenerOptions::new().name(name(&pipe)?).security_descriptor(rights).create_tokio()?;
        fs::write(path, &pipe)?;
        Ok(Self { listener, path: path.to_owned(), pipe })
    }

    /// Takes its name away, so that nobody finds it any more; another's in its place stays.
    pub(in crate::daemon) fn hide(&self) {
        if fs::read_to_string(&self.path).is_ok_and(|pipe| pipe == self.pipe) {
            let _ = fs::remove_file(&self.path);
        }
    }

    /// The next one.
    pub(in crate::daemon) async fn accept(&self) -> io::Result<(Reading, Writing)> {
        Ok(tokio::io::split(self.listener.accept().await?))
    }
}

/// Connects to the process of this user.
pub(in crate::daemon) async fn connect(path: &Path) -> io::Result<(Reading, Writing)> {
    let pipe = fs::read_to_string(path)?;
    Ok(tokio::io::split(Stream::connect(name(&pipe)?).await?))
}

/// The process at the other end. The halves of a pipe don't say.
pub(in crate::daemon) fn process(_input: &Reading) -> Option<u32> {
    None
}

fn name(pipe: &str) -> io::Result<Name<'_>> {
    pipe.to_fs_name::<GenericFilePath>()
}
