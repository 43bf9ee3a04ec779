//! Closed and small memory on Linux.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Nobody but root reads `/proc/PID/mem` or attaches a debugger, and a crash writes nothing to disk.
pub(super) fn close() {
    // A system that knows neither is no worse than before.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

/// From which size on, in bytes, a buffer is memory of its own, which goes back when it is freed: glibc's first value,
/// which it raises up to 32 MiB with each such buffer. After a list of 10,000 models 40 MiB of freed buffers stayed.
#[cfg(target_env = "gnu")]
const OWN_MEMORY: libc::c_int = 128 << 10;

/// How many heaps there are: glibc makes one for each thread, up to eight for each processor, and each keeps what was
/// freed in it. A thread that waits for another's allocation is no slower here, as one does nearly all of the work.
#[cfg(target_env = "gnu")]
const HEAPS: libc::c_int = 1;

pub(super) fn keep_little() {
    // Other allocators of Linux raise nothing.
    #[cfg(target_env = "gnu")]
    // SAFETY: sets numbers of the allocator's.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, OWN_MEMORY);
        libc::mallopt(libc::M_ARENA_MAX, HEAPS);
    }
}

pub(super) fn give_back() {
    #[cfg(target_env = "gnu")]
    // SAFETY: touches nothing that is in use.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Unmaps the pages of this program that nothing is written to. They stay in the system's cache of its file.
pub(super) fn leave_program() {
    /// The program itself comes first, before its libraries.
    unsafe extern "C" fn leave(
        program: *mut libc::dl_phdr_info,
        _: libc::size_t,
        page: *mut libc::c_void,
    ) -> libc::c_int {
        let page = page as usize;
        // SAFETY: the loader's own table, which stays.
        let (place, segments) = unsafe {
            let program = &*program;
            let segments = std::slice::from_raw_parts(program.dlpi_phdr, program.dlpi_phnum.into());
            (program.dlpi_addr as usize, segments)
        };
        for segment in segments {
            if segment.p_type != libc::PT_LOAD || segment.p_flags & libc::PF_W != 0 {
                continue;
            }
            let first = place + segment.p_vaddr as usize;
            let begin = first / page * page;
            let end = (first + segment.p_memsz as usize).next_multiple_of(page);
            // SAFETY: what was never written to is read from the file again, as it was.
            unsafe { libc::madvise(begin as *mut libc::c_void, end - begin, libc::MADV_DONTNEED) };
        }
        1
    }
    // SAFETY: asks for a number; what is called with it does not panic.
    unsafe {
        let page = libc::sysconf(libc::_SC_PAGESIZE);
        if page > 0 {
            libc::dl_iterate_phdr(Some(leave), page as *mut libc::c_void);
        }
    }
}

/// What is resident and is no file's.
pub(super) fn own() -> Option<u64> {
    let said = std::fs::read_to_string("/proc/self/status").ok()?;
    let kibibytes =
        said.lines().find_map(|line| line.strip_prefix("RssAnon:")?.trim().strip_suffix(" kB"))?;
    Some(kibibytes.parse::<u64>().ok()? << 10)
}
