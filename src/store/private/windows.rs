//! Private files on Windows: nothing to do, for a user's data folder is closed to others and its files inherit that.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

/// Files made with these options are for their owner only.
pub(super) fn make_private_file(_options: &mut OpenOptions) {}

/// A new file is for its owner as it was made.
pub(super) fn keep_mine(_file: &File) {}

/// Makes a folder for its owner only.
pub(super) fn make_private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

/// The names in a folder last without it.
pub(super) fn flush_folder(_folder: &Path) {}
