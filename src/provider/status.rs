//! Can a profile be used right now? Check by check, each failure with what to do.

use std::{sync::Arc, time::Instant};

use litellm_ls_protocol::{
    Budget, Check, CheckName, ErrorKind, Outcome, Problem, ProviderKind, Source, State, StatusResult,
    TimeoutPhase,
};

use super::{
    Error, Freshness, Profile, Provider, Result, error,
    instant::milliseconds,
    models::{self, Listed},
    now,
    usage::{budget, own_budget},
};
use crate::{
    litellm::{self, Alive, Reach},
    plain,
};

/// The status of a profile whose settings can't be used, for this reason: nobody is asked anything.
pub fn unusable(profile: &str, error: &Error) -> StatusResult {
    let mut checks = Checks::default();
    checks.fail(CheckName::Settings, error, Instant::now());
    checks.skip(&[
        CheckName::Dns,
        CheckName::Connect,
        CheckName::Tls,
        CheckName::Reachable,
        CheckName::Server,
        CheckName::Key,
        CheckName::Models,
        CheckName::DefaultModel,
    ]);
    StatusResult {
        profile: profile.to_owned(),
        state: checks.state(),
        base_url: None,
        reachable: false,
        authenticated: None,
        version: None,
        model_count: None,
        models_fetched_at: None,
        default_model: None,
        checks: checks.0,
        checked_at: now(),
    }
}

/// What is wrong with a setting, in one sentence.
fn told(problem: &Problem) -> String {
    format!("{}: {}", error::named(problem), problem.reason)
}

impl Provider {
    /// Checks a profile. It never fails: what fails is a check.
    pub async fn status(&self, profile: &Arc<Profile>) -> StatusResult {
        let mut checks = Checks::default();
        checks.settings(profile);
        let started = Instant::now();
        let (profile, alive) = self.check_way(profile, &mut checks).await;
        let unlocked = self.unlocked(profile.clone()).await;
        let profile = unlocked.as_ref().unwrap_or(&profile);
        let listed = match (&alive, &unlocked) {
            (Some(alive), Ok(_)) => self.check_server(profile, alive, &mut checks).await,
            (alive, unlocked) => {
                match alive {
                    Some(alive) => checks.server(profile, alive.is_litellm, true),
                    None => checks.skip(&[CheckName::Server]),
                }
                match unlocked {
                    Err(error) => checks.fail(CheckName::Key, error, started),
                    Ok(_) => checks.skip(&[CheckName::Key]),
                }
                checks.skip(&[CheckName::Models, CheckName::DefaultModel]);
                None
            }
        };
        checks.advise_of_key(profile);
        if checks.authenticated() == Some(true) {
            self.check_budget(profile, &mut checks).await;
        }
        let version = match alive.as_ref().map(|alive| alive.version.clone()) {
            Some(None) if checks.authenticated() == Some(true) => self.version(profile).await,
            version => version.flatten(),
        };
        StatusResult {
            profile: profile.name.clone(),
            state: checks.state(),
            base_url: Some(profile.settings.base_url.value.clone()),
            reachable: alive.is_some(),
            authenticated: checks.authenticated(),
            version,
            model_count: listed.as_ref().map(|listed| listed.listing.catalog.models.len() as u64),
            models_fetched_at: listed.as_ref().map(|listed| listed.listing.fetched_at.clone()),
            default_model: match &listed {
                Some(listed) => listed.listing.default_model(profile),
                None => profile.model().map(str::to_owned),
            },
            checks: checks.0,
            checked_at: now(),
        }
    }

    async fn version(&self, profile: &Profile) -> Option<String> {
        self.client(profile).await.ok()?.version(&profile.endpoint).await
    }

    /// The first address of a profile where a server answers, and what that says of itself.
    async fn check_way(&self, profile: &Arc<Profile>, checks: &mut Checks) -> (Arc<Profile>, Option<Alive>) {
        let started = Instant::now();
        let mut failure = None;
        for address in profile.addresses() {
            let alive = match self.client(address).await {
                Ok(client) => client.alive(&address.endpoint).await.map_err(Error::from),
                Err(error) => Err(error),
            };
            match alive {
                Ok(alive) => {
                    checks.way(address, Stage::Http, None);
                    match &failure {
                        None => checks.ok(CheckName::Reachable, ANSWERS, Some(started)),
                        Some(_) => checks.warn(
                            CheckName::Reachable,
                            &format!(
                                "the base URL can't be reached, so {} is used",
                                address.settings.base_url.value
                            ),
                            &format!("check the proxy at {}", profile.settings.base_url.value),
                        ),
                    }
                    return (profile.moved(address), Some(alive));
                }
                Err(error) => _ = failure.get_or_insert(error),
            }
        }
        if let Some(error) = failure {
            let stage = stage(&error, profile).await;
            checks.way(profile, stage, Some((&profile.told(error), started)));
        }
        (profile.clone(), None)
    }

    /// Says nothing where nobody says anything of budgets.
    async fn check_budget(&self, profile: &Profile, checks: &mut Checks) {
        let started = Instant::now();
        let mut budgets = self.budgets(profile).await.unwrap_or_default();
        // What the proxy tells now holds, whatever its clock says of the reset.
        let told = budgets.iter().find(|budget| own_budget::is_spent(budget)).cloned();
        if let Some(spent) = told.or_else(|| self.ledger.account(profile).spent()) {
            let error = Error::new(
                ErrorKind::BudgetExceeded,
                budget::sentence::spent(&spent),
                "wait for its reset, or ask the administrator to raise it and then ask a model again; one that costs \
                 nothing answers all the same",
            );
            return checks.fail(CheckName::Budget, &error, started);
        }
        if let Some(error) = own_budget::unread(profile) {
            return checks.fail(CheckName::Budget, &error, started);
        }
        let own = self.own_budgets(profile).await;
        if let Some(spent) = own.iter().rfind(|budget| own_budget::is_spent(budget)) {
            let (message, remedy) = (budget::sentence::spent(spent), own_budget::remedy(spent));
            return match profile.own_budget().and_then(|budget| budget.stop) {
                Some(true) => {
                    let error = Error::new(ErrorKind::BudgetExceeded, message, remedy);
                    checks.fail(CheckName::Budget, &error, started);
                }
                _ => checks.warn(CheckName::Budget, &message, &remedy),
            };
        }
        budgets.extend(own);
        let left = |budget: &Budget| budget.limit.unwrap_or_default() - budget.spend.unwrap_or_default();
        let scarcest = budgets.iter().min_by(|one, other| left(one).total_cmp(&left(other)));
        if let Some(rest) = scarcest.and_then(budget::sentence::rest) {
            checks.ok(CheckName::Budget, &rest, Some(started));
        }
    }

    /// Checks who answers: by what it says of itself, and by its list of models.
    async fn check_server(
        &self,
        profile: &Arc<Profile>,
        alive: &Alive,
        checks: &mut Checks,
    ) -> Option<Listed> {
        let started = Instant::now();
        let listed = self.models(profile, Freshness::Now).await;
        let describes = |listed: &Listed| {
            [Source::ModelInfo, Source::ModelGroupInfo].contains(&listed.listing.catalog.source)
        };
        let lists = match models::failure(&listed) {
            Some(error) => error.kind() != ErrorKind::BadResponse,
            None => !is_declared(&listed),
        };
        let is_litellm = alive.is_litellm || listed.as_ref().is_ok_and(describes);
        checks.server(profile, is_litellm, lists);
        self.check_models(profile, listed, started, checks)
    }

    fn check_models(
        &self,
        profile: &Profile,
        listed: Result<Listed>,
        started: Instant,
        checks: &mut Checks,
    ) -> Option<Listed> {
        let failure = models::failure(&listed);
        match failure {
            // Its refusal to list says nothing about the key.
            None if is_declared(&listed) => checks.skip(&[CheckName::Key]),
            None => checks.ok(CheckName::Key, "the server takes the key", None),
            Some(error) if concerns_key(error) => checks.fail(CheckName::Key, error, started),
            Some(_) => checks.skip(&[CheckName::Key]),
        }
        match (failure, &listed) {
            (Some(error), _) if concerns_key(error) => checks.skip(&[CheckName::Models]),
            (Some(error), _) => checks.fail(CheckName::Models, error, started),
            (None, _) if is_declared(&listed) => checks.warn(
                CheckName::Models,
                "the server can't list its models",
                "name the models you use in modelOverrides",
            ),
            (None, Ok(listed)) if listed.listing.catalog.models.is_empty() => checks.warn(
                CheckName::Models,
                "the proxy lists no chat models",
                "add models to the proxy, or ask its administrator which models the key may use",
            ),
            (None, Ok(listed)) => {
                let count = listed.listing.catalog.models.len();
                let listed = if count == 1 {
                    "1 model is listed".to_owned()
                } else {
                    format!("{count} models are listed")
                };
                checks.ok(CheckName::Models, &listed, Some(started));
            }
            (None, Err(_)) => {}
        }
        let listed = listed.ok();
        checks.default_model(profile, listed.as_ref());
        listed
    }
}

const ANSWERS: &str = "a server answers at the base URL";

/// How far a request gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Dns,
    Connect,
    Tls,
    Http,
}

impl Stage {
    fn check(self) -> CheckName {
        match self {
            Self::Dns => CheckName::Dns,
            Self::Connect => CheckName::Connect,
            Self::Tls => CheckName::Tls,
            Self::Http => CheckName::Reachable,
        }
    }
}

/// Where a request failed.
async fn stage(error: &Error, profile: &Profile) -> Stage {
    match error.kind() {
        ErrorKind::Tls => return Stage::Tls,
        // There is no room to look further.
        ErrorKind::Busy => return Stage::Connect,
        _ => {}
    }
    match litellm::reach(&profile.endpoint.alive, &profile.transport).await {
        Some(Reach::Nowhere) => Stage::Dns,
        Some(Reach::Address) => Stage::Connect,
        Some(Reach::Connection) | None => Stage::Http,
    }
}

/// The state of a profile that failed this way. None where the failure says nothing about it.
pub fn state_after(error: &Error) -> Option<State> {
    match error.kind() {
        ErrorKind::Unreachable | ErrorKind::Tls | ErrorKind::BadResponse => Some(State::Unreachable),
        ErrorKind::Timeout if error.data.phase == Some(TimeoutPhase::Connect) => Some(State::Unreachable),
        // A server in front of the proxy says that nobody is there.
        ErrorKind::Upstream if error.data.gateway.is_some() => Some(State::Unreachable),
        ErrorKind::Unauthorized => Some(State::Unauthorized),
        ErrorKind::NotConfigured => Some(State::Failed),
        _ => None,
    }
}

fn is_declared(listed: &Result<Listed>) -> bool {
    listed.as_ref().is_ok_and(|listed| listed.listing.catalog.source == Source::Declared)
}

fn concerns_key(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Unauthorized | ErrorKind::Forbidden)
}

/// What has been checked so far.
#[derive(Default)]
struct Checks(Vec<Check>);

impl Checks {
    fn add(
        &mut self,
        name: CheckName,
        outcome: Outcome,
        message: &str,
        since: Option<Instant>,
    ) -> &mut Check {
        self.0.push(Check {
            name,
            outcome,
            message: plain::sentence(message),
            remedy: None,
            kind: None,
            duration_ms: since.map(|since| milliseconds(since.elapsed())),
        });
        let last = self.0.len() - 1;
        &mut self.0[last]
    }

    fn ok(&mut self, name: CheckName, message: &str, since: Option<Instant>) {
        self.add(name, Outcome::Ok, message, since);
    }

    fn warn(&mut self, name: CheckName, message: &str, remedy: &str) {
        self.add(name, Outcome::Warning, message, None).remedy = Some(remedy.to_owned());
    }

    fn fail(&mut self, name: CheckName, error: &Error, since: Instant) {
        let check = self.add(name, Outcome::Failed, &error.message, Some(since));
        check.remedy.clone_from(&error.data.remedy);
        check.kind = Some(error.kind());
    }

    fn skip(&mut self, names: &[CheckName]) {
        for name in names {
            self.add(*name, Outcome::Skipped, "skipped: an earlier check failed", None);
        }
    }

    fn settings(&mut self, profile: &Profile) {
        let mut warnings = profile.warnings.iter().filter(|warning| !warning.is_of_key).peekable();
        if warnings.peek().is_none() && profile.broken.is_none() && profile.complaints.is_empty() {
            self.ok(CheckName::Settings, "the settings can be used", None);
        }
        if let Some(problem) = &profile.broken {
            self.fail(CheckName::Settings, &Error::unusable(problem), Instant::now());
        }
        for problem in &profile.complaints {
            self.warn(CheckName::Settings, &told(problem), &problem.remedy);
        }
        for warning in warnings {
            self.warn(CheckName::Settings, &warning.message, &warning.remedy);
        }
    }

    /// What is to be said of the key stands behind whether the server takes it.
    fn advise_of_key(&mut self, profile: &Profile) {
        let behind =
            self.0.iter().position(|check| check.name == CheckName::Key).map_or(self.0.len(), |at| at + 1);
        let others = self.0.split_off(behind);
        for warning in profile.warnings.iter().filter(|warning| warning.is_of_key) {
            self.warn(CheckName::Key, &warning.message, &warning.remedy);
        }
        self.0.extend(others);
    }

    fn default_model(&mut self, profile: &Profile, listed: Option<&Listed>) {
        let Some(listed) = listed else { return self.skip(&[CheckName::DefaultModel]) };
        match listed.listing.default_model(profile) {
            // That there is none to choose is said already.
            None if listed.listing.catalog.models.is_empty() => self.skip(&[CheckName::DefaultModel]),
            None => self.warn(
                CheckName::DefaultModel,
                "no model is chosen, and none is listed that chats and is not retired",
                models::CHOOSE,
            ),
            Some(model) if let Some((_, day)) = listed.listing.retired_default(profile) => {
                self.warn(CheckName::DefaultModel, &format!("{model} was retired on {day}"), models::CHOOSE)
            }
            Some(model) if listed.listing.model(&model).is_some() => {
                self.ok(CheckName::DefaultModel, &format!("{model} is listed"), None);
            }
            // Hidden aliases and wildcards can be called without being listed (litellm 1.101.3).
            Some(model) => self.warn(
                CheckName::DefaultModel,
                &format!("{model} is not listed"),
                "choose a listed model, or make sure that the proxy has this one",
            ),
        }
    }

    /// What is known of the way to a server once a request was gone as far as `to`, and how it failed there.
    fn way(&mut self, profile: &Profile, to: Stage, failure: Option<(&Error, Instant)>) {
        for (stage, found) in [
            (Stage::Dns, "the host has an address"),
            (Stage::Connect, "a connection is made"),
            (Stage::Tls, "the certificate is trusted"),
            (Stage::Http, ANSWERS),
        ] {
            match failure {
                Some((error, since)) if stage == to => self.fail(stage.check(), error, since),
                _ if stage == Stage::Tls && !profile.transport.encrypted => {
                    self.add(CheckName::Tls, Outcome::Skipped, "not needed over plain http", None);
                }
                Some(_) if stage > to => self.skip(&[stage.check()]),
                None if stage == Stage::Http => {}
                _ => self.ok(stage.check(), found, None),
            }
        }
    }

    /// Who answers. What is no LiteLLM and lists no models is the wrong server, whatever its settings name.
    fn server(&mut self, profile: &Profile, is_litellm: bool, lists: bool) {
        const STRANGE: &str = "the server does not answer as LiteLLM does";
        const REMEDY: &str =
            "check baseUrl, or set kind to openaiCompatible for a server that is not LiteLLM";
        match (profile.kind(), is_litellm) {
            (ProviderKind::Litellm, false) if lists => self.warn(CheckName::Server, STRANGE, REMEDY),
            (ProviderKind::Litellm, false) => {
                let error = Error::new(ErrorKind::BadResponse, STRANGE, REMEDY);
                self.fail(CheckName::Server, &error, Instant::now());
            }
            (ProviderKind::Litellm, true) => self.ok(CheckName::Server, "it is a LiteLLM proxy", None),
            (ProviderKind::OpenaiCompatible | ProviderKind::Unknown, _) => {
                self.ok(CheckName::Server, "it is taken to be OpenAI-compatible, as `kind` says", None);
            }
        }
    }

    fn outcome_of(&self, name: CheckName) -> Option<Outcome> {
        self.0.iter().find(|check| check.name == name).map(|check| check.outcome)
    }

    fn authenticated(&self) -> Option<bool> {
        match self.outcome_of(CheckName::Key)? {
            Outcome::Ok | Outcome::Warning => Some(true),
            Outcome::Failed => Some(false),
            Outcome::Skipped | Outcome::Unknown => None,
        }
    }

    fn state(&self) -> State {
        let failed = |name| self.outcome_of(name) == Some(Outcome::Failed);
        let way = [CheckName::Dns, CheckName::Connect, CheckName::Tls, CheckName::Reachable];
        if way.into_iter().any(failed) {
            State::Unreachable
        } else if failed(CheckName::Key) {
            State::Unauthorized
        } else if self
            .0
            .iter()
            .any(|check| check.outcome == Outcome::Failed && check.name != CheckName::Budget)
        {
            State::Failed
        } else if self.0.iter().any(|check| matches!(check.outcome, Outcome::Warning | Outcome::Failed)) {
            State::Degraded
        } else {
            State::Ready
        }
    }
}
