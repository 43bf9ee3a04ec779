//! How standard output was found, looked at before Rust's runtime changes it.

use std::{
    io,
    sync::atomic::{AtomicBool, Ordering},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::Standard;

static STDOUT_WAS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Whether standard output was closed when the process began. Rust's runtime opens `/dev/null` in its place before
/// `main`, where what is written would be lost without a word.
pub(crate) fn stdout_was_closed() -> bool {
    STDOUT_WAS_CLOSED.load(Ordering::Relaxed)
}

extern "C" fn look() {
    // SAFETY: the call asks about a number, which may be that of no file.
    let flags = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFD) };
    STDOUT_WAS_CLOSED.store(flags == -1, Ordering::Relaxed);
}

// SAFETY: the loader calls what stands in this section before `main`, once and on one thread; `look` needs nothing of
// Rust's runtime.
#[used]
#[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
static LOOK: extern "C" fn() = look;

/// Has processes that this one starts get none of its open files but the three that they are given: what this one was
/// given itself, such as a lock or a pipe, would stay open for as long as they live.
pub(crate) fn keep_to_this_process() {
    // Both systems that matter have it; elsewhere nothing is known of what is open.
    let Ok(open) = std::fs::read_dir("/dev/fd") else { return };
    let numbers = open.filter_map(|file| file.ok()?.file_name().to_str()?.parse::<libc::c_int>().ok());
    for number in numbers.filter(|number| *number > libc::STDERR_FILENO) {
        // SAFETY: the call is about a number; where no file has it any more, nothing happens.
        unsafe { libc::fcntl(number, libc::F_SETFD, libc::FD_CLOEXEC) };
    }
}

/// Longest to wait before whoever does looks at something else: a signal may come just before the wait.
const LONGEST: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };

/// Waits until a stream is ready, and returns whether it is; a signal ends the wait too.
///
/// # Errors
/// Where it can't be waited for.
pub(crate) fn wait_for(standard: Standard) -> io::Result<bool> {
    let (descriptor, flags) = match standard {
        Standard::Input => (rustix::stdio::stdin(), PollFlags::IN),
        Standard::Output => (rustix::stdio::stdout(), PollFlags::OUT),
        Standard::Error => (rustix::stdio::stderr(), PollFlags::OUT),
    };
    match poll(&mut [PollFd::from_borrowed_fd(descriptor, flags)], Some(&LONGEST)) {
        Ok(ready) => Ok(ready > 0),
        // Whoever waits looks again.
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
