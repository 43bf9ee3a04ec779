//! The lists of models: fetched once for all who ask at the same time, kept, and served stale when the proxy sleeps.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use litellm_ls_protocol::{
    Ability, Compatibility, ErrorKind, Filler, ListModelsParams, ListModelsResult, Model, ModelOverride,
    ProviderKind, Source,
};

use super::{
    Error, Profile, Provider, Result, apart,
    catalog::{self, Catalog, Overrides, Policy},
    lock,
};
use crate::litellm::{
    Client, Endpoint, List,
    cost_map::CostMap,
    rows::{self, Listing as Answer, Refusal, Refused},
};

/// How long a list is served without asking again.
const FRESH: Duration = Duration::from_secs(5 * 60);
/// Most lists kept; one more drops the oldest.
const MAX_LISTS: usize = 16;
/// Most names of a change that are told.
const MAX_NAMED: usize = 50;
/// How long a proxy's price list is used without asking again, also where it has none.
const COST_MAP_FRESH: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a list of models waits for the proxy's price list at most.
const COST_MAP_LIMIT: Duration = Duration::from_secs(10);

/// Whether a list at hand will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// It will.
    Cached,
    /// The proxy must be asked.
    Now,
}

/// A list as it was fetched.
#[derive(Debug)]
pub struct Listing {
    /// The models.
    pub catalog: Catalog,
    fetched: Instant,
    fetched_at: String,
}

/// A list as it is served.
#[derive(Debug)]
pub struct Listed {
    /// The list.
    pub listing: Arc<Listing>,
    /// What asking the proxy came to just now. None where the list was at hand.
    pub asked: Option<Result<()>>,
}

/// How a list differs from the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Ids that are new, at most 50.
    pub added: Vec<String>,
    /// Ids that are gone, at most 50.
    pub removed: Vec<String>,
}

/// All lists that are kept.
#[derive(Default)]
pub(super) struct Lists {
    entries: Mutex<Vec<Arc<Entry>>>,
}

/// The place of one list.
struct Entry {
    key: Key,
    /// The last fetch. Whoever fetches holds it, so that all who ask meanwhile share the outcome.
    fetch: tokio::sync::Mutex<Option<Fetch>>,
    last: Mutex<Option<Arc<Listing>>>,
    cost_map: Mutex<Option<ProxyCostMap>>,
}

/// The price list of a proxy. None where it shows none.
#[derive(Clone)]
struct ProxyCostMap {
    fetched: Instant,
    list: Option<Arc<CostMap>>,
}

/// A fetch that has ended.
struct Fetch {
    began: Instant,
    ended: Instant,
    outcome: Result<Arc<Listing>>,
}

impl Fetch {
    /// Whether it answers a question of this instant too.
    fn answers(&self, asked: Instant, freshness: Freshness) -> bool {
        match freshness {
            Freshness::Cached => self.ended > asked,
            Freshness::Now => self.began > asked,
        }
    }
}

/// What a list depends on. It holds a key, so it has no `Debug`.
#[derive(Clone, PartialEq)]
struct Key {
    kind: ProviderKind,
    endpoint: Endpoint,
    compatibility: Compatibility,
    overrides: BTreeMap<String, ModelOverride>,
}

impl Lists {
    fn entry(&self, profile: &Profile) -> Arc<Entry> {
        let key = Key {
            kind: profile.kind(),
            endpoint: profile.endpoint.clone(),
            compatibility: profile.compatibility(),
            overrides: profile.model_overrides().clone(),
        };
        let mut entries = lock(&self.entries);
        if let Some(entry) = entries.iter().find(|entry| entry.key == key) {
            return entry.clone();
        }
        if entries.len() == MAX_LISTS {
            entries.remove(0);
        }
        let entry = Arc::new(Entry {
            key,
            fetch: tokio::sync::Mutex::default(),
            last: Mutex::default(),
            cost_map: Mutex::default(),
        });
        entries.push(entry.clone());
        entry
    }
}

impl Provider {
    /// The models of a profile.
    ///
    /// # Errors
    /// Where the proxy can't be asked and there is no older list either.
    pub async fn models(&self, profile: &Profile, freshness: Freshness) -> Result<Listed> {
        let entry = self.lists.entry(profile);
        let last = lock(&entry.last).clone();
        if freshness == Freshness::Cached
            && let Some(listing) = last
            && listing.fetched.elapsed() < FRESH
        {
            return Ok(Listed { listing, asked: None });
        }
        let asked = Instant::now();
        let mut fetch = entry.fetch.lock().await;
        let last = lock(&entry.last).clone();
        let outcome = match &*fetch {
            Some(fetch) if fetch.answers(asked, freshness) => fetch.outcome.clone(),
            _ => {
                let began = Instant::now();
                let outcome = self.fetch(profile, &entry).await.map(Arc::new);
                *fetch = Some(Fetch { began, ended: Instant::now(), outcome: outcome.clone() });
                outcome
            }
        };
        match (outcome, last) {
            (Ok(listing), _) => {
                // An empty list is served but not kept: a proxy that still loads its models sends one.
                if !listing.catalog.models.is_empty() {
                    *lock(&entry.last) = Some(listing.clone());
                }
                Ok(Listed { listing, asked: Some(Ok(())) })
            }
            (Err(error), Some(listing)) => Ok(Listed { listing, asked: Some(Err(error)) }),
            (Err(error), None) => Err(error),
        }
    }

    /// The list at hand, however old; the proxy is not asked.
    pub fn known_models(&self, profile: &Profile) -> Option<Arc<Listing>> {
        lock(&self.lists.entry(profile).last).clone()
    }

    async fn fetch(&self, profile: &Profile, entry: &Entry) -> Result<Listing> {
        let client = self.client(profile).await?;
        // Our price list is unpacked while the proxy writes.
        let unpack = async {
            if profile.compatibility() == Compatibility::Default {
                apart(CostMap::embedded).await;
            }
        };
        let (answers, ()) = tokio::join!(ask(&client, profile), unpack);
        let answers = Arc::new(answers?);
        let known = lock(&entry.cost_map).clone().filter(|known| known.fetched.elapsed() < COST_MAP_FRESH);
        let is_known = known.is_some();
        let listing = read_apart(&answers, profile, known.and_then(|known| known.list)).await?;
        if is_known || !wants_cost_map(&listing, profile) {
            return Ok(listing);
        }
        let list = cost_map_of(&client, profile).await;
        *lock(&entry.cost_map) = Some(ProxyCostMap { fetched: Instant::now(), list: list.clone() });
        match list {
            Some(list) => read_apart(&answers, profile, Some(list)).await,
            None => Ok(listing),
        }
    }
}

/// Whether the proxy's own price list may say more than ours: it offers models of which it tells nothing but a name such
/// as `openai/gpt-9`, as proxies do that pass all names of a vendor on. Of all others it has said what it knows.
fn wants_cost_map(listing: &Listing, profile: &Profile) -> bool {
    let is_unknown = |model: &Model| {
        model.backends.is_empty()
            && model.id.contains('/')
            && model.assumed.get("contextWindow") == Some(&Filler::Default)
    };
    profile.kind() == ProviderKind::Litellm
        && profile.compatibility() == Compatibility::Default
        && listing.catalog.source != Source::Declared
        && listing.catalog.models.iter().any(is_unknown)
}

/// The proxy's price list. None where it shows none: then ours has to do.
async fn cost_map_of(client: &Client, profile: &Profile) -> Option<Arc<CostMap>> {
    let url = &profile.endpoint.cost_map;
    let list =
        client.list(&profile.endpoint, url, COST_MAP_LIMIT.min(profile.discovery_limit())).await.ok()?;
    if !list.is_success() {
        return None;
    }
    apart(move || CostMap::read(&rows::text(&list.body))).await.map(Arc::new)
}

/// Reads a list on a thread of its own, for a large one takes long, and so does unpacking our price list.
async fn read_apart(
    answers: &Arc<Answers>,
    profile: &Profile,
    cost_map: Option<Arc<CostMap>>,
) -> Result<Listing> {
    let (answers, profile) = (answers.clone(), profile.clone());
    apart(move || read(&answers, &profile, cost_map.as_deref())).await
}

/// The answers that a list is read from.
struct Answers {
    /// What describes models, best first; the first that can be read is used.
    described: Vec<(Answer, List)>,
    /// Which names may be called.
    offered: Option<List>,
    /// Why the best is not among them.
    refused: Option<(Refusal, List)>,
}

/// Asks for what models are and for which names exist, at once (D9). A key may chat and not read `/v1/model/info`:
/// then `/model_group/info` describes them, or else the names stand alone. No route of these needs an admin's key.
async fn ask(client: &Client, profile: &Profile) -> Result<Answers> {
    let endpoint = &profile.endpoint;
    let fetch = |url| client.list(endpoint, url, profile.discovery_limit());
    if profile.kind() == ProviderKind::OpenaiCompatible {
        let names = fetch(&endpoint.models).await?;
        return Ok(Answers { described: vec![(Answer::Models, names)], offered: None, refused: None });
    }
    if profile.compatibility() == Compatibility::Roo {
        let info = fetch(&endpoint.model_info).await?;
        return Ok(Answers { described: vec![(Answer::ModelInfo, info)], offered: None, refused: None });
    }
    let (info, names) = tokio::join!(fetch(&endpoint.model_info), fetch(&endpoint.models));
    let info = info?;
    let offered = names.ok().filter(|names| names.is_success());
    match rows::read(Answer::ModelInfo, info.status, &rows::text(&info.body)) {
        Err(refusal) if !info.is_success() && refusal.may_go_on() => {
            let groups =
                fetch(&endpoint.model_groups).await.ok().map(|groups| (Answer::ModelGroupInfo, groups));
            let names = offered.clone().map(|names| (Answer::Models, names));
            let described = groups.into_iter().chain(names).collect();
            Ok(Answers { described, offered, refused: Some((refusal, info)) })
        }
        _ => Ok(Answers { described: vec![(Answer::ModelInfo, info)], offered, refused: None }),
    }
}

fn read(answers: &Answers, profile: &Profile, cost_map: Option<&CostMap>) -> Result<Listing> {
    let overrides = Overrides::of(profile.model_overrides());
    let cost_maps: Vec<&CostMap> = match profile.compatibility() {
        Compatibility::Default => cost_map.into_iter().chain([CostMap::embedded()]).collect(),
        Compatibility::Strict | Compatibility::Roo => Vec::new(),
    };
    let policy =
        Policy { compatibility: profile.compatibility(), overrides: &overrides, cost_maps: &cost_maps };
    let offered_text = answers.offered.as_ref().map(|list| (list.status, rows::text(&list.body)));
    let offered =
        offered_text.as_ref().and_then(|(status, text)| rows::read(Answer::Models, *status, text).ok());
    let mut refused = answers.refused.as_ref().map(|(refusal, list)| (*refusal, list));
    for (answer, list) in &answers.described {
        let text = rows::text(&list.body);
        match rows::read(*answer, list.status, &text) {
            Ok(described) => {
                let offered = offered.as_ref().filter(|_| *answer != Answer::Models);
                return Ok(Listing::new(Catalog::new(&described, offered, &policy)));
            }
            Err(refusal) => {
                refused.get_or_insert((refusal, list));
            }
        }
    }
    let declared = || Catalog::declared(profile.model(), &policy);
    match refused {
        Some((refusal, _)) if refusal.is_unable() && !declared().models.is_empty() => {
            return Ok(Listing::new(declared()));
        }
        _ => {}
    }
    Err(match refused {
        Some((refusal, list)) => refused_list(refusal, list, profile),
        None => Error::new(ErrorKind::BadResponse, "the proxy sent no list", "correct baseUrl"),
    })
}

/// The error behind a list that is none (D9).
fn refused_list(refusal: Refusal, list: &List, profile: &Profile) -> Error {
    let (kind, remedy) = match refusal.cause {
        Refused::Unauthorized => (
            ErrorKind::Unauthorized,
            "set apiKey (or LITELLM_API_KEY) to a key this proxy knows, and check baseUrl",
        ),
        Refused::Forbidden => {
            (ErrorKind::Forbidden, "ask the proxy's administrator to let this key list models")
        }
        Refused::RateLimited => (ErrorKind::RateLimited, "wait, then ask again"),
        Refused::Unusable => (
            ErrorKind::BadResponse,
            "correct baseUrl: it must lead to a LiteLLM proxy, not to a web page or a login in front of it",
        ),
    };
    let mut error = Error::new(kind, refusal.cause.to_string(), remedy);
    error.data.http_status = Some(refusal.status);
    error.data.url = Some(list.url.clone());
    if kind == ErrorKind::BadResponse {
        let secrets = profile.endpoint.secrets();
        error.data.content_type = list.content_type.as_deref().map(|kind| secrets.out_of(kind));
        error.data.body = Some(list.beginning(&secrets));
    }
    error
}

impl Listing {
    fn new(catalog: Catalog) -> Self {
        Self { catalog, fetched: Instant::now(), fetched_at: now() }
    }

    /// The record of a model, a hidden one too. None where the proxy does not list it.
    pub fn model(&self, id: &str) -> Option<&Model> {
        self.catalog.models.iter().chain(&self.catalog.hidden).find(|model| model.id == id)
    }

    /// How it differs from an earlier one. None where it does not.
    pub fn change_since(&self, before: &Self) -> Option<Change> {
        let (before, after) = (&before.catalog.models, &self.catalog.models);
        if before == after {
            return None;
        }
        let ids = |models: &[Model]| models.iter().map(|model| model.id.clone()).collect::<HashSet<_>>();
        let (old, new) = (ids(before), ids(after));
        let missing_in = |ids: &HashSet<String>, models: &[Model]| {
            let missing = models.iter().map(|model| &model.id).filter(|id| !ids.contains(*id));
            missing.take(MAX_NAMED).cloned().collect()
        };
        Some(Change { added: missing_in(&old, after), removed: missing_in(&new, before) })
    }

    /// The model for requests that name none (D20).
    pub fn default_model(&self, profile: &Profile) -> Option<String> {
        catalog::default_model(profile.model(), &self.catalog, profile.compatibility())
    }

    /// That model and the day, where its provider has retired it by now.
    pub fn retired_default(&self, profile: &Profile) -> Option<(String, String)> {
        let id = self.default_model(profile)?;
        let day = self.model(&id)?.retires_on.clone()?;
        has_come(&day).then_some((id, day))
    }
}

impl Listed {
    /// Why it is an older list: asking for a newer one failed.
    pub fn failure(&self) -> Option<&Error> {
        self.asked.as_ref()?.as_ref().err()
    }

    /// The list as a peer asked for it.
    pub fn result(&self, profile: &Profile, params: &ListModelsParams) -> ListModelsResult {
        let catalog = &self.listing.catalog;
        let hidden = if params.include_hidden { &catalog.hidden[..] } else { &[] };
        let models =
            catalog.models.iter().chain(hidden).filter(|model| is_wanted(model, params)).cloned().collect();
        ListModelsResult {
            models,
            default_model: self.listing.default_model(profile),
            source: catalog.source,
            fetched_at: self.listing.fetched_at.clone(),
            stale: self.failure().is_some(),
            hidden_count: catalog.hidden.len() as u64,
            warnings: self.warnings(profile),
        }
    }

    fn warnings(&self, profile: &Profile) -> Vec<String> {
        let catalog = &self.listing.catalog;
        let mut warnings = Vec::new();
        if let Some(error) = self.failure() {
            warnings.push(format!("this list is an older one, for {}: {}", error.message, error.remedy()));
        }
        if catalog.source == Source::Declared {
            warnings.push("the server can't list its models: these are those that the settings name".into());
        }
        if let Some((model, day)) = self.listing.retired_default(profile) {
            warnings.push(format!("{model} was retired on {day}: choose another model"));
        }
        if catalog.skipped > 0 {
            warnings.push(format!(
                "{} entries of the proxy's list have no usable name and were left out",
                catalog.skipped
            ));
        }
        if catalog.models.is_empty() {
            warnings.push(
                "the proxy lists no model that chats: ask its administrator which models this key may use"
                    .into(),
            );
        }
        warnings
    }
}

fn is_wanted(model: &Model, params: &ListModelsParams) -> bool {
    let contains = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
    let matches = |query: &String| {
        contains(&model.id, query) || model.backends.iter().any(|backend| contains(backend, query))
    };
    let of_provider =
        |provider: &String| model.provider.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(provider));
    params.query.as_ref().is_none_or(matches)
        && params.provider.as_ref().is_none_or(of_provider)
        && params.supports.iter().all(|ability| has(model, *ability))
}

fn has(model: &Model, ability: Ability) -> bool {
    let flag = match ability {
        Ability::Images => model.supports_images,
        Ability::PromptCache => model.supports_prompt_cache,
        Ability::ComputerUse => model.supports_computer_use,
        Ability::Tools => model.supports_tools,
        Ability::Reasoning => model.supports_reasoning,
        Ability::Audio => model.supports_audio,
        Ability::Pdf => model.supports_pdf,
        Ability::ResponseSchema => model.supports_response_schema,
    };
    flag == Some(true)
}

/// Whether a day such as `2026-12-31` is past, or today (UTC).
pub fn has_come(day: &str) -> bool {
    *day <= now()[..10]
}

/// This instant, in RFC 3339.
pub(super) fn now() -> String {
    jiff::Timestamp::now()
        .round(jiff::Unit::Millisecond)
        .unwrap_or_else(|_| jiff::Timestamp::now())
        .to_string()
}
