//! What LiteLLM's public price list says of models: limits, prices, abilities, and when they retire.

use std::{collections::HashMap, io::Read, sync::OnceLock};

use flate2::read::GzDecoder;
use serde_json::value::RawValue;

use super::rows::Info;

/// Models by their id in LiteLLM's list, such as `gpt-4o` or `vertex_ai/claude-opus-4-1@20250805`.
///
/// The fields of a model have the same names as those of `model_info`, and are read when someone asks for it.
#[derive(Debug)]
pub struct CostMap {
    models: HashMap<String, Box<RawValue>>,
}

impl CostMap {
    /// The list of this binary: LiteLLM 1.109.1's, and what older ones knew of models that it has no more.
    /// `scripts/refresh_cost_map.py` renews it. Unpacked once, in milliseconds, when it is first needed.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: OnceLock<CostMap> = OnceLock::new();
        EMBEDDED.get_or_init(|| {
            let mut json = String::new();
            let unpacked =
                GzDecoder::new(&include_bytes!("cost_map/models.json.gz")[..]).read_to_string(&mut json);
            // A test reads it, so that it can't be broken; without it only gaps would stay open.
            unpacked.ok().and_then(|_| Self::read(&json)).unwrap_or(Self { models: HashMap::new() })
        })
    }

    /// Reads such a list. None where it is none.
    pub fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok().map(|models| Self { models })
    }

    /// What the list says of a model. None where it does not know it.
    pub fn get(&self, id: &str) -> Option<Info<'_>> {
        Info::read(self.models.get(id)?.get())
    }

    /// The ids that it knows, in no order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.models.keys().map(String::as_str)
    }
}
