//! Users, folders and processes on Windows.

use std::{
    fs::{self, File},
    io,
    os::windows::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use windows_sys::Win32::System::Threading::{CREATE_NEW_PROCESS_GROUP, DETACHED_PROCESS};

/// Who runs this process.
pub(in crate::daemon) fn user() -> String {
    std::env::var("USERNAME").unwrap_or_default()
}

/// Makes a folder below that of the user's own temporary files, which no other user can enter.
pub(in crate::daemon) fn make_own_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Has a process go on without the console of this one.
pub(in crate::daemon) fn detach(command: &mut Command) {
    command.creation_flags(DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP);
}

/// What this process was started from stays in its place on Windows.
pub(in crate::daemon) fn program() -> Option<PathBuf> {
    None
}

/// Windows sets no limit.
pub(in crate::daemon) fn take_many_files() {}

/// Nobody ends another's process here.
pub(in crate::daemon) fn end(_process: u32) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Leaves the folder that this process was started in.
pub(in crate::daemon) fn leave_terminal() {
    let _ = std::env::set_current_dir(std::env::temp_dir());
}

/// Standard error goes on in the file of before, under its new name: only the next process begins another.
pub(in crate::daemon) fn log_to(_file: &File) {}

/// No process has the lock of another on Windows.
pub(in crate::daemon) fn held(_lock: &File) -> io::Result<Stdio> {
    Ok(Stdio::null())
}

pub(in crate::daemon) fn release() {}
