//! The modes of the terminal, put back also where a signal ends the process: Ctrl-C, above all.

use std::{
    fs::OpenOptions,
    os::fd::IntoRawFd,
    ptr,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

struct Terminal {
    descriptor: libc::c_int,
    found: libc::termios,
}

/// The terminal as it was before the first question.
static TERMINAL: OnceLock<Option<Terminal>> = OnceLock::new();
/// Whether a question hides what is typed.
static ASKING: AtomicBool = AtomicBool::new(false);

/// Asks something, with the terminal put back whatever ends the question.
pub(super) fn kept<T>(ask: impl FnOnce() -> T) -> T {
    if TERMINAL.get_or_init(find).is_some() {
        ASKING.store(true, Ordering::SeqCst);
    }
    let answer = ask();
    ASKING.store(false, Ordering::SeqCst);
    answer
}

/// The terminal of this process. It stays open as long as the process lives.
fn find() -> Option<Terminal> {
    let descriptor = OpenOptions::new().read(true).write(true).open("/dev/tty").ok()?.into_raw_fd();
    // SAFETY: a struct of numbers may be zero, and the call fills it.
    let found = unsafe {
        let mut found: libc::termios = std::mem::zeroed();
        (libc::tcgetattr(descriptor, &raw mut found) == 0).then_some(found)?
    };
    put_back_when_killed();
    Some(Terminal { descriptor, found })
}

/// It does nothing that a signal handler may not do.
fn put_back() {
    let Some(Some(terminal)) = TERMINAL.get() else { return };
    if ASKING.swap(false, Ordering::SeqCst) {
        // SAFETY: the descriptor is never closed, and both pointers are valid.
        unsafe {
            libc::tcsetattr(terminal.descriptor, libc::TCSANOW, &raw const terminal.found);
            libc::write(terminal.descriptor, ptr::from_ref(b"\n").cast(), 1);
        }
    }
}

/// Puts the terminal back before a signal ends the process as it would have anyway.
fn put_back_when_killed() {
    extern "C" fn killed(signal: libc::c_int) {
        put_back();
        // SAFETY: `raise` may be called here. The handler is gone by now, so the signal does what it does by itself.
        unsafe { libc::raise(signal) };
    }
    for signal in [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGTERM] {
        // SAFETY: both structs are valid, and the handler does only what handlers may do.
        unsafe {
            let mut found: libc::sigaction = std::mem::zeroed();
            let is_known = libc::sigaction(signal, ptr::null(), &raw mut found) == 0;
            // What the one who started us wants ignored stays ignored.
            if is_known && found.sa_sigaction == libc::SIG_DFL {
                let mut action: libc::sigaction = std::mem::zeroed();
                action.sa_sigaction = killed as extern "C" fn(libc::c_int) as usize;
                action.sa_flags = libc::SA_RESETHAND;
                libc::sigaction(signal, &raw const action, ptr::null_mut());
            }
        }
    }
}
