//! What is known of the proxy that runs, kept in a file so that any process of ours finds it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::{Error, Result};
use super::home::Home;
use super::listener::Listener;
use super::process::Process;
use super::source::Source;
use crate::store::{Stamp, private, read_guarded};

/// Most bytes of a record.
const MAX_SIZE: u64 = 64 << 10;

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
    /// The files that its configuration file includes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) included: Vec<PathBuf>,
    /// Tells states of its configuration files apart. Absent where it has none of the user's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) config_digest: Option<String>,
    /// RFC 3339, UTC.
    pub started_at: String,
    /// LiteLLM's.
    pub version: String,
    /// The user's own virtual environment that it runs in. Absent where it is the pinned one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<PathBuf>,
    /// Whether it goes on when whoever started it ends.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub stays: bool,
    /// Whether it has ever answered. Written before it has, so that a start that is killed leaves a trace.
    pub(super) ready: bool,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_yes(yes: &bool) -> bool {
    *yes
}

impl Record {
    /// The proxy's process.
    pub fn pid(&self) -> u32 {
        self.process.pid
    }

    /// Its configuration file. None where it has none of the user's.
    pub fn config(&self) -> Option<&Path> {
        self.source.config()
    }

    /// Whether its configuration file, or one that it includes, has been edited since it started.
    pub fn is_edited(&self) -> bool {
        // What can't be read just now says nothing of an edit.
        self.config_digest.is_some()
            && self.source.digest(&self.included).is_ok_and(|now| now != self.config_digest)
    }

    /// Whom a key may be sent to at its address, and nobody else.
    pub fn listener(&self) -> Listener {
        Listener::new(self.process, self.port)
    }

    pub(super) fn save(&self, home: &Home) -> Result<()> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|fault| Error::io("write", home.record())(fault.into()))?;
        Ok(private::write_private(&home.record(), &text)?)
    }
}

/// The proxy that runs on this machine: recorded, ready, and that very process still alive and listening on its port. No
/// request is made; takes some tens of microseconds.
pub fn running(home: &Home) -> Option<Record> {
    alive(home).filter(|record| record.ready && record.listener().listens())
}

/// The state of the record as it is now, without reading it.
pub fn recorded(home: &Home) -> Stamp {
    Stamp::of(&home.record())
}

/// The recorded proxy if it is alive, ready or not. A record that cannot be read, or that another user could have
/// written, is as good as none.
pub(super) fn alive(home: &Home) -> Option<Record> {
    let record: Record = serde_json::from_slice(&read_guarded(&home.record(), MAX_SIZE).ok()?).ok()?;
    let is_local = record.base_url == base_url(record.port);
    (is_local && record.process.is_alive()).then_some(record)
}

/// Where a proxy of this machine answers.
pub(super) fn base_url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Forgets the proxy and its key.
pub(super) fn forget(home: &Home) -> Result<()> {
    private::remove(&home.record())?;
    Ok(private::remove(&home.master_key())?)
}

#[cfg(test)]
impl Record {
    /// Records this process as a proxy that answers, with a key of its own or without, and returns its URL. It runs as
    /// long as the socket is there.
    pub(crate) fn pretend(home: &Home, key: Option<&str>) -> (std::net::TcpListener, String) {
        let (socket, record) = Record::listening(Process::with_pid(std::process::id()).unwrap());
        private::make_private_folder(home.folder()).unwrap();
        Record { api_key: key.map(str::to_owned), ..record.clone() }.save(home).unwrap();
        (socket, record.base_url)
    }

    /// Removes what was recorded.
    pub(crate) fn forget(home: &Home) {
        forget(home).unwrap();
    }

    /// A proxy that is this process, and has not answered yet.
    pub(super) fn unready(process: Process) -> Record {
        Record {
            process,
            port: 41234,
            base_url: "http://127.0.0.1:41234".to_owned(),
            api_key: Some("file:/data/litellm/master-key".to_owned()),
            source: Source::Demo,
            included: Vec::new(),
            config_digest: None,
            started_at: "2026-01-02T03:04:05Z".to_owned(),
            version: "1.101.3".to_owned(),
            environment: None,
            stays: true,
            ready: false,
        }
    }

    /// One that has answered, and listens as long as the socket beside it is there.
    pub(super) fn listening(process: Process) -> (std::net::TcpListener, Record) {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        let record = Record { port, base_url: base_url(port), ready: true, ..Record::unready(process) };
        (socket, record)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

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
    fn a_live_process_is_found_as_it_was_recorded_while_it_listens() {
        let (listener, record) = Record::listening(this_process());
        let (_folder, home) = saved(&record);
        assert_eq!(running(&home), Some(record));
        drop(listener);
        assert_eq!(running(&home), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_record_that_others_can_write_is_none() {
        use std::os::unix::fs::PermissionsExt;
        let (_listener, record) = Record::listening(this_process());
        let (_folder, home) = saved(&record);
        fs::set_permissions(home.record(), fs::Permissions::from_mode(0o666)).unwrap();
        assert_eq!(running(&home), None);
    }

    #[test]
    fn a_record_that_leads_elsewhere_is_none() {
        let (_listener, record) = Record::listening(this_process());
        let (_folder, home) = saved(&Record { base_url: "http://192.0.2.1:4000".into(), ..record });
        assert_eq!(running(&home), None);
    }

    /// Whoever takes the port of a proxy that has ended, or is about to, has it under another user's name.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_port_that_another_user_has_taken_is_not_the_proxys() {
        use std::io::{BufRead, BufReader};
        use std::os::unix::process::CommandExt;
        use std::process::{Command, Stdio};

        if !rustix::process::geteuid().is_root() {
            // Another process of this user stands for them, in `proxy::listener`.
            return;
        }
        const LISTEN: &str = "import socket, sys; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); \
                              print(s.getsockname()[1], flush=True); sys.stdin.read()";
        let mut other = Command::new("python3");
        other.args(["-I", "-c", LISTEN]).uid(65534).gid(65534).current_dir("/");
        let mut other = other.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut port = String::new();
        BufReader::new(other.stdout.take().unwrap()).read_line(&mut port).unwrap();
        let port = port.trim().parse().unwrap();
        for process in [this_process(), Process::with_pid(other.id()).unwrap()] {
            let record = Record { ready: true, port, base_url: base_url(port), ..Record::unready(process) };
            let (_folder, home) = saved(&record);
            assert!(alive(&home).is_some());
            assert_eq!(running(&home), None);
        }
        drop(other.stdin.take());
        other.wait().unwrap();
    }

    #[test]
    fn a_pid_used_again_is_not_the_proxy() {
        let (_folder, home) = saved(&Record::listening(this_process().reborn()).1);
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
        let (_listener, record) = Record::listening(this_process());
        let (_folder, home) = saved(&record);
        fs::write(home.record(), "{\"pid\":").unwrap();
        assert_eq!(running(&home), None);
        forget(&home).unwrap();
        assert_eq!(running(&home), None);
        forget(&home).unwrap();
    }

    #[test]
    fn the_file_is_what_others_read() {
        let process = this_process();
        let written = serde_json::to_value(Record { ready: true, ..Record::unready(process) }).unwrap();
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
