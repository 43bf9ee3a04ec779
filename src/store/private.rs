//! Files and folders that only their owner can read, replaced whole or not at all.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

#[cfg(unix)]
use unix as platform;
#[cfg(windows)]
use windows as platform;

use super::{FileError, Result};

/// How many names are tried for a draft.
const MOST_DRAFTS: usize = 100;
/// Digits in the name of a draft: more than any instant has that other programs name theirs by.
const DIGITS: usize = 20;
/// No writing of a file takes as long.
const LONGEST_WRITE: Duration = Duration::from_secs(10 * 60);

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
    let mut last = PathBuf::new();
    for path in names {
        match create_new(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = path,
            Err(error) => return Err(FileError::of("create", path)(error)),
            Ok(file) => return Ok((file, path)),
        }
    }
    Err(FileError::of("create", last)(io::ErrorKind::AlreadyExists.into()))
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
/// the machine after a power cut. Of several that write it at once, the last one's text stands there, whole.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<()> {
    let draft = write_beside(drafts(path), text.as_bytes(), File::sync_all)?;
    if let Err(error) = platform::replace(&draft, path) {
        let _ = remove(&draft);
        return Err(FileError::of("replace", path)(error));
    }
    // Where a folder can't be flushed, its file system keeps order by itself or not at all.
    path.parent().map(platform::flush_folder);
    remove_leftovers(path);
    Ok(())
}

/// Removes the drafts of a file that kills left. They are known by their names, and by that nobody writes so long.
fn remove_leftovers(path: &Path) {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return;
    };
    let is_draft = |found: &str| {
        let number = found.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')?.strip_suffix(".tmp"));
        number.is_some_and(|number| number.len() == DIGITS && number.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_old = |found: &fs::DirEntry| {
        let written = found.metadata().and_then(|data| data.modified()).ok();
        written.and_then(|written| written.elapsed().ok()).is_some_and(|age| age > LONGEST_WRITE)
    };
    for found in fs::read_dir(folder).into_iter().flatten().flatten() {
        if found.file_name().to_str().is_some_and(is_draft) && is_old(&found) {
            let _ = remove(&found.path());
        }
    }
}

/// What the new text of a file may be called until it takes the file's place. The names begin as the file's own, so that
/// a draft which a kill leaves counts as one of its kind: `.env.123.tmp` is no more sent or committed than `.env` is.
fn drafts(path: &Path) -> impl Iterator<Item = PathBuf> {
    let name = path.file_name().unwrap_or_default().to_owned();
    let drafts = std::iter::repeat_with(move || {
        let mut draft = name.clone();
        draft.push(format!(".{:0DIGITS$}.tmp", random()));
        path.with_file_name(draft)
    });
    drafts.take(MOST_DRAFTS)
}

/// A number that two rarely get: names that are taken are passed over all the same.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
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

    /// What stands beside a file is never touched, whatever it is called, and nothing of a draft stays.
    #[test]
    fn a_draft_takes_the_place_of_nothing() {
        for (target, beside) in [
            (".env", ".env.draft"),
            ("all.env", "all.draft"),
            ("settings.toml", "settings.draft"),
            ("name", "name.draft"),
            ("a b.json", "a b.json.tmp"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let [path, other] = [target, beside].map(|name| folder.path().join(name));
            fs::write(&other, "the user's").unwrap();
            fs::create_dir(folder.path().join("folder")).unwrap();
            let names = || {
                let entries = fs::read_dir(folder.path()).unwrap();
                entries.map(|entry| entry.unwrap().file_name()).collect::<std::collections::BTreeSet<_>>()
            };
            write_private(&path, "mine").unwrap();
            let written = names();
            assert_eq!((written.len(), fs::read_to_string(&path).unwrap().as_str()), (3, "mine"), "{target}");
            let refused = write_private(&folder.path().join("folder"), "mine").unwrap_err();
            assert!(refused.attempt == "replace" && !refused.remedy().is_empty(), "{refused}");
            assert_eq!(names(), written, "{target}");
            assert_eq!(fs::read_to_string(&other).unwrap(), "the user's", "{target}");
        }
    }

    #[test]
    fn a_draft_that_a_kill_leaves_is_secret_as_its_file_is() {
        for (name, cleared) in [(".env", ".env"), ("all.env", "all.env"), ("master-key", "master-key")] {
            for draft in drafts(&Path::new("/w").join(name)).take(3) {
                let draft = draft.to_string_lossy().replace('\\', "/");
                assert!(draft.starts_with(&format!("/w/{name}.")), "{draft}");
                assert!(crate::assist::secret_pattern(&draft, &[]).is_some(), "{draft}");
                assert!(crate::assist::is_cleared(&draft, &[format!("!{cleared}")]), "{draft}");
            }
        }
    }

    #[test]
    fn what_kills_leave_goes_later_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let number = "01234567890123456789";
        let now = std::time::SystemTime::now();
        let cases = [
            (format!(".env.{number}.tmp"), 2, false),
            (format!(".env.{number}.tmp"), 0, true),
            (format!(".env.{number}"), 2, true),
            (format!(".env.{number}.tmp~"), 2, true),
            (format!("a.env.{number}.tmp"), 2, true),
            (format!(".env.{number}1.tmp"), 2, true),
            (".env.1732640000.tmp".to_owned(), 2, true),
            (".env.draft".to_owned(), 2, true),
        ];
        for (name, times, stays) in cases {
            let found = folder.path().join(&name);
            fs::write(&found, "A=1").unwrap();
            let file = OpenOptions::new().write(true).open(&found).unwrap();
            file.set_modified(now - times * LONGEST_WRITE).unwrap();
            // Windows removes what is open when it is closed.
            drop(file);
            write_private(&folder.path().join(".env"), "A=2").unwrap();
            assert_eq!(found.exists(), stays, "{name}");
        }
    }

    #[test]
    fn names_that_are_taken_are_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let [taken, free] = ["taken", "free"].map(|name| folder.path().join(name));
        fs::write(&taken, "another's").unwrap();
        let written = write_beside([taken.clone(), free.clone()], b"mine", |_| Ok(())).unwrap();
        assert_eq!((written, fs::read_to_string(&taken).unwrap().as_str()), (free, "another's"));
        let refused = write_beside([taken], b"mine", |_| Ok(())).unwrap_err();
        assert!(refused.path.ends_with("taken"), "{refused}");
    }

    #[test]
    fn of_twelve_that_write_at_once_each_succeeds_and_one_text_stands_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        let texts: Vec<String> = (0..12).map(|number| format!("A={number}\n").repeat(500)).collect();
        std::thread::scope(|scope| {
            for text in &texts {
                scope.spawn(|| (0..20).for_each(|_| write_private(&path, text).unwrap()));
            }
        });
        assert!(texts.contains(&fs::read_to_string(&path).unwrap()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn removing_what_is_not_there_succeeds() {
        let folder = tempfile::tempdir().unwrap();
        remove(&folder.path().join("none")).unwrap();
        remove_folder(&folder.path().join("none")).unwrap();
    }
}
