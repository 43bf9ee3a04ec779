//! The one writer of the ledger in a process: a thread behind a queue, so that nobody who books a call waits.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, TransactionBehavior, params_from_iter, types::Value};

use super::{
    DAY, Kind, LedgerError, LedgerRow, QUARTER, count,
    file::{Open, set_aside},
    prune::{self, Limits},
};

/// Most calls that wait to be written; one more is not recorded.
const QUEUE: usize = 4_096;
/// How long a call waits for others that are written with it: a kill loses no more than that and the writing.
pub(super) const WINDOW: Duration = Duration::from_millis(50);
/// Most calls that are written at once.
const BATCH: usize = 512;
/// How long the end of the process waits for the writer.
const LAST: Duration = Duration::from_secs(2);
/// How often it is seen to it that the file does not grow without end.
const PRUNING: Duration = Duration::from_secs(60 * 60);

enum Order {
    Write(Box<LedgerRow>),
    /// Answer when all that came before is written, or can't be.
    Flush(SyncSender<()>),
}

/// What takes the calls of this process. Dropping it writes what is queued.
pub struct LedgerWriter {
    path: PathBuf,
    queue: SyncSender<Order>,
    /// Whether it was told that a call was not recorded, since one last was.
    has_lost: AtomicBool,
}

impl LedgerWriter {
    /// The writer of a file, which it opens with the first call.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn of(path: &Path) -> std::io::Result<Self> {
        let (queue, orders) = sync_channel(QUEUE);
        let thread = Thread { path: path.to_owned(), open: None, is_failing: false, pruned: None };
        thread::Builder::new().name("ledger".to_owned()).spawn(move || thread.run(&orders))?;
        Ok(Self { path: path.to_owned(), queue, has_lost: AtomicBool::new(false) })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Has a call written, where there is room for it; never waits.
    pub fn write(&self, row: LedgerRow) {
        let is_taken = self.queue.try_send(Order::Write(Box::new(row))).is_ok();
        if !is_taken && !self.has_lost.load(Ordering::Relaxed) {
            tracing::warn!("the ledger can't be written as fast as calls end: some are not recorded");
        }
        self.has_lost.store(!is_taken, Ordering::Relaxed);
    }

    /// Waits until all is written that was booked so far, or some time has passed.
    pub fn flush(&self) {
        let (done, is_done) = sync_channel(1);
        let begun = Instant::now();
        let mut order = Order::Flush(done);
        while let Err(TrySendError::Full(back)) = self.queue.try_send(order) {
            if begun.elapsed() > LAST {
                return;
            }
            order = back;
            thread::sleep(WINDOW);
        }
        let _ = is_done.recv_timeout(LAST.saturating_sub(begun.elapsed()));
    }
}

impl Drop for LedgerWriter {
    fn drop(&mut self) {
        self.flush();
    }
}

struct Thread {
    path: PathBuf,
    open: Option<Open>,
    /// Whether the last batch could not be written.
    is_failing: bool,
    /// When it was last seen to the size of the file.
    pruned: Option<Instant>,
}

impl Thread {
    fn run(mut self, orders: &Receiver<Order>) {
        while let Ok(first) = orders.recv() {
            let until = Instant::now() + WINDOW;
            let (mut rows, mut flushed) = (Vec::new(), Vec::new());
            let mut next = Ok(first);
            loop {
                match next {
                    Ok(Order::Write(row)) => rows.push(*row),
                    Ok(Order::Flush(done)) => flushed.push(done),
                    Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
                }
                if rows.len() >= BATCH {
                    break;
                }
                // Who waits for it does not wait for others.
                let patience = if flushed.is_empty() {
                    until.saturating_duration_since(Instant::now())
                } else {
                    Duration::ZERO
                };
                next = orders.recv_timeout(patience);
            }
            if !rows.is_empty() {
                self.record(&rows);
            }
            for done in flushed {
                let _ = done.try_send(());
            }
        }
    }

    /// Writes calls, or says once why it can't.
    fn record(&mut self, rows: &[LedgerRow]) {
        let written = match self.write(rows) {
            Err(error) if error.is_corrupt() => {
                self.open = None;
                set_aside(&self.path, &error).and_then(|()| self.write(rows))
            }
            written => written,
        };
        let was_failing = std::mem::replace(&mut self.is_failing, written.is_err());
        if let Err(error) = written {
            self.open = None;
            let (path, remedy) = (self.path.display(), error.remedy());
            // Where none could ever be begun, such as in a home that can't be written, nothing else is kept either.
            match self.path.exists() {
                _ if was_failing => {}
                true => tracing::warn!(
                    "calls are not recorded, for the ledger {path} can't be written: {error}; {remedy}"
                ),
                false => tracing::info!(
                    "calls are not recorded, for the ledger {path} can't be begun: {error}; {remedy}"
                ),
            }
        }
    }

    fn write(&mut self, rows: &[LedgerRow]) -> Result<(), LedgerError> {
        self.open.take_if(|open| !open.is_current());
        let open = match &mut self.open {
            Some(open) => open,
            none => none.insert(Open::at(&self.path)?),
        };
        write(&mut open.connection, rows)?;
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

const KIND: &str = "SELECT id FROM kinds WHERE origin = ?1 AND key = ?2 AND profile = ?3 AND model = ?4 AND served_by = ?5 \
                    AND route = ?6 AND outcome = ?7 AND cost_source = ?8 AND client = ?9 AND workspace = ?10";
const NEW_KIND: &str = "INSERT INTO kinds (origin, key, profile, model, served_by, route, outcome, cost_source, client, \
                        workspace) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
const CALL: &str = "INSERT INTO calls (at, kind, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, \
                    reasoning_tokens, cost, is_unpriced, duration_ms, first_token_ms) \
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
const SUM: &str = "INSERT INTO sums VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) \
                   ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, \
                   input_tokens = input_tokens + excluded.input_tokens, \
                   output_tokens = output_tokens + excluded.output_tokens, \
                   cache_read_tokens = cache_read_tokens + excluded.cache_read_tokens, \
                   cache_write_tokens = cache_write_tokens + excluded.cache_write_tokens, \
                   reasoning_tokens = reasoning_tokens + excluded.reasoning_tokens, cost = cost + excluded.cost, \
                   priced_calls = priced_calls + excluded.priced_calls, \
                   unpriced_calls = unpriced_calls + excluded.unpriced_calls";

/// Writes all of these calls or none.
pub(super) fn write(connection: &mut Connection, rows: &[LedgerRow]) -> Result<(), LedgerError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut find = transaction.prepare(KIND)?;
        let mut make = transaction.prepare(NEW_KIND)?;
        let mut call = transaction.prepare(CALL)?;
        let mut sum = transaction.prepare(SUM)?;
        // Numbers of kinds hold as long as nobody else can write: others remove kinds that have no calls any more.
        let mut kinds: HashMap<&Kind, i64> = HashMap::new();
        for row in rows {
            let kind = match kinds.get(&row.kind) {
                Some(kind) => *kind,
                None => {
                    let texts = row.kind.texts();
                    let mut found = find.query(params_from_iter(texts))?;
                    let kind = match found.next()? {
                        Some(found) => found.get(0)?,
                        None => make.insert(params_from_iter(texts))?,
                    };
                    kinds.insert(&row.kind, kind);
                    kind
                }
            };
            let number = |number: Option<i64>| number.map_or(Value::Null, Value::Integer);
            call.execute(params_from_iter([
                Value::Integer(row.at),
                Value::Integer(kind),
                number(row.input_tokens.map(count)),
                number(row.output_tokens.map(count)),
                Value::Integer(count(row.cache_read_tokens)),
                Value::Integer(count(row.cache_write_tokens)),
                Value::Integer(count(row.reasoning_tokens)),
                number(row.units()),
                Value::Integer(i64::from(row.is_unpriced)),
                Value::Integer(count(row.duration_ms)),
                number(row.first_token_ms.map(count)),
            ]))?;
            for span in [QUARTER, DAY] {
                let place = [span, row.at.div_euclid(span) * span, kind];
                sum.execute(params_from_iter(place.into_iter().chain(row.sum().numbers())))?;
            }
        }
    }
    Ok(transaction.commit()?)
}
