//! The modes of a console, which command interpreters of Windows set anew before each line that they read.

pub(in crate::cli) fn kept<T>(ask: impl FnOnce() -> T) -> T {
    ask()
}
