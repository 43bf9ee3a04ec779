//! Calls that could not be written, in a file beside the ledger until whoever opens it next takes them in.

use std::{
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
};

use rusqlite::Connection;

use super::{LedgerError, LedgerRow, rows};
use crate::store::{FileError, NotRead, Unreadable, file_lock, guarded, private};

/// What the file is called.
const NAME: &str = "ledger-pending.jsonl";
/// Most bytes of it, some ten thousand calls: what comes then is not recorded.
const MOST: u64 = 4 << 20;

/// The file beside a ledger.
pub(super) fn beside(ledger: &Path) -> PathBuf {
    ledger.with_file_name(NAME)
}

/// Keeps calls for later.
///
/// # Errors
/// Where there is no room for them.
pub(super) fn keep(ledger: &Path, rows: &[LedgerRow]) -> Result<(), Unreadable> {
    let path = beside(ledger);
    let write = FileError::of("write", &path);
    // What a full disk has cut off has a line of its own.
    let mut text = "\n".to_owned();
    for row in rows {
        match serde_json::to_string(row) {
            Ok(row) => text.extend([&row, "\n"]),
            Err(error) => return Err(write(error.into()).into()),
        }
    }
    let _lock = file_lock::lock(&path)?;
    let mut options = OpenOptions::new();
    let mut file = guarded::open(private::only_mine(options.create(true).append(true)), &path)
        .map_err(|reason| NotRead { path: path.clone(), reason })?;
    private::keep_mine(&file);
    let size = |file: &std::fs::File| Ok(file.metadata()?.len() + text.len() as u64);
    let written = match size(&file) {
        Ok(size) if size > MOST => Err(std::io::ErrorKind::StorageFull.into()),
        Ok(_) => file.write_all(text.as_bytes()),
        Err(error) => Err(error),
    };
    Ok(written.map_err(write)?)
}

/// Writes what was kept into the ledger.
///
/// # Errors
/// Where it can't be read or written; then it stays.
pub(super) fn take(ledger: &Path, connection: &mut Connection) -> Result<(), LedgerError> {
    let path = beside(ledger);
    if !path.exists() {
        return Ok(());
    }
    let _lock = file_lock::lock(&path)?;
    let bytes = match guarded::read_guarded(&path, MOST) {
        // Another process was faster.
        Err(error) if error.is_absent() => return Ok(()),
        bytes => bytes.map_err(Unreadable::from)?,
    };
    // A line that was spoiled, by a power cut for one, costs itself.
    let lines = bytes.split(|byte| *byte == b'\n');
    let rows: Vec<LedgerRow> = lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
    rows::write(connection, &rows, || true)?;
    // Emptied first: Windows keeps a file that somebody looks at just then, and its calls would count again.
    let emptied = OpenOptions::new().write(true).open(&path).and_then(|file| file.set_len(0));
    emptied.map_err(FileError::of("write", &path)).map_err(Unreadable::from)?;
    Ok(private::remove(&path).map_err(Unreadable::from)?)
}
