//! What a provider adds to a message or a call, and to whom it may go back: only to the model that wrote it.
//!
//! In `providerFields` stands what came under LiteLLM's `provider_specific_fields`, and two members of ours: [`BESIDE`]
//! and [`MADE_BY`].

use serde_json::{Map, Value};

use super::request::ModelFacts;

/// What the vendor wrote beside the members that everybody knows; it goes back to the same place.
pub(super) const BESIDE: &str = "$beside";
/// Which model made the message.
pub(super) const MADE_BY: &str = "$madeBy";

/// The model that made a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Maker {
    /// Its name at the proxy.
    model: String,
    /// The proxy's base URL. None where it is not known.
    proxy: Option<String>,
    /// Whose models answer to that name. None where the proxy did not say.
    vendor: Option<String>,
}

impl Maker {
    /// The model that is asked.
    pub(super) fn of(model: &str, facts: &ModelFacts) -> Self {
        Self { model: model.to_owned(), proxy: facts.proxies.first().cloned(), vendor: vendor(facts) }
    }

    /// Another model of the same proxy, which answered in its place.
    pub(super) fn instead(&self, model: &str) -> Self {
        Self { model: model.to_owned(), proxy: self.proxy.clone(), vendor: None }
    }

    /// As it stands in `providerFields`.
    pub(super) fn written(&self) -> Value {
        let members =
            [("model", Some(&self.model)), ("proxy", self.proxy.as_ref()), ("vendor", self.vendor.as_ref())];
        members
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?.clone().into())))
            .collect::<Map<_, _>>()
            .into()
    }
}

/// Whether a message with these `providerFields` was made by the model that is asked, or does not say by which: then
/// whoever sends it knows best. What one side does not know is not compared.
pub(super) fn is_home(provider_fields: Option<&Value>, model: &str, facts: &ModelFacts) -> bool {
    let Some(maker) = provider_fields.and_then(|fields| fields.get(MADE_BY)) else { return true };
    let said = |name: &str| maker.get(name).and_then(Value::as_str);
    said("model").is_none_or(|maker| maker == model)
        && said("proxy")
            .is_none_or(|proxy| facts.proxies.is_empty() || facts.proxies.iter().any(|known| known == proxy))
        && said("vendor").is_none_or(|maker| vendor(facts).is_none_or(|vendor| vendor == maker))
}

/// Whose models a name stands for: `anthropic`, or `anthropic openai` where several answer to it.
fn vendor(facts: &ModelFacts) -> Option<String> {
    let mut vendors: Vec<&str> =
        facts.backends.iter().filter_map(|backend| Some(backend.split_once('/')?.0)).collect();
    vendors.sort_unstable();
    vendors.dedup();
    (!vendors.is_empty()).then(|| vendors.join(" "))
}

/// `providerFields` without our own members, and what goes beside the members that everybody knows. Anything but an
/// object is the caller's own and stays as it is.
pub(super) fn apart(provider_fields: &Value) -> (Option<Value>, Option<&Map<String, Value>>) {
    let Value::Object(members) = provider_fields else {
        return ((!provider_fields.is_null()).then(|| provider_fields.clone()), None);
    };
    let theirs: Map<String, Value> = members
        .iter()
        .filter(|(name, _)| !name.starts_with('$'))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let fields = (!theirs.is_empty()).then_some(theirs.into());
    (fields, members.get(BESIDE).and_then(Value::as_object))
}

/// Puts members back beside those that everybody knows, which they never replace.
pub(super) fn put_back(beside: &Map<String, Value>, message: &mut Map<String, Value>) {
    for (name, value) in beside {
        match (message.get_mut(name), value) {
            (Some(Value::Object(known)), Value::Object(more)) => put_back(more, known),
            (Some(_), _) => {}
            (None, value) => drop(message.insert(name.clone(), value.clone())),
        }
    }
}
