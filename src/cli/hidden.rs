//! Questions whose answers are not shown: keys.

#[cfg(not(unix))]
#[path = "hidden/other.rs"]
mod terminal;
#[cfg(unix)]
#[path = "hidden/unix.rs"]
mod terminal;

use std::io;

pub(super) use terminal::{kept, unseen};

/// Asks for a line that is not shown as it is typed. However that ends, what is typed next is shown again.
///
/// # Errors
/// Where there is no terminal, and where no answer comes.
pub(super) fn ask(prompt: &str) -> io::Result<String> {
    terminal::kept(|| rpassword::prompt_password(prompt))
}
