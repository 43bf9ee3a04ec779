//! Writes settings beside the one thread, in the order in which they were given.

use std::sync::Arc;

use litellm_ls_protocol::Problem;

use super::{Peer, lock};
use crate::{
    off_thread::off_thread,
    provider::{Profile, Result, Write},
};

impl Peer {
    /// Writes a change that holds already, after those that were given before it. Where it can't be written, or nobody
    /// waits for it any more, what held before holds again.
    ///
    /// # Errors
    /// Where it can't be written.
    pub(super) async fn save(&self, write: Write) -> Result<Option<Arc<Profile>>> {
        let unsettled = Unsettled { peer: self.clone(), write: Some(write) };
        // The first poll takes a place in the queue, so that the order is that of the messages.
        let turn = self.saving.clone().lock_owned().await;
        // Until here it can be given up, and then has not happened; from here on it has happened or not.
        let _whole = self.call.hold();
        off_thread(move || {
            let _turn = turn;
            unsettled.settle(Write::run)
        })
        .await
    }
}

/// A change that was begun and must come to an end, whatever becomes of its request.
struct Unsettled {
    peer: Peer,
    write: Option<Write>,
}

impl Unsettled {
    fn settle(
        mut self,
        run: impl FnOnce(&Write) -> std::result::Result<(), Problem>,
    ) -> Result<Option<Arc<Profile>>> {
        let Some(write) = self.write.take() else { return Ok(None) };
        let outcome = run(&write);
        lock(&self.peer.settings).settle(&write, outcome)
    }
}

impl Drop for Unsettled {
    fn drop(&mut self) {
        if let Some(write) = self.write.take() {
            // Its failure is told to nobody, for nobody waits.
            let _ = lock(&self.peer.settings).settle(&write, Err(Write::given_up()));
        }
    }
}
