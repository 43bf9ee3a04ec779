//! Whether an answer is what a JSON schema asks for, as far as its commonest words say: a proxy or a model that knows no
//! schemas passes them over without a word.

use serde_json::{Map, Value};

const TYPES: [&str; 7] = ["null", "boolean", "object", "array", "number", "string", "integer"];

/// Whether a value can be a schema for answers.
pub(super) fn is_schema(schema: &Value) -> bool {
    let is_type = |name: &Value| name.as_str().is_some_and(|name| TYPES.contains(&name));
    match schema.as_object().map(|schema| schema.get("type")) {
        None => false,
        Some(None) => true,
        Some(Some(Value::Array(names))) => names.iter().all(is_type),
        Some(Some(name)) => is_type(name),
    }
}

/// Checks a value by a schema. What it does not know of that holds.
///
/// # Errors
/// Why it does not fit.
pub(super) fn check(value: &Value, schema: &Value) -> Result<(), &'static str> {
    let schema = match schema {
        Value::Bool(false) => return Err("the answer has a member that the schema forbids"),
        // Which of the words beside a reference count depends on the draft.
        Value::Object(schema) if !schema.contains_key("$ref") => schema,
        _ => return Ok(()),
    };
    let is_of_type = match schema.get("type") {
        Some(Value::String(name)) => is_of(value, name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(|name| is_of(value, name)),
        _ => true,
    };
    if !is_of_type {
        return Err("the answer has a value of another type than the schema says");
    }
    let listed = schema.get("enum").and_then(Value::as_array).map(Vec::as_slice);
    let only = schema.get("const").map(std::slice::from_ref);
    for listed in [listed, only].into_iter().flatten() {
        if !value.is_object() && !value.is_array() && !listed.iter().any(|one| is_same(one, value)) {
            return Err("the answer has a value that the schema does not list");
        }
    }
    match value {
        Value::Object(members) => check_members(members, schema),
        Value::Array(items) if !schema.contains_key("prefixItems") => match schema.get("items") {
            Some(of_items) => items.iter().try_for_each(|item| check(item, of_items)),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn check_members(members: &Map<String, Value>, schema: &Map<String, Value>) -> Result<(), &'static str> {
    let mut required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    if required.any(|name| name.as_str().is_some_and(|name| !members.contains_key(name))) {
        return Err("the answer lacks a member that the schema requires");
    }
    let known = schema.get("properties").and_then(Value::as_object);
    let others = schema.get("additionalProperties").filter(|_| !schema.contains_key("patternProperties"));
    for (name, value) in members {
        if let Some(of_member) = known.and_then(|known| known.get(name)).or(others) {
            check(value, of_member)?;
        }
    }
    Ok(())
}

fn is_of(value: &Value, name: &str) -> bool {
    match value {
        Value::Null => name == "null",
        Value::Bool(_) => name == "boolean",
        Value::Number(number) => {
            let is_whole = number.as_f64().is_none_or(|number| number.fract() == 0.0);
            name == "number" || name == "integer" && is_whole
        }
        Value::String(_) => name == "string",
        Value::Array(_) => name == "array",
        Value::Object(_) => name == "object",
    }
}

/// Whether two values are one: 1 is 1.0.
fn is_same(one: &Value, other: &Value) -> bool {
    one == other || one.as_f64().is_some_and(|one| other.as_f64() == Some(one))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// By what a validator says of them.
    #[test]
    fn an_answer_fits_where_it_is_what_the_schema_asks_for() {
        let person = json!({"type": "object", "required": ["name"], "additionalProperties": false, "properties": {
            "name": {"type": "string"}, "age": {"type": ["integer", "null"]}, "of": {"enum": ["a", 1, null]},
            "tags": {"type": "array", "items": {"type": "string"}}, "never": false, "always": true, "one": {"const": 1}}});
        let schemas = [
            person.clone(),
            json!({"type": "array", "items": person}),
            json!({"type": "number"}),
            json!({}),
            json!({"additionalProperties": {"type": "integer"}}),
            json!({"additionalProperties": false, "patternProperties": {"^n": {}, "^a": true, "": {}}}),
        ];
        let values = [
            json!({"name": "x"}),
            json!({"name": 1}),
            json!({}),
            json!([]),
            json!(null),
            json!(1),
            json!(1.0),
            json!(1.5),
            json!("x"),
            json!(true),
            json!({"name": "x", "age": 1.0}),
            json!({"name": "x", "age": 1.5}),
            json!({"name": "x", "age": null}),
            json!({"name": "x", "of": 1.0, "one": 1.0}),
            json!({"name": "x", "of": 2}),
            json!({"name": "x", "one": 2}),
            json!({"name": "x", "tags": ["a", "b"], "always": {}}),
            json!({"name": "x", "tags": ["a", 1]}),
            json!({"name": "x", "never": 1}),
            json!({"name": "x", "other": 1}),
            json!({"a": 1}),
            json!({"a": "1"}),
            json!([{"name": "x"}, {"name": 1}]),
            json!([{"name": "x"}]),
            json!(["x", 1]),
        ];
        for schema in &schemas {
            assert!(is_schema(schema), "{schema}");
            for value in &values {
                let expected = jsonschema::is_valid(schema, value);
                assert_eq!(check(value, schema).is_ok(), expected, "{value} by {schema}");
            }
        }
        // What is not looked at holds.
        let of_first = json!({"prefixItems": [{"type": "string"}], "items": {"type": "string"}});
        for schema in
            [json!({"$ref": "#/$defs/a", "type": "string"}), json!({"anyOf": [false]}), json!(null), of_first]
        {
            assert_eq!(check(&json!([1]), &schema), Ok(()), "{schema}");
        }
        for schema in
            [json!([]), json!("x"), json!(12), json!(true), json!({"type": "text"}), json!({"type": 1})]
        {
            assert!(!is_schema(&schema), "{schema}");
        }
    }
}
