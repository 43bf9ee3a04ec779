//! Puts something back before a signal ends the process as it would have anyway.

use std::ptr;

/// What a process changes beyond itself, and has to leave as it was found.
pub(crate) trait PutBack {
    /// Leaves it as it was found. It does nothing that a signal handler may not do.
    fn put_back();
}

/// Has it put back where a signal ends the process.
pub(crate) fn put_back_when_killed<P: PutBack>() {
    extern "C" fn killed<P: PutBack>(signal: libc::c_int) {
        P::put_back();
        // SAFETY: `raise` may be called here. The handler is gone by now, so the signal does what it does by itself.
        unsafe { libc::raise(signal) };
    }
    for signal in [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGTERM] {
        // SAFETY: both structs are valid, and the handler does only what handlers may do.
        unsafe {
            let mut found: libc::sigaction = std::mem::zeroed();
            let is_known = libc::sigaction(signal, ptr::null(), &raw mut found) == 0;
            // What the one who started us wants ignored stays ignored, as under `nohup`.
            if is_known && found.sa_sigaction == libc::SIG_DFL {
                let mut action: libc::sigaction = std::mem::zeroed();
                action.sa_sigaction = killed::<P> as extern "C" fn(libc::c_int) as usize;
                action.sa_flags = libc::SA_RESETHAND;
                libc::sigaction(signal, &raw const action, ptr::null_mut());
            }
        }
    }
}
