//! When a process began, and leaving and killing one, on Windows.

use tokio::process::Command;
use windows_sys::Win32::Foundation::{CloseHandle, FILETIME, HANDLE, WAIT_TIMEOUT};
use windows_sys::Win32::System::Threading::{
    CREATE_NEW_PROCESS_GROUP, CREATE_NO_WINDOW, GetProcessTimes, OpenProcess, PROCESS_ACCESS_RIGHTS,
    PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_SYNCHRONIZE, PROCESS_TERMINATE, TerminateProcess,
    WaitForSingleObject,
};

/// Gives the process a group and a hidden console of its own, so that neither Ctrl-C nor a closed one reaches it.
pub(in crate::proxy) fn detach(command: &mut Command) {
    command.creation_flags(CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW);
}

/// Units of 100 ns since 1601; none for a process that is not there, or has ended.
pub(super) fn born(pid: u32) -> Option<u64> {
    let process = Handle::open(pid, PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_SYNCHRONIZE)?;
    let nothing = FILETIME { dwLowDateTime: 0, dwHighDateTime: 0 };
    let (mut born, mut ended, mut kernel, mut user) = (nothing, nothing, nothing, nothing);
    // SAFETY: the handle is open, and the four times are ours to write.
    let alive = unsafe {
        WaitForSingleObject(process.0, 0) == WAIT_TIMEOUT
            && GetProcessTimes(process.0, &mut born, &mut ended, &mut kernel, &mut user) != 0
    };
    alive.then(|| u64::from(born.dwHighDateTime) << 32 | u64::from(born.dwLowDateTime))
}

/// Windows has no way to ask a process without a window.
pub(super) fn ask_to_end(pid: u32) {
    kill(pid);
}

/// Python's launcher, which is the process we know, takes the interpreter with it: they share a job.
pub(super) fn kill(pid: u32) {
    if let Some(process) = Handle::open(pid, PROCESS_TERMINATE) {
        // SAFETY: the handle is open. A process that is already gone is what the caller wants.
        unsafe { TerminateProcess(process.0, 1) };
    }
}

/// A process handle, closed when dropped.
struct Handle(HANDLE);

impl Handle {
    fn open(pid: u32, access: PROCESS_ACCESS_RIGHTS) -> Option<Handle> {
        // SAFETY: takes numbers only; null means refused or not there.
        let handle = unsafe { OpenProcess(access, 0, pid) };
        (!handle.is_null()).then_some(Handle(handle))
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: opened by us, closed once.
        unsafe { CloseHandle(self.0) };
    }
}
