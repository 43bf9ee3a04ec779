//! When a process began, from the kernel's process table.

use std::mem::{MaybeUninit, size_of};

/// Microseconds since 1970; none for a process that is not there, or dead and not yet waited for.
pub(super) fn born(pid: u32) -> Option<u64> {
    let pid = libc::c_int::try_from(pid).ok().filter(|pid| *pid > 0)?;
    let mut info = MaybeUninit::<libc::proc_bsdinfo>::zeroed();
    let size = size_of::<libc::proc_bsdinfo>() as libc::c_int;
    // SAFETY: the buffer is as large as the call is told; all zeroes are a valid `proc_bsdinfo`.
    let (written, info) = unsafe {
        let written = libc::proc_pidinfo(pid, libc::PROC_PIDTBSDINFO, 0, info.as_mut_ptr().cast(), size);
        (written, info.assume_init())
    };
    if written != size || info.pbi_status == libc::SZOMB {
        return None;
    }
    Some(info.pbi_start_tvsec * 1_000_000 + info.pbi_start_tvusec)
}
