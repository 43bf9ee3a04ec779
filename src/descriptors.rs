//! Too many open files: the one place that knows what the system calls it, and the words that everything uses that opens
//! a file, a connection or a process. And whether there is a standard output.

use std::{
    io,
    net::{Ipv4Addr, UdpSocket},
};

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(crate) use other::{stdout_was_closed, wait_for};
#[cfg(unix)]
pub(crate) use unix::{keep_to_this_process, stdout_was_closed, wait_for};

/// A stream that every process is given.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Standard {
    Input,
    Output,
    Error,
}

/// What is wrong, in one clause.
pub(crate) const REASON: &str = "this process has too many open files and connections";
/// What to do.
pub(crate) const REMEDY: &str =
    "ask again in a moment; if it goes on, raise the limit where the editor is started (`ulimit -n 4096`)";

/// Whether an error says that the system lets this process, or all of them, open no more files.
pub(crate) fn are_spent(error: &io::Error) -> bool {
    // EMFILE and ENFILE have the same numbers in all Unix systems; WSAEMFILE and ERROR_TOO_MANY_OPEN_FILES in Windows.
    let codes: &[i32] = if cfg!(windows) { &[10024, 4] } else { &[24, 23] };
    let inner = || error.get_ref().and_then(|inner| inner.downcast_ref::<io::Error>());
    match error.raw_os_error() {
        Some(code) => codes.contains(&code),
        None => inner().is_some_and(are_spent),
    }
}

/// The system's refusal to open one more, where it refuses right now. For failures of what hides the system's reason:
/// name lookups say that there is no such host, and keyrings that there is no keyring.
pub(crate) fn refusal() -> Option<io::Error> {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).err().filter(are_spent)
}

/// Whether the system lets this process open what the runtime needs, which ends with a panic where it does not get that.
///
/// # Errors
/// The system's refusal, with what to do.
pub fn leave_room() -> io::Result<()> {
    /// As many as Tokio opens, and a few for the first file and connection.
    const ROOM: usize = 10;
    const ROOM_REMEDY: &str = "raise the limit where it is started (`ulimit -n 4096`)";
    let opened = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0));
    // More names of one socket take as much room, and next to no time.
    let all = opened.and_then(|one| (1..ROOM).map(|_| one.try_clone()).collect::<io::Result<Vec<_>>>());
    match all {
        Err(error) if are_spent(&error) => Err(io::Error::other(format!("{REASON}: {ROOM_REMEDY}"))),
        // Whatever else is wrong with sockets is told where one is needed.
        _ => Ok(()),
    }
}

/// Has a file that grows beyond the limit of this process (`ulimit -f`) be told as an error, as a full disk is: the signal
/// of that would end all that goes on. To be called first.
pub fn tell_large_files() {
    #[cfg(unix)]
    // SAFETY: no handler of ours runs.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
}

/// What an error of the system says, for people.
pub(crate) fn said(error: &io::Error) -> String {
    if are_spent(error) { REASON.to_owned() } else { without_number(&error.to_string()).to_owned() }
}

/// What the system says, without its number for that.
pub(crate) fn without_number(said: &str) -> &str {
    said.rfind(" (os error ").map_or(said, |end| &said[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{FileError, NotRead};

    fn refusals() -> [io::Error; 2] {
        let codes = if cfg!(windows) { [10024, 4] } else { [24, 23] };
        codes.map(io::Error::from_raw_os_error)
    }

    #[test]
    fn too_many_files_are_told_from_other_failures() {
        assert!(refusals().iter().all(are_spent));
        assert!(refusals().into_iter().all(|error| are_spent(&io::Error::other(error))));
        assert!(!are_spent(&io::Error::from_raw_os_error(111)));
        assert!(!are_spent(&io::Error::other("Too many open files")));
    }

    #[test]
    fn whatever_opens_a_file_says_it_in_the_same_words() {
        for error in refusals() {
            let again = || io::Error::from_raw_os_error(error.raw_os_error().unwrap());
            let not_read = NotRead { path: "file".into(), reason: again().into() };
            assert_eq!(not_read.remedy(), REMEDY);
            let written = FileError::of("write", "file")(again());
            let run = crate::proxy::Error::from(FileError::of("run", "python")(again()));
            for said in [not_read.to_string(), written.to_string(), run.to_string()] {
                assert!(said.ends_with(REASON), "{said}");
            }
        }
    }

    #[test]
    fn nothing_is_refused_where_there_is_room() {
        assert!(refusal().is_none());
    }
}
