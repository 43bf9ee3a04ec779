//! Signals of a child as they are by themselves.

use std::{os::unix::process::CommandExt, process::Command};

/// Has a hang-up end a child: `nohup`, and so whoever runs the tests by it, hands down that it is ignored.
pub(crate) fn hang_up_ends(command: &mut Command) {
    // SAFETY: the call may be made between `fork` and `exec`.
    unsafe {
        command.pre_exec(|| {
            libc::signal(libc::SIGHUP, libc::SIG_DFL);
            Ok(())
        });
    }
}
