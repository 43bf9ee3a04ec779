//! Standard output where it is a pipe.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{io::AsyncWrite, net::unix::pipe::Sender};

use super::{IN_TRANSIT, found};

/// What is at least this long is one message, which nothing could be joined with: it goes faster through a wide pipe.
const LARGE: usize = 32 << 10;
/// The widest pipe that every user may have on Linux.
const WIDE: usize = 1 << 20;

/// A pipe that lets as much wait in it as does no harm.
pub(super) struct Pipe {
    sender: Sender,
    /// How wide it was made; 0 before the first write.
    room: usize,
}

impl Pipe {
    pub(super) fn new(sender: Sender) -> Self {
        Self { sender, room: 0 }
    }

    fn make_room(&mut self, bytes: usize) {
        let room = if bytes >= LARGE { WIDE } else { IN_TRANSIT };
        // One that holds more than it shall is made narrow by a later write.
        if room != self.room && found::resize_pipe(room) {
            self.room = room;
        }
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        found::put_back();
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.make_room(bytes.len());
        Pin::new(&mut self.sender).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.make_room(pieces.iter().map(|piece| piece.len()).sum());
        Pin::new(&mut self.sender).poll_write_vectored(cx, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.sender).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.sender).poll_shutdown(cx)
    }
}
