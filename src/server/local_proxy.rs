//! The proxy of this machine, as peers see it.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
};

use litellm_ls_protocol::{ErrorKind, LocalProxy, ProgressToken};
use serde_json::json;
use tower_lsp::lsp_types::MessageType;

use super::{
    CHOICE_LIMIT, Peer,
    boot::Boot,
    documents, lock,
    progress::{Progress, pressed},
    starts::Start,
};
use crate::{
    config_yaml::{Disk, Files},
    off_thread::off_thread,
    plain,
    provider::{Error, Freshness, Result},
    proxy::{self, Home, INSTALL_SIZE, Record, Source, Started, Warning},
    supervise::{self, Plan, Step},
};

const INSTALL: &str = "Install It";
const LEAVE: &str = "Not Now";

/// Where the proxy of this machine lies.
///
/// # Errors
/// Where the machine has no place for data.
pub(super) fn home(peer: &Peer) -> Result<Home> {
    let home = peer.settings().environment().home().cloned();
    home.ok_or_else(|| failed(&proxy::Error::NoDataFolder))
}

/// Starts a proxy for a peer, and says how far that is. What it prints of its file is shown there.
///
/// # Errors
/// What is in its way.
pub(super) async fn start(
    peer: &Peer,
    begun: &Start,
    source: Source,
    plan: Plan,
    install: Option<bool>,
    token: Option<&ProgressToken>,
) -> Result<Started> {
    let home = home(peer)?;
    let title = "LiteLLM proxy";
    let progress = match token {
        Some(token) => Some(Progress::of(peer, token, title)),
        None => Progress::create(peer, title).await,
    };
    let work = async {
        if let Some(path) = source.config().map(Path::to_owned)
            && let Some(wrong) = off_thread(move || supervise::unreadable(&path)).await
        {
            return Err(Error::new(ErrorKind::LocalProxy, wrong, "mend the file: nothing was started"));
        }
        let tell = |step: Step| progress.iter().for_each(|progress| progress.report(&plan.told(&step)));
        let python = peer.settings().environment().python();
        let refused = AtomicBool::new(false);
        let may_install = may_install(peer, install, &refused);
        let started = supervise::start(&home, &source, &plan, python.as_deref(), may_install, tell).await;
        started.map_err(|error| match error {
            proxy::Error::NotInstalled if refused.load(Relaxed) => Error::new(
                ErrorKind::RequestCancelled,
                "LiteLLM is not installed, so nothing was started",
                "start again to install it",
            ),
            proxy::Error::NotInstalled => Error::new(
                ErrorKind::LocalProxy,
                format!("LiteLLM is not installed ({INSTALL_SIZE})"),
                "run `litellm-ls proxy install`, or give `install` as true",
            ),
            error => failed(&error),
        })
    };
    let started = tokio::select! {
        biased;
        () = peer.call.cancelled() => return Err(Error::cancelled()),
        () = pressed(progress.as_ref()) => return Err(Error::cancelled()),
        () = begun.stopped() => {
            return Err(Error::new(ErrorKind::LocalProxy, "the proxy was stopped while it started", "start it again"));
        }
        started = work => started,
    };
    let is_news = started.as_ref().is_ok_and(|started| !started.was_running);
    let ended = started.as_ref().is_err_and(|error| error.data.detail.is_some());
    if is_news || ended {
        keep_boot(peer, &home, source, ended).await;
    }
    refresh(peer);
    let mut started = started?;
    if lock(&peer.editor.hold).is_some() {
        // It is this editor.
        started.warnings.retain(|warning| *warning != Warning::EndsWithEditor);
    }
    if let Some(hold) = started.hold.take() {
        *lock(&peer.editor.hold) = Some(hold);
    }
    // Who uses it is told of its models.
    if let Ok(profile) = peer.profile(None).await {
        let peer = peer.clone();
        tokio::spawn(async move { peer.models(&profile, Freshness::Now).await });
    }
    Ok(started)
}

/// Has the editor show anew what a proxy changes in its file: what can be done, what is found, and what is set.
pub(super) fn refresh(peer: &Peer) {
    peer.editor.documents().touch();
    for (method, can) in [
        ("workspace/codeLens/refresh", peer.editor.refreshes_lenses()),
        ("workspace/diagnostic/refresh", peer.editor.refreshes_diagnostics()),
        ("workspace/inlayHint/refresh", peer.editor.refreshes_hints()),
    ] {
        if can {
            let peer = peer.clone();
            tokio::spawn(async move { peer.outbox.ask(method, json!(null), CHOICE_LIMIT).await });
        }
    }
}

/// Keeps what was printed, to be shown in the file.
async fn keep_boot(peer: &Peer, home: &Home, source: Source, ended: bool) {
    let Some(path) = source.config().map(Path::to_owned) else { return };
    let (home, of) = (home.clone(), source.clone());
    let boot = off_thread(move || {
        let text = Disk.read(&path)?;
        Some(Boot { lines: supervise::log(&of, &home), source: of, text, ended })
    });
    *lock(&peer.editor.boot) = boot.await;
}

/// Asks whether LiteLLM may be installed, where that is not known, and notes where the user does not want that.
async fn may_install(peer: &Peer, install: Option<bool>, refused: &AtomicBool) -> bool {
    let question = format!(
        "LiteLLM is not installed here. Install LiteLLM {} into a folder of its own ({INSTALL_SIZE})?",
        proxy::VERSION
    );
    match install {
        Some(install) => install,
        None if peer.editor.is_introduced() => {
            let answer = peer.choice(MessageType::INFO, &question, &[INSTALL], Some(LEAVE)).await;
            let may = answer.as_deref() == Some(INSTALL);
            refused.store(answer.is_some() && !may, Relaxed);
            may
        }
        None => false,
    }
}

/// A failure as a peer is told of it.
pub(super) fn failed(error: &proxy::Error) -> Error {
    let lines = error.last_lines();
    let last = match error {
        proxy::Error::Died { .. } => lines.and_then(<[String]>::last),
        _ => None,
    };
    let last = last.map(|line| format!(": {}", line.trim())).unwrap_or_default();
    let mut failed = Error::new(ErrorKind::LocalProxy, format!("{}{last}", error.message()), error.remedy());
    failed.data.detail = lines.map(|lines| plain::text(&lines.join("\n")));
    failed
}

/// A proxy as it goes over the wire. Its files may lie on a disk that does not answer, so they are looked at elsewhere.
pub(super) async fn told(record: &Record) -> LocalProxy {
    let of = record.clone();
    let edited = off_thread(move || of.is_edited()).await;
    LocalProxy {
        base_url: record.base_url.clone(),
        serves: plain::sentence(&record.source.to_string()),
        config: record.config().map(documents::uri),
        edited,
        version: record.version.clone(),
        environment: record.environment.as_ref().map(|place| place.display().to_string()),
        stays: record.stays,
        process_id: record.pid(),
        started_at: record.started_at.clone(),
    }
}
