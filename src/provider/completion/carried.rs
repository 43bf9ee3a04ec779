//! What the provider adds to a message or a call, gathered piece by piece; nobody here knows what it means.

use serde_json::{Map, Value, value::RawValue};

use crate::{
    litellm::rest::Rest,
    provider::{carried::BESIDE, opaque},
};

/// Where LiteLLM puts most of it.
const FIELDS: &str = "provider_specific_fields";
/// Most bytes of the names of empty members that stand elsewhere: where an answer is measured they weigh nothing.
const MAX_EMPTY: usize = 64 << 10;

/// What was added so far.
#[derive(Debug, Default)]
pub(super) struct Carried {
    /// What came under [`FIELDS`], but for names that are ours in `providerFields`.
    fields: Map<String, Value>,
    /// What stood beside the members that everybody knows, and the rest of [`FIELDS`].
    beside: Map<String, Value>,
    /// How many bytes the names of empty members have.
    empty: usize,
}

impl Carried {
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.beside.is_empty()
    }

    /// Adds a member of `provider_specific_fields`.
    pub(super) fn add_field(&mut self, name: &str, value: Value) {
        if name.starts_with('$') {
            add(&mut self.beside, FIELDS, Map::from_iter([(name.to_owned(), value)]).into());
        } else {
            add(&mut self.fields, name, value);
        }
    }

    /// Adds all of `provider_specific_fields`.
    pub(super) fn add_fields(&mut self, fields: Option<&RawValue>) {
        for (name, value) in self.members(fields) {
            self.add_field(&name, value);
        }
    }

    /// The members of `provider_specific_fields`; anything but an object is added as it is. Nothing is the rule, and must
    /// cost nothing.
    pub(super) fn members(&mut self, fields: Option<&RawValue>) -> Map<String, Value> {
        let text = fields.map(RawValue::get).filter(|text| !matches!(*text, "null" | "{}"));
        match text.and_then(opaque::read) {
            Some(Value::Object(members)) if !opaque::is_number(&members) => return members,
            Some(value) => add(&mut self.beside, FIELDS, value),
            None => {}
        }
        Map::new()
    }

    /// Adds what stood beside the known members; `within` names the object that they stood in, where that was not the
    /// message or the call itself.
    pub(super) fn add_rest(&mut self, rest: Rest<'_>, within: Option<&str>) {
        for (name, value) in rest {
            let Some(value) = opaque::read(value.get()) else { continue };
            let name = opaque::name(name.into_owned());
            let is_known = match within {
                None => self.beside.contains_key(&name),
                Some(object) => self.beside.get(object).is_some_and(|known| known.get(&name).is_some()),
            };
            if is_nothing(&value) && !is_known {
                self.empty += name.len();
                if self.empty > MAX_EMPTY {
                    continue;
                }
            }
            match within {
                None => add(&mut self.beside, &name, value),
                Some(object) => {
                    let inner = Map::from_iter([(name, value)]);
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

/// Whether a value adds nothing to one that is there.
pub(super) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Adds a piece to what is kept under a name. Lists and objects go on, unless a list is what there was and more; of all
/// else the last holds that says something.
fn add(kept: &mut Map<String, Value>, name: &str, value: Value) {
    match (kept.get_mut(name), value) {
        (Some(_), value) if is_nothing(&value) => {}
        (Some(Value::Array(list)), Value::Array(items)) if !items.starts_with(list) => list.extend(items),
        (Some(Value::Object(known)), Value::Object(more))
            if !opaque::is_number(known) && !opaque::is_number(&more) =>
        {
            for (name, value) in more {
                add(known, &name, value);
            }
        }
        (_, value) => drop(kept.insert(name.to_owned(), value)),
    }
}
