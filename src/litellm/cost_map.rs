//! What LiteLLM's public price list says of models: limits, prices, abilities, and when they retire.

use std::{borrow::Cow, collections::BTreeMap, sync::OnceLock};

use serde_json::value::RawValue;

use super::{
    mend,
    model_rows::{self, Info},
};
use crate::values::{self, MAX_VALUES};

/// Models by their id in LiteLLM's list, such as `gpt-4o` or `vertex_ai/claude-opus-4-1@20250805`.
///
/// The fields of a model have the same names as those of `model_info`, and are read when someone asks for it.
#[derive(Debug)]
pub struct CostMap {
    /// Ids and their objects, in the order of the ids.
    models: Vec<(Cow<'static, str>, Cow<'static, str>)>,
}

impl CostMap {
    /// The list of this binary: LiteLLM 1.109.1's, and what older ones knew of models that it has no more.
    /// `scripts/refresh_cost_map.py` renews it.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: OnceLock<CostMap> = OnceLock::new();
        EMBEDDED.get_or_init(|| Self {
            models: Self::embedded_rows().map(|(id, model)| (id.into(), model.into())).collect(),
        })
    }

    /// The rows of that list as they are written: an id and its object.
    pub fn embedded_rows() -> impl Iterator<Item = (&'static str, &'static str)> {
        include_str!("cost_map/models.tsv").lines().filter_map(|line| line.split_once('\t'))
    }

    /// Reads such a list as LiteLLM writes it: an object of models. None where it is none, or has too many values.
    pub fn read(body: &[u8]) -> Option<Self> {
        if values::are_over(MAX_VALUES, body) {
            return None;
        }
        let read = |json: &str| serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(json).ok();
        let models = read(&model_rows::text(body)).or_else(|| read(&mend::text(body)))?;
        let models =
            models.into_iter().map(|(id, model)| (id.into(), String::from(Box::<str>::from(model)).into()));
        Some(Self { models: models.collect() })
    }

    /// What the list says of a model. None where it does not know it.
    pub fn get(&self, id: &str) -> Option<Info<'_>> {
        let place = self.models.binary_search_by(|(known, _)| known.as_ref().cmp(id)).ok()?;
        Info::read(&self.models[place].1)
    }

    /// The ids that it knows, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.models.iter().map(|(id, _)| id.as_ref())
    }
}
