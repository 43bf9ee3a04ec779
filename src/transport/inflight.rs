//! The requests in flight: ids of the peer, numbers of ours, cancellation and the limit on how many.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::lock::lock;

/// Ids as JSON text, so that `1` and `"1"` differ.
type Table = HashMap<String, CancellationToken>;

/// The requests in flight on one connection.
pub(super) struct Inflight {
    table: Arc<Mutex<Table>>,
    permits: Arc<Semaphore>,
    next: u64,
}

/// Whether a request may start.
pub(super) enum Slot {
    /// It may. The permit is its place among the [`MAX_REQUESTS`](super::MAX_REQUESTS), until its response has gone.
    Open(OpenSlot, OwnedSemaphorePermit),
    /// Another request of this id has not been answered yet.
    IdInUse,
    /// There are too many.
    Full,
}

/// The id of one request; it is free again when this is dropped.
pub(super) struct OpenSlot {
    /// Our own number for it. Doors never see the peer's ids, which may be used again.
    pub(super) number: u64,
    /// Tells when the request is cancelled.
    pub(super) cancelled: CancellationToken,
    key: Option<String>,
    table: Arc<Mutex<Table>>,
}

impl Inflight {
    pub(super) fn new(limit: usize) -> Self {
        Self { table: Arc::default(), permits: Arc::new(Semaphore::new(limit)), next: 1 }
    }

    /// Opens a place for the request `id`. An id of `null` can't be cancelled, and so is never in use.
    pub(super) fn open(&mut self, id: &Value) -> Slot {
        let key = (!id.is_null()).then(|| id.to_string());
        let mut table = lock(&self.table);
        if key.as_ref().is_some_and(|key| table.contains_key(key)) {
            return Slot::IdInUse;
        }
        let Ok(permit) = self.permits.clone().try_acquire_owned() else { return Slot::Full };
        let token = CancellationToken::new();
        if let Some(key) = &key {
            table.insert(key.clone(), token.clone());
        }
        self.next += 1;
        Slot::Open(
            OpenSlot { number: self.next - 1, cancelled: token, key, table: self.table.clone() },
            permit,
        )
    }

    /// Whether one more may start.
    pub(super) fn has_place(&self) -> bool {
        self.permits.available_permits() > 0
    }

    /// Waits until one more may start.
    pub(super) async fn place(&self) {
        drop(self.permits.acquire().await);
    }

    /// Cancels the request `id`. False where it is not in flight.
    pub(super) fn cancel(&self, id: &Value) -> bool {
        let token = lock(&self.table).get(&id.to_string()).cloned();
        token.inspect(CancellationToken::cancel).is_some()
    }
}

impl Drop for OpenSlot {
    fn drop(&mut self) {
        if let Some(key) = &self.key {
            lock(&self.table).remove(key);
        }
    }
}
