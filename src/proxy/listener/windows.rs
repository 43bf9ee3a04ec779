//! Who listens on a port, from the system's table of TCP listeners.

use windows_sys::Win32::NetworkManagement::IpHelper::{GetExtendedTcpTable, TCP_TABLE_OWNER_PID_LISTENER};
use windows_sys::Win32::Networking::WinSock::AF_INET;

/// Whether a process listens on a port of 127.0.0.1. None where the system does not tell.
pub(super) fn listens(pid: u32, port: u16) -> Option<bool> {
    let rows = table()?;
    // `MIB_TCPROW_OWNER_PID`: state, local address and port, remote address and port, process.
    let row = |row: &[u32]| row[1] == u32::from_ne_bytes([127, 0, 0, 1]) && (row[2] as u16).to_be() == port;
    let listeners: Vec<u32> =
        rows.chunks_exact(6).filter(|fields| row(fields)).map(|fields| fields[5]).collect();
    // The idle process listens on nothing: Wine gives its id where it does not know the owner.
    if listeners.contains(&0) {
        return None;
    }
    // Only one can have it, for LiteLLM's socket is exclusive.
    Some(!listeners.is_empty() && listeners.iter().all(|owner| *owner == pid))
}

/// The rows of all listeners, six numbers each.
fn table() -> Option<Vec<u32>> {
    let mut size = 0_u32;
    // It grows between two calls where somebody begins to listen.
    for _ in 0..4 {
        let mut table = vec![0_u32; (size as usize).div_ceil(4)];
        // SAFETY: the buffer is at least as large as the call is told.
        let failed = unsafe {
            GetExtendedTcpTable(
                table.as_mut_ptr().cast(),
                &mut size,
                0,
                u32::from(AF_INET),
                TCP_TABLE_OWNER_PID_LISTENER,
                0,
            )
        };
        if failed == 0 {
            let count = *table.first()? as usize;
            return table.get(1..1 + count * 6).map(<[u32]>::to_vec);
        }
    }
    None
}
