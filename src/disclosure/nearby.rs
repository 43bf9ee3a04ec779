//! The files of credentials that configurations name which lie in the folders around a file.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use crate::{
    config_yaml::{CredentialFile, Disk, Files, credential_files_at, has_name_of_config},
    lock::lock,
    store::Stamp,
};

/// In how many folders above a file configurations are looked for.
const FOLDERS: usize = 8;
/// Of how many folders it is kept in mind what lies there.
const KEPT: usize = 256;
/// What was written so shortly before it was read may have been written again in the same tick of the file system's clock.
const TICK: Duration = Duration::from_secs(2);
/// Names that are looked for in folders too full to be listed.
const NAMES: [&str; 4] = ["config.yaml", "config.yml", "proxy_config.yaml", "litellm_config.yaml"];

/// What lies in folders, kept until it changes.
#[derive(Debug, Default)]
pub struct Nearby {
    folders: Mutex<HashMap<PathBuf, Folder>>,
}

#[derive(Debug, Clone)]
struct Folder {
    /// What was looked at, the folder first, and its states then.
    looked_at: Arc<[(PathBuf, Stamp)]>,
    credentials: Arc<[CredentialFile]>,
}

impl Nearby {
    /// What is known already and still holds. None where files have to be read, which takes a while.
    pub fn known(&self, file: &Path) -> Option<Vec<CredentialFile>> {
        let known = |folder: &Path| lock(&self.folders).get(folder).cloned().filter(Folder::holds);
        let folders: Option<Vec<Folder>> = folders(file).map(known).collect();
        Some(joined(folders?))
    }

    /// The files of credentials that configurations around a file name.
    pub fn look(&self, file: &Path) -> Vec<CredentialFile> {
        joined(folders(file).map(|folder| {
            let known = lock(&self.folders).get(folder).cloned().filter(Folder::holds);
            known.unwrap_or_else(|| {
                let (read, lasts) = Folder::read(folder);
                let mut folders = lock(&self.folders);
                if folders.len() >= KEPT {
                    folders.clear();
                }
                if lasts {
                    folders.insert(folder.to_owned(), read.clone());
                }
                read
            })
        }))
    }
}

fn folders(file: &Path) -> impl Iterator<Item = &Path> {
    file.ancestors().skip(1).take(FOLDERS).filter(|folder| folder.is_absolute())
}

fn joined(folders: impl IntoIterator<Item = Folder>) -> Vec<CredentialFile> {
    folders.into_iter().flat_map(|folder| folder.credentials.to_vec()).collect()
}

impl Folder {
    fn holds(&self) -> bool {
        self.looked_at.iter().all(|(path, stamp)| Stamp::of(path) == *stamp)
    }

    /// Reads a folder, and says whether what is read holds as long as the states of its files do.
    fn read(folder: &Path) -> (Self, bool) {
        let now = SystemTime::now();
        let of_folder = (folder.to_owned(), Stamp::of(folder));
        let mut names = Disk.yaml_names(folder);
        names.extend(NAMES.map(PathBuf::from));
        names.retain(|name| has_name_of_config(name));
        names.sort();
        names.dedup();
        let mut looked_at = vec![of_folder];
        let mut credentials = Vec::new();
        for config in names.into_iter().map(|name| folder.join(name)) {
            // Before it is read, so that a change amid that is seen.
            let stamp = Stamp::of(&config);
            if stamp == Stamp::Absent {
                // One that comes changes the folder.
                continue;
            }
            looked_at.push((config.clone(), stamp));
            let (named, read) = credential_files_at(&config, &Disk);
            credentials.extend(named);
            looked_at.extend(read.into_iter().skip(1).map(|path| {
                let stamp = Stamp::of(&path);
                (path, stamp)
            }));
        }
        let lasts = looked_at.iter().all(|(_, stamp)| stamp.is_older(now, TICK));
        (Self { looked_at: looked_at.into(), credentials: credentials.into() }, lasts)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn config(file: &str) -> String {
        format!("model_list:\n- model_name: a\n  litellm_params:\n    vertex_credentials: {file}\n")
    }

    /// Makes what is there as old as files usually are.
    fn age(folder: &Path) {
        for path in
            [folder.to_owned()].into_iter().chain(fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()))
        {
            let mut options = fs::OpenOptions::new();
            options.read(true);
            // Windows opens a folder, and lets a time be set, for who says that it is meant: FILE_FLAG_BACKUP_SEMANTICS and
            // FILE_WRITE_ATTRIBUTES.
            #[cfg(windows)]
            std::os::windows::fs::OpenOptionsExt::custom_flags(
                std::os::windows::fs::OpenOptionsExt::access_mode(&mut options, 0x100),
                0x0200_0000,
            );
            let file = options.open(path).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(60)).unwrap();
        }
    }

    #[test]
    fn what_a_configuration_around_a_file_names_is_known_and_each_change_of_it_is_seen() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().canonicalize().unwrap().join("a");
        fs::create_dir_all(folder.join("b/c")).unwrap();
        let nearby = Nearby::default();
        let named = |file: &str| {
            let all = nearby.look(&folder.join(file));
            all.iter().map(|file| file.named.display().to_string()).collect::<Vec<_>>()
        };
        for file in ["x", "b/x", "b/c/x"] {
            assert_eq!(named(file), [""; 0]);
        }
        fs::write(folder.join("config.yaml"), config("one.json")).unwrap();
        for aged in [false, true] {
            if aged {
                age(&folder);
            }
            for file in ["x", "b/x", "b/c/x"] {
                assert_eq!(named(file), ["one.json"], "{file}");
            }
        }
        // Of the same size.
        fs::write(folder.join("config.yaml"), config("two.json")).unwrap();
        assert_eq!(named("b/x"), ["two.json"]);
        age(&folder);
        let text = config("os.environ/GOOGLE") + "include: [more.yaml]\n";
        fs::write(folder.join("config.yaml"), text).unwrap();
        assert_eq!(named("x"), [""; 0]);
        fs::write(folder.join(".env"), "GOOGLE=three.json\n").unwrap();
        assert_eq!(named("x"), ["three.json"]);
        fs::write(folder.join("more.yaml"), config("four.json")).unwrap();
        assert_eq!(named("x"), ["four.json", "three.json"]);
        fs::write(folder.join("b/my-litellm.yml"), config("five.json")).unwrap();
        assert_eq!(named("b/x"), ["five.json", "four.json", "three.json"]);
        assert_eq!(named("x").len(), 2);
        fs::remove_file(folder.join("config.yaml")).unwrap();
        assert_eq!((named("x").len(), named("b/x").len()), (0, 1));
    }

    #[test]
    fn what_is_known_is_bounded() {
        let root = tempfile::tempdir().unwrap();
        let nearby = Nearby::default();
        for number in 0..2 * KEPT {
            let folder = root.path().join(number.to_string());
            fs::create_dir(&folder).unwrap();
            nearby.look(&folder.join("x"));
        }
        assert!(lock(&nearby.folders).len() <= KEPT);
        assert_eq!(nearby.look(Path::new("untitled:x")), [], "it is in no folder");
    }
}
