//! What outlives the process: files that only their owner can read, and the settings file.

mod ahead;
mod calls;
mod file_lock;
mod grants;
mod guarded;
mod kept_pages;
mod keyring;
pub mod ledger;
mod marks;
mod pages;
pub(crate) mod private;
mod settings_file;
mod unreadable;

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use crate::descriptors::said;

pub use ahead::end_future;
pub use calls::{CallState, Calls, EarlierCall, hash};
pub use grants::Grants;
pub use guarded::{
    Identity, NotRead, Reason, Stamp, check_folder, read_guarded, read_guarded_text, read_regular,
};
pub use kept_pages::{KeptPage, newest_kept_page, release_page, release_pages};
pub use keyring::{KeyringError, read_key, write_key};
pub use marks::{Mark, Marks, ModelMarks, Use};
pub use pages::{remove_old_pages, remove_page, rewrite_page, write_page};
pub use settings_file::{Change, Place, Profiles, SettingsFile};
pub use unreadable::Unreadable;

/// `Result` with this room's error.
pub type Result<T> = std::result::Result<T, FileError>;

/// Writes a file that only its owner can read, whole or not at all, and makes the folder that it is in.
///
/// # Errors
/// Where the file system refuses.
pub fn write_private_file(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        private::make_private_folder(folder)?;
    }
    private::write_private(path, text)
}

/// Lets only its owner read a file that is there, where the system has modes for that.
///
/// # Errors
/// Where it can't be opened.
pub fn make_private(path: &Path) -> Result<()> {
    private::keep_mine(&std::fs::File::open(path).map_err(FileError::of("open", path))?);
    Ok(())
}

/// Writes a file that only its owner can read, under the first of these names that no file has; returns which. It stays
/// after a power cut too.
///
/// # Errors
/// Where the file system refuses; then nothing is left of it.
pub fn write_new_file(names: impl IntoIterator<Item = PathBuf>, bytes: &[u8]) -> Result<PathBuf> {
    private::write_beside(names, bytes, File::sync_all)
}

/// The names that a file goes by, with `/` between folders: the one that is given and, where there is such a file, that of
/// what it leads to once links are followed. A link has a name of its own, and the content of another.
pub fn names(path: &Path) -> impl Iterator<Item = String> {
    let target = std::iter::once_with(move || std::fs::canonicalize(path).ok()).flatten();
    std::iter::once(path.to_owned()).chain(target).map(|path| with_slashes(&path))
}

/// A path with `/` between folders, as it is in every system's names here.
pub fn with_slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Waits until no other process of this user holds a lock of this name. It holds until it is dropped.
///
/// # Errors
/// Where there is no lock to be had.
pub fn lock(name: &Path) -> std::result::Result<std::fs::File, Unreadable> {
    file_lock::lock(name)
}

/// The file system refused something.
#[derive(Debug, thiserror::Error)]
#[error("cannot {attempt} {}: {}", path.display(), said(.cause))]
pub struct FileError {
    /// A verb, like `write`.
    pub attempt: &'static str,
    /// Its object.
    pub path: PathBuf,
    /// The system's reason.
    pub cause: io::Error,
}

impl FileError {
    /// What to do.
    pub fn remedy(&self) -> &'static str {
        use io::ErrorKind as K;
        match self.cause.kind() {
            K::StorageFull | K::QuotaExceeded | K::FileTooLarge => "make room on the disk, and try again",
            K::PermissionDenied | K::ReadOnlyFilesystem => {
                "let this user write there, or choose another place"
            }
            K::WouldBlock | K::TimedOut => "try again",
            _ => "mend what the system says of it, and try again",
        }
    }

    /// For `map_err`: says what was being done to which file.
    pub(crate) fn of(attempt: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self { attempt, path, cause }
    }
}
