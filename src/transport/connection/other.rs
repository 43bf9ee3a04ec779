//! Standard streams where the runtime can't wait for them: a thread of its pool reads and writes.

pub(super) fn stdin() -> super::Input {
    Box::new(tokio::io::stdin())
}

pub(super) fn hangup() -> Option<futures_util::future::BoxFuture<'static, ()>> {
    None
}

pub(super) fn stdout() -> super::Output {
    Box::new(tokio::io::stdout())
}
