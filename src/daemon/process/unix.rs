//! Users, folders and processes on Unix.

use std::{
    fs::{self, DirBuilder, File},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use rustix::process::{Pid, Signal};

/// Who runs this process.
pub(in crate::daemon) fn user() -> String {
    rustix::process::geteuid().as_raw().to_string()
}

/// Makes a folder that only its owner can enter.
///
/// # Errors
/// Where something else has its name, such as a link or another user's folder.
pub(in crate::daemon) fn make_own_folder(path: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    // Not what a link leads to: another user may have put it there.
    let found = fs::symlink_metadata(path)?;
    let is_own =
        found.is_dir() && found.uid() == rustix::process::geteuid().as_raw() && found.mode() & 0o077 == 0;
    let why = || format!("{} is another user's, or can be entered by others: remove it", path.display());
    if is_own { Ok(()) } else { Err(io::Error::new(io::ErrorKind::PermissionDenied, why())) }
}

/// Has a process go on when the one who starts it ends, with nothing that this one has open: it leaves the terminal by
/// itself.
pub(in crate::daemon) fn detach(_command: &mut Command) {
    crate::descriptors::keep_to_this_process();
}

/// The program of this process, though another may stand in its place by now, or none. None where the system does not say.
pub(in crate::daemon) fn program() -> Option<PathBuf> {
    const PROGRAM: &str = "/proc/self/exe";
    Path::new(PROGRAM).exists().then(|| PROGRAM.into())
}

/// Takes as many open files as clients may want, for all have theirs here, and as the system gives.
pub(in crate::daemon) fn take_many_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    /// Some programs that this one starts look at each that they may have.
    const MANY: u64 = 65_536;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(MANY, |maximum| maximum.min(MANY));
    if current.is_some_and(|current| current < wanted) {
        // Where it does not, those that it gave have to do.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
    }
}

/// Ends a process that does not end by itself.
pub(in crate::daemon) fn end(process: u32) -> io::Result<()> {
    let process = i32::try_from(process).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::NotFound)?;
    Ok(rustix::process::kill_process(process, Signal::KILL)?)
}

/// Leaves the terminal and the folder that this process was started in.
pub(in crate::daemon) fn leave_terminal() {
    // The leader of a group can't, and has no terminal then that it was not given on purpose.
    let _ = rustix::process::setsid();
    let _ = std::env::set_current_dir("/");
}

/// Has standard error go to a file.
pub(in crate::daemon) fn log_to(file: &File) {
    // What is logged meanwhile goes to the one or the other.
    let _ = rustix::stdio::dup2_stderr(file);
}

/// A lock as the input of a process, which has it too then.
pub(in crate::daemon) fn held(lock: &File) -> io::Result<Stdio> {
    Ok(lock.try_clone()?.into())
}

/// Gives up the lock that this process has as its input, where it has one, for itself and for who has started it.
pub(in crate::daemon) fn release() {
    let _ = rustix::fs::flock(rustix::stdio::stdin(), rustix::fs::FlockOperation::Unlock);
}
