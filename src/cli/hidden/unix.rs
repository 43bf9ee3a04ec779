//! The modes of the terminal, put back also where a signal ends the process: Ctrl-C, above all.

use std::{
    fs::OpenOptions,
    os::fd::IntoRawFd,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::signals::{PutBack, put_back_when_killed};

struct Terminal {
    descriptor: libc::c_int,
    found: libc::termios,
}

/// The terminal as it was before the first question.
static TERMINAL: OnceLock<Option<Terminal>> = OnceLock::new();
/// Whether a question waits for what is typed.
static ASKING: AtomicBool = AtomicBool::new(false);

/// Leaves the mode in which what is pasted is told from what is typed, and begins a line.
const LEAVE: &[u8] = b"\x1b[?2004l\n";

/// Asks something, with the terminal put back whatever ends the question.
pub(in crate::cli) fn kept<T>(ask: impl FnOnce() -> T) -> T {
    TERMINAL.get_or_init(find);
    ASKING.store(true, Ordering::SeqCst);
    let answer = ask();
    ASKING.store(false, Ordering::SeqCst);
    answer
}

/// While it is held nothing that is typed is shown, and Ctrl-C loses none of it: it waits for who reads the terminal next.
pub(in crate::cli) struct Unseen(());

/// Has what is typed wait unseen, where a question was asked before.
pub(in crate::cli) fn unseen() -> Unseen {
    set(|modes| {
        modes.c_lflag &= !libc::ECHO;
        modes.c_lflag |= libc::NOFLSH;
    });
    Unseen(())
}

impl Drop for Unseen {
    fn drop(&mut self) {
        set(|_| {});
    }
}

/// Sets the modes that the terminal had, but for some.
fn set(change: impl FnOnce(&mut libc::termios)) {
    if let Some(Some(terminal)) = TERMINAL.get() {
        let mut modes = terminal.found;
        change(&mut modes);
        // SAFETY: the descriptor is never closed, and the pointer is valid.
        unsafe { libc::tcsetattr(terminal.descriptor, libc::TCSANOW, &raw const modes) };
    }
}

/// The terminal of this process. It stays open as long as the process lives.
fn find() -> Option<Terminal> {
    put_back_when_killed::<Echo>();
    let descriptor = OpenOptions::new().read(true).write(true).open("/dev/tty").ok()?.into_raw_fd();
    // SAFETY: a struct of numbers may be zero, and the call fills it.
    let found = unsafe {
        let mut found: libc::termios = std::mem::zeroed();
        (libc::tcgetattr(descriptor, &raw mut found) == 0).then_some(found)?
    };
    Some(Terminal { descriptor, found })
}

struct Echo;

impl PutBack for Echo {
    fn put_back() -> bool {
        let is_asking = ASKING.swap(false, Ordering::SeqCst);
        if let Some(Some(terminal)) = TERMINAL.get().filter(|_| is_asking) {
            // SAFETY: the descriptor is never closed, and both pointers are valid.
            unsafe {
                libc::tcsetattr(terminal.descriptor, libc::TCSANOW, &raw const terminal.found);
                libc::write(terminal.descriptor, LEAVE.as_ptr().cast(), LEAVE.len());
            }
        }
        is_asking
    }
}
