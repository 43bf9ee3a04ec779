//! Where everything of this machine's proxy lies.

use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::BaseStrategy;

use super::error::{Error, Result};
use crate::store::{check_folder, private, read_guarded_text};
use crate::surroundings::Surroundings;

/// Where a virtual environment has its Python.
pub(super) const PYTHON: &str = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
/// Most bytes of a key.
const KEY_SIZE: u64 = 4096;
/// Most bytes of what somebody at work says of it.
const WORK_SIZE: u64 = 1024;
/// Files of which every home of ours has one, whatever is done in it.
const MARKS: [&str; 3] = ["lock", "installed.lock", "proxy.json"];
/// How often a taken lock is tried again.
const LOCK_RETRY: Duration = Duration::from_millis(100);

/// The folder of this machine's proxy, `litellm` below a data folder, and what its programs run in.
#[derive(Clone)]
pub struct Home {
    folder: PathBuf,
    surroundings: Surroundings,
}

impl Home {
    /// The home below a data folder. Touches no disk: the folder is made by the first install.
    pub fn open(data_dir: PathBuf) -> Home {
        // An absolute path, for the record and the proxy outlive our working directory.
        let data_dir = std::path::absolute(&data_dir).unwrap_or(data_dir);
        Home { folder: data_dir.join("litellm"), surroundings: Surroundings::default() }
    }

    /// The same for a peer that was started with these variables, in this folder.
    #[must_use]
    pub fn of_peer(self, surroundings: Surroundings) -> Home {
        Home { surroundings, ..self }
    }

    /// The data folder to open: `LITELLM_LS_DATA_DIR` as `lookup` tells it, else `litellm-ls` in the folder
    /// where this system keeps a user's data.
    ///
    /// # Errors
    /// [`Error::NoDataFolder`] where the system names none.
    pub fn default_dir(lookup: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf> {
        if let Some(chosen) = lookup("LITELLM_LS_DATA_DIR").filter(|chosen| !chosen.is_empty()) {
            return Ok(PathBuf::from(chosen));
        }
        let system = etcetera::base_strategy::choose_native_strategy().map_err(|_| Error::NoDataFolder)?;
        let folder = system.data_dir().join("litellm-ls");
        // Below the current folder it would be anybody's.
        if folder.is_absolute() { Ok(folder) } else { Err(Error::NoDataFolder) }
    }

    /// What the running proxy, or the last one, printed.
    pub fn log(&self) -> PathBuf {
        self.folder.join("proxy.log")
    }

    pub(super) fn surroundings(&self) -> &Surroundings {
        &self.surroundings
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn venv(&self) -> PathBuf {
        self.folder.join("venv")
    }

    pub(super) fn python(&self) -> PathBuf {
        self.venv().join(PYTHON)
    }

    /// The lock that `venv` was made from. Written last, so it stands only beside a whole installation.
    pub(super) fn installed_requirements(&self) -> PathBuf {
        self.folder.join("installed.lock")
    }

    pub(super) fn install_log(&self) -> PathBuf {
        self.folder.join("install.log")
    }

    /// What LiteLLM printed while it loaded a file to be checked.
    pub(super) fn check_log(&self) -> PathBuf {
        self.folder.join("check.log")
    }

    pub(super) fn record(&self) -> PathBuf {
        self.folder.join("proxy.json")
    }

    /// The file with the key of the proxy.
    pub fn master_key(&self) -> PathBuf {
        self.folder.join("master-key")
    }

    /// The key that the proxy was started under last. None where there is none, or another user could have written it.
    pub(super) fn key(&self) -> Option<String> {
        let key = read_guarded_text(&self.master_key(), KEY_SIZE).ok()?;
        Some(key.trim().to_owned())
    }

    pub(super) fn generated_config(&self) -> PathBuf {
        self.folder.join("config.yaml")
    }

    /// Waits until nobody else installs, starts or stops, and then does `work`, such as `installs LiteLLM`. Where somebody
    /// else is at work, `on_wait` hears who. Holds until the file is dropped, or its process killed.
    pub(super) async fn lock(&self, work: &str, on_wait: impl FnOnce(String)) -> Result<File> {
        if let Some(turn) = self.try_lock(work)? {
            return Ok(turn);
        }
        on_wait(self.worker());
        // Tried again and again rather than waited for: a blocked thread could not be cancelled.
        loop {
            tokio::time::sleep(LOCK_RETRY).await;
            if let Some(turn) = self.try_lock(work)? {
                return Ok(turn);
            }
        }
    }

    /// Who is at work, and at what, for people.
    pub(super) fn worker(&self) -> String {
        let said = read_guarded_text(&self.work(), WORK_SIZE).ok();
        said.map_or_else(|| "another litellm-ls is at work".to_owned(), |said| said.trim().to_owned())
    }

    fn work(&self) -> PathBuf {
        self.folder.join("work")
    }

    /// Whether the folder is somebody else's, such as a clone of LiteLLM: there are files, and none of ours. Nothing of
    /// it may be replaced or removed.
    fn is_others(&self) -> bool {
        let mut names =
            fs::read_dir(&self.folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
        let is_ours = || MARKS.iter().any(|mark| self.folder.join(mark).is_file());
        names.next().is_some() && !is_ours()
    }

    /// The lock, where nobody has it. Makes the folder first.
    pub(super) fn try_lock(&self, work: &str) -> Result<Option<File>> {
        private::make_private_folder(&self.folder)?;
        // Else another user could put a program of theirs in the place of Python.
        check_folder(&self.folder).map_err(Error::Folder)?;
        if self.is_others() {
            return Err(Error::Others(self.folder.clone()));
        }
        let path = self.folder.join("lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(Error::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => {
                let said = format!("another litellm-ls (process {}) {work}\n", std::process::id());
                private::write_private(&self.work(), &said)?;
                Ok(Some(file))
            }
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(cause)) => Err(Error::io("lock", path)(cause)),
        }
    }
}

impl fmt::Debug for Home {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Variables hold keys.
        f.debug_struct("Home").field("folder", &self.folder).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_chooses_the_data_folder() {
        let chosen = Home::default_dir(|name| (name == "LITELLM_LS_DATA_DIR").then(|| "/data".into()));
        assert_eq!(chosen.unwrap(), PathBuf::from("/data"));
    }

    #[test]
    fn an_empty_choice_is_none() {
        let chosen = Home::default_dir(|_| Some(OsString::new())).unwrap();
        assert!(chosen.ends_with("litellm-ls"), "{chosen:?}");
    }

    #[test]
    fn a_home_is_absolute() {
        assert!(Home::open(PathBuf::from("here")).log().is_absolute());
    }

    /// A clone of LiteLLM beside other projects is called as a home is.
    #[tokio::test]
    async fn a_folder_of_somebody_else_is_left_as_it_is() {
        use crate::proxy::{install, uninstall};

        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().to_owned());
        fs::create_dir_all(home.venv()).unwrap();
        let theirs = ["venv/mine", "config.yaml", "proxy.log"].map(|name| home.folder().join(name));
        for file in &theirs {
            fs::write(file, "mine").unwrap();
        }
        let names = || fs::read_dir(home.folder()).unwrap().count();
        let before = names();
        for refused in [
            install(&home, None, |_| ()).await.map(drop),
            uninstall(&home, |_| ()).await.map(drop),
            home.lock("tests", |_| ()).await.map(drop),
        ] {
            let refused = refused.unwrap_err().to_string();
            assert!(refused.contains("LITELLM_LS_DATA_DIR to another folder"), "{refused}");
        }
        assert!(theirs.iter().all(|file| fs::read_to_string(file).unwrap() == "mine"));
        assert_eq!(names(), before);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nothing_is_run_from_a_folder_that_others_can_write() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().to_owned());
        drop(home.try_lock("tests").unwrap().unwrap());
        std::fs::set_permissions(home.folder(), std::fs::Permissions::from_mode(0o777)).unwrap();
        let refused = home.try_lock("tests").unwrap_err().to_string();
        assert!(refused.contains("other users") && refused.contains("LITELLM_LS_DATA_DIR"), "{refused}");
    }

    #[tokio::test]
    async fn the_lock_is_held_until_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().to_owned());
        let held = home.try_lock("tests this").unwrap().unwrap();
        let mut heard = None;
        let mut second = Box::pin(home.lock("waits", |who| heard = Some(who)));
        let waits = tokio::time::timeout(LOCK_RETRY * 3, &mut second).await;
        assert!(waits.is_err(), "two hold the lock");
        drop(held);
        second.await.unwrap();
        let process = std::process::id();
        assert_eq!(heard.unwrap(), format!("another litellm-ls (process {process}) tests this"));
        assert!(home.worker().ends_with("waits"));
    }
}
