//! Takes the pinned LiteLLM off the disk again.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::error::{Error, Result};
use super::home::Home;
use super::install::InstallProgress;
use super::record;
use crate::store::private;

/// Removes the pinned LiteLLM with its logs, and gives how many bytes of files it had; none where there was none. The
/// user's settings, and a LiteLLM of their own, are left alone.
///
/// # Errors
/// [`Error::Runs`] while a proxy runs, and whatever the system refuses.
pub async fn uninstall(home: &Home, mut on_progress: impl FnMut(InstallProgress)) -> Result<Option<u64>> {
    let waiting = |who| on_progress(InstallProgress::Waiting { who });
    let _turn = home.lock("uninstalls LiteLLM", waiting).await?;
    if let Some(record) = record::alive(home) {
        return Err(Error::Runs(record.base_url));
    }
    record::forget(home)?;
    let place = home.clone();
    let removed = tokio::task::spawn_blocking(move || remove(&place)).await;
    removed.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

fn remove(home: &Home) -> Result<Option<u64>> {
    let venv = home.venv();
    let size = match fs::symlink_metadata(&venv) {
        Ok(_) => Some(size(&venv)),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(Error::io("look at", venv)(error)),
    };
    // First, so that what is left half removed counts as none.
    private::remove(&home.installed_requirements())?;
    private::remove_folder(&venv)?;
    for file in [home.install_log(), home.log(), home.generated_config()] {
        private::remove(&file)?;
    }
    Ok(size)
}

/// The bytes of all files below a folder. Links are not followed: what they lead to is not removed.
fn size(path: &Path) -> u64 {
    let Ok(known) = fs::symlink_metadata(path) else { return 0 };
    if !known.is_dir() {
        return known.len();
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| size(&entry.path())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proxy::process::Process;
    use crate::proxy::record::Record;

    #[tokio::test]
    async fn what_was_installed_goes_and_its_size_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().to_owned());
        assert_eq!(uninstall(&home, |_| ()).await.unwrap(), None);
        fs::create_dir_all(home.venv().join("lib")).unwrap();
        fs::write(home.venv().join("lib/a.py"), [0; 1000]).unwrap();
        fs::write(home.venv().join("b"), [0; 24]).unwrap();
        for file in [home.installed_requirements(), home.log(), home.install_log()] {
            fs::write(file, "x").unwrap();
        }
        let record = Record::unready(Process::with_pid(std::process::id()).unwrap());
        record.save(&home).unwrap();
        let refused = uninstall(&home, |_| ()).await;
        assert!(matches!(refused, Err(Error::Runs(_))), "{refused:?}");
        assert!(home.venv().exists());
        private::remove(&home.record()).unwrap();
        assert_eq!(uninstall(&home, |_| ()).await.unwrap(), Some(1024));
        assert!(!home.venv().exists() && !home.log().exists() && !home.installed_requirements().exists());
    }
}
