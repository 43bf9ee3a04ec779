//! One process, told from any later one that is given the same pid.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::error::{Error, Result};

#[cfg(target_os = "linux")]
use linux::born;
#[cfg(target_os = "macos")]
use macos::born;
#[cfg(unix)]
pub(super) use unix::detach;
#[cfg(unix)]
use unix::{ask_to_end, kill};
#[cfg(windows)]
pub(super) use windows::detach;
#[cfg(windows)]
use windows::{ask_to_end, born, kill};

/// How long a process may take to end when asked. LiteLLM takes about 3 s, longer while it streams.
const GRACE: Duration = Duration::from_secs(10);
/// How long a killed process may take to be gone.
const KILLED_GRACE: Duration = Duration::from_secs(5);
/// How often a process is looked for while it ends.
const LOOK: Duration = Duration::from_millis(50);

/// A pid with the instant its process began, which no later process of that pid shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Process {
    pub(super) pid: u32,
    /// In a unit of the system's own: for comparing only.
    born: u64,
}

impl Process {
    /// The process that has this pid now. None where there is none, or a dead one not yet buried.
    pub(super) fn with_pid(pid: u32) -> Option<Process> {
        Some(Process { pid, born: born(pid)? })
    }

    pub(super) fn is_alive(self) -> bool {
        Process::with_pid(self.pid) == Some(self)
    }

    /// Asks this very process to end, kills it if it does not, and waits until it is gone.
    ///
    /// # Errors
    /// [`Error::WillNotEnd`] if it survives both.
    pub(super) async fn end(self) -> Result<()> {
        // Whether a signal can be sent does not matter; whether the process goes does.
        for (signal, grace) in [(ask_to_end as fn(u32), GRACE), (kill, KILLED_GRACE)] {
            if self.is_alive() {
                signal(self.pid);
            }
            if self.is_gone_within(grace).await {
                return Ok(());
            }
        }
        Err(Error::WillNotEnd { pid: self.pid })
    }

    async fn is_gone_within(self, grace: Duration) -> bool {
        let deadline = Instant::now() + grace;
        while self.is_alive() {
            if Instant::now() >= deadline {
                return false;
            }
            tokio::time::sleep(LOOK).await;
        }
        true
    }
}

#[cfg(test)]
impl Process {
    /// The same pid, given to a process that began at another instant.
    pub(super) fn reborn(self) -> Process {
        Process { born: self.born + 1, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_alive_and_a_later_one_of_its_pid_is_another() {
        let this = Process::with_pid(std::process::id()).unwrap();
        assert!(this.is_alive());
        assert!(!this.reborn().is_alive());
    }

    #[test]
    fn pids_that_cannot_be_have_no_process() {
        assert_eq!(Process::with_pid(u32::MAX), None);
        assert_eq!(Process::with_pid(0), None);
    }

    /// The child is waited for only afterwards, so it stays in the table as dead: that must count as gone.
    #[cfg(unix)]
    #[tokio::test]
    async fn a_process_ends_when_asked() {
        let mut child = std::process::Command::new("sleep").arg("600").spawn().unwrap();
        let process = Process::with_pid(child.id()).unwrap();
        process.end().await.unwrap();
        assert!(!process.is_alive());
        child.wait().unwrap();
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn ending_spares_a_later_process_of_the_same_pid() {
        let mut child = std::process::Command::new("sleep").arg("600").spawn().unwrap();
        let process = Process::with_pid(child.id()).unwrap();
        process.reborn().end().await.unwrap();
        assert!(process.is_alive());
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
