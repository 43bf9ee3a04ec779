//! The log of the one process: a file that only its owner can read, and one before it.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use super::process;
use crate::store::private::{make_private_folder, only_mine};

/// Beyond this many bytes another file is begun.
const LARGEST: u64 = 1 << 20;

/// Opens the log, after what is too long.
///
/// # Errors
/// Where it can't be written.
pub(super) fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        make_private_folder(folder).map_err(|error| error.cause)?;
    }
    if is_large(path) {
        fs::rename(path, path.with_extension("log.1"))?;
    }
    only_mine(OpenOptions::new().create(true).append(true)).open(path)
}

/// The file that standard error goes to.
static KEPT: OnceLock<PathBuf> = OnceLock::new();

/// Says that standard error goes to this file.
pub(super) fn keep(path: &Path) {
    let _ = KEPT.set(path.to_owned());
}

/// Has standard error go on in another file where its own has become large. To be told how many bytes were written to it.
pub fn turn_over(written: u64) {
    static UNSEEN: AtomicU64 = AtomicU64::new(LARGEST);
    let Some(path) = KEPT.get() else { return };
    // The size is asked for at first, and then now and again.
    if UNSEEN.fetch_add(written, Ordering::Relaxed) < LARGEST / 8 {
        return;
    }
    UNSEEN.store(0, Ordering::Relaxed);
    if is_large(path)
        && let Ok(log) = open(path)
    {
        process::log_to(&log);
    }
}

fn is_large(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|data| data.len() > LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_log_is_put_aside_and_nothing_else_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/shared.log");
        drop(open(&path).unwrap());
        fs::write(&path, vec![b'x'; LARGEST as usize]).unwrap();
        drop(open(&path).unwrap());
        assert_eq!(fs::metadata(&path).unwrap().len(), LARGEST);
        fs::write(&path, vec![b'x'; LARGEST as usize + 1]).unwrap();
        drop(open(&path).unwrap());
        let sizes = [&path, &path.with_extension("log.1")].map(|path| fs::metadata(path).unwrap().len());
        assert_eq!(sizes, [0, LARGEST + 1]);
    }
}
