//! A peer: one connection, what it has chosen, and what it was told.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use litellm_ls_protocol::{
    CompleteResult, DidChangeModels, DidChangeModelsParams, DidChangeStatus, DidChangeStatusParams,
    DidChangeUsage, DidChangeUsageParams, ErrorKind, Notification, Problem, State, UsageReportResult,
};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::{sync::oneshot, task::JoinHandle, time::timeout};
use tower_lsp::lsp_types::MessageType;

use super::{
    CHOICE_LIMIT, Door, Presence,
    call::Call,
    editor::Editor,
    news::{Exchange, News},
    runs::{Stop, Work},
    sentence::{ALL_IS_WELL, failure},
    shim::{self, Chosen, Shim, ToShim},
    states::{Finding, States},
    usage_news::{Due, UsageNews},
    wire::{serialized, unwritable},
};
use crate::{
    environment::Environment,
    language::Language,
    lock::lock,
    plain,
    provider::{self, Answer, Error, Freshness, Listed, Listing, Profile, Provider, Settings, complaint},
    store::{Calls, Marks},
    transport::{ErrorObject, Outbox, RawAnswer},
};

/// How often the settings file is looked at beside what requests do.
const SETTINGS_PAUSE: Duration = Duration::from_secs(2);
/// How long the end of an answer waits for the list of models that has its price.
const PRICE_PATIENCE: Duration = Duration::from_secs(2);
/// What a client of the line door goes by that does not say what it is called.
const LINES: &str = "lines";
/// Of how many profiles it is kept in mind what a peer was told. Of one more, what it knows already may be told again.
const MAX_PROFILES: usize = 256;

/// One connection and what it has chosen. Cloning it is cheap and leads to the same peer.
#[derive(Clone)]
pub(super) struct Peer {
    pub(super) door: Door,
    /// What others of its user see of it.
    pub(super) presence: Presence,
    /// What it tells the others of its process.
    pub(super) exchange: Exchange,
    /// What carries its messages, where something does.
    pub(super) shim: ToShim,
    /// The request that this serves.
    pub(super) call: Call,
    pub(super) outbox: Outbox,
    pub(super) provider: Arc<Provider>,
    pub(super) settings: Arc<Mutex<Settings>>,
    /// Whoever writes settings holds it; it is fair.
    pub(super) saving: Arc<tokio::sync::Mutex<()>>,
    /// Which states it was told of.
    pub(super) states: Arc<Mutex<States>>,
    /// The last list of models that it has seen, by profile.
    pub(super) lists: Arc<Mutex<HashMap<String, Arc<Listing>>>>,
    /// Which models its user likes and used last.
    pub(super) marks: Arc<Marks>,
    /// Which of its user's calls were made under keys.
    pub(super) calls: Arc<Calls>,
    /// What it is told of what was spent.
    pub(super) usage_news: Arc<UsageNews>,
    /// The language that its user is told things in, as of the last look at the settings.
    pub(super) language: Arc<Mutex<Language>>,
    /// What is known of it as an editor.
    pub(super) editor: Arc<Editor>,
    /// Where texts are put that it shows as documents.
    pub(super) pages: Option<Arc<Path>>,
}

impl Peer {
    /// A connection that has said nothing yet.
    pub(super) fn new(
        door: Door,
        outbox: Outbox,
        provider: Arc<Provider>,
        (presence, exchange): (Presence, Exchange),
        environment: &Environment,
    ) -> Self {
        let mut settings = Settings::new(environment.clone());
        if let Door::Lines = door {
            settings.introduce(LINES, "");
        }
        Self {
            language: Arc::new(Mutex::new(settings.language())),
            door,
            presence,
            exchange,
            shim: ToShim::default(),
            call: Call::default(),
            outbox,
            provider,
            settings: Arc::new(Mutex::new(settings)),
            saving: Arc::default(),
            states: Arc::default(),
            lists: Arc::default(),
            marks: Arc::new(Marks::open(environment.marks())),
            calls: Arc::new(Calls::open(environment.calls())),
            usage_news: Arc::default(),
            editor: Arc::new(Editor::remembering(environment.grants())),
            pages: environment.pages().map(Arc::from),
        }
    }

    /// Goes on where the client was served before, and tells the shim between them what it chooses from now on.
    pub(super) fn resume(&mut self, shim: Shim) {
        self.outbox.count_questions_from(shim.first_question());
        if let Some(Chosen { settings, watched }) = shim.chosen {
            lock(&self.settings).take_up(settings);
            watched.iter().for_each(|profile| self.usage_news.watch(profile, true));
        }
        self.shim = ToShim::that_knows(self.chosen_now());
    }

    fn chosen_now(&self) -> shim::State {
        (lock(&self.settings).changes(), self.usage_news.wanted())
    }

    /// Tells the shim what the client has chosen, where that may have changed. To be called before the answer to what has
    /// changed it.
    pub(super) fn tell_shim(&self) {
        if let Some((_, watched)) = self.shim.news(|| self.chosen_now()) {
            let settings = lock(&self.settings).chosen();
            self.outbox.aside(&Chosen { settings, watched });
        }
    }

    /// The settings, with what the settings file says now; what is wrong with a new state of it is shown.
    pub(super) fn settings(&self) -> MutexGuard<'_, Settings> {
        let mut settings = lock(&self.settings);
        let problems = settings.refresh();
        *lock(&self.language) = settings.language();
        self.complain(problems);
        settings
    }

    /// The language that its user is told things in.
    pub(super) fn language(&self) -> Language {
        *lock(&self.language)
    }

    /// A result as it goes out, in the language of the peer's user.
    pub(super) fn serialized(&self, result: &impl Serialize) -> provider::Result<RawAnswer> {
        match self.language() {
            Language::English => serialized(result),
            language => {
                let mut told = serde_json::to_value(result).map_err(|error| unwritable(&error))?;
                language.tell(&mut told);
                serialized(&told)
            }
        }
    }

    /// A message in the language of the peer's user.
    pub(super) fn told(&self, mut message: Value) -> Value {
        self.language().tell(&mut message);
        message
    }

    /// An error in the language of the peer's user.
    pub(super) fn told_error(&self, mut error: ErrorObject) -> ErrorObject {
        let language = self.language();
        let kind = error.data.as_ref().and_then(|data| data["kind"].as_str()).unwrap_or_default();
        error.message = language.failed(kind, &error.message).into_owned();
        error.data.iter_mut().for_each(|data| language.tell(data));
        error
    }

    /// Looks at the settings file from time to time, so that a broken edit of it is shown though nobody asks anything.
    pub(super) async fn watch_settings(self) {
        loop {
            tokio::time::sleep(SETTINGS_PAUSE).await;
            drop(self.settings());
        }
    }

    /// Shows what is wrong with settings that could not be refused.
    pub(super) fn complain(&self, problems: Vec<Problem>) {
        for problem in problems {
            self.show_warning(&format!("litellm-ls: {}", complaint(&problem)));
        }
    }

    /// The profile of this name, or the active one, as it holds now, and ready to be used.
    pub(super) async fn profile(&self, name: Option<&str>) -> provider::Result<Arc<Profile>> {
        let profile = self.settings().profile(name)?;
        self.provider.ready(&profile).await
    }

    /// Tells the peer of a state, where it is another than the last, and returns whether it is. That all is well is no news
    /// at first.
    pub(super) fn tell_state(
        &self,
        profile: &str,
        state: State,
        message: &str,
        remedy: Option<&str>,
    ) -> bool {
        let news = lock(&self.states).tell(profile, state);
        if news {
            let sentence = |text: &str| plain::sentence(&self.language().said(text));
            let params = DidChangeStatusParams {
                profile: profile.to_owned(),
                state,
                message: sentence(message),
                remedy: remedy.map(sentence),
            };
            self.outbox.notify_now(DidChangeStatus::METHOD, params);
        }
        news
    }

    /// Forgets what the peer was told of a profile that is no more.
    pub(super) fn forget(&self, profile: &str) {
        lock(&self.states).forget(profile);
        lock(&self.lists).remove(profile);
    }

    /// Tells the peer what a check has found, where that is another state than the last.
    pub(super) fn tell_finding(&self, profile: &str, finding: Finding) {
        self.tell_state(profile, finding.state, &finding.message, finding.remedy.as_deref());
        lock(&self.states).checked(profile, finding);
    }

    /// Tells the peer that the proxy answers, where it was told otherwise: all is well, but for what the last check found.
    pub(super) fn tell_success(&self, profile: &str) -> bool {
        let finding = lock(&self.states).finding(profile);
        match finding {
            Some(Finding { state, message, remedy }) => {
                self.tell_state(profile, state, &message, remedy.as_deref())
            }
            None => self.tell_state(profile, State::Ready, ALL_IS_WELL, None),
        }
    }

    /// Tells the peer where the list of models is another than the last. The first is no news.
    pub(super) fn tell_models(&self, profile: &Profile) {
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
        self.outbox.notify_now(DidChangeModels::METHOD, params);
        self.exchange.tell(&self.presence, profile, News::Models);
    }

    /// The models of a profile. Tells the peer what asking for them showed; a list at hand shows nothing.
    pub(super) async fn models(
        &self,
        profile: &Arc<Profile>,
        freshness: Freshness,
    ) -> provider::Result<Listed> {
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

    /// The whole answer, with what it cost where a list of models has the price: one that is not at hand is looked up, and
    /// waited for a while.
    pub(super) async fn whole(&self, profile: &Arc<Profile>, answer: &mut Answer<'_>) -> CompleteResult {
        if answer.lacks_cost()
            && let Some(looked_up) = self.learn_models(profile)
        {
            let _ = timeout(PRICE_PATIENCE, looked_up).await;
        }
        answer.finish()
    }

    /// Has the models looked up beside whatever goes on, where no list is at hand: it has the prices. None where there is
    /// one, or the proxy has none. A failure is told by the question itself.
    pub(super) fn learn_models(&self, profile: &Arc<Profile>) -> Option<JoinHandle<()>> {
        if !self.provider.lacks_models(profile) {
            return None;
        }
        let (peer, profile) = (self.clone(), profile.clone());
        Some(tokio::spawn(async move {
            if peer.provider.models(&profile, Freshness::Cached).await.is_ok() {
                peer.tell_models(&profile);
            }
        }))
    }

    /// Passes a result on, and tells the peer what it says of the provider's state.
    pub(super) fn watch<T>(&self, profile: &Profile, result: provider::Result<T>) -> provider::Result<T> {
        match &result {
            Ok(_) => {
                if self.tell_success(&profile.name) {
                    self.exchange.tell(&self.presence, profile, News::Answers);
                }
            }
            Err(error) => {
                if let Some(state) = provider::state_after(error)
                    && self.tell_state(&profile.name, state, &error.message, Some(error.remedy()))
                {
                    let (message, remedy) = (error.message.clone(), error.remedy().to_owned());
                    self.exchange.tell(&self.presence, profile, News::Fails(state, message, remedy));
                }
            }
        }
        result
    }

    /// Tells the peer what was spent, where it wants to know, when the call has ended: when this is dropped.
    pub(super) fn tell_usage_after(&self, profile: &Arc<Profile>) -> impl Drop + use<> {
        struct AtTheEnd(Peer, Arc<Profile>);
        impl Drop for AtTheEnd {
            fn drop(&mut self) {
                let Self(peer, profile) = self;
                peer.tell_usage(profile);
                peer.exchange.tell(&peer.presence, profile, News::Usage);
                peer.warn_of_budgets(profile);
            }
        }
        AtTheEnd(self.clone(), profile.clone())
    }

    /// Tells the peer what was spent, where it wants to know: now, or with what comes soon.
    pub(super) fn tell_usage(&self, profile: &Arc<Profile>) {
        match self.usage_news.spent(profile) {
            Due::Nothing => {}
            Due::Now => self.tell_sum(profile),
            Due::At(instant) => {
                let peer = self.clone();
                begin(async move {
                    tokio::time::sleep_until(instant).await;
                    for profile in peer.usage_news.take() {
                        peer.tell_sum(&profile);
                    }
                });
            }
        }
    }

    /// Warns the user of budgets of their own that are all but spent, once for all programs.
    fn warn_of_budgets(&self, profile: &Arc<Profile>) {
        if profile.settings.budget.is_none() {
            return;
        }
        let (peer, profile) = (self.clone(), profile.clone());
        begin(async move {
            for notice in peer.provider.budget_notices(&profile).await {
                peer.show_warning(&format!("litellm-ls: {notice}"));
            }
        });
    }

    fn tell_sum(&self, profile: &Profile) {
        let UsageReportResult { profile, total, key, .. } = self.provider.usage(profile);
        let sum = DidChangeUsageParams { profile, total, key };
        if self.usage_news.is_new(&sum) {
            self.outbox.notify_now(DidChangeUsage::METHOD, sum);
        }
    }

    /// Warns the user in one sentence, where the editor can show it.
    pub(super) fn show_warning(&self, message: &str) {
        self.message(MessageType::WARNING, message);
    }

    /// Tells the user one sentence, where the editor can show it.
    pub(super) fn show_info(&self, message: &str) {
        self.message(MessageType::INFO, message);
    }

    pub(super) fn message(&self, kind: MessageType, message: &str) {
        let message = plain::sentence(&self.language().said(message));
        self.outbox.notify_now("window/showMessage", json!({"type": kind, "message": message}));
    }

    /// Has the user choose a button, and returns it in our words: none of them where they chose none. None where nobody
    /// answers. One more button may leave all as it is, as who closes the question does; it is the first, which editors
    /// choose already.
    pub(super) async fn choice(
        &self,
        kind: MessageType,
        message: &str,
        buttons: &[&str],
        leave: Option<&str>,
    ) -> Option<String> {
        let language = self.language();
        let told = |button: &str| language.said(button).into_owned();
        // VS Code's name for it; LSP lets actions have more members.
        let leaving = leave.map(|leave| json!({"title": told(leave), "isCloseAffordance": true}));
        let others = buttons.iter().map(|button| json!({"title": told(button)}));
        let actions: Vec<Value> = leaving.into_iter().chain(others).collect();
        let message = plain::sentence(&language.said(message));
        let question = json!({"type": kind, "message": message, "actions": actions});
        let answer = self.outbox.ask("window/showMessageRequest", question, CHOICE_LIMIT).await?;
        let mut all = leave.into_iter().chain(buttons.iter().copied());
        let chosen = all.find(|button| answer["title"] == told(button));
        Some(chosen.unwrap_or_default().to_owned())
    }

    /// Begins work behind an answer, in the place of the same that goes on; its failure is shown.
    pub(super) fn work_behind(
        &self,
        work: Work,
        doing: impl Future<Output = provider::Result<()>> + Send + 'static,
    ) -> Behind {
        self.begin_behind(work, |stop| async move {
            stop.unless_cancelled(doing).await.unwrap_or_else(|| Err(Error::cancelled()))
        })
    }

    /// The same with work that ends by itself once it is cancelled.
    pub(super) fn begin_behind<W>(&self, work: Work, begin: impl FnOnce(Stop) -> W) -> Behind
    where
        W: Future<Output = provider::Result<()>> + Send + 'static,
    {
        let peer = self.clone();
        let under_way = self.presence.request();
        let (sender, outcome) = oneshot::channel();
        let stop = self.editor.runs.start(work, |stop| {
            let doing = begin(stop);
            async move {
                let _under_way = under_way;
                let done = doing.await;
                peer.tell_shim();
                // Who has cancelled knows it.
                if let Err(error) = done.as_ref()
                    && error.kind() != ErrorKind::RequestCancelled
                {
                    peer.show_warning(&failure(error));
                }
                let _ = sender.send(done);
            }
        });
        Behind { stop, outcome }
    }
}

/// Begins what tells of a call that has ended: with the process, perhaps, and then nobody is told.
fn begin(telling: impl Future<Output = ()> + Send + 'static) {
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        drop(runtime.spawn(telling));
    }
}

/// Work behind an answer, which some wait for all the same.
pub(super) struct Behind {
    stop: Stop,
    outcome: oneshot::Receiver<provider::Result<()>>,
}

impl Behind {
    /// Waits until it has ended; it is cancelled where the client gives the request up, or presses a `button`.
    ///
    /// # Errors
    /// Where it is cancelled, or fails.
    pub(super) async fn awaited(
        self,
        peer: Peer,
        button: impl Future<Output = ()>,
    ) -> provider::Result<RawAnswer> {
        let Self { stop, mut outcome } = self;
        let button = Box::pin(button);
        tokio::select! {
            biased;
            done = &mut outcome => {
                done.unwrap_or_else(|_| Err(Error::cancelled()))?;
                return serialized(&());
            }
            () = peer.call.cancelled() => {}
            () = button => {}
        }
        // Its display ends before the answer; an edit that the editor has been asked for is made behind that.
        let _whole = peer.call.hold();
        stop.cancel();
        stop.over().await;
        Err(Error::cancelled())
    }
}
