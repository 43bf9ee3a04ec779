//! Ends the proxy of this machine.

use super::error::Result;
use super::home::Home;
use super::record::{self, Record};

/// Ends the proxy that runs, waits until it is gone, and forgets it and its key. Gives what was ended; none if
/// nothing ran.
///
/// # Errors
/// [`WillNotEnd`](super::Error::WillNotEnd) if it survives 10 s after being asked and 5 s after being killed.
pub async fn stop(home: &Home) -> Result<Option<Record>> {
    let _turn = home.lock().await?;
    let found = record::alive(home);
    if let Some(record) = &found {
        record.process.end().await?;
    }
    record::forget(home)?;
    Ok(found)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::super::process::Process;
    use super::*;
    use crate::store::private;

    #[tokio::test]
    async fn nothing_running_is_an_answer() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(stop(&Home::open(folder.path().to_owned())).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_proxy_whose_start_was_killed_is_ended_too() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().to_owned());
        private::make_private_folder(home.folder()).unwrap();
        let mut child = std::process::Command::new("sleep").arg("600").spawn().unwrap();
        let record = Record::unready(Process::with_pid(child.id()).unwrap());
        record.save(&home).unwrap();
        assert_eq!(stop(&home).await.unwrap(), Some(record));
        assert!(!child.wait().unwrap().success());
        assert!(!home.record().exists());
    }
}
