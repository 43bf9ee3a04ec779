//! Who listens on a port, from the kernel's table of a process's open files.

use std::mem::size_of;

/// `PROC_PIDFDSOCKETINFO` of `<sys/proc_info.h>`.
const SOCKET_INFO: libc::c_int = 3;
/// `PROX_FDTYPE_SOCKET`.
const IS_SOCKET: u32 = 2;
/// The size of `struct socket_fdinfo`, and where its members are that are read here.
const SIZE: usize = 792;
const KIND: usize = 256;
const LOCAL_PORT: usize = 268;
const STATE: usize = 344;
/// `SOCKINFO_TCP` and `TSI_S_LISTEN`.
const IS_TCP: i32 = 2;
const LISTENS: i32 = 1;

/// Whether a process listens on a port. None where the system does not tell, as of the processes of other users.
pub(super) fn listens(pid: u32, port: u16) -> Option<bool> {
    let pid = libc::c_int::try_from(pid).ok()?;
    let mut tells = false;
    for socket in sockets(pid)? {
        let mut info = [0_u8; SIZE];
        // SAFETY: the buffer is as large as the call is told.
        let written = unsafe {
            libc::proc_pidfdinfo(pid, socket, SOCKET_INFO, info.as_mut_ptr().cast(), SIZE as libc::c_int)
        };
        // A socket that was closed meanwhile, or a system that lays it out otherwise.
        if written as usize != SIZE {
            continue;
        }
        tells = true;
        let number = |at: usize| i32::from_ne_bytes([info[at], info[at + 1], info[at + 2], info[at + 3]]);
        // The port is in the order of the network, in the first two bytes.
        let local = u16::from_be_bytes([info[LOCAL_PORT], info[LOCAL_PORT + 1]]);
        if number(KIND) == IS_TCP && number(STATE) == LISTENS && local == port {
            return Some(true);
        }
    }
    tells.then_some(false)
}

/// The descriptors of a process that are sockets.
fn sockets(pid: libc::c_int) -> Option<Vec<i32>> {
    /// `struct proc_fdinfo`.
    #[repr(C)]
    #[derive(Clone, Copy, Default)]
    struct Open {
        descriptor: i32,
        kind: u32,
    }
    const LIST: libc::c_int = 1;
    // SAFETY: without a buffer, the size that is needed is asked for.
    let needed = unsafe { libc::proc_pidinfo(pid, LIST, 0, std::ptr::null_mut(), 0) };
    let mut open = vec![Open::default(); usize::try_from(needed).ok()?.div_ceil(size_of::<Open>())];
    // SAFETY: the buffer is as large as the call is told.
    let written = unsafe { libc::proc_pidinfo(pid, LIST, 0, open.as_mut_ptr().cast(), needed) };
    open.truncate(usize::try_from(written).ok().filter(|written| *written > 0)? / size_of::<Open>());
    Some(open.iter().filter(|open| open.kind == IS_SOCKET).map(|open| open.descriptor).collect())
}
