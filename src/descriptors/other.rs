//! Where the system does not say how standard output was found.

use std::io;

use super::Standard;

/// No stream is ever non-blocking.
pub(crate) fn wait_for(_: Standard) -> io::Result<bool> {
    Err(io::ErrorKind::WouldBlock.into())
}

/// Nobody knows.
pub(crate) fn stdout_was_closed() -> bool {
    false
}
