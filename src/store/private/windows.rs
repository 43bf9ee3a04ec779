//! Private files on Windows: nothing to do, for a user's data folder is closed to others and its files inherit that.

use std::fs::{DirBuilder, OpenOptions};
use std::path::Path;

/// Files made with these options are for their owner only.
pub(super) fn make_private_file(_options: &mut OpenOptions) {}

/// Folders made with this builder are for their owner only.
pub(super) fn make_private_folder(_builder: &mut DirBuilder) {}

/// The names in a folder last without it.
pub(super) fn flush_folder(_folder: &Path) {}
