//! Asks a proxy for its models, and reads what it answers into a list.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use litellm_ls_protocol::{Budget, Compatibility, ErrorKind, Filler, ListedModel, ProviderKind, Source};

use super::{Entry, Listing};
use crate::{
    litellm::{
        self, Client, List,
        cost_map::CostMap,
        fault::Cause,
        model_rows::{self, ModelsRoute as Answer, Refusal, Refused},
    },
    off_thread::off_thread,
    provider::{
        Error, Profile, Provider, Result,
        catalog::{Catalog, Overrides, Policy},
        error::WRONG_KEY,
        lock,
    },
};

/// How long a proxy's price list is used without asking again, also where it has none.
const COST_MAP_FRESH: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a list of models waits for the proxy's price list at most.
const COST_MAP_LIMIT: Duration = Duration::from_secs(10);

/// The price list of a proxy. None where it shows none.
#[derive(Clone)]
pub(super) struct ProxyCostMap {
    fetched: Instant,
    list: Option<Arc<CostMap>>,
}

impl Provider {
    /// A new list of a profile's models.
    pub(super) async fn fetch(&self, profile: &Profile, entry: &Entry) -> Result<Listing> {
        let client = self.client(profile).await?;
        let answers = ask(&client, profile).await?;
        if let Some(spent) = &answers.spent {
            self.ledger.account(profile).is_spent(spent);
        }
        let known = lock(&entry.cost_map).clone().filter(|known| known.fetched.elapsed() < COST_MAP_FRESH);
        let is_known = known.is_some();
        let (listing, doubtful) =
            read_off_thread(answers, profile, known.and_then(|known| known.list)).await?;
        let Some(answers) = doubtful.filter(|_| !is_known) else { return Ok(listing) };
        let list = cost_map_of(&client, profile).await;
        *lock(&entry.cost_map) = Some(ProxyCostMap { fetched: Instant::now(), list: list.clone() });
        match list {
            Some(list) => Ok(read_off_thread(answers, profile, Some(list)).await?.0),
            None => Ok(listing),
        }
    }
}

/// Whether the proxy's own price list may say more than ours: it offers models of which it tells nothing but a name such
/// as `openai/gpt-9`, as proxies do that pass all names of a vendor on. Of all others it has said what it knows.
fn wants_cost_map(listing: &Listing, profile: &Profile) -> bool {
    let is_unknown = |model: &Arc<ListedModel>| {
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
    off_thread(move || CostMap::read(&list.body)).await.map(Arc::new)
}

/// Reads a list on a thread of its own, for a large one takes long, and giving its memory back does too. Gives the answers
/// back where the proxy's price list may say more.
async fn read_off_thread(
    answers: Answers,
    profile: &Profile,
    cost_map: Option<Arc<CostMap>>,
) -> Result<(Listing, Option<Answers>)> {
    let profile = profile.clone();
    let read = move || {
        let listing = read(&answers, &profile, cost_map.as_deref())?;
        let doubtful = wants_cost_map(&listing, &profile).then_some(answers);
        Ok((listing, doubtful))
    };
    off_thread(read).await
}

/// The answers that a list is read from.
struct Answers {
    /// What describes models, best first; the first that can be read is used.
    described: Vec<(Answer, List)>,
    /// Which names may be called.
    offered: Option<List>,
    /// Why the best is not among them.
    refused: Option<(Refusal, List)>,
    /// The budget that is spent, where that is why no names came.
    spent: Option<Budget>,
}

impl Answers {
    fn of(answer: Answer, list: List) -> Self {
        Self { described: vec![(answer, list)], offered: None, refused: None, spent: None }
    }
}

/// Asks for what models are and for which names exist, at once (D9). A key may chat and not read `/v1/model/info`:
/// then `/model_group/info` describes them, or else the names stand alone. No route of these needs an admin's key.
async fn ask(client: &Client, profile: &Profile) -> Result<Answers> {
    let endpoint = &profile.endpoint;
    let fetch = |url| client.list(endpoint, url, profile.discovery_limit());
    if profile.kind() == ProviderKind::OpenaiCompatible {
        let names = fetch(&endpoint.models).await?;
        return Ok(Answers::of(Answer::Models, names));
    }
    if profile.compatibility() == Compatibility::Roo {
        let info = fetch(&endpoint.model_info).await?;
        return Ok(Answers::of(Answer::ModelInfo, info));
    }
    let (info, names) = tokio::join!(fetch(&endpoint.model_info), fetch(&endpoint.models));
    let info = info?;
    // litellm 1.101.3 refuses the names alone to a key whose budget is spent.
    let failed = names.as_ref().ok().and_then(|names| names.failure.clone());
    let spent = failed.map(|failure| Error::from(*failure)).and_then(|error| error.data.budget);
    let offered = names.ok().filter(|names| names.is_success());
    let refusal = (!info.is_success()).then(|| Refusal::of(info.status, &model_rows::text(&info.body)));
    let Some(refusal) = refusal.filter(|refusal| refusal.may_go_on()) else {
        return Ok(Answers { described: vec![(Answer::ModelInfo, info)], offered, refused: None, spent });
    };
    let groups = fetch(&endpoint.model_groups).await.ok().map(|groups| (Answer::ModelGroupInfo, groups));
    let names = offered.clone().map(|names| (Answer::Models, names));
    let described = groups.into_iter().chain(names).collect();
    Ok(Answers { described, offered, refused: Some((refusal, info)), spent })
}

fn read(answers: &Answers, profile: &Profile, cost_map: Option<&CostMap>) -> Result<Listing> {
    let overrides = Overrides::of(profile.model_overrides());
    let cost_maps: Vec<&CostMap> = match profile.compatibility() {
        Compatibility::Default | Compatibility::Unknown => {
            cost_map.into_iter().chain([CostMap::embedded()]).collect()
        }
        Compatibility::Strict | Compatibility::Roo => Vec::new(),
    };
    let policy =
        Policy { compatibility: profile.compatibility(), overrides: &overrides, cost_maps: &cost_maps };
    let offered = answers.offered.as_ref().map(|list| (list.status, model_rows::Body::new(&list.body)));
    let offered = offered.as_ref().and_then(|(status, body)| body.read(Answer::Models, *status).ok());
    let mut refused = answers.refused.as_ref().map(|(refusal, list)| (*refusal, list));
    for (answer, list) in &answers.described {
        let body = model_rows::Body::new(&list.body);
        match body.read(*answer, list.status) {
            Ok(described) => {
                let offered = offered.as_ref().filter(|_| *answer != Answer::Models);
                return Ok(Listing::new(Catalog::new(&described, offered, &policy)));
            }
            Err(refusal) => {
                refused.get_or_insert((refusal, list));
            }
        }
    }
    let Some((refusal, list)) = refused else {
        return Err(Error::new(ErrorKind::BadResponse, "the proxy sent no list", "correct baseUrl"));
    };
    let declared = Catalog::declared(profile.model(), &policy);
    if refusal.is_unable() && !declared.models.is_empty() {
        return Ok(Listing::new(declared));
    }
    Err(refused_list(refusal, list, profile))
}

/// The error behind a list that is none (D9).
fn refused_list(refusal: Refusal, list: &List, profile: &Profile) -> Error {
    // What is no matter of lists is told as with a chat: a key that is over, a spent budget, a gateway.
    if let Some(failure) = &list.failure
        && let litellm::Error::Fault { fault, .. } = &**failure
        && (fault.gateway.is_some() || matches!(fault.cause, Cause::Expired | Cause::BudgetExceeded))
    {
        return (**failure).clone().into();
    }
    let (kind, remedy) = match refusal.cause {
        Refused::Unauthorized => (ErrorKind::Unauthorized, WRONG_KEY),
        Refused::Forbidden => {
            (ErrorKind::Forbidden, "ask the proxy's administrator to let this key list models")
        }
        Refused::RateLimited => (ErrorKind::RateLimited, "wait, then ask again"),
        Refused::Unusable if refusal.status >= 500 => {
            (ErrorKind::BadResponse, "ask again in a moment; if it goes on, tell whoever runs the proxy")
        }
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
        error.data.body = Some(list.beginning(secrets));
    }
    error
}
