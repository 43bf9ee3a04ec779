//! A configuration that was saved while a proxy serves it: the proxy is restarted where the user has switched that on, else a
//! word is said.

use std::{path::PathBuf, time::Duration};

use super::View;
use crate::{
    config_yaml::{Code, Disk, Lines, Mends, Severity, Stamp, check_with},
    off_thread::off_thread,
    provider::Settings,
    proxy::Record,
    server::{
        Peer,
        local_proxy::{refresh, start},
        sentence::failure,
    },
    supervise::Plan,
};

/// How often the file is looked at while a proxy serves it.
const PAUSE: Duration = Duration::from_secs(2);

/// A proxy, and the state of the files that it serves.
type Seen = (String, Vec<Option<Stamp>>);

/// What is to be done about a proxy.
struct Served {
    record: Record,
    path: PathBuf,
    seen: Seen,
    /// Whether it serves an older state of its files.
    is_edited: bool,
    /// Why the file as it is now would not do: its line, from 0, and what is wrong there.
    wrong: Option<(usize, String)>,
}

impl View {
    /// The proxy that serves one of the open configurations, where its files are not as they were last.
    fn served(&self, last: Option<&Seen>) -> Option<Served> {
        let (opened, record) =
            self.configs().find_map(|opened| Some((opened, self.running(&opened.path)?)))?;
        let project = self.read(opened).project;
        let stamps = project.sources().iter().map(|source| Disk::stamp(&source.path)).collect();
        let seen = (record.started_at.clone(), stamps);
        let is_news = last != Some(&seen);
        let is_edited = is_news && record.is_edited();
        let wrong = is_edited.then(|| {
            let findings = self.around(&opened.path, |around| check_with(&project, around, Mends::None));
            // It is given one.
            let matters = |code| code != Code::MasterKeyMissing;
            let worst =
                findings.into_iter().find(|one| one.severity == Severity::Error && matters(one.code))?;
            Some((Lines::of(project.sources()[worst.file].text()).line(worst.range.start).0, worst.message))
        });
        Some(Served { path: opened.path.clone(), record, seen, is_edited, wrong: wrong.flatten() })
    }
}

/// Follows the proxy of an open configuration, for as long as the peer is there.
pub(super) async fn follow(peer: Peer) {
    let mut news = peer.editor.documents().news();
    let mut last: Option<Seen> = None;
    loop {
        let (view, before) = (View::of_configs(&peer), last.clone());
        let is_open = view.is_some();
        let served = match view {
            Some(view) => off_thread(move || view.served(before.as_ref())).await,
            None => None,
        };
        let Some(served) = served else {
            last = None;
            // Whoever starts one with an open file looks at the documents again.
            let changed = match is_open {
                true => tokio::time::timeout(PAUSE, news.changed()).await.unwrap_or(Ok(())),
                false => news.changed().await,
            };
            if changed.is_err() {
                return;
            }
            continue;
        };
        last = Some(served.seen.clone());
        if served.is_edited {
            refresh(&peer);
            act(&peer, served).await;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Restarts a proxy whose file was edited, or says that it was.
async fn act(peer: &Peer, served: Served) {
    let restarts = Settings::local_proxy(&peer.settings()).restart_on_save;
    let name = served.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !restarts {
        let told = format!("{name} has changed since its proxy started: restart the proxy to serve it");
        return peer.show_info(&told);
    }
    if let Some((line, wrong)) = served.wrong {
        let told =
            format!("the proxy goes on with {name} as it was, for line {} would stop it: {wrong}", line + 1);
        return peer.show_warning(&told);
    }
    let (of, environment) = (served.record.clone(), peer.settings().environment().clone());
    let mut plan = off_thread(move || Plan::again(&of, &environment)).await;
    plan.options.stays = served.record.stays;
    // Another editor may have seen it too, and be faster.
    plan.options.anew = false;
    let begun = peer.editor.starts.begin().await;
    match start(peer, &begun, served.record.source, plan, None, None).await {
        Ok(_) => peer.show_info(&format!("the proxy serves {name} as it was saved")),
        Err(error) => peer.show_warning(&failure(&error)),
    }
}
