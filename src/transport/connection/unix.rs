//! Standard streams that the runtime waits for itself, without a thread between: pipes, as most programs start us with,
//! and sockets, as Node does. Files and terminals keep the thread; a terminal is shared with the shell, which would
//! find it non-blocking.

use std::{
    io,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::net::UnixStream as StdUnixStream,
    },
};

use futures_util::{FutureExt, future::BoxFuture};
use rustix::fs::{FileType, fstat};
use tokio::{
    io::Interest,
    net::{UnixStream, unix::pipe},
};

use super::{Input, Output};

/// Most bytes that wait for the peer in the system, as far as it lets us say: what waits there can't be joined with
/// what comes later, and so makes a slow editor late.
const IN_TRANSIT: usize = 8 << 10;

pub(super) fn stdin() -> Input {
    let open = |fd: OwnedFd| -> io::Result<Input> {
        Ok(match kind(fd.as_fd())? {
            FileType::Fifo => Box::new(pipe::Receiver::from_owned_fd(fd)?),
            FileType::Socket => Box::new(socket(fd)?),
            _ => Box::new(tokio::io::stdin()),
        })
    };
    own(io::stdin().as_fd()).and_then(open).unwrap_or_else(|_| Box::new(tokio::io::stdin()))
}

pub(super) fn stdout() -> Output {
    let open = |fd: OwnedFd| -> io::Result<Output> {
        Ok(match kind(fd.as_fd())? {
            FileType::Fifo => {
                #[cfg(target_os = "linux")]
                let _ = rustix::pipe::fcntl_setpipe_size(&fd, IN_TRANSIT);
                Box::new(pipe::Sender::from_owned_fd(fd)?)
            }
            FileType::Socket => {
                let _ = rustix::net::sockopt::set_socket_send_buffer_size(&fd, IN_TRANSIT);
                Box::new(socket(fd)?)
            }
            _ => Box::new(tokio::io::stdout()),
        })
    };
    own(io::stdout().as_fd()).and_then(open).unwrap_or_else(|_| Box::new(tokio::io::stdout()))
}

/// Ends when nobody reads a pipe any more. Of a socket the end of its input tells.
pub(super) fn hangup() -> Option<BoxFuture<'static, ()>> {
    let fd = own(io::stdout().as_fd()).ok()?;
    let pipe = pipe::Sender::from_owned_fd(fd).ok()?;
    Some(async move { drop(pipe.ready(Interest::ERROR).await) }.boxed())
}

/// The stream under a number of our own, which can be closed.
fn own(fd: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    fd.try_clone_to_owned()
}

fn kind(fd: BorrowedFd<'_>) -> io::Result<FileType> {
    Ok(FileType::from_raw_mode(fstat(fd)?.st_mode))
}

fn socket(fd: OwnedFd) -> io::Result<UnixStream> {
    let socket = StdUnixStream::from(fd);
    socket.set_nonblocking(true)?;
    UnixStream::from_std(socket)
}
