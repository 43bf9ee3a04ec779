//! Closed memory on macOS.

use rustix::process::{Resource, Rlimit, setrlimit};

/// No debugger attaches to a release build, and a crash writes nothing to disk.
pub(super) fn close() {
    // A system that refuses either is no worse than before.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    if !cfg!(debug_assertions) {
        // SAFETY: takes no memory of ours.
        unsafe { libc::ptrace(libc::PT_DENY_ATTACH, 0, std::ptr::null_mut(), 0) };
    }
}

/// The system's allocator keeps nothing large.
pub(super) fn keep_little() {}

/// Nor much that is small.
pub(super) fn give_back() {}

/// The system takes unused pages by itself where it needs them.
pub(super) fn leave_program() {}

pub(super) fn own() -> Option<u64> {
    None
}
