//! Where the system does not say how standard output was found.

/// Nobody knows.
pub(crate) fn stdout_was_closed() -> bool {
    false
}
