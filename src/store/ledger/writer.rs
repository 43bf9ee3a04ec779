//! The one writer of the ledger in a process: a thread behind a queue, so that nobody who books a call waits.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use super::{
    LedgerError, LedgerRow,
    file::{Open, set_aside},
    pending,
    prune::{self, Limits},
    rows::write,
};
use crate::lock::lock;

/// Most calls that wait to be written; one more is not recorded.
const QUEUE: usize = 4_096;
/// How long a call waits for others that are written with it: a kill loses no more than that and the writing.
pub(super) const WINDOW: Duration = Duration::from_millis(50);
/// Most calls that are written at once.
const BATCH: usize = 512;
/// How long who reads the ledger waits for what is not written yet.
const FLUSH: Duration = Duration::from_secs(2);
/// How long the end of the process does: what is not written by then is kept beside the ledger.
const LAST: Duration = Duration::from_millis(250);
/// How often it is seen to it that the file does not grow without end.
const PRUNING: Duration = Duration::from_secs(60 * 60);

/// What takes the calls of this process. Dropping it writes what is queued, or keeps it beside the ledger, and closes the
/// file.
pub struct LedgerWriter {
    path: PathBuf,
    queue: Arc<Queue>,
}

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Calls that wait to be written.
    rows: Vec<LedgerRow>,
    /// Those that are being written.
    writing: Arc<[LedgerRow]>,
    /// Whether nothing keeps those from being written any more, or from being kept by the thread.
    is_settled: bool,
    /// How many calls were ever queued.
    queued: u64,
    /// How many of them are written, or can't be.
    done: u64,
    /// How many wait for that.
    flushing: usize,
    /// Whether the process ends: what is not settled is the thread's business no more.
    has_ended: bool,
    /// Whether the thread has closed the file, and touches nothing of it any more.
    is_closed: bool,
    /// Whether the last call found no room.
    has_lost: bool,
}

impl LedgerWriter {
    /// The writer of a file, which it opens with the first call.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn of(path: &Path) -> std::io::Result<Self> {
        let queue = Arc::new(Queue::default());
        let thread = Thread {
            path: path.to_owned(),
            queue: queue.clone(),
            open: None,
            is_failing: false,
            pruned: None,
        };
        thread::Builder::new().name("ledger".to_owned()).spawn(move || thread.run())?;
        Ok(Self { path: path.to_owned(), queue })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Has a call written, where there is room for it; never waits.
    pub fn write(&self, row: LedgerRow) {
        let mut state = lock(&self.queue.state);
        if state.rows.len() >= QUEUE {
            if !std::mem::replace(&mut state.has_lost, true) {
                tracing::warn!("the ledger can't be written as fast as calls end: some are not recorded");
            }
            return;
        }
        state.has_lost = false;
        state.queued += 1;
        state.rows.push(row);
        if [1, BATCH].contains(&state.rows.len()) {
            self.queue.changed.notify_all();
        }
    }

    /// Waits until all is written that was booked so far, or some time has passed.
    pub fn flush(&self) {
        drop(self.flushed(FLUSH));
    }

    fn flushed(&self, patience: Duration) -> MutexGuard<'_, State> {
        let mut state = lock(&self.queue.state);
        let wanted = state.queued;
        state.flushing += 1;
        self.queue.changed.notify_all();
        state = self.queue.wait(state, patience, |state| state.done < wanted);
        state.flushing -= 1;
        state
    }

    /// Ends the thread, and waits until it has closed the file. What it can't write in a while is kept beside the ledger.
    pub(super) fn end(&self, patience: Duration) {
        let begun = Instant::now();
        self.give_up(patience);
        // SQLite removes what is beside the file when it closes it: whoever comes next finds it done.
        let patience = patience.saturating_sub(begun.elapsed());
        drop(self.queue.wait(lock(&self.queue.state), patience, |state| !state.is_closed));
    }

    /// Has no more written than is settled, and keeps the rest.
    fn give_up(&self, patience: Duration) {
        let mut state = self.flushed(patience);
        if state.is_settled {
            state = self.queue.wait(state, LAST, |state| state.is_settled);
        }
        state.has_ended = true;
        self.queue.changed.notify_all();
        let mut left = if state.is_settled { Vec::new() } else { state.writing.to_vec() };
        left.append(&mut state.rows);
        drop(state);
        if left.is_empty() {
            return;
        }
        let (path, beside) = (self.path.display(), pending::beside(&self.path));
        match pending::keep(&self.path, &left) {
            // The disk may be slow, or another program write: nothing is lost, for whoever opens it next takes them in.
            Ok(()) => tracing::info!("the last calls wait for the ledger {path} in {}", beside.display()),
            Err(error) if self.path.exists() => tracing::warn!(
                "the last calls are not recorded, for the ledger {path} can't be written just now: end the program that \
                 keeps it locked; {error}"
            ),
            // Where none could ever be begun, nothing else is kept either.
            Err(error) => tracing::info!("the last calls are not recorded: {error}"),
        }
    }
}

impl Drop for LedgerWriter {
    fn drop(&mut self) {
        self.end(LAST);
    }
}

impl Queue {
    fn wait<'a>(
        &self,
        state: MutexGuard<'a, State>,
        patience: Duration,
        until_not: impl FnMut(&mut State) -> bool,
    ) -> MutexGuard<'a, State> {
        self.changed.wait_timeout_while(state, patience, until_not).unwrap_or_else(PoisonError::into_inner).0
    }

    /// The calls that are written next: the first, and what comes while it waits for others. None at the end.
    fn next(&self) -> Option<Arc<[LedgerRow]>> {
        let mut state = lock(&self.state);
        while state.rows.is_empty() {
            if state.has_ended {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        // Who waits for it does not wait for others.
        let waits = |state: &mut State| state.flushing == 0 && !state.has_ended && state.rows.len() < BATCH;
        state = self.wait(state, WINDOW, waits);
        let count = state.rows.len().min(BATCH);
        state.writing = state.rows.drain(..count).collect();
        Some(state.writing.clone())
    }

    /// Whether the thread may do what can't be taken back with the calls it has. It may not where the process ends and has
    /// kept them elsewhere.
    fn settle(&self) -> bool {
        let mut state = lock(&self.state);
        state.is_settled |= !state.has_ended;
        state.is_settled
    }

    fn done(&self) {
        let mut state = lock(&self.state);
        state.done += state.writing.len() as u64;
        state.writing = Arc::default();
        state.is_settled = false;
        self.changed.notify_all();
    }
}

struct Thread {
    path: PathBuf,
    queue: Arc<Queue>,
    open: Option<Open>,
    /// Whether the last batch could not be written.
    is_failing: bool,
    /// When it was last seen to the size of the file.
    pruned: Option<Instant>,
}

impl Thread {
    fn run(mut self) {
        while let Some(rows) = self.queue.next() {
            self.record(&rows);
            self.queue.done();
        }
        self.open = None;
        lock(&self.queue.state).is_closed = true;
        self.queue.changed.notify_all();
    }

    /// Writes calls, or keeps them for later, and says once why.
    fn record(&mut self, rows: &[LedgerRow]) {
        let written = match self.write(rows) {
            Err(error) if error.is_corrupt() => {
                self.open = None;
                set_aside(&self.path, &error).and_then(|()| self.write(rows))
            }
            written => written,
        };
        let Err(error) = written else {
            self.is_failing = false;
            return;
        };
        self.open = None;
        if !self.queue.settle() {
            return;
        }
        let kept = pending::keep(&self.path, rows);
        if std::mem::replace(&mut self.is_failing, true) {
            return;
        }
        let (path, beside, remedy) = (self.path.display(), pending::beside(&self.path), error.remedy());
        match kept {
            Ok(()) => tracing::warn!(
                "the ledger {path} can't be written, so calls wait in {}: {error}; {remedy}",
                beside.display()
            ),
            Err(_) if self.path.exists() => tracing::warn!(
                "calls are not recorded, for the ledger {path} can't be written: {error}; {remedy}"
            ),
            // Where none could ever be begun, such as in a home that can't be written, nothing else is kept either.
            Err(_) => tracing::info!(
                "calls are not recorded, for the ledger {path} can't be begun: {error}; {remedy}"
            ),
        }
    }

    fn write(&mut self, rows: &[LedgerRow]) -> Result<(), LedgerError> {
        self.open.take_if(|open| !open.is_current());
        let open = match &mut self.open {
            Some(open) => open,
            none => none.insert(Open::at(&self.path)?),
        };
        write(&mut open.connection, rows, || self.queue.settle())?;
        if self.pruned.is_none_or(|pruned| pruned.elapsed() > PRUNING) {
            self.pruned = Some(Instant::now());
            // What was written is there all the same.
            if let Err(error) = prune::prune(&mut open.connection, &Limits::default()) {
                tracing::debug!(%error, "the ledger was not pruned");
            }
        }
        Ok(())
    }
}
