//! Signals that end the process: what is put back before, and what comes to its end in order.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
use other as platform;
#[cfg(unix)]
use unix as platform;

pub(crate) use platform::{Ends, end_with};
#[cfg(unix)]
pub(crate) use unix::{PutBack, give_way, put_back_when_killed};

impl Ends {
    /// The exit code of a process that one has asked to end by now. None where none has.
    pub(crate) async fn seen(&mut self) -> Option<u8> {
        tokio::select! {
            biased;
            code = self.next() => Some(code),
            () = tokio::task::yield_now() => None,
        }
    }
}
