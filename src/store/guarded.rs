//! Reads files that say where code and keys go: regular files, bounded in size, that no other user can change.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::{
    fs::{File, OpenOptions},
    io::{self, Read},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use secrecy::zeroize::Zeroizing;

use crate::descriptors;

#[cfg(unix)]
use unix as platform;
#[cfg(windows)]
use windows as platform;

/// Why a file is not read. It says so in one sentence, without what to do.
#[derive(Debug, thiserror::Error)]
#[error("{} {reason}", path.display())]
pub struct NotRead {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    /// The system refuses it, or there is none.
    #[error("can't be read: {}", descriptors::said(.0))]
    System(#[from] io::Error),
    /// A folder, a pipe, a device: reading it might never end.
    #[error("is no regular file")]
    NotRegular,
    /// It has more bytes than this.
    #[error("is larger than {} KiB", .0 >> 10)]
    TooLarge(u64),
    /// Somebody else could put anything into it.
    #[error("belongs to another user")]
    Foreign,
    /// Others may write it, or put another in its place.
    #[error("can be changed by other users")]
    Writable,
}

impl Reason {
    /// Below a file, such as a home of `/dev/null`, there is none either.
    fn is_absent(&self) -> bool {
        use io::ErrorKind::{NotADirectory, NotFound};
        matches!(self, Self::System(error) if matches!(error.kind(), NotFound | NotADirectory))
    }
}

impl NotRead {
    /// Whether there is no such file.
    pub fn is_absent(&self) -> bool {
        self.reason.is_absent()
    }

    /// What to do.
    pub fn remedy(&self) -> &'static str {
        match &self.reason {
            Reason::System(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                "let this user read the file and enter its folder"
            }
            Reason::System(error) if descriptors::are_spent(error) => descriptors::REMEDY,
            Reason::System(_) => "name a file that is there and can be read",
            Reason::NotRegular => "name a regular file",
            Reason::TooLarge(_) => "make it smaller, or name another file",
            Reason::Foreign => "make it your own, or name one of yours",
            Reason::Writable => {
                "take write permission for it and its folder from everybody else (chmod go-w)"
            }
        }
    }
}

/// What tells two states of a file apart without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stamp {
    /// There is none.
    Absent,
    /// It can't be reached, for this reason.
    Unreachable(io::ErrorKind),
    /// It is there.
    There {
        /// Which file it is, behind all links.
        file: platform::FileId,
        /// Its bytes.
        size: u64,
        /// When its content was last written.
        modified: Option<SystemTime>,
    },
}

impl Stamp {
    /// The state of the file at a path as it is now.
    pub fn of(path: &Path) -> Self {
        match std::fs::metadata(path) {
            Ok(data) => Self::There {
                file: platform::file_id(path, &data),
                size: data.len(),
                modified: data.modified().ok(),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::Absent,
            Err(error) => Self::Unreachable(error.kind()),
        }
    }

    /// Whether it was written so long before an instant that another writing would have another time.
    pub fn is_older(&self, instant: SystemTime, by: Duration) -> bool {
        match self {
            Self::There { modified, .. } => modified.is_none_or(|time| time + by < instant),
            Self::Absent | Self::Unreachable(_) => true,
        }
    }
}

/// Which file something is: all its names, links of either kind among them, have the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity(platform::Identity);

impl Identity {
    /// Of the file that a path leads to now. None where there is none, or the system does not tell.
    pub fn of(path: &Path) -> Option<Self> {
        let data = std::fs::metadata(path).ok()?;
        platform::identity(path, &data).map(Self)
    }
}

/// Reads a file of at most `limit` bytes. It never waits for a pipe or a device.
///
/// # Errors
/// Where there is none, it can't be read, or it is not to be trusted.
pub fn read_guarded(path: &Path, limit: u64) -> Result<Zeroizing<Vec<u8>>, NotRead> {
    read(path, limit, open)
}

/// Reads a regular file of at most `limit` bytes, whoever can change it. It never waits for a pipe or a device.
///
/// # Errors
/// Where there is none, or it can't be read.
pub fn read_regular(path: &Path, limit: u64) -> Result<Zeroizing<Vec<u8>>, NotRead> {
    read(path, limit, open_regular)
}

fn read(
    path: &Path,
    limit: u64,
    open: impl Fn(&mut OpenOptions, &Path) -> Result<File, Reason>,
) -> Result<Zeroizing<Vec<u8>>, NotRead> {
    let read = || {
        let mut file = open(OpenOptions::new().read(true), path)?;
        let size = file.metadata()?.len();
        if size > limit {
            return Err(Reason::TooLarge(limit));
        }
        // Room for all of it, for what a buffer leaves behind where it grows is not cleared.
        let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(limit.min(size + 1)).unwrap_or(0)));
        file.by_ref().take(limit + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit { Err(Reason::TooLarge(limit)) } else { Ok(bytes) }
    };
    read().map_err(|reason| NotRead { path: path.to_owned(), reason })
}

/// The same as a text. A byte order mark in front is no part of it.
///
/// # Errors
/// As for [`read_guarded`], and where it is no UTF-8.
pub fn read_guarded_text(path: &Path, limit: u64) -> Result<Zeroizing<String>, NotRead> {
    let bytes = read_guarded(path, limit)?;
    let text = str::from_utf8(&bytes).map_err(|_| NotRead {
        path: path.to_owned(),
        reason: io::Error::new(io::ErrorKind::InvalidData, "it is no text in UTF-8").into(),
    })?;
    Ok(Zeroizing::new(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()))
}

/// What a file says that this program alone writes, and makes anew where it says nothing: none where there is no file, or
/// one that is not to be trusted, or no text.
///
/// # Errors
/// Where the system refuses to read it just now: it may say something, and must not be written over.
pub(super) fn read_own_text(path: &Path, limit: u64) -> Result<Option<Zeroizing<String>>, NotRead> {
    let is_refused = |reason: &Reason| match reason {
        Reason::System(error) => !reason.is_absent() && error.kind() != io::ErrorKind::InvalidData,
        _ => false,
    };
    match read_guarded_text(path, limit) {
        Ok(text) => Ok(Some(text)),
        Err(error) if is_refused(&error.reason) => Err(error),
        Err(_) => Ok(None),
    }
}

/// Opens a file that no other user can change, without waiting for whoever holds the other end of a pipe.
pub(super) fn open(options: &mut OpenOptions, path: &Path) -> Result<File, Reason> {
    let file = open_regular(options, path)?;
    platform::check_owner(path, &file.metadata()?)?;
    Ok(file)
}

fn open_regular(options: &mut OpenOptions, path: &Path) -> Result<File, Reason> {
    platform::never_wait(options);
    let file = options.open(path).map_err(|error| platform::refused(error, path))?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(Reason::NotRegular) }
}

/// Whether a folder is the user's or root's, and no other user can put anything into it.
///
/// # Errors
/// Where it is not, or is not there.
pub fn check_folder(path: &Path) -> Result<(), NotRead> {
    let check = || platform::check_owner(path, &std::fs::metadata(path)?);
    check().map_err(|reason| NotRead { path: path.to_owned(), reason })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read_guarded(&path, 5).unwrap().as_slice(), b"12345");
        assert!(matches!(read_guarded(&path, 4).unwrap_err().reason, Reason::TooLarge(4)));
    }

    #[test]
    fn what_is_no_file_is_said_to_be_none() {
        let folder = tempfile::tempdir().unwrap();
        let absent = read_guarded(&folder.path().join("none"), 9).unwrap_err();
        assert!(absent.is_absent(), "{absent}");
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let below = file.join("none");
        assert!(read_guarded(&below, 9).unwrap_err().is_absent());
        assert!(read_own_text(&below, 9).unwrap().is_none());
        let folder = read_guarded(folder.path(), 9).unwrap_err();
        assert!(!folder.is_absent() && folder.to_string().contains("regular"), "{folder}");
    }

    #[test]
    fn a_byte_order_mark_is_passed_over_and_other_encodings_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "\u{feff}key").unwrap();
        assert_eq!(read_guarded_text(&path, 99).unwrap().as_str(), "key");
        fs::write(&path, [0xff, 0xfe, b'k', 0]).unwrap();
        assert!(read_guarded_text(&path, 99).unwrap_err().to_string().contains("UTF-8"));
    }

    #[test]
    fn a_stamp_changes_with_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        assert_eq!(Stamp::of(&path), Stamp::Absent);
        fs::write(&path, "one").unwrap();
        let one = Stamp::of(&path);
        assert_eq!(one, Stamp::of(&path));
        // Another file of the same size and the same time, as a link into a store of packages leads to.
        let other = folder.path().join("other");
        fs::write(&other, "two").unwrap();
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        File::options().write(true).open(&other).unwrap().set_modified(time).unwrap();
        fs::rename(&other, &path).unwrap();
        assert_ne!(one, Stamp::of(&path));
    }
}
