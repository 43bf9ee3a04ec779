//! Keeps what this process holds in memory from others: no core dump, no look from outside, nothing left in what is freed.
//! And keeps no more of it than it uses.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Duration,
};

use tokio::sync::Notify;

#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(target_os = "macos")]
use macos as platform;
#[cfg(windows)]
use windows as platform;

/// Closes this process's memory to other processes of the same user, as far as the system can. To be called first.
pub fn close() {
    platform::close();
}

/// Has large buffers go back to the system as soon as they are freed, and all threads share one heap, where the system's
/// allocator would do otherwise. To be called before the first large buffer and the first thread.
pub fn keep_little() {
    platform::keep_little();
}

/// Gives back what was freed and lies between what is in use, which the allocator keeps else. It takes a fraction of a
/// millisecond, in which no other thread can allocate: for when work that took much is done.
pub fn give_back() {
    platform::give_back();
}

/// How long a process says nothing, and is told nothing, before it gives back what it does not need meanwhile: that many
/// looks.
const QUIET: u32 = 3;
const LOOK: Duration = Duration::from_secs(1);

/// How often this process has heard from its peers, or said something to them.
static STIRRED: AtomicU64 = AtomicU64::new(0);
/// Whether it is at rest, and looks at nothing until it is woken.
static RESTS: AtomicBool = AtomicBool::new(false);
static WOKEN: Notify = Notify::const_new();

/// Notes that this process is at work.
pub(crate) fn stir() {
    STIRRED.fetch_add(1, Ordering::SeqCst);
    if RESTS.load(Ordering::SeqCst) {
        WOKEN.notify_one();
    }
}

/// Whenever this process has been [quiet](QUIET), gives back what was freed, and the pages of its program: those that only
/// the start needed, of a server that no one asks anything, are most of what is resident. The others are mapped again when
/// they are used, which costs the next request a fraction of a millisecond.
pub(crate) async fn rest_when_quiet() {
    let (mut stirred, mut quiet) = (0, 0);
    loop {
        tokio::time::sleep(LOOK).await;
        let before = std::mem::replace(&mut stirred, STIRRED.load(Ordering::SeqCst));
        quiet = if before == stirred { quiet + 1 } else { 0 };
        if quiet == QUIET {
            platform::give_back();
            platform::leave_program();
            RESTS.store(true, Ordering::SeqCst);
            if STIRRED.load(Ordering::SeqCst) == stirred {
                WOKEN.notified().await;
            }
            RESTS.store(false, Ordering::SeqCst);
            quiet = 0;
        }
    }
}

/// Bytes of memory that are in use by this process. None where the system does not say.
pub fn own() -> Option<u64> {
    platform::own()
}

/// The largest allocation that is cleared, in bytes. Keys are in messages, headers and buffers of a connection; a list of
/// models of some megabytes is worth no second pass.
const CLEARED: usize = 64 << 10;

/// The system's allocator, which leaves nothing in what it takes back: a key that was replaced is in no old buffer.
#[derive(Debug)]
pub struct Clearing;

// SAFETY: all is the system's; what is cleared still belongs to us until it is given back.
unsafe impl GlobalAlloc for Clearing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as for our caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as for our caller.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as for our caller.
        unsafe {
            clear(memory, layout.size());
            System.dealloc(memory, layout);
        }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as for our caller; the two allocations are apart, and both are at least as large as what is copied.
        unsafe {
            if layout.size() > CLEARED {
                return System.realloc(memory, layout, size);
            }
            let new = System.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !new.is_null() {
                memory.copy_to_nonoverlapping(new, layout.size().min(size));
                self.dealloc(memory, layout);
            }
            new
        }
    }
}

unsafe fn clear(memory: *mut u8, size: usize) {
    if size <= CLEARED {
        // SAFETY: the memory is ours and of this size.
        unsafe { memory.write_bytes(0, size) };
        // Else the compiler may find that nobody reads what was written.
        std::hint::black_box(memory);
    }
}
