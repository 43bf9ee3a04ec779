//! The schema by which a server says what is wrong with what it is sent.

use litellm_ls_protocol::{Features, METHOD_SCHEMAS};
use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

/// A line a definition, with what only people read left out.
pub(crate) fn emit() -> String {
    let mut generator = SchemaGenerator::default();
    generator.subschema_for::<Features>();
    let requests = METHOD_SCHEMAS.iter().filter(|schemas| schemas.result.is_some());
    let methods: Map<String, Value> = requests
        .map(|schemas| (schemas.method.to_owned(), (schemas.params)(&mut generator).to_value()))
        .collect();
    let lines = |schemas: Map<String, Value>| {
        let line = |(name, schema)| format!("{}:{}", json!(name), bare(schema));
        schemas.into_iter().map(line).collect::<Vec<_>>().join(",\n")
    };
    let definitions = lines(generator.take_definitions(true));
    format!("{{\"methods\":{{\n{}\n}},\"$defs\":{{\n{definitions}\n}}}}\n", lines(methods))
}

/// A schema with what says which values fit.
fn bare(schema: Value) -> Value {
    let Value::Object(members) = schema else { return schema };
    let kept = members.into_iter().filter_map(|(name, value)| {
        let value = match (&*name, value) {
            ("properties", Value::Object(members)) => {
                members.into_iter().map(|(name, schema)| (name, bare(schema))).collect()
            }
            ("oneOf" | "anyOf" | "allOf", Value::Array(schemas)) => schemas.into_iter().map(bare).collect(),
            ("items" | "additionalProperties", schema) => bare(schema),
            ("$ref" | "required" | "const" | "enum" | "type" | "minimum" | "maximum" | "format", value) => {
                value
            }
            _ => return None,
        };
        Some((name, value))
    });
    Value::Object(kept.collect())
}
