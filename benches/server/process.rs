//! What the system says of a process. Only Linux is asked.

use std::{fs, path::Path};

/// Has the system read a program from its file again, as after a start of the machine.
///
/// How much of a program counts as resident depends on how much of its file the system holds: of the same program it was
/// 8.5 MiB hours after it was built, and 11.0 MiB just after it was copied.
#[cfg(target_os = "linux")]
pub(crate) fn read_anew(program: &Path) {
    use rustix::fs::{Advice, fadvise, fsync};
    let file = fs::File::open(program).expect("the program of a server");
    fsync(&file).and_then(|()| fadvise(&file, 0, None, Advice::DontNeed)).expect("the system takes advice");
}

/// Memory is measured on Linux only.
#[cfg(not(target_os = "linux"))]
pub(crate) fn read_anew(_: &Path) {}

/// Resident memory in MiB.
pub(crate) fn resident(process: u32) -> Option<f64> {
    memory(process, "VmRSS:")
}

/// The most resident memory that it ever had, in MiB.
pub(crate) fn peak(process: u32) -> Option<f64> {
    memory(process, "VmHWM:")
}

/// Memory that is the process's own, in MiB.
pub(crate) fn own(process: u32) -> Option<f64> {
    memory(process, "RssAnon:")
}

/// Resident memory in MiB, of which what several processes have in common counts for each by its share.
pub(crate) fn share(process: u32) -> Option<f64> {
    mebibytes(&fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?, "Pss:")
}

fn memory(process: u32, what: &str) -> Option<f64> {
    mebibytes(&fs::read_to_string(format!("/proc/{process}/status")).ok()?, what)
}

fn mebibytes(said: &str, what: &str) -> Option<f64> {
    let line = said.lines().find_map(|line| line.strip_prefix(what))?;
    line.trim().strip_suffix(" kB")?.parse().ok().map(|kibibytes: f64| kibibytes / 1024.0)
}

/// Processor time so far, of the program and of the system for it, in seconds.
pub(crate) fn processor_time(process: u32) -> Option<f64> {
    /// `USER_HZ`, which is the same on every platform that Linux runs on today.
    const TICKS: f64 = 100.0;
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program stands in brackets before, and may hold anything.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut times = fields.split(' ').skip(11).map(|ticks| ticks.parse::<f64>().ok());
    Some((times.next()?? + times.next()??) / TICKS)
}
