//! Proves that the proxy of this machine is who listens on its port, before anything is sent there.
//!
//! A port outlives nobody: when the proxy ends, any user of the machine may take it and wait for the key.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(target_os = "macos")]
use macos as platform;
#[cfg(windows)]
use windows as platform;

use super::process::Process;

/// A process and the port of 127.0.0.1 that it is to listen on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listener {
    process: Process,
    port: u16,
}

impl Listener {
    pub(super) fn new(process: Process, port: u16) -> Self {
        Self { process, port }
    }

    pub(super) fn port(self) -> u16 {
        self.port
    }

    /// Whether this very process is alive and listens on the port. Takes some tens of microseconds, up to a few
    /// milliseconds on a machine with thousands of connections.
    pub fn listens(self) -> bool {
        // Where the system does not tell who listens, the living process is what is known: it holds its port to its end.
        platform::listens(self.process.pid, self.port).unwrap_or(true) && self.process.is_alive()
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    fn this_process() -> Process {
        Process::with_pid(std::process::id()).unwrap()
    }

    #[test]
    fn only_the_process_that_listens_on_the_port_is_its_listener() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(Listener::new(this_process(), port).listens());
        // A later process of the same pid, which may belong to anybody.
        assert!(!Listener::new(this_process().reborn(), port).listens());
        // A connection is no listener, and neither is a port that nobody has.
        let connection = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        let outgoing = connection.local_addr().unwrap().port();
        assert!(!Listener::new(this_process(), outgoing).listens());
        drop(listener);
        assert!(!Listener::new(this_process(), port).listens());
    }

    #[cfg(unix)]
    #[test]
    fn a_process_whose_port_another_listens_on_is_not_its_listener() {
        let mut child = std::process::Command::new("sleep").arg("600").spawn().unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let process = Process::with_pid(child.id()).unwrap();
        assert!(process.is_alive());
        assert!(!Listener::new(process, port).listens());
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
