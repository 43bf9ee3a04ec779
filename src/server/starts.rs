//! Starts of a proxy that are under way: a stop that comes behind them ends them.

use std::sync::{Arc, Mutex};

use tokio::sync::{OwnedRwLockReadGuard, RwLock};
use tokio_util::sync::CancellationToken;

use super::lock;

/// The starts of one peer.
#[derive(Default)]
pub(super) struct Starts {
    /// Each has it for reading.
    under_way: Arc<RwLock<()>>,
    /// What ends those that have begun.
    stop: Mutex<CancellationToken>,
}

/// One that is under way until it is dropped.
pub(super) struct Start {
    stop: CancellationToken,
    _under_way: OwnedRwLockReadGuard<()>,
}

impl Starts {
    /// Begins one; first thing, so that a stop behind it finds it.
    pub(super) async fn begin(&self) -> Start {
        let stop = lock(&self.stop).clone();
        Start { stop, _under_way: self.under_way.clone().read_owned().await }
    }

    /// Ends all that have begun, returns when they have ended, and says whether there were any.
    pub(super) async fn stop(&self) -> bool {
        std::mem::take(&mut *lock(&self.stop)).cancel();
        let any = self.under_way.try_write().is_err();
        drop(self.under_way.write().await);
        any
    }
}

impl Start {
    /// Waits until it is to end.
    pub(super) async fn stopped(&self) {
        self.stop.cancelled().await;
    }
}
