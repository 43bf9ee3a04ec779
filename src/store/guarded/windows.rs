//! Guarded files on Windows: a user's own folders are closed to others, and their files inherit that.

use std::{
    fs::{self, Metadata, OpenOptions},
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::Reason;

/// Where all links lead, and when that file was made.
pub(in crate::store) type FileId = (PathBuf, Option<SystemTime>);

pub(super) fn file_id(path: &Path, data: &Metadata) -> FileId {
    (fs::canonicalize(path).unwrap_or_default(), data.created().ok())
}

/// Opening a file waits for nobody.
pub(super) fn never_wait(_options: &mut OpenOptions) {}

pub(super) fn refused(error: io::Error, _path: &Path) -> Reason {
    error.into()
}

pub(super) fn check_owner(_path: &Path, _data: &Metadata) -> Result<(), Reason> {
    Ok(())
}
