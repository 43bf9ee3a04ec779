//! Guarded files on Windows: a user's own folders are closed to others, and their files inherit that.

use std::{
    fs::{Metadata, OpenOptions},
    io,
    os::windows::{fs::OpenOptionsExt, io::AsRawHandle},
    path::Path,
};

use windows_sys::Win32::Storage::FileSystem::{BY_HANDLE_FILE_INFORMATION, GetFileInformationByHandle};

use super::Reason;

/// The same as [`FileId`]: which file it is, whatever name it goes by.
pub(in crate::store) type Identity = FileId;

pub(super) fn identity(path: &Path, data: &Metadata) -> Option<Identity> {
    Some(file_id(path, data)).filter(|id| *id != FileId::default())
}

/// The volume's serial number and the file's index there; zeros where the system does not tell.
/// The time of its creation would not do: a file that takes another's name soon after takes that time too.
pub(in crate::store) type FileId = (u32, u32, u32);

pub(super) fn file_id(path: &Path, _: &Metadata) -> FileId {
    let mut data = BY_HANDLE_FILE_INFORMATION::default();
    // No access is asked for: what a file is may be known of one that can't be read.
    if let Ok(file) = OpenOptions::new().access_mode(0).open(path) {
        // SAFETY: the handle is open, and the structure is there to be written. Where that fails it stays as it is.
        unsafe { GetFileInformationByHandle(file.as_raw_handle(), &mut data) };
    }
    (data.dwVolumeSerialNumber, data.nFileIndexHigh, data.nFileIndexLow)
}

/// Opening a file waits for nobody.
pub(super) fn never_wait(_options: &mut OpenOptions) {}

/// A folder can't be opened as a file is: Windows calls that "access denied".
pub(super) fn refused(error: io::Error, path: &Path) -> Reason {
    if path.is_dir() { Reason::NotRegular } else { error.into() }
}

pub(super) fn check_owner(_path: &Path, _data: &Metadata) -> Result<(), Reason> {
    Ok(())
}
