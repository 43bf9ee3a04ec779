//! Leaving, asking and killing a process on Unix.

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Command;

/// Gives the process a group of its own, so that neither Ctrl-C nor a closed terminal reaches it.
pub(in crate::proxy) fn detach(command: &mut Command) {
    command.process_group(0);
}

pub(super) fn ask_to_end(pid: u32) {
    send(pid, Signal::TERM);
}

pub(super) fn kill(pid: u32) {
    send(pid, Signal::KILL);
}

fn send(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        // A process that is already gone is what the caller wants; it looks for itself.
        let _ = kill_process(pid, signal);
    }
}
