//! Private files on Unix: by their mode.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Files made with these options are for their owner only.
pub(super) fn make_private_file(options: &mut OpenOptions) {
    options.mode(0o600);
}

/// Makes a new file readable for its owner whatever the umask takes away. Where the file system has no modes, it stays
/// as it was made.
pub(super) fn keep_mine(file: &File) {
    let _ = file.set_permissions(Permissions::from_mode(0o600));
}

/// Makes a folder for its owner only. The umask may take the owner's part away too.
pub(super) fn make_private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)?;
    // A file system without modes refuses it, and has none that could be in the way.
    let _ = fs::set_permissions(path, Permissions::from_mode(0o700));
    Ok(())
}

/// Puts a file in the place of another.
pub(super) fn replace(draft: &Path, path: &Path) -> io::Result<()> {
    fs::rename(draft, path)
}

/// Makes the names in a folder last.
pub(super) fn flush_folder(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn files_and_folders_are_for_their_owner_even_where_one_stood_open() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        super::super::make_private_folder(&inner).unwrap();
        assert_eq!((mode(&folder.path().join("a")), mode(&inner)), (0o700, 0o700));
        let path = inner.join("key");
        fs::write(&path, "open to all").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        super::super::write_private(&path, "mine").unwrap();
        assert_eq!(mode(&path), 0o600);
    }
}
