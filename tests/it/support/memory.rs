//! How much memory a process has taken.

/// The most that it ever had, in KiB, where the system tells: only Linux does so of another process in a file.
pub(crate) fn peak(pid: u32) -> Option<usize> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    peak.trim().trim_end_matches(" kB").parse().ok()
}
