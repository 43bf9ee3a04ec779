//! The modes of a console, which command interpreters of Windows set anew before each line that they read.

pub(in crate::cli) fn kept<T>(ask: impl FnOnce() -> T) -> T {
    ask()
}

/// What is typed is shown: a console tells nobody how to keep it.
pub(in crate::cli) struct Unseen(());

pub(in crate::cli) fn unseen() -> Unseen {
    Unseen(())
}

impl Drop for Unseen {
    fn drop(&mut self) {}
}
