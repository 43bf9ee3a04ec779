//! What is changed about standard output, and put back however the process ends, short of SIGKILL.

use std::{
    os::fd::BorrowedFd,
    sync::{
        Once,
        atomic::{AtomicUsize, Ordering},
    },
};

use rustix::net::sockopt::{set_socket_send_buffer_size, socket_send_buffer_size};

use crate::signals::{self, PutBack};

/// How wide the pipe was; 0 while it is as it was.
static PIPE: AtomicUsize = AtomicUsize::new(0);
/// How much the socket held back; 0 while it is as it was.
static SOCKET: AtomicUsize = AtomicUsize::new(0);

/// Makes the pipe hold this many bytes, and returns whether it does; not every system lets us.
pub(super) fn resize_pipe(bytes: usize) -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::pipe::{fcntl_getpipe_size, fcntl_setpipe_size};

        if PIPE.load(Ordering::Relaxed) == 0 {
            let Ok(found) = fcntl_getpipe_size(stdout()) else { return false };
            PIPE.store(found, Ordering::Relaxed);
            put_back_when_killed();
        }
        fcntl_setpipe_size(stdout(), bytes).is_ok()
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = bytes;
        true
    }
}

/// Makes a socket hold about this many bytes back.
pub(super) fn narrow_socket(socket: BorrowedFd<'_>, bytes: usize) {
    if let Ok(found) = socket_send_buffer_size(socket) {
        // Linux says twice of what it was told.
        let found = if cfg!(target_os = "linux") { found / 2 } else { found };
        SOCKET.store(found, Ordering::Relaxed);
        put_back_when_killed();
        let _ = set_socket_send_buffer_size(socket, bytes);
    }
}

/// Standard output.
struct Output;

impl PutBack for Output {
    fn put_back() -> bool {
        put_back();
        false
    }
}

/// Has it put back where a signal ends the process.
fn put_back_when_killed() {
    static ONCE: Once = Once::new();
    ONCE.call_once(signals::put_back_when_killed::<Output>);
}

/// Leaves standard output as it was found. It does nothing that a signal handler may not do.
pub(super) fn put_back() {
    let pipe = PIPE.swap(0, Ordering::Relaxed);
    #[cfg(target_os = "linux")]
    if pipe > 0 {
        // Where more still waits in it than that, it stays wide.
        let _ = rustix::pipe::fcntl_setpipe_size(stdout(), pipe);
    }
    let _ = pipe;
    let socket = SOCKET.swap(0, Ordering::Relaxed);
    if socket > 0 {
        let _ = set_socket_send_buffer_size(stdout(), socket);
    }
}

fn stdout() -> BorrowedFd<'static> {
    // SAFETY: nobody here closes standard output.
    unsafe { BorrowedFd::borrow_raw(libc::STDOUT_FILENO) }
}
