//! Signals that end the process: what is put back before, and what comes to its end in order.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
use other as platform;
#[cfg(unix)]
use unix as platform;

use std::sync::atomic::{AtomicU8, Ordering};

pub(crate) use platform::Ends;
#[cfg(unix)]
use unix::end_by;
#[cfg(unix)]
pub(crate) use unix::{PutBack, give_way, put_back_when_killed};

/// The exit code of the signal that the process ends for; 0 where there is none.
static ENDED_BY: AtomicU8 = AtomicU8::new(0);

/// Has the process end by the signal of this exit code once all is done, so that whoever started it can tell.
pub(crate) fn ended_by(code: u8) {
    ENDED_BY.store(code, Ordering::SeqCst);
}

/// Ends the process by the signal that it ends for. Nothing where there is none; elsewhere than on Unix the exit code says
/// it.
pub(crate) fn end() {
    #[cfg(unix)]
    if let Some(signal) = ENDED_BY.load(Ordering::SeqCst).checked_sub(128) {
        end_by(signal.into());
    }
}

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
