//! Closed memory on Windows.

use windows_sys::Win32::System::ErrorReporting::{WER_FAULT_REPORTING_FLAG_NOHEAP, WerSetFlags};

/// A report of a crash goes without the heap.
pub(super) fn close() {
    // SAFETY: takes no memory of ours. A system that refuses is no worse than before.
    unsafe { WerSetFlags(WER_FAULT_REPORTING_FLAG_NOHEAP) };
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
