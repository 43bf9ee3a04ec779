//! What is piped in.

use std::{io::Read, sync::mpsc, time::Duration};

use anyhow::{Context, bail};

use crate::cli::output::{note, stdin};

/// From when on somebody may wonder why nothing happens.
const PATIENCE: Duration = Duration::from_secs(2);
/// Most bytes that are read: more than any model takes.
const LONGEST: u64 = 16 << 20;

/// Reads stdin to its end. Where a prompt is there already, stdin may be a pipe that nobody ever closes: then it says
/// what it waits for.
pub(super) fn read(is_beside: bool) -> anyhow::Result<String> {
    let (done, outcome) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stdin().take(LONGEST + 1).read_to_end(&mut bytes).map(|_| bytes);
        // The reader is gone only where the process ends.
        let _ = done.send(read);
    });
    let read = match outcome.recv_timeout(PATIENCE) {
        Err(mpsc::RecvTimeoutError::Timeout) => {
            if is_beside {
                note("Reading stdin to its end, for it goes along; `< /dev/null` leaves it out.");
            }
            outcome.recv()
        }
        read => read.map_err(|_| mpsc::RecvError),
    };
    let bytes = read.context("stdin can't be read")?.context("stdin can't be read")?;
    if bytes.len() as u64 > LONGEST {
        bail!("what is piped in is longer than {} MiB: pipe the part that matters", LONGEST >> 20);
    }
    String::from_utf8(bytes).context("stdin is no text in UTF-8: give images and other files with -a")
}
