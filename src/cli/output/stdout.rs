//! The one way to standard output, and what it means where that takes no more.
//!
//! What could not be written is lost, so the command fails: the same for every command, whatever it writes. Whoever reads
//! may have enough, as `head` has; then it ends as git, cat and all do that SIGPIPE ends, without a word and with the
//! code that a shell gives them.

use std::{
    error, fmt,
    io::{self, Write},
};

use crate::descriptors;

/// Why standard output took less than it was given.
#[derive(Debug)]
pub(super) struct Unwritten(io::Error);

impl Unwritten {
    /// Where nobody reads on, and nothing else is wrong.
    pub(super) fn is_enough(&self) -> bool {
        self.0.kind() == io::ErrorKind::BrokenPipe
    }

    /// The reason of a failed command, where it is this.
    pub(super) fn of(error: &anyhow::Error) -> Option<&Self> {
        error.chain().find_map(|cause| cause.downcast_ref::<io::Error>()?.get_ref()?.downcast_ref())
    }
}

impl fmt::Display for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the output can't be written: {}", descriptors::said(&self.0))
    }
}

impl error::Error for Unwritten {}

/// What writing to standard output has failed with, as that.
pub(in crate::cli) fn unwritten(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), Unwritten(error))
}

/// Whether there is a standard output at all, for what must not be done in vain: an answer is paid for.
///
/// # Errors
/// Where it was closed before this process began, as by `>&-`.
pub(in crate::cli) fn is_there() -> io::Result<()> {
    if descriptors::stdout_was_closed() {
        return Err(unwritten(io::Error::other(
            "standard output is closed; send it somewhere, as by `> FILE`",
        )));
    }
    Ok(())
}

/// Writes what a program of ours made for another one: a script, or a list.
///
/// # Errors
/// Where standard output takes less; [`failure`](super::failure) knows what that means.
pub(in crate::cli) fn say_bytes(bytes: &[u8]) -> io::Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    is_there()?;
    let mut stdout = super::stdout();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(unwritten)
}
