//! Turns the proxy's answers about models into the list that a picker shows.

mod attributes;
mod choice;
mod computer_use;
mod gaps;
mod group;
mod names;
mod overrides;
mod picker_order;
mod prices;
mod record;
mod roo;
mod shared;
mod summary;
mod vendor;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use jiff::civil::Date;
use litellm_ls_protocol::{Compatibility, ListedModel, Model, Source};
use serde_json::{Value, json};

pub(crate) use attributes::{ABILITIES, LIMITS};
pub use attributes::{ability_words, has};
pub use choice::{default_model, nearest};
pub use overrides::{Overrides, pattern};
pub use picker_order::picker_order;
pub(crate) use prices::user_price;
pub use summary::summary;

use crate::litellm::{
    cost_map::CostMap,
    model_rows::{self, Apart, ModelsRoute, Row, Rows},
};
use group::{Group, Offer};
use names::TeamNames;
use shared::SharedWords;

/// The models of a proxy, in its order.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalog {
    /// Those that a picker shows.
    pub models: Vec<Arc<ListedModel>>,
    /// The others, each with its reason.
    pub hidden: Vec<Arc<ListedModel>>,
    /// How many entries of the answers could not be read.
    pub skipped: usize,
    /// Names in them that are no models, such as `all-team-models`.
    pub placeholders: Vec<String>,
    /// Which answer described the models.
    pub source: Source,
    /// What some models have a price of its own for, by their ids.
    apart: HashMap<String, Apart>,
}

/// What fills the gaps that the proxy leaves.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    /// Whose rules.
    pub compatibility: Compatibility,
    /// What the user knows better.
    pub overrides: &'a Overrides<'a>,
    /// Price lists that fill gaps by the default rules, best first.
    pub cost_maps: &'a [&'a CostMap],
}

impl Catalog {
    /// Lists what `described` describes, and joins what `/v1/models` says of the names that the key may call (D9).
    ///
    /// Names that only `/v1/models` knows come last; those it does not know are hidden, unless it is empty. Without a
    /// description, `described` is the answer of `/v1/models` itself. Roo Code reads `/v1/model/info` and nothing else.
    pub fn new(described: &Rows<'_>, offered: Option<&Rows<'_>>, policy: &Policy<'_>) -> Self {
        let source = match described.listing {
            ModelsRoute::ModelInfo => Source::ModelInfo,
            ModelsRoute::ModelGroupInfo => Source::ModelGroupInfo,
            ModelsRoute::Models => Source::Models,
        };
        if policy.compatibility == Compatibility::Roo {
            return roo::catalog(described, source, policy);
        }
        let mut catalog = Self::empty(source);
        let teams = TeamNames::of(described);
        let (described, skipped) = group::by_name(described, &teams);
        let (offered, skipped_too) = offered.map(|rows| group::by_name(rows, &teams)).unwrap_or_default();
        // Both lists are of the same models, so what has no name in one has none in the other.
        catalog.skipped = skipped.max(skipped_too);
        let offer = Offer::of(&offered);
        let shared = SharedWords::default();
        for group in &described {
            catalog.add(group, &offer, policy, &shared);
        }
        if !offered.is_empty() {
            let known: HashSet<&str> = described.iter().map(|group| group.name.as_ref()).collect();
            for group in offered.iter().filter(|group| !known.contains(group.name.as_ref())) {
                catalog.add(group, &offer, policy, &shared);
            }
        }
        catalog
    }

    /// What a model has a price of its own for.
    pub fn apart(&self, id: &str) -> Apart {
        self.apart.get(id).copied().unwrap_or_default()
    }

    /// What the settings name, where the server can't list: the model for all requests, and the whole ids of overrides.
    pub fn declared(model: Option<&str>, policy: &Policy<'_>) -> Self {
        let mut ids: Vec<&str> = model.into_iter().filter(|id| !id.trim().is_empty()).collect();
        ids.extend(policy.overrides.ids().filter(|id| Some(*id) != model));
        let mut catalog = Self::empty(Source::Declared);
        let silent = Row::default();
        for id in ids {
            let group = Group { name: id.into(), rows: vec![&silent], listing: ModelsRoute::Models };
            catalog.add(&group, &Offer::default(), policy, &SharedWords::default());
        }
        catalog
    }

    /// The same with each model as it is shown on a day.
    #[must_use]
    pub fn summarised(mut self, today: Date) -> Self {
        let mut abilities = HashSet::new();
        for model in self.models.iter_mut().chain(&mut self.hidden) {
            let mut summary = summary(model, today);
            // Thousands of models can do the same, and keep the words for it once.
            match abilities.get(&summary.abilities) {
                Some(known) => summary.abilities = Arc::clone(known),
                None => _ = abilities.insert(Arc::clone(&summary.abilities)),
            }
            Arc::make_mut(model).summary = summary;
        }
        self
    }

    fn empty(source: Source) -> Self {
        Self {
            models: Vec::new(),
            hidden: Vec::new(),
            skipped: 0,
            placeholders: Vec::new(),
            source,
            apart: HashMap::new(),
        }
    }

    /// Merges the deployments of a name that are not hidden, or else hides it for the first one's reason (D12, D17).
    fn add(&mut self, group: &Group<'_, '_>, offer: &Offer<'_>, policy: &Policy<'_>, shared: &SharedWords) {
        let id = group.name.as_ref();
        if names::placeholder(id).is_some() {
            if !self.placeholders.iter().any(|known| known == id) {
                self.placeholders.push(id.to_owned());
            }
            return;
        }
        let rows: Vec<Deployment<'_, '_>> =
            group.rows.iter().map(|row| Deployment::of(id, row, policy)).collect();
        let reason = |row: &Deployment<'_, '_>| group::hidden(id, row.known(), offer);
        let kept: Vec<&Deployment<'_, '_>> = rows.iter().filter(|row| reason(row).is_none()).collect();
        let merged = if kept.is_empty() { rows.iter().collect() } else { kept };
        let said: Vec<&Row<'_>> = merged.iter().map(|row| row.said).collect();
        let known: Vec<&Row<'_>> = merged.iter().map(|row| row.known()).collect();
        let is_filled = merged.iter().any(|row| row.filled.is_some());
        let apart = known.iter().fold(Apart::default(), |apart, row| apart.or(row.info.apart));
        // Who sets a price of their own sets all.
        if apart != Apart::default() && !policy.overrides.set_prices(id) {
            self.apart.insert(id.to_owned(), apart);
        }
        let mut model = record::merge(id, &said, is_filled.then_some(&known), policy, shared);
        if group.listing == ModelsRoute::ModelInfo {
            model.deployments = u32::try_from(said.len()).ok();
        }
        model.hidden = merged.first().and_then(|row| reason(row));
        let list = if model.hidden.is_some() { &mut self.hidden } else { &mut self.models };
        list.push(model.into());
    }
}

/// One row of a name.
struct Deployment<'r, 'a> {
    /// As the proxy sent it.
    said: &'r Row<'a>,
    /// The same with its gaps filled, where a price list knows its model.
    filled: Option<Row<'r>>,
}

impl<'r, 'a> Deployment<'r, 'a> {
    fn of(id: &str, said: &'r Row<'a>, policy: &Policy<'r>) -> Self {
        let lists = if policy.compatibility == Compatibility::Default { policy.cost_maps } else { &[] };
        Self { said, filled: gaps::filled(id, said, lists) }
    }

    fn known(&self) -> &Row<'_> {
        self.filled.as_ref().unwrap_or(self.said)
    }
}

/// The record of one deployment, of its entry in the answer of `/v1/model/info` alone. None where that says nothing.
pub fn deployment(entry: &Value) -> Option<Arc<ListedModel>> {
    let answer = json!({"data": [entry]}).to_string();
    let rows = model_rows::read(ModelsRoute::ModelInfo, 200, &answer).ok()?;
    let overrides = Overrides::default();
    let policy = Policy { compatibility: Compatibility::Default, overrides: &overrides, cost_maps: &[] };
    let Catalog { models, hidden, .. } = Catalog::new(&rows, None, &policy);
    models.into_iter().chain(hidden).next()
}

/// The record of a model that the proxy does not list: that of one of which it says nothing (D19).
pub fn unlisted(id: &str, policy: &Policy<'_>) -> Model {
    match policy.compatibility {
        Compatibility::Roo => roo::unlisted(id, policy),
        Compatibility::Default | Compatibility::Strict | Compatibility::Unknown => {
            record::merge(id, &[], None, policy, &SharedWords::default())
        }
    }
}
