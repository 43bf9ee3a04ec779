//! Work that goes on behind a command that was answered already: editors wait some seconds for a command, models take
//! minutes.

use std::{collections::HashMap, sync::Mutex};

use tokio_util::task::AbortOnDropHandle;

use super::lock;

/// The work of one peer, one piece for each kind: a new one takes the place of the old one, and cancels it.
#[derive(Default)]
pub(super) struct Runs(Mutex<HashMap<String, AbortOnDropHandle<()>>>);

impl Runs {
    /// Begins work of a kind.
    pub(super) fn start(&self, kind: &str, work: impl Future<Output = ()> + Send + 'static) {
        let handle = AbortOnDropHandle::new(tokio::spawn(work));
        let before = self.with(|runs| runs.insert(kind.to_owned(), handle));
        // Outside the lock, for what it was doing is dropped with it.
        drop(before);
    }

    /// Whether any work goes on.
    pub(super) fn any(&self) -> bool {
        self.with(|runs| runs.values().any(|run| !run.is_finished()))
    }

    /// Cancels all work, returns when it has ended with its progress display, and says whether there was any.
    pub(super) async fn cancel(&self) -> bool {
        let mut any = false;
        for run in self.with(std::mem::take).into_values() {
            any |= !run.is_finished();
            run.abort();
            let _ = run.await;
        }
        any
    }

    /// Cancels all work.
    pub(super) fn abort(&self) {
        drop(self.with(std::mem::take));
    }

    fn with<T>(&self, use_runs: impl FnOnce(&mut HashMap<String, AbortOnDropHandle<()>>) -> T) -> T {
        use_runs(&mut lock(&self.0))
    }
}
