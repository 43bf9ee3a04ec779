//! Files and folders that only their owner can read, replaced whole or not at all.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

#[cfg(unix)]
use unix as platform;
#[cfg(windows)]
use windows as platform;

use super::{FileError, Result};

/// Makes a folder and what is missing above it, for its owner only.
pub(crate) fn make_private_folder(path: &Path) -> Result<()> {
    make_each(path).map_err(FileError::of("make the folder", path))
}

/// Makes a folder behind those above it: one by one, for each has to let us in before the next can be made in it.
fn make_each(path: &Path) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    path.parent().map_or(Ok(()), make_each)?;
    match platform::make_private_folder(path) {
        // Somebody else was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made,
    }
}

/// Begins a new file for its owner only, in place of one that may be there.
pub(crate) fn create_private(path: &Path) -> Result<File> {
    // A file made anew has our mode, whatever an older one of this name had.
    remove(path)?;
    create_new(path).map_err(FileError::of("create", path))
}

/// Writes a new file for its owner only, under the first of these names that no file has, and does with it what is still
/// to be done. Where that fails nothing is left of it.
pub(crate) fn write_beside(
    names: impl IntoIterator<Item = PathBuf>,
    bytes: &[u8],
    then: impl FnOnce(&File) -> io::Result<()>,
) -> Result<PathBuf> {
    let (mut file, path) = create_beside(names)?;
    if let Err(error) = file.write_all(bytes).and_then(|()| then(&file)) {
        let _ = remove(&path);
        return Err(FileError::of("write", path)(error));
    }
    Ok(path)
}

/// Begins a new file for its owner only, under the first of these names that no file has.
fn create_beside(names: impl IntoIterator<Item = PathBuf>) -> Result<(File, PathBuf)> {
    let made = names.into_iter().find_map(|path| match create_new(&path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => None,
        Err(error) => Some(Err(FileError::of("create", path)(error))),
        Ok(file) => Some(Ok((file, path))),
    });
    made.unwrap_or_else(|| Err(FileError::of("create", "")(io::ErrorKind::AlreadyExists.into())))
}

fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let file = only_mine(&mut options).open(path)?;
    keep_mine(&file);
    Ok(file)
}

/// Lets the owner of a file read and write it, whatever the umask took away as it was made.
pub(crate) fn keep_mine(file: &File) {
    platform::keep_mine(file);
}

/// Files made with these options are for their owner only.
pub(crate) fn only_mine(options: &mut OpenOptions) -> &mut OpenOptions {
    platform::make_private_file(options);
    options
}

/// Writes a file for its owner only: a reader sees the old text or the new one, never a part, and so does who starts
/// the machine after a power cut.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<()> {
    let draft = path.with_extension("draft");
    let written = write_draft(&draft, text)
        .and_then(|()| fs::rename(&draft, path).map_err(FileError::of("replace", path)));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    // Where a folder can't be flushed, its file system keeps order by itself or not at all.
    path.parent().map(platform::flush_folder);
    written
}

fn write_draft(draft: &Path, text: &str) -> Result<()> {
    let mut file = create_private(draft)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(FileError::of("write", draft))
}

/// Removes a file; none there is as good.
pub(crate) fn remove(path: &Path) -> Result<()> {
    absent_is_fine(fs::remove_file(path)).map_err(FileError::of("remove", path))
}

/// Removes a folder with all that is in it, or a link to one; none there is as good.
pub(crate) fn remove_folder(path: &Path) -> Result<()> {
    absent_is_fine(fs::remove_dir_all(path)).map_err(FileError::of("remove", path))
}

fn absent_is_fine(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_leaves_no_draft() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("proxy.json");
        write_private(&path, "a long first text").unwrap();
        write_private(&path, "second").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "second");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn removing_what_is_not_there_succeeds() {
        let folder = tempfile::tempdir().unwrap();
        remove(&folder.path().join("none")).unwrap();
        remove_folder(&folder.path().join("none")).unwrap();
    }
}
