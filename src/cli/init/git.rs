//! Whether git holds a file: then no `.gitignore` keeps its next version out. Git itself is not run, for the settings of
//! a repository may name programs that it runs.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

/// Most bytes of an index that are read: of some hundred thousand files.
const MOST: u64 = 64 << 20;

/// Whether the index of the repository around a file names it.
pub(super) fn holds(path: &Path) -> bool {
    let repository = path.ancestors().skip(1).find_map(|folder| Some((folder, git_folder(folder)?)));
    let Some((root, git)) = repository else { return false };
    let Ok(inside) = path.strip_prefix(root) else { return false };
    let mut index = Vec::new();
    let file = File::open(git.join("index"));
    if file.and_then(|file| file.take(MOST).read_to_end(&mut index)).is_err() {
        return false;
    }
    names(&index, &inside.to_string_lossy().replace('\\', "/"))
}

/// The folder that git keeps its own in. In other work trees a file says where.
fn git_folder(folder: &Path) -> Option<PathBuf> {
    let git = folder.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let text = fs::read_to_string(git).ok()?;
    Some(folder.join(text.strip_prefix("gitdir:")?.trim()))
}

/// Whether an index has an entry of this name: it stands behind its own length and before a zero byte (gitformat-index,
/// versions 2 and 3). Version 4 leaves out what two names begin with, and is not read.
fn names(index: &[u8], name: &str) -> bool {
    const LENGTH: u16 = 0xFFF;
    let wanted = [name.as_bytes(), b"\0"].concat();
    let is_length = |at: Option<usize>| {
        let bytes = at.and_then(|at| index.get(at..at + 2)).and_then(|bytes| bytes.try_into().ok());
        bytes.map(u16::from_be_bytes).is_some_and(|flags| usize::from(flags & LENGTH) == name.len())
    };
    index
        .windows(wanted.len())
        .enumerate()
        .filter(|(_, window)| *window == wanted)
        .any(|(at, _)| is_length(at.checked_sub(2)) || is_length(at.checked_sub(4)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_names_the_files_that_git_holds() {
        let entry = |name: &str| {
            let length = u16::try_from(name.len()).unwrap().to_be_bytes();
            [&[0; 60], &length[..], name.as_bytes(), &[0; 4]].concat()
        };
        let index = [b"DIRC\0\0\0\x02".to_vec(), entry("a.rs"), entry("sub/.env")].concat();
        assert!(names(&index, "sub/.env") && names(&index, "a.rs"));
        for other in [".env", "sub/.en", "b.rs"] {
            assert!(!names(&index, other), "{other}");
        }
    }
}
