//! Standard streams that the runtime waits for itself, without a thread between: pipes, as most programs start us with,
//! and sockets, as Node does. Files and terminals keep the thread; a terminal is shared with the shell, which would
//! find it non-blocking.

use std::{
    io,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::net::UnixStream as StdUnixStream,
    },
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::{FutureExt, future::BoxFuture};
use rustix::fs::{FileType, fstat};
use tokio::{
    io::{AsyncWrite, Interest},
    net::{UnixStream, unix::pipe},
};

use super::{Input, Output};

/// Most bytes that wait for the peer in the system, as far as it lets us say: what waits there can't be joined with
/// what comes later, and so makes a slow editor late.
const IN_TRANSIT: usize = 4 << 10;
/// What is at least this long is one message, which nothing could be joined with: it goes faster through a wide pipe.
const LARGE: usize = 32 << 10;
/// The widest pipe that every user may have on Linux.
const WIDE: usize = 1 << 20;

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
            FileType::Fifo => Box::new(Pipe { sender: pipe::Sender::from_owned_fd(fd)?, room: 0 }),
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

/// A pipe that lets as much wait in it as does no harm.
struct Pipe {
    sender: pipe::Sender,
    /// How wide it was made; 0 before the first write.
    room: usize,
}

impl Pipe {
    fn make_room(&mut self, bytes: usize) {
        let room = if bytes >= LARGE { WIDE } else { IN_TRANSIT };
        // One that holds more than it shall is made narrow by a later write.
        #[cfg(target_os = "linux")]
        if room != self.room && rustix::pipe::fcntl_setpipe_size(&self.sender, room).is_ok() {
            self.room = room;
        }
        #[cfg(not(target_os = "linux"))]
        {
            self.room = room;
        }
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.make_room(bytes.len());
        Pin::new(&mut self.sender).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.sender).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.sender).poll_shutdown(cx)
    }
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
