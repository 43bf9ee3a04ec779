//! Standard streams that another program has made non-blocking, with whom this one shares them (Node does, and so may
//! whoever else writes to the same terminal or pipe): what is not ready is waited for, and no error.

use std::io::{self, Read, Stderr, Stdin, Stdout, Write};

use crate::descriptors::{Standard, wait_for};
#[cfg(unix)]
use crate::signals;

/// Most bytes that are written at once: a pipe or a terminal that has room has as much, with what the library keeps back.
const PIECE: usize = 1024;

/// A standard stream that is waited for.
pub(in crate::cli) struct Patient<T> {
    stream: T,
    standard: Standard,
}

/// Standard input.
pub(in crate::cli) fn stdin() -> Patient<Stdin> {
    Patient { stream: io::stdin(), standard: Standard::Input }
}

/// Standard output.
pub(in crate::cli) fn stdout() -> Patient<Stdout> {
    Patient { stream: io::stdout(), standard: Standard::Output }
}

/// Standard error.
pub(in crate::cli) fn stderr() -> Patient<Stderr> {
    Patient { stream: io::stderr(), standard: Standard::Error }
}

impl<T> Patient<T> {
    fn until_ready<R>(&mut self, mut of: impl FnMut(&mut T) -> io::Result<R>) -> io::Result<R> {
        loop {
            match of(&mut self.stream) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    wait_for(self.standard)?;
                }
                done => return done,
            }
        }
    }
}

impl<T: Read> Read for Patient<T> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.until_ready(|stream| stream.read(bytes))
    }
}

/// Waits until a piece can be written. A write that waits would be ended by no signal.
///
/// # Errors
/// Where a signal has come meanwhile, which somebody else hears.
#[cfg(unix)]
fn has_room(standard: Standard) -> io::Result<()> {
    while !wait_for(standard)? {
        signals::give_way()?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn has_room(_: Standard) -> io::Result<()> {
    Ok(())
}

impl<T: Write> Write for Patient<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        has_room(self.standard)?;
        self.until_ready(|stream| stream.write(&bytes[..bytes.len().min(PIECE)]))
    }

    fn flush(&mut self) -> io::Result<()> {
        has_room(self.standard)?;
        self.until_ready(Write::flush)
    }
}
