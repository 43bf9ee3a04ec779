//! Is the process that started us still alive?
//!
//! End of input tells that in all but a few cases, such as a sibling that inherited the pipe; this tells the rest.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;

/// How often to look where the system does not tell; half of the second within which the server must be gone.
const INTERVAL: Duration = Duration::from_millis(400);

/// The process id in the params of `initialize`. `null` or none means that there is nothing to watch.
pub(super) fn named_in(params: Option<&Value>) -> Option<u32> {
    params?.get("processId")?.as_u64()?.try_into().ok()
}

/// Waits until the process that is watched is gone; which one that is may change.
pub(super) async fn watched_is_gone(mut watched: watch::Receiver<Option<u32>>) {
    loop {
        let process = *watched.borrow_and_update();
        tokio::select! {
            biased;
            Ok(()) = watched.changed() => {}
            () = gone(process) => return,
        }
    }
}

/// Waits until the process is gone. For ever where there is none to watch, or where it was never seen alive: the id
/// may be that of a process on another host.
async fn gone(process: Option<u32>) {
    let Some(process) = process.filter(|process| is_alive(*process)) else {
        return std::future::pending().await;
    };
    #[cfg(target_os = "linux")]
    if ended(process).await {
        return;
    }
    let mut interval = tokio::time::interval(INTERVAL);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while is_alive(process) {
        interval.tick().await;
    }
}

/// Has the system tell when the process ends, so that nobody has to look. False where it can't, as before Linux 5.3.
#[cfg(target_os = "linux")]
async fn ended(process: u32) -> bool {
    use rustix::process::{PidfdFlags, pidfd_open};
    use tokio::io::{Interest, unix::AsyncFd};
    let handle = pid(process).and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
    // SAFETY: nobody else has the descriptor, which is open until this is dropped.
    let handle =
        handle.and_then(|handle| unsafe { AsyncFd::register_with_interest(handle, Interest::READABLE) }.ok());
    match handle {
        Some(handle) => handle.readable().await.is_ok(),
        None => false,
    }
}

#[cfg(unix)]
fn pid(process: u32) -> Option<rustix::process::Pid> {
    i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw)
}

#[cfg(unix)]
fn is_alive(process: u32) -> bool {
    use rustix::{io::Errno, process::test_kill_process};
    let Some(pid) = pid(process) else { return false };
    // Not permitted to signal it: it is there.
    matches!(test_kill_process(pid), Ok(()) | Err(Errno::PERM)) && !is_zombie(process)
}

/// Whether a process has ended and nobody has asked how: process 1 of many containers asks for no orphan.
#[cfg(target_os = "linux")]
fn is_zombie(process: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name before may hold anything, brackets and blanks too.
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with(['Z', 'X']))
}

#[cfg(all(unix, not(target_os = "linux")))]
fn is_zombie(_: u32) -> bool {
    // Process 1 of these systems asks for every orphan.
    false
}

#[cfg(windows)]
fn is_alive(process: u32) -> bool {
    use windows_sys::Win32::{
        Foundation::{CloseHandle, ERROR_ACCESS_DENIED, GetLastError, WAIT_TIMEOUT},
        System::Threading::{OpenProcess, PROCESS_SYNCHRONIZE, WaitForSingleObject},
    };
    // SAFETY: the handle is checked before use and closed once.
    unsafe {
        let handle = OpenProcess(PROCESS_SYNCHRONIZE, 0, process);
        if handle.is_null() {
            return GetLastError() == ERROR_ACCESS_DENIED;
        }
        let waited = WaitForSingleObject(handle, 0);
        CloseHandle(handle);
        waited == WAIT_TIMEOUT
    }
}
