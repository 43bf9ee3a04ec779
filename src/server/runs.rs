//! Work that goes on behind a command that was answered already, or for one that waits for it: editors wait some seconds
//! for a command, models take minutes.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use super::lock;
use crate::off_thread;

/// Most pieces of work that go on for one peer. A person has a few.
pub(super) const MAX_RUNS: usize = 64;

/// What work is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Work {
    /// What a command does, by its id and what it is about. A newer piece takes the place of one that goes on.
    Command(String),
    /// A request that is like no other.
    Request(u64),
    /// A model is asked about this opening of a text. One is asked at a time.
    Text(u64),
}

impl Work {
    /// A request that is like no other.
    pub(super) fn request() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        Self::Request(NUMBER.fetch_add(1, Ordering::Relaxed))
    }
}

/// The work of one peer.
#[derive(Default)]
pub(super) struct Runs(Mutex<Vec<Run>>);

struct Run {
    work: Work,
    stop: Stop,
    _handle: AbortOnDropHandle<()>,
}

/// How work is stopped, and how far it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop {
    /// Cancelled when the work is to end.
    cancel: CancellationToken,
    /// Cancelled once it has its turn.
    turn: CancellationToken,
    /// Cancelled once nothing of it can be stopped any more.
    over: CancellationToken,
    /// Cancelled once it has ended.
    ended: CancellationToken,
}

impl Stop {
    /// Has the work end by itself.
    pub(super) fn cancel(&self) {
        self.cancel.cancel();
    }

    /// Waits until the work is to end.
    pub(super) async fn cancelled(&self) {
        self.cancel.cancelled().await;
    }

    /// Drops what is to be done where the work is to end; none then.
    pub(super) async fn unless_cancelled<T>(&self, doing: impl Future<Output = T>) -> Option<T> {
        self.cancel.run_until_cancelled(doing).await
    }

    /// What takes the longest is done, such as a model's answer: from here on the work ends by itself, soon.
    pub(super) fn set_over(&self) {
        self.over.cancel();
    }

    /// Waits until that is so.
    pub(super) async fn over(&self) {
        self.over.cancelled().await;
    }

    /// Waits until the work has ended; false where it has not after so long.
    pub(super) async fn ends_within(&self, patience: Duration) -> bool {
        tokio::time::timeout(patience, self.ended.cancelled()).await.is_ok()
    }
}

impl Runs {
    /// Begins work, which ends by itself once it is cancelled.
    pub(super) fn start<W>(&self, work: Work, begin: impl FnOnce(Stop) -> W) -> Stop
    where
        W: Future<Output = ()> + Send + 'static,
    {
        let stop = Stop::default();
        let doing = off_thread::Work::new(begin(stop.clone()), false);
        let ends = (stop.over.clone().drop_guard(), stop.ended.clone().drop_guard());
        let handle = AbortOnDropHandle::new(tokio::spawn(async move {
            let _ends = ends;
            doing.finish().await;
        }));
        let mut runs = lock(&self.0);
        runs.retain(|run| !run.stop.ended.is_cancelled());
        if let Work::Command(_) = work {
            runs.iter().filter(|run| run.work == work).for_each(|run| run.stop.cancel());
        }
        runs.push(Run { work, stop: stop.clone(), _handle: handle });
        stop
    }

    /// Whether other work of this kind has its turn.
    pub(super) fn is_taken(&self, work: &Work) -> bool {
        is_taken(&lock(&self.0), work)
    }

    /// Gives work its turn, until it is over. False where other has it.
    pub(super) fn take(&self, work: &Work, stop: &Stop) -> bool {
        let runs = lock(&self.0);
        let is_free = !is_taken(&runs, work);
        if is_free {
            stop.turn.cancel();
        }
        is_free
    }

    /// The newest of this work that is over and has not ended.
    pub(super) fn ending(&self, work: &Work) -> Option<Stop> {
        let runs = lock(&self.0);
        let is_ending =
            |run: &&Run| run.work == *work && run.stop.over.is_cancelled() && !run.stop.ended.is_cancelled();
        runs.iter().rfind(is_ending).map(|run| run.stop.clone())
    }

    /// Whether as much goes on as may.
    pub(super) fn is_full(&self) -> bool {
        lock(&self.0).iter().filter(|run| !run.stop.ended.is_cancelled()).count() >= MAX_RUNS
    }

    /// How much work can be cancelled: of this, or of all.
    pub(super) fn count(&self, work: Option<&Work>) -> usize {
        self.cancellable(work).len()
    }

    /// Cancels work, of this or of all, returns when it has ended with its progress display, and says whether there was any.
    pub(super) async fn cancel(&self, work: Option<&Work>) -> bool {
        let stops = self.cancellable(work);
        stops.iter().for_each(Stop::cancel);
        for stop in &stops {
            stop.ended.cancelled().await;
        }
        !stops.is_empty()
    }

    fn cancellable(&self, work: Option<&Work>) -> Vec<Stop> {
        let runs = lock(&self.0);
        let meant = runs
            .iter()
            .filter(|run| work.is_none_or(|work| run.work == *work) && !run.stop.over.is_cancelled());
        meant.map(|run| run.stop.clone()).collect()
    }

    /// Ends all work at once.
    pub(super) fn abort(&self) {
        drop(std::mem::take(&mut *lock(&self.0)));
    }
}

fn is_taken(runs: &[Run], work: &Work) -> bool {
    let has_turn = |stop: &Stop| stop.turn.is_cancelled() && !stop.over.is_cancelled();
    runs.iter().any(|run| run.work == *work && has_turn(&run.stop))
}
