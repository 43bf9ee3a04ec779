//! Which members go together, in the schema: what is refused stands under `not`, for generators of types pass that over.

use serde_json::{Value, json};

/// These members, together.
fn all(names: &[&str]) -> Value {
    // Validators that check schemas strictly want to know what is required.
    let known: serde_json::Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), Value::Bool(true))).collect();
    json!({ "properties": known, "required": names })
}

/// Refuses both of two members.
pub(crate) fn both(one: &str, other: &str) -> Value {
    all(&[one, other])
}

/// Refuses none of these members, and more than one.
pub(crate) fn unless_one_of(names: &[&str]) -> Value {
    let pairs = names
        .iter()
        .enumerate()
        .flat_map(|(place, one)| names[place + 1..].iter().map(move |other| both(one, other)));
    let single = names.iter().map(|name| all(&[name])).collect::<Vec<_>>();
    let refused: Vec<Value> = std::iter::once(json!({ "not": { "anyOf": single } })).chain(pairs).collect();
    json!({ "anyOf": refused })
}

/// Refuses what is neither data with its type nor an address, and what is both.
pub(crate) fn unless_data_or_url() -> Value {
    let given = [all(&["data", "mimeType"]), all(&["url"])];
    json!({ "anyOf": [{ "not": { "anyOf": given } }, both("data", "url")] })
}
