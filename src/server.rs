//! Answers peers: what a peer is, which methods it has, and the two doors they come through.

mod call;
mod commands;
mod config_yaml;
mod documents;
mod doors;
mod editor;
mod error;
mod handlers;
mod lifecycle;
mod marks;
mod pages;
mod progress;
mod proposals;
mod pushed;
mod routes;
mod runs;
mod saves;
mod secret_files;

use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use litellm_ls_protocol::{
    DidChangeModels, DidChangeModelsParams, DidChangeStatus, DidChangeStatusParams, DidChangeUsage,
    DidChangeUsageParams, Notification, Problem, State, UsageReportResult,
};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp::lsp_types::MessageType;

use crate::{
    environment::Environment,
    plain,
    provider::{self, Freshness, Listed, Listing, Profile, Provider, Settings, complaint},
    store::Marks,
    transport::{self, Connection, Framing, Outbox},
};
use call::Call;
use editor::Editor;

/// How long a user may think.
const CHOICE_LIMIT: Duration = Duration::from_secs(600);
/// How often the settings file is looked at beside what requests do.
const SETTINGS_PAUSE: Duration = Duration::from_secs(2);
/// Of how many profiles it is kept in mind what a peer was told. Of one more, what it knows already may be told again.
const MAX_PROFILES: usize = 256;

/// What all peers of this process share.
#[derive(Clone, Default)]
pub struct Server {
    provider: Arc<Provider>,
}

/// One connection and what it has chosen. Cloning it is cheap and leads to the same peer.
#[derive(Clone)]
struct Peer {
    door: Door,
    /// The request that this serves.
    call: Call,
    outbox: Outbox,
    provider: Arc<Provider>,
    settings: Arc<Mutex<Settings>>,
    /// Whoever writes settings holds it; it is fair.
    saving: Arc<tokio::sync::Mutex<()>>,
    /// The last state it was told of, by profile.
    states: Arc<Mutex<Vec<(String, State)>>>,
    /// The last list of models that it has seen, by profile.
    lists: Arc<Mutex<HashMap<String, Arc<Listing>>>>,
    /// Which models its user likes and used last.
    marks: Arc<Marks>,
    /// Whether it wants to be told what was spent.
    watches_usage: Arc<AtomicBool>,
    /// What is known of it as an editor.
    editor: Arc<Editor>,
    /// Where texts are put that it shows as documents.
    pages: Option<Arc<Path>>,
}

/// How a peer's messages look and are dispatched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// LSP's base protocol and lifecycle.
    Lsp,
    /// One JSON-RPC message or batch a line, and no lifecycle.
    Lines,
}

impl Server {
    /// Serves one peer until it leaves, and returns the exit code of a process that served only this one.
    pub async fn serve<R, W>(&self, connection: Connection<R, W>, door: Door, environment: Environment) -> u8
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let provider = self.provider.clone();
        let peer = |outbox| Peer {
            door,
            call: Call::default(),
            outbox,
            provider,
            settings: Arc::new(Mutex::new(Settings::new(environment.clone()))),
            saving: Arc::default(),
            states: Arc::default(),
            lists: Arc::default(),
            marks: Arc::new(Marks::open(environment.marks())),
            watches_usage: Arc::default(),
            editor: Arc::new(Editor::remembering(environment.grants())),
            pages: environment.pages().map(Arc::from),
        };
        match door {
            Door::Lsp => {
                transport::serve(connection, Framing::ContentLength, |outbox| {
                    doors::lsp::Door::new(peer(outbox))
                })
                .await
            }
            Door::Lines => {
                transport::serve(connection, Framing::Lines, |outbox| doors::lines::Door::new(peer(outbox)))
                    .await
            }
        }
    }
}

impl Peer {
    /// The settings, with what the settings file says now; what is wrong with a new state of it is shown.
    fn settings(&self) -> MutexGuard<'_, Settings> {
        let mut settings = lock(&self.settings);
        self.complain(settings.refresh());
        settings
    }

    /// Looks at the settings file from time to time, so that a broken edit of it is shown though nobody asks anything.
    async fn watch_settings(self) {
        loop {
            tokio::time::sleep(SETTINGS_PAUSE).await;
            drop(self.settings());
        }
    }

    /// Shows what is wrong with settings that could not be refused.
    fn complain(&self, problems: Vec<Problem>) {
        for problem in problems {
            self.show(&format!("litellm-ls: {}", complaint(&problem)));
        }
    }

    /// The profile of this name, or the active one, as it holds now, and ready to be used.
    async fn profile(&self, name: Option<&str>) -> provider::Result<Arc<Profile>> {
        let profile = self.settings().profile(name)?;
        self.provider.ready(&profile).await
    }

    /// Tells the peer of a state, where it is another than the last. That all is well is no news at first.
    fn tell_state(&self, profile: &str, state: State, message: &str, remedy: Option<&str>) {
        let mut states = lock(&self.states);
        let known = states.iter_mut().find(|(name, _)| name == profile);
        let news = match &known {
            Some((_, known)) => *known != state,
            None => state != State::Ready,
        };
        match known {
            Some((_, known)) => *known = state,
            None => {
                if states.len() == MAX_PROFILES {
                    states.remove(0);
                }
                states.push((profile.to_owned(), state));
            }
        }
        if news {
            let params = DidChangeStatusParams {
                profile: profile.to_owned(),
                state,
                message: plain::sentence(message),
                remedy: remedy.map(plain::sentence),
            };
            self.outbox.tell(DidChangeStatus::METHOD, params);
        }
    }

    /// Forgets what the peer was told of a profile that is no more.
    fn forget(&self, profile: &str) {
        lock(&self.states).retain(|(name, _)| name != profile);
        lock(&self.lists).remove(profile);
    }

    /// Tells the peer that the proxy answers, where it was told otherwise. What only a check finds out, such as a default
    /// model that is missing, is not disproved by that.
    fn tell_success(&self, profile: &str) {
        let known = lock(&self.states).iter().find(|(name, _)| name == profile).map(|(_, state)| *state);
        if !matches!(known, Some(State::Degraded | State::Failed)) {
            self.tell_state(profile, State::Ready, ALL_IS_WELL, None);
        }
    }

    /// Tells the peer where the list of models is another than the last. The first is no news.
    fn tell_models(&self, profile: &Profile) {
        let Some(listing) = self.provider.known_models(profile) else { return };
        let mut lists = lock(&self.lists);
        if lists.len() == MAX_PROFILES && !lists.contains_key(&profile.name) {
            lists.clear();
        }
        let before = lists.insert(profile.name.clone(), listing.clone());
        let Some(before) = before.filter(|before| !Arc::ptr_eq(before, &listing)) else { return };
        let Some(change) = listing.change_since(&before) else { return };
        let params = DidChangeModelsParams {
            profile: profile.name.clone(),
            model_count: listing.catalog.models.len() as u64,
            added: change.added,
            removed: change.removed,
        };
        self.outbox.tell(DidChangeModels::METHOD, params);
    }

    /// The models of a profile. Tells the peer what asking for them showed; a list at hand shows nothing.
    async fn models(&self, profile: &Arc<Profile>, freshness: Freshness) -> provider::Result<Listed> {
        let listed = self.provider.models(profile, freshness).await;
        let asked = match &listed {
            Ok(listed) => listed.asked.clone(),
            Err(error) => Some(Err(error.clone())),
        };
        // The failure is told; whether an older list is served instead is the caller's matter.
        let _told = asked.map(|asked| self.watch(profile, asked));
        self.tell_models(profile);
        listed
    }

    /// Passes a result on, and tells the peer what it says of the provider's state.
    fn watch<T>(&self, profile: &Profile, result: provider::Result<T>) -> provider::Result<T> {
        match &result {
            Ok(_) => self.tell_success(&profile.name),
            Err(error) => {
                if let Some(state) = provider::state_after(error) {
                    self.tell_state(&profile.name, state, &error.message, Some(error.remedy()));
                }
            }
        }
        result
    }

    /// Tells the peer what was spent, where it wants to know, when the call has ended: when this is dropped.
    fn tell_usage_after(&self, profile: &Arc<Profile>) -> impl Drop + use<> {
        struct AtTheEnd(Peer, Arc<Profile>);
        impl Drop for AtTheEnd {
            fn drop(&mut self) {
                let Self(peer, profile) = self;
                if peer.watches_usage.load(Ordering::Relaxed) {
                    let UsageReportResult { profile, total, key, .. } = peer.provider.usage(profile);
                    let params = DidChangeUsageParams { profile, total, key };
                    peer.outbox.tell(DidChangeUsage::METHOD, params);
                }
            }
        }
        AtTheEnd(self.clone(), profile.clone())
    }

    /// Warns the user in one sentence, where the editor can show it.
    fn show(&self, message: &str) {
        self.message(MessageType::WARNING, message);
    }

    /// Tells the user one sentence, where the editor can show it.
    fn tell(&self, message: &str) {
        self.message(MessageType::INFO, message);
    }

    fn message(&self, kind: MessageType, message: &str) {
        let params: Value = serde_json::json!({"type": kind, "message": plain::sentence(message)});
        self.outbox.tell("window/showMessage", params);
    }

    /// Begins work behind an answer, in the place of work of this kind that goes on; its failure is shown.
    fn work_behind(&self, kind: &str, work: impl Future<Output = provider::Result<()>> + Send + 'static) {
        let peer = self.clone();
        self.editor.runs.start(kind, |cancelled| async move {
            let failed = cancelled.run_until_cancelled(work).await;
            if let Some(Err(error)) = failed {
                peer.show(&failure(&error));
            }
        });
    }
}

/// What is said where nothing is wrong.
const ALL_IS_WELL: &str = "the proxy answers";

/// A failure as people are shown it.
fn failure(error: &provider::Error) -> String {
    format!("LiteLLM: {}", sentence(&error.message, error.remedy()))
}

/// What to do and what was found in one sentence; an empty remedy is none. What to do comes first: some editors have one
/// line of 80 columns for it.
fn sentence(message: &str, remedy: &str) -> String {
    if remedy.is_empty() { message.to_owned() } else { format!("{remedy} – {message}") }
}

/// A panic elsewhere leaves what it was changing as it was: nothing here is left half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
