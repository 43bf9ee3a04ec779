//! Whether what a server says fits the schema of the protocol.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::failure::{Checked, Failure, shown};

static SCHEMA: LazyLock<Value> = LazyLock::new(|| read(include_str!("../../protocol/schema.json")));
/// Which types the methods carry.
static METHODS: LazyLock<Value> = LazyLock::new(|| read(include_str!("../../protocol/methods.json")));

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// Whether a value is of a named type.
pub(crate) fn fits(name: &str, value: &Value) -> Checked {
    let fault = validator(name)?.iter_errors(value).next().map(|error| {
        format!(
            "M30: what the server says is no {name} at `{}`: {error}; it is {}",
            error.instance_path(),
            shown(value)
        )
    });
    fault.map_or(Ok(()), |fault| Err(Failure::new(fault)))
}

/// Whether a value is what a method of the protocol answers. What the protocol does not know is left alone.
pub(crate) fn fits_result(method: &str, result: &Value) -> Checked {
    named(&METHODS["methods"][method]["result"]).map_or(Ok(()), |name| fits(name, result))
}

/// Whether params are what a notification of the protocol carries.
pub(crate) fn fits_notification(method: &str, params: &Value) -> Checked {
    named(&METHODS["methods"][method]["params"]).map_or(Ok(()), |name| fits(name, params))
}

fn named(reference: &Value) -> Option<&str> {
    reference["$ref"].as_str()?.split_once("#/$defs/").map(|(_, name)| name)
}

/// Each is made once: that takes longer than most checks.
fn validator(name: &str) -> Checked<Arc<Validator>> {
    static MADE: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let mut made = MADE.lock().map_err(|error| Failure::new(error.to_string()))?;
    if let Some(validator) = made.get(name) {
        return Ok(Arc::clone(validator));
    }
    let rule =
        json!({"$schema": SCHEMA["$schema"], "$ref": format!("#/$defs/{name}"), "$defs": SCHEMA["$defs"]});
    let validator = jsonschema::validator_for(&rule).map_err(|error| Failure::new(error.to_string()))?;
    let validator = Arc::new(validator);
    made.insert(name.to_owned(), Arc::clone(&validator));
    Ok(validator)
}

#[cfg(test)]
mod tests {
    use litellm_ls_protocol::{METHODS, MethodKind};
    use serde_json::json;

    use super::{fits, fits_notification, fits_result};

    /// What no type is found for would pass unseen.
    #[test]
    fn each_method_has_a_type_that_refuses_something() {
        for row in METHODS {
            let refused = match row.kind {
                MethodKind::Request => fits_result(row.method, &json!(7)),
                MethodKind::Notification => fits_notification(row.method, &json!(7)),
            };
            assert!(refused.is_err(), "{}", row.method);
        }
        for name in ["Delta", "ResponseError", "DiscoverResult"] {
            assert!(fits(name, &json!(7)).is_err(), "{name}");
        }
    }
}
