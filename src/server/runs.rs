//! Work that goes on behind a command that was answered already: editors wait some seconds for a command, models take
//! minutes.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use super::lock;
use crate::off_thread::Work;

/// The work of one peer, one piece for each kind.
#[derive(Default)]
pub(super) struct Runs(Mutex<Started>);

#[derive(Default)]
struct Started {
    running: HashMap<String, Run>,
    /// What was cancelled and is about to end: it may have something to say of it.
    ending: Vec<Run>,
}

struct Run {
    handle: AbortOnDropHandle<()>,
    cancel: CancellationToken,
    /// Cancelled once it has ended.
    ended: CancellationToken,
}

impl Runs {
    /// Whether work of a kind goes on.
    pub(super) fn is_running(&self, kind: &str) -> bool {
        self.running(kind).is_some()
    }

    /// Waits until no work of a kind goes on; false where some still does after so long.
    pub(super) async fn ends(&self, kind: &str, patience: Duration) -> bool {
        while let Some(ended) = self.running(kind) {
            if tokio::time::timeout(patience, ended.cancelled()).await.is_err() {
                return false;
            }
        }
        true
    }

    fn running(&self, kind: &str) -> Option<CancellationToken> {
        let ended = self.with(|started| started.running.get(kind).map(|run| run.ended.clone()));
        ended.filter(|ended| !ended.is_cancelled())
    }

    /// Begins work of a kind, which ends by itself once it is cancelled; in the place of such work that goes on.
    pub(super) fn start<W>(&self, kind: &str, work: impl FnOnce(CancellationToken) -> W)
    where
        W: Future<Output = ()> + Send + 'static,
    {
        let (cancel, ended) = (CancellationToken::new(), CancellationToken::new());
        let (work, guard) = (Work::new(work(cancel.clone()), false), ended.clone().drop_guard());
        let handle = AbortOnDropHandle::new(tokio::spawn(async move {
            let _ended = guard;
            work.finish().await;
        }));
        self.with(|started| {
            started.ending.retain(|run| !run.handle.is_finished());
            if let Some(before) = started.running.insert(kind.to_owned(), Run { handle, cancel, ended }) {
                before.cancel.cancel();
                started.ending.push(before);
            }
        });
    }

    /// Whether any work goes on.
    pub(super) fn any(&self) -> bool {
        self.with(|started| started.running.values().any(|run| !run.handle.is_finished()))
    }

    /// Cancels all work, returns when it has ended with its progress display, and says whether there was any.
    pub(super) async fn cancel(&self) -> bool {
        let mut any = false;
        for run in self.with(|started| std::mem::take(&mut started.running)).into_values() {
            any |= !run.handle.is_finished();
            run.cancel.cancel();
            let _ = run.handle.await;
        }
        any
    }

    /// Ends all work at once.
    pub(super) fn abort(&self) {
        drop(self.with(std::mem::take));
    }

    fn with<T>(&self, use_runs: impl FnOnce(&mut Started) -> T) -> T {
        use_runs(&mut lock(&self.0))
    }
}
