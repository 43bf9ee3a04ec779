//! Which model to take where none is named (D20), and which ones resemble a name that is not there.

use std::sync::Arc;

use litellm_ls_protocol::{Compatibility, ListedModel, Model};
use strsim::normalized_damerau_levenshtein;

use super::Catalog;
use crate::provider::has_come;

/// The documented default model, and the same without its provider (S24).
const DOCUMENTED: [&str; 2] = ["anthropic/claude-3-7-sonnet-20250219", "claude-3-7-sonnet-20250219"];

/// How many names [`nearest`] gives at most.
const MOST: usize = 3;

/// How much a name must resemble the one asked for, from 0 to 1.
const RESEMBLES: f64 = 0.6;

/// Whether this is the documented default model.
pub(super) fn is_documented(id: &str) -> bool {
    DOCUMENTED.contains(&id)
}

/// Words in names of models that do something other than chat, of whose mode nobody says anything.
const OTHER_THAN_CHAT: [&str; 10] =
    ["embed", "rerank", "whisper", "transcri", "tts", "speech", "dall-e", "image", "moderation", "ocr"];

/// The model for requests that name none: the configured one, listed or not; else the documented default where it is
/// listed; else the first listed model that chats for certain or does not say. What was chosen for the user is not
/// retired. Roo Code takes its own default blindly.
pub fn default_model(
    configured: Option<&str>,
    catalog: &Catalog,
    compatibility: Compatibility,
) -> Option<String> {
    if let Some(configured) = configured.filter(|model| !model.trim().is_empty()) {
        return Some(configured.to_owned());
    }
    if compatibility == Compatibility::Roo {
        return Some(DOCUMENTED[1].to_owned());
    }
    let is_suitable = |model: &&Arc<ListedModel>| chats(model) && !is_retired(model);
    // Every answer with a list asks for it, so what takes long is asked of few: names first.
    let named = |id| catalog.models.iter().find(|model| model.id == id).filter(is_suitable);
    let documented = DOCUMENTED.into_iter().find_map(named);
    documented.or_else(|| catalog.models.iter().find(is_suitable)).map(|model| model.id.clone())
}

fn chats(model: &Model) -> bool {
    match model.mode.as_deref() {
        Some(mode) => matches!(mode, "chat" | "responses"),
        None => {
            let id = model.id.to_lowercase();
            !OTHER_THAN_CHAT.iter().any(|word| id.contains(word))
        }
    }
}

fn is_retired(model: &Model) -> bool {
    model.retires_on.as_deref().is_some_and(has_come)
}

/// The listed names that resemble the one asked for, nearest first; at most three.
pub fn nearest(catalog: &Catalog, asked: &str) -> Vec<String> {
    let asked = asked.trim().to_lowercase();
    if asked.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(f64, &str)> = catalog
        .models
        .iter()
        .map(|model| (resemblance(&asked, &model.id.to_lowercase()), model.id.as_str()))
        .filter(|(resemblance, _)| *resemblance >= RESEMBLES)
        .collect();
    found.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    found.into_iter().take(MOST).map(|(_, id)| id.to_owned()).collect()
}

/// From 0 to 1. The provider in front counts for less than the name behind it, and a name within the other for much.
fn resemblance(asked: &str, listed: &str) -> f64 {
    let tail = |id: &'_ str| id.rsplit('/').next().unwrap_or_default().to_owned();
    let (asked_tail, listed_tail) = (tail(asked), tail(listed));
    let whole = normalized_damerau_levenshtein(asked, listed);
    let tails = 0.95 * normalized_damerau_levenshtein(&asked_tail, &listed_tail);
    let within = asked_tail.len() >= 3
        && listed_tail.len() >= 3
        && (listed_tail.contains(&asked_tail) || asked_tail.contains(&listed_tail));
    // Of the names that hold the one asked for, the shortest is the nearest.
    let within = if within { RESEMBLES + 0.3 * whole.max(tails) } else { 0.0 };
    whole.max(tails).max(within)
}
