//! The socket between shims and the one process.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(super) use unix::{Listener, Reading, Writing, can_be_at, connect, process};
#[cfg(windows)]
pub(super) use windows::{Listener, Reading, Writing, can_be_at, connect, process};
