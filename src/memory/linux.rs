//! Closed memory on Linux.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Nobody but root reads `/proc/PID/mem` or attaches a debugger, and a crash writes nothing to disk.
pub(super) fn close() {
    // A system that knows neither is no worse than before.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}
