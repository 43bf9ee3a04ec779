//! One writer of a file at a time, among all processes of a user.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::{FileError, NotRead, Unreadable, guarded, private};

/// How long an edit waits for that of another process; each takes milliseconds.
const LIMIT: Duration = Duration::from_secs(2);
const RETRY: Duration = Duration::from_millis(5);

/// Waits until nobody else edits a file. Holds until it is dropped, or its process killed.
///
/// # Errors
/// Where there is no lock to be had.
pub(super) fn lock(edited: &Path) -> Result<File, Unreadable> {
    if let Some(folder) = edited.parent() {
        private::make_private_folder(folder)?;
    }
    let path = edited.with_extension("lock");
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    let file = guarded::open(private::only_mine(&mut options), &path)
        .map_err(|reason| NotRead { path: path.clone(), reason })?;
    private::keep_mine(&file);
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if began.elapsed() < LIMIT => thread::sleep(RETRY),
            Err(error) => return Err(FileError::of("lock", path)(error.into()).into()),
        }
    }
}
