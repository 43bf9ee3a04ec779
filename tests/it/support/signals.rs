//! Signals of a child as they are by themselves.

use std::{os::unix::process::CommandExt, process::Command};

/// Has signals end a child: who runs the tests by `nohup`, or in the background of a script, hands down that some are
/// ignored.
pub(crate) fn signals_end(command: &mut Command) {
    // SAFETY: the calls may be made between `fork` and `exec`.
    unsafe {
        command.pre_exec(|| {
            for signal in [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGTERM] {
                libc::signal(signal, libc::SIG_DFL);
            }
            Ok(())
        });
    }
}
