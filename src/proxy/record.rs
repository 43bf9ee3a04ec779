//! What is known of the proxy that runs, kept in a file so that any process of ours finds it.

use std::fs;

use serde::{Deserialize, Serialize};

use super::error::{Error, Result};
use super::home::Home;
use super::process::Process;
use super::source::Source;
use crate::store::private;

/// One proxy that was started on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    #[serde(flatten)]
    pub(super) process: Process,
    /// On 127.0.0.1.
    pub port: u16,
    /// `http://127.0.0.1:PORT`, with neither a path nor a slash.
    pub base_url: String,
    /// A reference to the key, `file:PATH`, never the key. Absent where the proxy does not take ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
    /// What it serves.
    pub source: Source,
    /// RFC 3339, UTC.
    pub started_at: String,
    /// LiteLLM's.
    pub version: String,
    /// Whether it has ever answered. Written before it has, so that a start that is killed leaves a trace.
    pub(super) ready: bool,
}

impl Record {
    /// The proxy's process.
    pub fn pid(&self) -> u32 {
        self.process.pid
    }

    pub(super) fn save(&self, home: &Home) -> Result<()> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|fault| Error::io("write", home.record())(fault.into()))?;
        Ok(private::write_private(&home.record(), &text)?)
    }
}

/// The proxy that runs on this machine: recorded, ready, and that very process still alive. No request is made;
/// takes some tens of microseconds.
pub fn running(home: &Home) -> Option<Record> {
    alive(home).filter(|record| record.ready)
}

/// The recorded proxy if it is alive, ready or not. A record that cannot be read is as good as none.
pub(super) fn alive(home: &Home) -> Option<Record> {
    let record: Record = serde_json::from_slice(&fs::read(home.record()).ok()?).ok()?;
    record.process.is_alive().then_some(record)
}

/// Forgets the proxy and its key.
pub(super) fn forget(home: &Home) -> Result<()> {
    private::remove(&home.record())?;
    Ok(private::remove(&home.master_key())?)
}

#[cfg(test)]
impl Record {
    /// A proxy that is this process, and has not answered yet.
    pub(super) fn unready(process: Process) -> Record {
        Record {
            process,
            port: 41234,
            base_url: "http://127.0.0.1:41234".to_owned(),
            api_key: Some("file:/data/litellm/master-key".to_owned()),
            source: Source::Demo,
            started_at: "2026-01-02T03:04:05Z".to_owned(),
            version: "1.101.3".to_owned(),
            ready: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(process: Process) -> Record {
        Record { ready: true, ..Record::unready(process) }
    }

    fn saved(record: &Record) -> (tempfile::TempDir, Home) {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().to_owned());
        private::make_private_folder(home.folder()).unwrap();
        record.save(&home).unwrap();
        (folder, home)
    }

    fn this_process() -> Process {
        Process::with_pid(std::process::id()).unwrap()
    }

    #[test]
    fn a_live_process_is_found_as_it_was_recorded() {
        let record = record(this_process());
        let (_folder, home) = saved(&record);
        assert_eq!(running(&home), Some(record));
    }

    #[test]
    fn a_pid_used_again_is_not_the_proxy() {
        let (_folder, home) = saved(&record(this_process().reborn()));
        assert_eq!(running(&home), None);
    }

    #[test]
    fn a_proxy_that_never_answered_is_alive_and_not_running() {
        let (_folder, home) = saved(&Record::unready(this_process()));
        assert_eq!(running(&home), None);
        assert!(alive(&home).is_some());
    }

    #[test]
    fn no_record_and_a_torn_one_are_nothing_running() {
        let (_folder, home) = saved(&record(this_process()));
        fs::write(home.record(), "{\"pid\":").unwrap();
        assert_eq!(running(&home), None);
        forget(&home).unwrap();
        assert_eq!(running(&home), None);
        forget(&home).unwrap();
    }

    #[test]
    fn the_file_is_what_others_read() {
        let process = this_process();
        let written = serde_json::to_value(record(process)).unwrap();
        let process = serde_json::to_value(process).unwrap();
        assert_eq!(
            written,
            serde_json::json!({
                "pid": process["pid"], "born": process["born"], "port": 41234, "baseUrl": "http://127.0.0.1:41234",
                "apiKey": "file:/data/litellm/master-key", "source": "demo", "startedAt": "2026-01-02T03:04:05Z",
                "version": "1.101.3", "ready": true
            })
        );
    }
}
