//! What changes on the disk beside open configurations: `.env` and the files that they include. Editors that watch files
//! for their servers are asked to; for others these few files are looked at from time to time.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use serde_json::json;
use tokio::sync::watch::Receiver;

use super::{DOTENV, View};
use crate::{
    config_yaml::{Disk, Stamp},
    off_thread::off_thread,
    server::Peer,
};

/// How often files are looked at where the editor does not watch them.
const PAUSE: Duration = Duration::from_secs(2);
/// How long an editor may take to begin watching.
const LIMIT: Duration = Duration::from_secs(10);

impl View {
    /// The files on which findings depend beside the open texts, as they are now.
    pub(super) fn files_beside(&self) -> Stamps {
        let mut files: Vec<PathBuf> = Vec::new();
        for opened in self.configs() {
            files.push(opened.path.with_file_name(DOTENV));
            files.extend(self.read(opened).project.asked().iter().cloned());
        }
        files.retain(|path| self.opened.iter().all(|opened| opened.path != *path));
        stamps(files)
    }
}

/// What tells states of files apart.
type Stamps = BTreeMap<PathBuf, Option<Stamp>>;

fn stamps(files: impl IntoIterator<Item = PathBuf>) -> Stamps {
    files.into_iter().map(|path| (path.clone(), Disk::stamp(&path))).collect()
}

/// The files beside open configurations as they were last.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// Whether the editor watches them. None before it was asked.
    by_editor: Option<bool>,
    stamps: Stamps,
}

impl Beside {
    /// Waits until a text has changed, or a file. False when the peer is gone.
    pub(super) async fn next(&mut self, peer: &Peer, news: &mut Receiver<()>) -> bool {
        tokio::select! {
            changed = news.changed() => changed.is_ok(),
            () = self.changed(), if !self.stamps.is_empty() => {
                tell(peer).await;
                true
            }
        }
    }

    async fn changed(&mut self) {
        loop {
            tokio::time::sleep(PAUSE).await;
            let files: Vec<PathBuf> = self.stamps.keys().cloned().collect();
            let now = off_thread(|| stamps(files)).await;
            if now != self.stamps {
                self.stamps = now;
                return;
            }
        }
    }

    /// Watches these files from now on.
    pub(super) async fn watch(&mut self, peer: &Peer, files: Stamps) {
        if files.is_empty() {
            return self.forget();
        }
        if self.by_editor.is_none() {
            self.by_editor = Some(peer.editor.abilities().watches_files && register(peer).await);
        }
        if self.by_editor == Some(false) {
            self.stamps = files;
        }
    }

    /// Watches nothing: no configuration is open.
    pub(super) fn forget(&mut self) {
        self.stamps.clear();
    }
}

/// Asks the editor to watch. False where it does not.
async fn register(peer: &Peer) -> bool {
    let watchers = json!([{"globPattern": "**/.env"}, {"globPattern": "**/*.{yaml,yml}"}]);
    let registration = json!({
        "id": "litellm-ls/files",
        "method": "workspace/didChangeWatchedFiles",
        "registerOptions": {"watchers": watchers},
    });
    let asked = json!({"registrations": [registration]});
    peer.outbox.ask("client/registerCapability", asked, LIMIT).await.is_some()
}

/// Takes `workspace/didChangeWatchedFiles`: what is found is looked up anew.
pub(in crate::server) async fn did_change(peer: &Peer) {
    peer.editor.documents().touch();
    tell(peer).await;
}

/// Tells an editor that pulls that there is something to pull.
async fn tell(peer: &Peer) {
    if peer.editor.refreshes_diagnostics() {
        let _ = peer.outbox.ask("workspace/diagnostic/refresh", json!(null), LIMIT).await;
    }
}
