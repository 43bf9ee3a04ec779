//! A socket that is shared with others, who may wait for it.

use std::{
    io,
    os::fd::{BorrowedFd, OwnedFd},
    pin::Pin,
    task::{Context, Poll, ready},
};

use rustix::net::{RecvFlags, SendFlags, Shutdown, recv, send, shutdown};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf, unix::AsyncFd};

/// How much is read at once.
const READ_SIZE: usize = 16 << 10;
const DONT_WAIT: u32 = libc::MSG_DONTWAIT.cast_unsigned();

/// A socket that is told each time not to wait.
pub(super) struct Socket(AsyncFd<OwnedFd>);

impl Socket {
    pub(super) fn new(fd: BorrowedFd<'_>) -> io::Result<Self> {
        // SAFETY: the number is our own, and nothing else closes it.
        Ok(Self(unsafe { AsyncFd::register(super::own(fd)?) }?))
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let room = buffer.remaining().min(READ_SIZE);
        loop {
            let mut ready = ready!(self.0.poll_read_ready(cx))?;
            let space = buffer.initialize_unfilled_to(room);
            let flags = RecvFlags::from_bits_retain(DONT_WAIT);
            if let Ok(read) = ready.try_io(|fd| Ok(recv(fd, &mut *space, flags)?.1)) {
                buffer.advance(read?);
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            let mut ready = ready!(self.0.poll_write_ready(cx))?;
            let flags = SendFlags::from_bits_retain(DONT_WAIT);
            if let Ok(written) = ready.try_io(|fd| Ok(send(fd, bytes, flags)?)) {
                return Poll::Ready(written);
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(shutdown(self.0.get_ref(), Shutdown::Write)?))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        super::found::put_back();
    }
}
