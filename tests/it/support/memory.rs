//! How much memory a process has taken.

/// The most that it ever had, in KiB, where the system tells: only Linux does so of another process in a file.
pub(crate) fn peak(pid: u32) -> Option<usize> {
    said(pid, "VmHWM:")
}

/// How much of its files is mapped, its program among them, in KiB.
#[cfg(target_os = "linux")]
pub(crate) fn of_files(pid: u32) -> Option<usize> {
    said(pid, "RssFile:")
}

fn said(pid: u32, what: &str) -> Option<usize> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let said = status.lines().find_map(|line| line.strip_prefix(what))?;
    said.trim().trim_end_matches(" kB").parse().ok()
}
