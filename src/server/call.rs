//! One request under way: whether its client has given it up, and whether it may be dropped then.

use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio_util::sync::CancellationToken;

/// A request under way. That of work which no request waits for is never given up.
#[derive(Clone, Default)]
pub(super) struct Call {
    cancelled: CancellationToken,
    whole: Arc<Mutex<()>>,
}

impl Call {
    /// A request that is given up when this is cancelled.
    pub(super) fn new(cancelled: CancellationToken) -> Self {
        Self { cancelled, whole: Arc::default() }
    }

    /// Waits until the client gives the request up.
    pub(super) async fn cancelled(&self) {
        self.cancelled.cancelled().await;
    }

    /// Keeps the request from being dropped for as long as the guard lives: what it does is done wholly or not at all.
    pub(super) fn hold(&self) -> Option<OwnedMutexGuard<()>> {
        self.whole.clone().try_lock_owned().ok()
    }

    /// Waits until the request may be dropped, for its client has given it up.
    pub(super) async fn given_up(&self) {
        self.cancelled().await;
        drop(self.whole.lock().await);
    }
}
