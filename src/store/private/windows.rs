//! Private files on Windows: nothing to do, for a user's data folder is closed to others and its files inherit that.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// How long a file is put in the place of another that somebody has open just then, and how long it is waited between.
const LIMIT: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(10);

/// Files made with these options are for their owner only.
pub(super) fn make_private_file(_options: &mut OpenOptions) {}

/// A new file is for its owner as it was made.
pub(super) fn keep_mine(_file: &File) {}

/// Makes a folder for its owner only.
pub(super) fn make_private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

/// Puts a file in the place of another. The system refuses it as long as somebody else does so too, or looks the file
/// through for viruses: that takes milliseconds.
pub(super) fn replace(draft: &Path, path: &Path) -> io::Result<()> {
    let began = Instant::now();
    loop {
        match fs::rename(draft, path) {
            // Nothing takes the place of a folder.
            Err(error)
                if error.kind() == io::ErrorKind::PermissionDenied
                    && began.elapsed() < LIMIT
                    && !path.is_dir() =>
            {
                thread::sleep(PAUSE);
            }
            replaced => return replaced,
        }
    }
}

/// The names in a folder last without it.
pub(super) fn flush_folder(_folder: &Path) {}
