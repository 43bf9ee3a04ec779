//! The lists of models: fetched once for all who ask at the same time, kept, and served stale when the proxy sleeps.

mod fetch;
mod paging;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use litellm_ls_protocol::{
    Compatibility, ListModelsParams, ListModelsResult, ListOrder, ListedModel, Model, ModelOverride,
    ProviderKind, Source,
};

use super::{
    Error, Profile, Provider, Result,
    catalog::{self, Catalog},
    has_come, lock, now,
};
use crate::{plain, provider::Route, store::ModelMarks};

/// What to do where the model for requests that name none is none to use.
pub(super) const CHOOSE: &str =
    "choose another one, in the editor or with `litellm-ls config set model MODEL`";
/// How long a list is served without asking again.
const LIST_FRESH: Duration = Duration::from_secs(5 * 60);
/// Most lists kept; one more drops the oldest.
const MAX_LISTS: usize = 16;
/// Most names of a change that are told.
const MAX_NAMED: usize = 50;

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
    /// The places of its models in the order of a picker.
    picker: Vec<usize>,
    fetched: Instant,
    /// The same in RFC 3339.
    pub fetched_at: String,
    /// When the first list was fetched that had the same models.
    changed_at: String,
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
    key: ListKey,
    /// The last fetch. Whoever fetches holds it, so that all who ask meanwhile share the outcome.
    fetch: tokio::sync::Mutex<Option<Fetch>>,
    last: Mutex<Option<Arc<Listing>>>,
    cost_map: Mutex<Option<fetch::ProxyCostMap>>,
}

impl Entry {
    /// That of a profile.
    fn of(profile: &Profile, entries: &[Arc<Self>]) -> Option<Arc<Self>> {
        entries.iter().find(|entry| entry.key.is_of(profile)).cloned()
    }
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

/// What a list depends on.
struct ListKey {
    kind: ProviderKind,
    route: Route,
    compatibility: Compatibility,
    overrides: BTreeMap<String, ModelOverride>,
}

impl ListKey {
    fn of(profile: &Profile) -> Self {
        Self {
            kind: profile.kind(),
            route: profile.route(),
            compatibility: profile.compatibility(),
            overrides: profile.model_overrides().clone(),
        }
    }

    /// Whether it is the key of a profile. Every question asks that, so nothing is copied for it.
    fn is_of(&self, profile: &Profile) -> bool {
        self.kind == profile.kind()
            && self.route.is_of(profile)
            && self.compatibility == profile.compatibility()
            && self.overrides == *profile.model_overrides()
    }
}

impl Lists {
    /// The place of a profile's list, where it has one.
    fn known(&self, profile: &Profile) -> Option<Arc<Entry>> {
        Entry::of(profile, &lock(&self.entries))
    }

    /// The place of a profile's list, made where it has none: then the oldest may have to go.
    fn entry(&self, profile: &Profile) -> Arc<Entry> {
        // Under one lock, so that two who come at once have one place.
        let mut entries = lock(&self.entries);
        if let Some(entry) = Entry::of(profile, &entries) {
            return entry;
        }
        if entries.len() == MAX_LISTS {
            entries.remove(0);
        }
        let entry = Arc::new(Entry {
            key: ListKey::of(profile),
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
    pub async fn models(&self, profile: &Arc<Profile>, freshness: Freshness) -> Result<Listed> {
        let mut listed = self.models_at(profile, freshness).await;
        let mut profile = profile.clone();
        while let Some(error) = failure(&listed)
            && let Some(failover) = self.failover(&profile, error).await
        {
            listed = self.models_at(&failover, freshness).await;
            profile = failover;
        }
        listed.map_err(|error| profile.told(error))
    }

    async fn models_at(&self, profile: &Profile, freshness: Freshness) -> Result<Listed> {
        let entry = self.lists.entry(profile);
        let last = lock(&entry.last).clone();
        if freshness == Freshness::Cached
            && let Some(listing) = last
            && listing.fetched.elapsed() < LIST_FRESH
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
                // In a box, or every call that may need a list would be as large as asking for one.
                let outcome = Box::pin(self.fetch(profile, &entry)).await;
                let outcome = outcome.map(|listing| Arc::new(listing.after(last.as_deref())));
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

    /// Whether there is no list at hand, and the proxy may have one: it was not asked for one lately.
    pub fn lacks_models(&self, profile: &Profile) -> bool {
        let Some(entry) = self.lists.known(profile) else { return true };
        let was_asked = entry
            .fetch
            .try_lock()
            .is_ok_and(|fetch| fetch.as_ref().is_some_and(|fetch| fetch.ended.elapsed() < LIST_FRESH));
        !was_asked && lock(&entry.last).is_none()
    }

    /// The list at hand, however old; the proxy is not asked.
    pub fn known_models(&self, profile: &Profile) -> Option<Arc<Listing>> {
        let entry = self.lists.known(profile)?;
        lock(&entry.last).clone()
    }
}

impl Listing {
    fn new(catalog: Catalog) -> Self {
        let today = jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date();
        let catalog = catalog.summarised(today);
        // Here it holds nobody up, as writing an answer would.
        for model in &catalog.models {
            let _ = model.json();
        }
        let picker = catalog::picker_order(&catalog.models, today);
        let fetched_at = now();
        Self { catalog, picker, fetched: Instant::now(), changed_at: fetched_at.clone(), fetched_at }
    }

    /// The same, in the place of an earlier list.
    fn after(self, before: Option<&Self>) -> Self {
        let same = before.filter(|before| {
            let (old, new) = (&before.catalog, &self.catalog);
            old.models == new.models && old.hidden == new.hidden
        });
        match same {
            Some(before) => Self { changed_at: before.changed_at.clone(), ..self },
            None => self,
        }
    }

    /// The record of a model, a hidden one too. None where the proxy does not list it.
    pub fn model(&self, id: &str) -> Option<&Arc<ListedModel>> {
        self.catalog.models.iter().chain(&self.catalog.hidden).find(|model| model.id == id)
    }

    /// Whether a model may well be called: it is listed, or a name such as `openai/*` stands for it, or nothing is known.
    pub fn may_have(&self, id: &str) -> bool {
        let Catalog { models, hidden, source, .. } = &self.catalog;
        let stands_for = |model: &Arc<ListedModel>| {
            model
                .id
                .split_once('*')
                .is_some_and(|(before, after)| id.starts_with(before) && id.ends_with(after))
        };
        models.is_empty()
            || *source == Source::Declared
            || self.model(id).is_some()
            || hidden.iter().any(stands_for)
    }

    /// How it differs from an earlier one. None where it does not.
    pub fn change_since(&self, before: &Self) -> Option<Change> {
        let (before, after) = (&before.catalog.models, &self.catalog.models);
        if before == after {
            return None;
        }
        let ids =
            |models: &[Arc<ListedModel>]| models.iter().map(|model| model.id.clone()).collect::<HashSet<_>>();
        let (old, new) = (ids(before), ids(after));
        let missing_in = |ids: &HashSet<String>, models: &[Arc<ListedModel>]| {
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

/// Why the proxy did not list its models, though an older list may stand in.
pub(super) fn failure(listed: &Result<Listed>) -> Option<&Error> {
    listed.as_ref().map_or_else(Some, Listed::failure)
}

impl Listed {
    /// Why it is an older list: asking for a newer one failed.
    pub fn failure(&self) -> Option<&Error> {
        self.asked.as_ref()?.as_ref().err()
    }

    /// The list as a peer asked for it, with what its user marked.
    ///
    /// # Errors
    /// Where a part of it is asked for that is none.
    pub fn result(
        &self,
        profile: &Profile,
        params: &ListModelsParams,
        marks: &ModelMarks,
    ) -> Result<ListModelsResult> {
        let page = paging::page(&self.listing, params, || self.models(params, marks))?;
        Ok(ListModelsResult {
            models: page.models,
            default_model: self.listing.default_model(profile),
            source: self.listing.catalog.source,
            fetched_at: self.listing.fetched_at.clone(),
            stale: self.failure().is_some(),
            hidden_count: self.listing.catalog.hidden.len() as u64,
            warnings: self.warnings(profile).iter().map(|warning| plain::sentence(warning)).collect(),
            unchanged: page.unchanged,
            next_cursor: page.next_cursor,
        })
    }

    /// The models that a peer asked for, in the order that it wants.
    fn models(&self, params: &ListModelsParams, marks: &ModelMarks) -> Vec<Arc<ListedModel>> {
        let catalog = &self.listing.catalog;
        let hidden = if params.include_hidden { &catalog.hidden[..] } else { &[] };
        let listed: Vec<&Arc<ListedModel>> = match params.order {
            ListOrder::Proxy => catalog.models.iter().collect(),
            ListOrder::Picker => self.listing.picker.iter().map(|place| &catalog.models[*place]).collect(),
        };
        let wanted = listed.into_iter().chain(hidden).filter(|model| is_wanted(model, params));
        let mut models: Vec<Arc<ListedModel>> = wanted.map(|model| marked(model, marks)).collect();
        if params.order == ListOrder::Picker {
            // Stable: what is not marked stays where it is.
            let rank = |model: &Model| match (model.favourite, &model.last_used) {
                (true, _) => (true, String::new()),
                (false, last_used) => (false, last_used.clone().unwrap_or_default()),
            };
            models.sort_by_cached_key(|model| Reverse(rank(model)));
        }
        models
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
            warnings.push(format!("{model} was retired on {day}: {CHOOSE}"));
        }
        warnings.extend(self.placeholders(profile));
        if catalog.skipped > 0 {
            warnings.push(match catalog.skipped {
                1 => "an entry of the proxy's list has no usable name and was left out".into(),
                some => format!("{some} entries of the proxy's list have no usable name, or are too many, and were left out"),
            });
        }
        if catalog.models.is_empty() {
            warnings.push(
                "the proxy lists no chat models: ask its administrator which models this key may use".into(),
            );
        } else if self.listing.default_model(profile).is_none() {
            warnings.push(format!(
                "every listed model is retired or made for something else than chat: {CHOOSE}"
            ));
        }
        warnings
    }

    /// What was done about names that are no models. Roo Code takes them for models.
    fn placeholders(&self, profile: &Profile) -> Option<String> {
        let catalog = &self.listing.catalog;
        let (first, rest) = catalog.placeholders.split_first()?;
        let named = rest.iter().fold(first.clone(), |named, name| format!("{named}, {name}"));
        let done = match (catalog.models.is_empty(), catalog.source) {
            (true, _) if profile.model().is_some() => "it names no model beside it",
            (true, _) => "it names no model beside it, so name one yourself: set `model`",
            (false, Source::Models) => "the names beside it are listed",
            (false, _) => "the models that the proxy describes are listed in its place",
        };
        Some(format!("the proxy's list holds {named}, which is no model: {done}"))
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
        && params.supports.iter().all(|ability| catalog::has(model, *ability))
}

/// A model with the marks of it.
fn marked(model: &Arc<ListedModel>, marks: &ModelMarks) -> Arc<ListedModel> {
    let favourite = marks.favourites.contains(&model.id);
    let last_used = marks.recent.iter().find(|used| used.model == model.id).map(|used| used.at.clone());
    if !favourite && last_used.is_none() {
        return model.clone();
    }
    let mut marked = (**model).clone();
    (marked.favourite, marked.last_used) = (favourite, last_used);
    Arc::new(marked)
}
