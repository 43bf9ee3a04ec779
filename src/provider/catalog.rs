//! Turns the proxy's answers about models into the list that a picker shows.

mod choice;
mod computer_use;
pub mod figures;
mod group;
mod overrides;
mod prices;
mod record;
mod roo;

use std::collections::{BTreeMap, HashSet};

use litellm_ls_protocol::{Compatibility, Filler, Model, ModelOverride, Source};

pub use choice::{default_model, nearest};
pub use overrides::find as override_of;

use crate::litellm::rows::{Listing, Row, Rows};
use group::{Group, Offer};

/// The models of a proxy, in its order.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalog {
    /// Those that a picker shows.
    pub models: Vec<Model>,
    /// The others, each with its reason.
    pub hidden: Vec<Model>,
    /// How many entries of the answers could not be read.
    pub skipped: usize,
    /// Which answer described the models.
    pub source: Source,
}

/// What fills the gaps that the proxy leaves.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    /// Whose rules.
    pub compatibility: Compatibility,
    /// What the user knows better, by model id; see [`override_of`].
    pub overrides: &'a BTreeMap<String, ModelOverride>,
}

impl Catalog {
    /// Lists what `described` describes, and joins what `/v1/models` says of the names that the key may call (D9).
    ///
    /// Names that only `/v1/models` knows come last; those it does not know are hidden, unless it is empty. Without a
    /// description, `described` is the answer of `/v1/models` itself. Roo Code reads `/v1/model/info` and nothing else.
    pub fn new(described: &Rows<'_>, offered: Option<&Rows<'_>>, policy: &Policy<'_>) -> Self {
        let source = match described.listing {
            Listing::ModelInfo => Source::ModelInfo,
            Listing::ModelGroupInfo => Source::ModelGroupInfo,
            Listing::Models => Source::Models,
        };
        if policy.compatibility == Compatibility::Roo {
            return roo::catalog(described, source, policy);
        }
        let mut catalog = Self { models: Vec::new(), hidden: Vec::new(), skipped: 0, source };
        let described = catalog.group(described);
        let offered = offered.map(|rows| catalog.group(rows)).unwrap_or_default();
        let offer = Offer::of(&offered);
        for group in &described {
            catalog.add(group, &offer, policy);
        }
        if !offered.is_empty() {
            let known: HashSet<&str> = described.iter().map(|group| group.name.as_ref()).collect();
            for group in offered.iter().filter(|group| !known.contains(group.name.as_ref())) {
                catalog.add(group, &offer, policy);
            }
        }
        catalog
    }

    fn group<'r, 'a>(&mut self, rows: &'r Rows<'a>) -> Vec<Group<'r, 'a>> {
        let (groups, nameless) = group::by_name(rows);
        self.skipped += rows.strays + nameless;
        groups
    }

    /// Merges the deployments of a name that are not hidden, or else hides it for the first one's reason (D12, D17).
    fn add(&mut self, group: &Group<'_, '_>, offer: &Offer<'_>, policy: &Policy<'_>) {
        let id = group.name.as_ref();
        let reason = |row: &Row<'_>| group::hidden(id, row, offer);
        let kept: Vec<&Row<'_>> = group.rows.iter().copied().filter(|row| reason(row).is_none()).collect();
        let rows = if kept.is_empty() { &group.rows } else { &kept };
        let mut model = record::merge(id, rows, policy);
        if group.listing == Listing::ModelInfo {
            model.deployments = u32::try_from(rows.len()).ok();
        }
        if kept.is_empty() {
            model.hidden = group.rows.first().and_then(|row| reason(row));
            self.hidden.push(model);
        } else {
            self.models.push(model);
        }
    }
}

/// The record of a model that the proxy does not list: that of one of which it says nothing (D19).
pub fn unlisted(id: &str, policy: &Policy<'_>) -> Model {
    match policy.compatibility {
        Compatibility::Roo => roo::unlisted(id, policy),
        Compatibility::Default | Compatibility::Strict => record::merge(id, &[], policy),
    }
}

/// The record without what is merely assumed: what the proxy or the user says, and so what may act.
pub fn stated(model: &Model) -> Model {
    let assumed = |field: &str| model.assumed.get(field) == Some(&Filler::Default);
    let mut stated = model.clone();
    for (field, limit) in
        [("maxTokens", &mut stated.max_tokens), ("contextWindow", &mut stated.context_window)]
    {
        limit.take_if(|_| assumed(field));
    }
    for (field, flag) in [
        ("supportsImages", &mut stated.supports_images),
        ("supportsPromptCache", &mut stated.supports_prompt_cache),
        ("supportsComputerUse", &mut stated.supports_computer_use),
    ] {
        flag.take_if(|_| assumed(field));
    }
    for (field, price) in [("inputPrice", &mut stated.input_price), ("outputPrice", &mut stated.output_price)]
    {
        price.take_if(|_| assumed(field));
    }
    stated.assumed.retain(|_, filler| *filler != Filler::Default);
    stated
}
