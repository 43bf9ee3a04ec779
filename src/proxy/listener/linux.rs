//! Who listens on a port, from `/proc`.

use std::fs;

/// The state of a socket that listens, in `/proc/net/tcp`.
const LISTEN: &str = "0A";

/// Whether a process listens on a port of 127.0.0.1. None where the system does not tell.
pub(super) fn listens(pid: u32, port: u16) -> Option<bool> {
    let table = fs::read_to_string("/proc/self/net/tcp").ok()?;
    let Some(socket) = listening(&table, port) else { return Some(false) };
    // The socket is of the user who made it, whoever holds it now: another user's is seen at once.
    if socket.user != rustix::process::geteuid().as_raw() {
        return Some(false);
    }
    holds(pid, socket.inode).or(Some(true))
}

/// Whether a process has a socket open. None where it does not let us see.
fn holds(pid: u32, inode: &str) -> Option<bool> {
    let name = format!("socket:[{inode}]");
    let mut open = fs::read_dir(format!("/proc/{pid}/fd")).ok()?.flatten();
    Some(open.any(|open| fs::read_link(open.path()).is_ok_and(|target| target.as_os_str() == name.as_str())))
}

#[derive(Debug, PartialEq)]
struct Socket<'a> {
    user: u32,
    inode: &'a str,
}

/// The socket that takes connections to a port of 127.0.0.1.
fn listening(table: &str, port: u16) -> Option<Socket<'_>> {
    // Addresses are in the machine's order of bytes, ports are not.
    let address = format!("{:08X}:{port:04X}", u32::from_ne_bytes([127, 0, 0, 1]));
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, local, _, LISTEN, _, _, _, user, _, inode, ..] = fields[..] else { return None };
        let user = user.parse().ok()?;
        (local == address).then_some(Socket { user, inode })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_endian = "little")]
    #[test]
    fn only_a_socket_that_listens_there_is_found() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
             0: 0100007F:0FA0 0100007F:A1B2 01 00000000:00000000 00:00000000 00000000  1000        0 1 1 0\n\
             1: 00000000:0FA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 2 1 0\n\
             2: 0100007F:0FA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1002        0 3 1 0\n";
        assert_eq!(listening(table, 4000), Some(Socket { user: 1002, inode: "3" }));
        assert_eq!(listening(table, 4001), None);
        assert_eq!(listening("", 4000), None);
    }
}
