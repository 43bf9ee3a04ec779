//! Whether an answer is what a JSON schema asks for, as far as the words say that Pydantic and zod write: a proxy or a model that knows no
//! schemas passes them over without a word.

use std::collections::BTreeSet;

use regex_lite::Regex;
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

/// How deep references lead at most: one may lead to itself.
const DEEPEST: usize = 64;

/// Checks a value by a schema. What it does not know of that holds: what tells how a text is written (`format`), what must
/// not hold (`not`, `if`), and references to other places than the schema itself.
///
/// # Errors
/// Why it does not fit.
pub(super) fn check(value: &Value, schema: &Value) -> Result<(), &'static str> {
    Within { root: schema, depth: 0 }.check(value, schema)
}

/// The words of a schema that [`check`] passes over, each once, in alphabetical order.
pub(super) fn unchecked(schema: &Value) -> Vec<&'static str> {
    const PASSED_OVER: &[&str] = &[
        "contains",
        "dependencies",
        "dependentRequired",
        "dependentSchemas",
        "if",
        "maxProperties",
        "minProperties",
        "multipleOf",
        "not",
        "patternProperties",
        "prefixItems",
        "propertyNames",
        "unevaluatedItems",
        "unevaluatedProperties",
        "uniqueItems",
    ];
    let (mut found, mut rest) = (BTreeSet::new(), vec![schema]);
    while let Some(schema) = rest.pop() {
        let Value::Object(schema) = schema else { continue };
        found.extend(PASSED_OVER.iter().copied().filter(|word| schema.contains_key(*word)));
        let reference = schema.get("$ref").and_then(Value::as_str);
        if reference.is_some_and(|reference| !reference.starts_with('#')) {
            found.insert("$ref");
        }
        for (word, within) in schema {
            match (&word[..], within) {
                ("$defs" | "definitions" | "properties", Value::Object(named)) => rest.extend(named.values()),
                ("allOf" | "anyOf" | "oneOf", Value::Array(forms)) => rest.extend(forms),
                ("additionalProperties" | "items", within) => rest.push(within),
                _ => {}
            }
        }
    }
    found.into_iter().collect()
}

/// Where a value is checked.
#[derive(Clone, Copy)]
struct Within<'a> {
    root: &'a Value,
    depth: usize,
}

impl<'a> Within<'a> {
    fn check(self, value: &Value, schema: &'a Value) -> Result<(), &'static str> {
        let schema = match schema {
            Value::Bool(false) => return Err("the answer has a member that the schema forbids"),
            Value::Object(schema) => schema,
            _ => return Ok(()),
        };
        // Which of the words beside a reference count depends on the draft.
        if let Some(reference) = schema.get("$ref") {
            let place = reference.as_str().and_then(|reference| reference.strip_prefix('#'));
            let to = place.and_then(|place| self.root.pointer(&place.replace("%24", "$")));
            return match to {
                Some(to) if self.depth < DEEPEST => Within { depth: self.depth + 1, ..self }.check(value, to),
                _ => Ok(()),
            };
        }
        let is_of_type = match schema.get("type") {
            Some(Value::String(name)) => is_of(value, name),
            Some(Value::Array(names)) => {
                names.iter().filter_map(Value::as_str).any(|name| is_of(value, name))
            }
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
            Value::Object(members) => self.check_members(members, schema),
            Value::Array(items) if !schema.contains_key("prefixItems") => match schema.get("items") {
                Some(of_items) => items.iter().try_for_each(|item| self.check(item, of_items)),
                None => Ok(()),
            },
            _ => Ok(()),
        }?;
        if !is_within_bounds(value, schema) {
            return Err("the answer has a value beyond the bounds of the schema");
        }
        self.check_forms(value, schema)
    }

    /// Checks a value by the schemas of which all, or one, must hold.
    fn check_forms(self, value: &Value, schema: &'a Map<String, Value>) -> Result<(), &'static str> {
        let forms = |name: &str| schema.get(name).and_then(Value::as_array);
        for form in forms("allOf").into_iter().flatten() {
            self.check(value, form)?;
        }
        // Of `oneOf` more may seem to hold than do.
        for forms in [forms("anyOf"), forms("oneOf")].into_iter().flatten() {
            if !forms.iter().any(|form| self.check(value, form).is_ok()) {
                return Err("the answer has a value that is none of the forms that the schema allows");
            }
        }
        Ok(())
    }

    fn check_members(
        self,
        members: &Map<String, Value>,
        schema: &'a Map<String, Value>,
    ) -> Result<(), &'static str> {
        let mut required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        if required.any(|name| name.as_str().is_some_and(|name| !members.contains_key(name))) {
            return Err("the answer lacks a member that the schema requires");
        }
        let known = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties").filter(|_| !schema.contains_key("patternProperties"));
        for (name, value) in members {
            if let Some(of_member) = known.and_then(|known| known.get(name)).or(others) {
                self.check(value, of_member)?;
            }
        }
        Ok(())
    }
}

/// Whether a number is as large, a text as long and as it is written, and a list as long as the schema says.
fn is_within_bounds(value: &Value, schema: &Map<String, Value>) -> bool {
    let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
    let is_between = |number: f64, least: &str, most: &str| {
        bound(least).is_none_or(|least| number >= least) && bound(most).is_none_or(|most| number <= most)
    };
    match value {
        Value::Number(number) => number.as_f64().is_none_or(|number| {
            is_between(number, "minimum", "maximum")
                && bound("exclusiveMinimum").is_none_or(|least| number > least)
                && bound("exclusiveMaximum").is_none_or(|most| number < most)
        }),
        Value::String(text) => {
            // A pattern that is of another dialect holds.
            let pattern = schema.get("pattern").and_then(Value::as_str).and_then(|it| Regex::new(it).ok());
            is_between(text.chars().count() as f64, "minLength", "maxLength")
                && pattern.is_none_or(|pattern| pattern.is_match(text))
        }
        Value::Array(items) => is_between(items.len() as f64, "minItems", "maxItems"),
        _ => true,
    }
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

    #[test]
    fn words_that_are_not_checked_are_found_where_they_are_words() {
        for (schema, words) in [
            (
                json!({"type": "object", "properties": {"not": {"type": "string"}}, "required": ["if"]}),
                &[][..],
            ),
            (json!({"format": "date", "title": "not", "enum": ["uniqueItems"]}), &[]),
            (json!({"items": {"uniqueItems": true, "not": {}}, "not": {"if": {}}}), &["not", "uniqueItems"]),
            (
                json!({"$defs": {"a": {"oneOf": [{"anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "http://x"}]}]}}}),
                &["$ref"],
            ),
            (json!({"additionalProperties": {"allOf": [{"prefixItems": []}]}}), &["prefixItems"]),
        ] {
            assert_eq!(unchecked(&schema), words, "{schema}");
        }
    }

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
            json!({"$ref": "#/$defs/P", "$defs": {"P": {"type": "object", "required": ["name"]}}}),
            json!({"properties": {"name": {"$ref": "#/definitions/T"}}, "definitions": {"T": {"type": "string", "maxLength": 0}}}),
            json!({"properties": {"name": {"anyOf": [{"type": "string", "pattern": "^y"}, {"type": "null"}]}}}),
            json!({"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 1, "exclusiveMaximum": 1.2}, {"maxItems": 1, "type": "array"}]}),
            json!({"oneOf": [{"type": "string", "minLength": 2}, {"type": "number", "exclusiveMinimum": 1, "maximum": 1.5}]}),
            json!({"allOf": [{"type": ["object", "array"]}, {"required": ["name"], "minItems": 2}]}),
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
        let circle = json!({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}});
        let elsewhere = json!({"$ref": "https://example.com/schema", "type": "string"});
        for schema in [
            circle,
            elsewhere,
            json!({"$ref": "#/$defs/a"}),
            json!({"format": "date"}),
            json!(null),
            of_first,
        ] {
            assert_eq!(check(&json!([1]), &schema), Ok(()), "{schema}");
        }
        for schema in
            [json!([]), json!("x"), json!(12), json!(true), json!({"type": "text"}), json!({"type": 1})]
        {
            assert!(!is_schema(&schema), "{schema}");
        }
    }
}
