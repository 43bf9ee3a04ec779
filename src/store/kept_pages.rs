//! Pages with an answer that stands nowhere else. A mark beside such a page says so until the answer has found a place; as
//! long as the mark is locked, some process still writes the page.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use super::{FileError, Result, private};

/// What the mark of a page ends with.
pub(super) const MARK: &str = "kept";

/// A page that its process still writes. Dropped, also when that is killed, it is whole, and others may show it.
#[derive(Debug)]
pub struct KeptPage {
    page: PathBuf,
    /// Holds the lock. None where the file system has none.
    _lock: Option<File>,
}

impl KeptPage {
    /// Marks a page with what it is about, such as the URI of a document.
    ///
    /// # Errors
    /// Where the file system refuses.
    pub fn new(page: PathBuf, about: &str) -> Result<Self> {
        // Nobody misses it after a power cut, so nothing waits for the disk.
        let mark = page.with_extension(MARK);
        let mark = private::write_beside([mark], about.as_bytes(), |_| Ok(()))?;
        let lock =
            File::options().read(true).write(true).open(&mark).map_err(FileError::of("open", &mark))?;
        let lock = lock.try_lock().is_ok().then_some(lock);
        Ok(Self { page, _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.page
    }
}

/// The answer of a page has found another place.
///
/// # Errors
/// Where the file system refuses.
pub fn release_page(page: &Path) -> Result<()> {
    private::remove(&page.with_extension(MARK))
}

/// The answer about something has found a place: what was kept of earlier ones is not the last any more.
pub fn release_pages(folder: &Path, about: &str) {
    for mark in marks(folder).filter(|mark| is_free(mark)) {
        if fs::read_to_string(&mark).is_ok_and(|said| said == about) {
            // It goes with the pages of former days.
            let _ = private::remove(&mark);
        }
    }
}

/// The page that was written last of those whose answers stand nowhere else: of one of these texts, or else of any. None
/// where there is none; what a process still writes is no answer yet.
pub fn newest_kept_page(folder: &Path, about: &[impl AsRef<str>]) -> Option<PathBuf> {
    let written = |mark: PathBuf| {
        let is_meant =
            fs::read_to_string(&mark).is_ok_and(|said| about.iter().any(|about| *about.as_ref() == said));
        let page = mark.with_extension("md");
        Some((is_meant, fs::metadata(&page).and_then(|data| data.modified()).ok()?, page))
    };
    marks(folder).filter(|mark| is_free(mark)).filter_map(written).max().map(|(.., page)| page)
}

fn marks(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == MARK))
}

/// Whether no process holds it.
fn is_free(mark: &Path) -> bool {
    File::options().read(true).write(true).open(mark).is_ok_and(|mark| mark.try_lock_shared().is_ok())
}

#[cfg(test)]
mod tests {
    use super::{super::write_page, *};

    fn newest(folder: &Path) -> Option<PathBuf> {
        newest_kept_page(folder, &[""; 0])
    }

    #[test]
    fn the_last_answer_without_a_place_is_offered_and_none_that_is_still_written() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        assert_eq!(newest(&folder.join("none yet")), None);
        // Pages that were written in this order, each one second behind the other.
        let mut instant = std::time::SystemTime::now();
        let mut kept = |about: &str| {
            let page = write_page(folder, "answer", about).unwrap();
            instant += std::time::Duration::from_secs(1);
            File::options().write(true).open(&page).unwrap().set_modified(instant).unwrap();
            KeptPage::new(page, about).unwrap()
        };
        let [first, other, last] = ["a.rs", "b.rs", "a.rs"].map(&mut kept);
        let [of_first, of_other, of_last] = [&first, &other, &last].map(|page| page.path().to_owned());
        assert_eq!(newest(folder), None, "all are still written");
        drop(first);
        assert_eq!(newest(folder), Some(of_first.clone()));
        drop(other);
        assert_eq!(newest(folder), Some(of_other.clone()));
        // One that a process still writes stays its own.
        release_pages(folder, "a.rs");
        assert_eq!(newest(folder), Some(of_other.clone()));
        assert_eq!(newest_kept_page(folder, &["a.rs"]), Some(of_other.clone()), "none of its own is there");
        drop(last);
        assert_eq!(
            newest_kept_page(folder, &["b.rs", "c.rs"]),
            Some(of_other.clone()),
            "that of its own text"
        );
        assert_eq!(newest(folder), Some(of_last.clone()));
        release_page(&of_last).unwrap();
        release_page(&of_last).unwrap();
        assert_eq!(newest(folder), Some(of_other.clone()));
        drop(kept("b.rs"));
        release_pages(folder, "b.rs");
        assert_eq!(newest(folder), None);
        assert!([of_first, of_other, of_last].iter().all(|page| page.exists()), "pages stay for a day");
        // A mark without its page is none.
        let gone = kept("c.rs");
        fs::remove_file(gone.path()).unwrap();
        drop(gone);
        assert_eq!(newest(folder), None);
    }
}
