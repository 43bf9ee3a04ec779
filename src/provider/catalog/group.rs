//! Which rows belong to one name, and which of them a picker does not show (D11, D12).

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use litellm_ls_protocol::HiddenReason;

use super::names::{Placeholder, TeamNames, placeholder};
use crate::litellm::model_rows::{ModelsRoute, Row, Rows};

/// Modes of models that don't chat. A mode that is not known may well be a chat.
const OTHER_MODES: [&str; 14] = [
    "embedding",
    "image_generation",
    "image_edit",
    "audio_transcription",
    "audio_speech",
    "realtime",
    "completion",
    "rerank",
    "moderation",
    "search",
    "ocr",
    "video_generation",
    "vector_store",
    "guardrail",
];

/// The rows of one name; never none.
pub(super) struct Group<'r, 'a> {
    /// As the proxy writes it, and as it must be sent.
    pub(super) name: Cow<'a, str>,
    pub(super) rows: Vec<&'r Row<'a>>,
    pub(super) listing: ModelsRoute,
}

/// Gathers the rows of each name, in order of first appearance, and counts the entries that have none. A team's model has its
/// public name only.
pub(super) fn by_name<'r, 'a>(rows: &'r Rows<'a>, teams: &TeamNames<'a>) -> (Vec<Group<'r, 'a>>, usize) {
    let mut groups: Vec<Group<'_, '_>> = Vec::with_capacity(rows.rows.len());
    let mut places: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(rows.rows.len());
    let mut nameless = rows.strays;
    for row in &rows.rows {
        let Some(name) = row.name.text().filter(|name| !name.trim().is_empty()) else {
            nameless += 1;
            continue;
        };
        let name = teams.public(name);
        let place = *places.entry(name.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { name, rows: vec![row], listing: rows.listing }),
        }
    }
    (groups, nameless)
}

/// The names that the key may call, as far as the proxy tells.
#[derive(Default)]
pub(super) struct Offer<'g> {
    names: HashSet<&'g str>,
    /// Of names such as `openai/*`, which old proxies do not expand (litellm 1.82.6).
    prefixes: Vec<&'g str>,
    /// Whether a placeholder stands for more than is named.
    all: bool,
}

impl<'g> Offer<'g> {
    pub(super) fn of(groups: &'g [Group<'_, '_>]) -> Self {
        let names: HashSet<&str> = groups.iter().map(|group| group.name.as_ref()).collect();
        let prefixes = names.iter().filter_map(|name| name.strip_suffix('*')).collect();
        let all = names.iter().any(|name| placeholder(name) == Some(Placeholder::All));
        Self { all, prefixes, names }
    }

    /// Whether the name may be called. A proxy that tells no name at all is not believed.
    fn holds(&self, name: &str) -> bool {
        self.all
            || self.names.is_empty()
            || self.names.contains(name)
            || self.prefixes.iter().any(|prefix| name.starts_with(prefix))
    }
}

/// Why a row is not shown, if so.
pub(super) fn hidden(name: &str, row: &Row<'_>, offer: &Offer<'_>) -> Option<HiddenReason> {
    if name.contains('*') {
        Some(HiddenReason::Wildcard)
    } else if row.info.blocked.flag() == Some(true) {
        Some(HiddenReason::Blocked)
    } else if row.info.mode.text().is_some_and(|mode| OTHER_MODES.contains(&mode.as_ref())) {
        Some(HiddenReason::Mode)
    } else if !offer.holds(name) {
        Some(HiddenReason::NotOffered)
    } else {
        None
    }
}
