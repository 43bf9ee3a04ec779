//! Pages that an editor shows: files that only their owner can read, of which the newest are kept.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::{FileError, Result, private};

/// How many pages are kept.
const KEPT: usize = 50;

/// Writes a page under a name that no other has, and returns where it is. The oldest make room.
///
/// # Errors
/// Where the file system refuses.
pub fn write_page(folder: &Path, name: &str, text: &str) -> Result<PathBuf> {
    private::make_private_folder(folder)?;
    remove_oldest(folder)?;
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let path = folder.join(format!("{name}-{}.md", now.as_millis()));
    // Nobody misses one after a power cut, so nothing waits for the disk.
    private::create_private(&path)?.write_all(text.as_bytes()).map_err(FileError::of("write", &path))?;
    Ok(path)
}

fn remove_oldest(folder: &Path) -> Result<()> {
    let entries = fs::read_dir(folder).map_err(FileError::of("read", folder))?;
    let is_page = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "md");
    let mut pages: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_page).collect();
    pages.sort_by_key(|path| fs::metadata(path).and_then(|data| data.modified()).ok());
    let surplus = (pages.len() + 1).saturating_sub(KEPT);
    pages[..surplus].iter().try_for_each(|page| private::remove(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_pages_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("other.txt");
        fs::write(&other, "not ours").unwrap();
        for number in 0..KEPT + 5 {
            let path = write_page(folder.path(), &format!("answer{number}"), "text").unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), "text");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), KEPT + 1);
        assert!(other.exists());
    }
}
