//! Where the system does not say how standard output was found.

/// No process gets what it is not given.
pub(crate) fn keep_to_this_process() {}

/// Nobody knows.
pub(crate) fn stdout_was_closed() -> bool {
    false
}
