//! Standard streams that the runtime waits for itself, without a thread between: pipes, as most programs start us with,
//! and sockets, as Node does. Files and terminals keep the thread.
//!
//! Other programs go on with the streams that we were given, so nothing about them is changed for good: whether they
//! wait is a matter of the open file, which all who hold it have in common. A pipe is opened once more, and a socket
//! is told with each read and write not to wait.

mod found;
mod pipe;
mod socket;

use std::{
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
};

use futures_util::{FutureExt, future::BoxFuture};
use rustix::fs::{FileType, OFlags, fcntl_getfl, fstat};
use tokio::{
    io::Interest,
    net::unix::pipe::{Receiver, Sender},
};

use super::{Input, Output};
use socket::Socket;

/// Most bytes that wait for the peer in the system, as far as it lets us say: what waits there can't be joined with
/// what comes later, and so makes a slow editor late.
const IN_TRANSIT: usize = 4 << 10;

pub(super) fn stdin() -> Input {
    let stdin = io::stdin();
    let open = |fd: BorrowedFd<'_>| -> io::Result<Input> {
        Ok(match kind(fd)? {
            FileType::Fifo => Box::new(Receiver::from_owned_fd(reopen(fd, OFlags::RDONLY)?)?),
            FileType::Socket => Box::new(Socket::new(fd)?),
            _ => Box::new(tokio::io::stdin()),
        })
    };
    open(stdin.as_fd()).unwrap_or_else(|_| Box::new(tokio::io::stdin()))
}

pub(super) fn stdout() -> Output {
    let stdout = io::stdout();
    let open = |fd: BorrowedFd<'_>| -> io::Result<Output> {
        Ok(match kind(fd)? {
            FileType::Fifo => Box::new(pipe::Pipe::new(Sender::from_owned_fd(reopen(fd, OFlags::WRONLY)?)?)),
            FileType::Socket => {
                found::narrow_socket(fd, IN_TRANSIT);
                Box::new(Socket::new(fd)?)
            }
            _ => Box::new(tokio::io::stdout()),
        })
    };
    open(stdout.as_fd()).unwrap_or_else(|_| Box::new(tokio::io::stdout()))
}

/// Ends when nobody reads a pipe any more. Of a socket the end of its input tells.
pub(super) fn hangup() -> Option<BoxFuture<'static, ()>> {
    let stdout = io::stdout();
    if kind(stdout.as_fd()).ok()? != FileType::Fifo {
        return None;
    }
    // Nothing is written here, so nothing can wait.
    let pipe = Sender::from_owned_fd_unchecked(own(stdout.as_fd()).ok()?).ok()?;
    Some(async move { drop(pipe.ready(Interest::ERROR).await) }.boxed())
}

/// A stream under a number of our own, which can be closed.
fn own(fd: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    fd.try_clone_to_owned()
}

/// A pipe that never waits, though those who share it with us do.
///
/// # Errors
/// Where it can't be opened once more, such as another user's; one that never waited is shared all the same.
fn reopen(fd: BorrowedFd<'_>, mode: OFlags) -> io::Result<OwnedFd> {
    #[cfg(target_os = "linux")]
    {
        use std::os::fd::AsRawFd;

        let path = format!("/proc/self/fd/{}", fd.as_raw_fd());
        let flags = mode | OFlags::NONBLOCK | OFlags::CLOEXEC;
        if let Ok(opened) = rustix::fs::open(path, flags, rustix::fs::Mode::empty()) {
            return Ok(opened);
        }
    }
    let _ = mode;
    if fcntl_getfl(fd)?.contains(OFlags::NONBLOCK) { own(fd) } else { Err(io::ErrorKind::Unsupported.into()) }
}

fn kind(fd: BorrowedFd<'_>) -> io::Result<FileType> {
    Ok(FileType::from_raw_mode(fstat(fd)?.st_mode))
}
