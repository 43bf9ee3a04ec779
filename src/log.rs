//! The log, which a thread of its own writes to standard error: an editor that does not read it holds up nobody.

use std::{
    collections::VecDeque,
    io::{self, Write},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Most bytes that wait to be written; what comes then is dropped, and counted.
const LIMIT: usize = 1 << 20;
/// How long the end of the process waits for what is not written yet.
const FINISH: Duration = Duration::from_millis(200);

static QUEUE: Mutex<Queue> =
    Mutex::new(Queue { lines: VecDeque::new(), bytes: 0, dropped: 0, thread: Thread::None });
/// Told of each line, and of each that is written.
static CHANGED: Condvar = Condvar::new();

struct Queue {
    lines: VecDeque<Vec<u8>>,
    bytes: usize,
    /// Lines that were dropped since the last one that was written.
    dropped: u64,
    thread: Thread,
}

#[derive(PartialEq)]
enum Thread {
    /// Nothing was ever logged.
    None,
    Waits,
    Writes,
}

/// Where log lines go to.
pub(crate) struct Log;

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut queue = queue();
        if queue.bytes + line.len() > LIMIT {
            queue.dropped += 1;
            return Ok(line.len());
        }
        queue.bytes += line.len();
        queue.lines.push_back(line.to_vec());
        if queue.thread == Thread::None {
            queue.thread = Thread::Waits;
            // Where the system gives no thread, there is no log.
            let _ = std::thread::Builder::new().name("log".into()).spawn(write);
        }
        CHANGED.notify_all();
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes what comes, for ever.
fn write() {
    let mut queue = queue();
    loop {
        queue.thread = Thread::Waits;
        CHANGED.notify_all();
        queue =
            CHANGED.wait_while(queue, |queue| queue.lines.is_empty()).unwrap_or_else(PoisonError::into_inner);
        let Some(mut line) = queue.lines.pop_front() else { continue };
        queue.bytes -= line.len();
        queue.thread = Thread::Writes;
        // Told behind the last line that was kept, where the gap is.
        let is_last = queue.lines.is_empty();
        let dropped = if is_last { std::mem::take(&mut queue.dropped) } else { 0 };
        drop(queue);
        if dropped > 0 {
            line.extend(format!("{dropped} lines of the log were dropped, for nobody read it\n").bytes());
        }
        let _ = io::stderr().write_all(&line);
        litellm_ls::daemon::turn_over(line.len() as u64);
        queue = self::queue();
    }
}

/// Waits when it is dropped until all is written, but not for long: perhaps nobody reads it.
pub(crate) struct Finish;

impl Drop for Finish {
    fn drop(&mut self) {
        let is_behind = |queue: &mut Queue| !queue.lines.is_empty() || queue.thread == Thread::Writes;
        drop(CHANGED.wait_timeout_while(queue(), FINISH, is_behind));
    }
}

fn queue() -> MutexGuard<'static, Queue> {
    QUEUE.lock().unwrap_or_else(PoisonError::into_inner)
}
