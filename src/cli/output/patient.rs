//! Standard streams that another program has made non-blocking, with whom this one shares them (Node does, and so may
//! whoever else writes to the same terminal or pipe): what is not ready is waited for, and no error.

use std::io::{self, Read, Stderr, Stdin, Stdout, Write};

use crate::descriptors::{Standard, wait_for};

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
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => wait_for(self.standard)?,
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

impl<T: Write> Write for Patient<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.until_ready(|stream| stream.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.until_ready(Write::flush)
    }
}
