//! Pages that an editor shows: files that only their owner can read, of which the newest are kept.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use super::{FileError, Result, end_future, kept_pages::release_page, private};

/// How many pages are kept.
const KEPT: usize = 50;
/// How long a page is kept: it may hold code, and an answer that was paid for.
const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// Writes a page under a name that no other has, and returns where it is. The oldest make room.
///
/// # Errors
/// Where the file system refuses.
pub fn write_page(folder: &Path, name: &str, text: &str) -> Result<PathBuf> {
    private::make_private_folder(folder)?;
    remove_old_pages(folder)?;
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    // Other editors of the same user write here too, perhaps at the same instant.
    let instants = now.as_millis()..;
    let names = instants.map(|instant| folder.join(format!("{name}-{instant}.md")));
    // Nobody misses one after a power cut, so nothing waits for the disk.
    private::write_beside(names, text.as_bytes(), |_| Ok(()))
}

/// Writes a page anew.
///
/// # Errors
/// Where the file system refuses.
pub fn rewrite_page(page: &Path, text: &str) -> Result<()> {
    private::write_private(page, text)
}

/// Removes a page, and the mark that keeps it.
///
/// # Errors
/// Where the file system refuses.
pub fn remove_page(page: &Path) -> Result<()> {
    release_page(page)?;
    private::remove(page)
}

/// Whether a file is called as `write_page` calls one: an embedding program may have files of its own in the folder.
fn is_page(path: &Path) -> bool {
    const DIGITS: usize = 13;
    let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".md"));
    let instant = name.and_then(|name| Some(name.rsplit_once('-')?.1));
    instant.is_some_and(|instant| instant.len() == DIGITS && instant.bytes().all(|b| b.is_ascii_digit()))
}

/// Removes the pages that are older than a day, and the oldest where there are many.
///
/// # Errors
/// Where the file system refuses.
pub fn remove_old_pages(folder: &Path) -> Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(FileError::of("read", folder))?,
    };
    let written = |path: &PathBuf| fs::metadata(path).and_then(|data| data.modified()).ok();
    let pages: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(|path| is_page(path)).collect();
    end_future(pages.iter().map(PathBuf::as_path));
    let pages = pages.into_iter();
    let mut pages: Vec<_> = pages.map(|path| (written(&path), path)).collect();
    pages.sort();
    let surplus = (pages.len() + 1).saturating_sub(KEPT);
    let is_old = |written: &Option<SystemTime>| {
        written.and_then(|written| written.elapsed().ok()).is_some_and(|age| age > KEPT_FOR)
    };
    let old = pages.iter().enumerate().filter(|(place, (written, _))| *place < surplus || is_old(written));
    old.map(|(_, (_, path))| path).try_for_each(|page| remove_page(page))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{KeptPage, newest_kept_page},
        *,
    };

    #[test]
    fn only_the_newest_pages_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let others =
            ["other.txt", "notes.md", "2026-01-01.md", "answer-1.md"].map(|name| folder.path().join(name));
        for other in &others {
            fs::write(other, "not ours").unwrap();
            let former = SystemTime::now() - 10 * KEPT_FOR;
            fs::File::options().write(true).open(other).unwrap().set_modified(former).unwrap();
        }
        for number in 0..KEPT + 5 {
            let path = write_page(folder.path(), &format!("answer{number}"), "text").unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), "text");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), KEPT + others.len());
        assert!(others.iter().all(|other| other.exists()));
    }

    /// One of a clock that ran ahead is neither the newest for ever nor kept for ever.
    #[test]
    fn a_page_of_the_future_is_older_than_the_next_one() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let ahead = folder.join("answer-4102444800000.md");
        fs::write(&ahead, "old").unwrap();
        let later = SystemTime::now() + 10_000 * KEPT_FOR;
        fs::File::options().write(true).open(&ahead).unwrap().set_modified(later).unwrap();
        drop(KeptPage::new(ahead.clone(), "a.rs").unwrap());
        assert_eq!(newest_kept_page(folder, &[""; 0]).as_deref(), Some(ahead.as_path()), "none is newer yet");
        let new = write_page(folder, "answer", "new").unwrap();
        drop(KeptPage::new(new.clone(), "a.rs").unwrap());
        assert_eq!(newest_kept_page(folder, &[""; 0]), Some(new));
        assert!(fs::metadata(&ahead).unwrap().modified().unwrap() < SystemTime::now());
    }

    #[test]
    fn no_page_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let texts: Vec<_> = (0..30).map(|number| format!("text {number}")).collect();
        let pages: Vec<_> =
            texts.iter().map(|text| write_page(folder.path(), "answer", text).unwrap()).collect();
        for (page, text) in pages.iter().zip(&texts) {
            assert_eq!(&fs::read_to_string(page).unwrap(), text);
        }
    }

    #[test]
    fn a_page_goes_with_its_mark() {
        let folder = tempfile::tempdir().unwrap();
        let page = write_page(folder.path(), "half", "1").unwrap();
        drop(KeptPage::new(page.clone(), "a").unwrap());
        rewrite_page(&page, "2").unwrap();
        assert_eq!(fs::read_to_string(&page).unwrap(), "2");
        assert_eq!(newest_kept_page(folder.path(), &[""; 0]).as_ref(), Some(&page));
        remove_page(&page).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_page_is_kept_for_a_day() {
        let folder = tempfile::tempdir().unwrap();
        remove_old_pages(&folder.path().join("none yet")).unwrap();
        let pages = ["old", "new"].map(|name| write_page(folder.path(), name, "text").unwrap());
        for (page, hours) in pages.iter().zip([25, 23]) {
            let written = SystemTime::now() - Duration::from_secs(hours * 60 * 60);
            fs::File::options().write(true).open(page).unwrap().set_modified(written).unwrap();
        }
        remove_old_pages(folder.path()).unwrap();
        assert_eq!(pages.map(|page| page.exists()), [false, true]);
    }
}
