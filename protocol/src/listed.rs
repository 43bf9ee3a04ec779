//! A model of a list, with its JSON kept: it is written once, and goes out with each answer.

use std::{
    borrow::Cow,
    ops::{Deref, DerefMut},
    sync::{Arc, OnceLock},
};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error};
use serde_json::value::{RawValue, to_raw_value};

use crate::Model;

/// A [`Model`] that keeps its own JSON from the first time it is serialized until it is changed.
///
/// Pickers ask for the whole list each time they open: 10,000 models are 5 MB.
#[derive(Debug, Default)]
pub struct ListedModel {
    model: Model,
    json: OnceLock<Box<RawValue>>,
}

impl ListedModel {
    /// Writes the JSON now, so that the next answer need not.
    ///
    /// # Errors
    /// Where a field can't be written, which no model of a list has.
    pub fn json(&self) -> serde_json::Result<&RawValue> {
        if let Some(json) = self.json.get() {
            return Ok(json);
        }
        let json = to_raw_value(&self.model)?;
        Ok(self.json.get_or_init(|| json))
    }
}

impl From<Model> for ListedModel {
    fn from(model: Model) -> Self {
        Self { model, json: OnceLock::new() }
    }
}

impl From<Model> for Arc<ListedModel> {
    fn from(model: Model) -> Self {
        Self::new(model.into())
    }
}

impl Deref for ListedModel {
    type Target = Model;

    fn deref(&self) -> &Model {
        &self.model
    }
}

impl DerefMut for ListedModel {
    fn deref_mut(&mut self) -> &mut Model {
        self.json.take();
        &mut self.model
    }
}

/// Without the JSON: a copy is made to be changed.
impl Clone for ListedModel {
    fn clone(&self) -> Self {
        self.model.clone().into()
    }
}

impl PartialEq for ListedModel {
    fn eq(&self, other: &Self) -> bool {
        self.model == other.model
    }
}

impl Serialize for ListedModel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json().map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ListedModel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Model::deserialize(deserializer).map(Self::from)
    }
}

impl JsonSchema for ListedModel {
    fn schema_name() -> Cow<'static, str> {
        Model::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        Model::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Model::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_out_is_the_model_as_it_is_now() {
        let mut listed = ListedModel::from(Model { id: "one".into(), ..Model::default() });
        for id in ["one", "two"] {
            listed.id = id.into();
            let written = serde_json::to_string(&listed).unwrap();
            assert_eq!(written, serde_json::to_string(&*listed).unwrap());
            assert!(written.contains(&format!(r#""id":"{id}""#)), "{written}");
            assert_eq!(serde_json::from_str::<ListedModel>(&written).unwrap(), listed);
        }
        let mut copy = listed.clone();
        copy.id = "three".into();
        assert!(serde_json::to_string(&copy).unwrap().contains("three"));
    }
}
