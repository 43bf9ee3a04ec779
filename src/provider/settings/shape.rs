//! Settings in the shapes that people and editors write them in: nested, or flat with dots in the names.

use serde_json::{Map, Value};

use super::layers::OVERRIDES;

/// The names from a setting down to a member of it: `timeouts.idleMs`, but also `modelOverrides.gpt-4.1.maxTokens`, where
/// the dot within the name of a model is no step.
pub fn path(name: &str) -> Vec<String> {
    let owned = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect();
    match name.split_once('.') {
        Some((first @ "modelOverrides", rest)) => match rest.rsplit_once('.') {
            Some((model, field)) if OVERRIDES.contains(&field) => owned(&[first, model, field]),
            _ => owned(&[first, rest]),
        },
        Some((first @ "headers", rest)) => owned(&[first, rest]),
        _ => name.split('.').map(str::to_owned).collect(),
    }
}

/// The object that has a value at a path and nothing beside it.
pub fn object(path: &[String], value: Value) -> Map<String, Value> {
    let mut nested = value;
    for name in path.iter().rev() {
        nested = Value::Object(Map::from_iter([(name.clone(), nested)]));
    }
    match nested {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

/// Adds what one object says to another; where both say something of a member that is no object, the newer holds.
pub fn merge(older: &mut Map<String, Value>, newer: Map<String, Value>) {
    for (name, value) in newer {
        match (older.get_mut(&name), value) {
            (Some(Value::Object(older)), Value::Object(newer)) => merge(older, newer),
            (_, value) => drop(older.insert(name, value)),
        }
    }
}

/// Settings with every name that has dots nested.
pub fn nested(flat: Map<String, Value>) -> Map<String, Value> {
    let mut settings = Map::new();
    for (name, value) in flat {
        merge(&mut settings, object(&path(&name), value));
    }
    settings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn dots_are_steps_except_within_names_of_models_and_headers() {
        for (name, steps) in [
            ("model", &["model"][..]),
            ("timeouts.idleMs", &["timeouts", "idleMs"]),
            ("features.inline.debounceMs", &["features", "inline", "debounceMs"]),
            ("modelOverrides.gpt-4.1", &["modelOverrides", "gpt-4.1"]),
            ("modelOverrides.gpt-4.1.maxTokens", &["modelOverrides", "gpt-4.1", "maxTokens"]),
            ("headers.x.team", &["headers", "x.team"]),
        ] {
            assert_eq!(path(name), steps, "{name}");
        }
    }

    #[test]
    fn flat_and_nested_settings_are_one() {
        let flat = json!({"timeouts.idleMs": 1, "timeouts": {"connectMs": 2}, "model": "m", "tls.caFile": "a", "tls": null});
        let Value::Object(flat) = flat else { unreachable!() };
        assert_eq!(
            Value::Object(nested(flat)),
            json!({"timeouts": {"idleMs": 1, "connectMs": 2}, "model": "m", "tls": null})
        );
    }
}
