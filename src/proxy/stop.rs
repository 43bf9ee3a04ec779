//! Ends the proxy of this machine.

use super::error::{Error, Result};
use super::home::Home;
use super::record::{self, Record};

/// Ends the proxy that runs now, also one that is being started, waits until it is gone, and forgets it and its key.
/// Gives what was ended; none if nothing ran. It never waits for somebody else's work, for what that would start is not
/// what was to be stopped.
///
/// # Errors
/// [`AtWork`](Error::AtWork) where somebody else is at work and nothing runs yet, and
/// [`WillNotEnd`](Error::WillNotEnd) if it survives 10 s after being asked and 5 s after being killed.
pub async fn stop(home: &Home) -> Result<Option<Record>> {
    const WORK: &str = "stops the proxy";
    let mut turn = home.try_lock(WORK)?;
    let found = record::alive(home);
    match &found {
        Some(record) => record.process.end().await?,
        None if turn.is_none() => return Err(Error::AtWork(home.worker())),
        None => {}
    }
    if turn.is_none() {
        // Whoever was starting it has seen it end, and has forgotten it or is about to.
        turn = home.try_lock(WORK)?;
    }
    if turn.is_some() && record::alive(home).is_none() {
        record::forget(home)?;
    }
    Ok(found)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::super::process::Process;
    use super::*;
    use crate::store::private;

    #[tokio::test]
    async fn what_somebody_else_begins_is_neither_waited_for_nor_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().to_owned());
        let installing = home.try_lock("installs LiteLLM").unwrap().unwrap();
        let refused = stop(&home).await.unwrap_err().to_string();
        assert!(refused.contains("installs LiteLLM"), "{refused}");
        // A proxy that is being started is there to be stopped.
        let mut child = std::process::Command::new("sleep").arg("600").spawn().unwrap();
        let record = Record::unready(Process::with_pid(child.id()).unwrap());
        record.save(&home).unwrap();
        assert_eq!(stop(&home).await.unwrap(), Some(record));
        assert!(!child.wait().unwrap().success());
        drop(installing);
        assert_eq!(stop(&home).await.unwrap(), None);
        assert!(!home.record().exists());
    }

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
