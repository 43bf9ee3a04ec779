//! A command's processes on Windows: a job of their own, which ends with its last handle.

use std::{mem::size_of, ptr};

use tokio::process::{Child, Command};
use windows_sys::Win32::{
    Foundation::{CloseHandle, HANDLE},
    System::{
        JobObjects::{
            AssignProcessToJobObject, CreateJobObjectW, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
            JOBOBJECT_EXTENDED_LIMIT_INFORMATION, JobObjectExtendedLimitInformation, SetInformationJobObject,
        },
        Threading::CREATE_NO_WINDOW,
    },
};

/// Ends the whole job when it is dropped; the system does so where this process is killed.
pub(super) struct Group(HANDLE);

// SAFETY: a handle of a job belongs to the process, not to a thread.
unsafe impl Send for Group {}

/// No console comes up for a command.
pub(super) fn lead(command: &mut Command) {
    command.creation_flags(CREATE_NO_WINDOW);
}

impl Group {
    /// The job of a command. Where the system has none to give, the command alone is ended.
    pub(super) fn of(child: &Child) -> Self {
        // SAFETY: the handles are checked before use, and the structure is as large as the call is told; all zeroes are a
        // valid one.
        unsafe {
            let job = CreateJobObjectW(ptr::null(), ptr::null());
            if !job.is_null() {
                limit(job, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE);
                if let Some(process) = child.raw_handle() {
                    AssignProcessToJobObject(job, process.cast());
                }
            }
            Self(job)
        }
    }

    /// Leaves what the command left behind alone: it has ended by itself.
    pub(super) fn release(self) {
        if !self.0.is_null() {
            // SAFETY: the job is open until it is dropped.
            unsafe { limit(self.0, 0) };
        }
    }
}

unsafe fn limit(job: HANDLE, flags: u32) {
    // SAFETY: all zeroes are a valid structure, and its size is what the call is told.
    unsafe {
        let mut limits: JOBOBJECT_EXTENDED_LIMIT_INFORMATION = std::mem::zeroed();
        limits.BasicLimitInformation.LimitFlags = flags;
        let size = size_of::<JOBOBJECT_EXTENDED_LIMIT_INFORMATION>() as u32;
        SetInformationJobObject(job, JobObjectExtendedLimitInformation, (&raw const limits).cast(), size);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: opened by us, closed once.
            unsafe { CloseHandle(self.0) };
        }
    }
}
