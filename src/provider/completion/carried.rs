//! What the provider adds to a message or a call, gathered piece by piece; nobody here knows what it means.

use serde_json::{Map, Value, value::RawValue};

use crate::{
    litellm::rest::Rest,
    provider::{carried::BESIDE, opaque},
};

/// What was added so far.
#[derive(Debug, Default)]
pub(super) struct Carried {
    /// What came under `provider_specific_fields`.
    fields: Map<String, Value>,
    /// What stood beside the members that everybody knows.
    beside: Map<String, Value>,
}

impl Carried {
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.beside.is_empty()
    }

    /// Adds a member of `provider_specific_fields`.
    pub(super) fn add_field(&mut self, name: &str, value: Value) {
        add(&mut self.fields, name, value);
    }

    /// Adds all of `provider_specific_fields`.
    pub(super) fn add_fields(&mut self, fields: Option<&RawValue>) {
        for (name, value) in members(fields).into_iter().flatten() {
            self.add_field(&name, value);
        }
    }

    /// Adds what stood beside the known members; `within` names the object that they stood in, where that was not the
    /// message or the call itself.
    pub(super) fn add_rest(&mut self, rest: Rest<'_>, within: Option<&str>) {
        for (name, value) in rest {
            let Some(value) = opaque::read(value.get()) else { continue };
            match within {
                None => add(&mut self.beside, &name, value),
                Some(_) if is_nothing(&value) => {}
                Some(object) => {
                    let inner = Map::from_iter([(name.into_owned(), value)]);
                    add(&mut self.beside, object, inner.into());
                }
            }
        }
    }

    /// As it stands in `providerFields`.
    pub(super) fn whole(&self) -> Map<String, Value> {
        let mut whole = self.fields.clone();
        if !self.beside.is_empty() {
            whole.insert(BESIDE.into(), self.beside.clone().into());
        }
        whole
    }
}

/// The members of an object. Nothing is the rule, and must cost nothing.
pub(super) fn members(object: Option<&RawValue>) -> Option<Map<String, Value>> {
    let text = object.map(RawValue::get).filter(|text| !matches!(*text, "null" | "{}"))?;
    match opaque::read(text)? {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Adds a piece to what is kept under a name. Lists and objects go on, unless a list is what there was and more; of all
/// else the last holds.
fn add(kept: &mut Map<String, Value>, name: &str, value: Value) {
    if is_nothing(&value) {
        return;
    }
    match (kept.get_mut(name), value) {
        (Some(Value::Array(list)), Value::Array(items)) if !items.starts_with(list) => list.extend(items),
        (Some(Value::Object(known)), Value::Object(more)) => {
            for (name, value) in more {
                add(known, &name, value);
            }
        }
        (_, value) => drop(kept.insert(name.to_owned(), value)),
    }
}
