//! A part of a list of models: some members of some models, or nothing where nothing has changed.

use std::sync::Arc;

use litellm_ls_protocol::{ListModelsParams, ListedModel, Model, Problem};
use serde_json::Value;

use super::Listing;
use crate::provider::{Error, Result};

/// The models of one result, and where the next begins.
pub(super) struct Page {
    pub(super) models: Vec<Arc<ListedModel>>,
    pub(super) unchanged: bool,
    pub(super) next_cursor: Option<String>,
}

/// What of a list a result holds. `models` makes the list.
///
/// # Errors
/// Where the cursor or the instant is none of this list.
pub(super) fn page(
    listing: &Listing,
    params: &ListModelsParams,
    models: impl FnOnce() -> Vec<Arc<ListedModel>>,
) -> Result<Page> {
    let unchanged = match &params.if_changed_since {
        Some(since) => instant(since)? >= instant(&listing.changed_at)?,
        None => false,
    };
    if unchanged {
        return Ok(Page { models: Vec::new(), unchanged, next_cursor: None });
    }
    let begin = params.cursor.as_ref().map_or(Ok(0), |cursor| place(cursor, listing))?;
    let mut models = models();
    models.drain(..begin.min(models.len()));
    let limit = params.limit.map_or(usize::MAX, |limit| limit.get() as usize);
    let goes_on = models.len() > limit;
    models.truncate(limit);
    if !params.fields.is_empty() {
        for model in &mut models {
            *model = thinned(model, &params.fields).into();
        }
    }
    let next_cursor = goes_on.then(|| format!("{}@{}", begin + limit, listing.fetched_at));
    Ok(Page { models, unchanged, next_cursor })
}

fn instant(text: &str) -> Result<jiff::Timestamp> {
    text.parse().map_err(|_| {
        let (reason, remedy) = ("this is no instant", "give `fetchedAt` of an earlier result");
        Error::invalid("the params", vec![Problem::new("ifChangedSince", reason, remedy)])
    })
}

/// The place that a cursor means.
fn place(cursor: &str, listing: &Listing) -> Result<usize> {
    let place = cursor.split_once('@').filter(|(_, fetched_at)| *fetched_at == listing.fetched_at);
    place.and_then(|(place, _)| place.parse().ok()).ok_or_else(|| {
        let (reason, remedy) = ("it is none of the list as it is now", "begin again without a cursor");
        Error::invalid("the params", vec![Problem::new("cursor", reason, remedy)])
    })
}

/// A model with these members, its id and its summary.
fn thinned(model: &Model, fields: &[String]) -> Model {
    let Ok(Value::Object(mut members)) = serde_json::to_value(model) else { return model.clone() };
    members.retain(|name, _| ["id", "summary"].contains(&name.as_str()) || fields.contains(name));
    serde_json::from_value(members.into()).unwrap_or_else(|_| model.clone())
}
