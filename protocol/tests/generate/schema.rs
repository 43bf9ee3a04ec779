//! The whole protocol in one document, from the table of methods and the Rust types.

use litellm_ls_protocol::{
    ConfigureParams, ErrorKind, Features, METHOD_SCHEMAS, METHODS, MethodKind, ProgressParams, ResponseError,
};
use schemars::{
    JsonSchema, Schema, SchemaGenerator,
    transform::{RecursiveTransform, Transform},
};
use serde_json::{Map, Value, json};

/// A definition of each type, and what every message carries.
pub(crate) fn document() -> Value {
    let mut generator = SchemaGenerator::default();
    let mut methods = Map::new();
    for (method, schemas) in METHODS.iter().zip(METHOD_SCHEMAS) {
        let kind = match method.kind {
            MethodKind::Request => "request",
            MethodKind::Notification => "notification",
        };
        let mut entry = json!({
            "kind": kind,
            "description": docs(method.docs),
            "params": (schemas.params)(&mut generator),
        });
        if let Some(result) = schemas.result {
            entry["result"] = result(&mut generator).into();
        }
        methods.insert(method.method.into(), entry);
    }
    let progress = generator.subschema_for::<ProgressParams>();
    let error = generator.subschema_for::<ResponseError>();
    let features = generator.subschema_for::<Features>();
    let codes: Vec<Value> =
        ErrorKind::ALL.iter().map(|kind| json!({ "kind": kind, "code": kind.code() })).collect();
    let mut definitions = definitions(generator);
    definitions
        .insert("InitializationOptions".into(), initialization_options(&definitions, &features.to_value()));
    let carried = methods.values().flat_map(|method| [method.get("params"), method.get("result")]);
    for name in carried.flatten().filter_map(|carried| carried["$ref"].as_str()?.strip_prefix("#/$defs/")) {
        add_meta(&mut definitions[name]);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "methods": methods,
        "progress": progress,
        "error": error,
        "initializationOptions": { "$ref": "#/$defs/InitializationOptions" },
        "errorCodes": codes,
        "$defs": definitions,
    })
}

/// The settings of `provider/configure`, and the switches of features beside them.
fn initialization_options(definitions: &Map<String, Value>, features: &Value) -> Value {
    let mut options = definitions[&*ConfigureParams::schema_name()].clone();
    options["description"] =
        "`initializationOptions` of `initialize`: what `provider/configure` takes, and which features are on.".into();
    options["properties"]["features"] = features.clone();
    options["properties"]["features"]["description"] =
        "The standard LSP features that are switched on or off.".into();
    options
}

/// The lines of a doc comment without the blank each begins with.
fn docs(lines: &[&str]) -> String {
    lines.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

fn definitions(mut generator: SchemaGenerator) -> Map<String, Value> {
    let mut definitions = generator
        .take_definitions(true)
        .into_iter()
        .map(|(name, definition)| (plain_name(&name), definition))
        .collect::<Map<_, _>>();
    for (name, definition) in &mut definitions {
        let definition = <&mut Schema>::try_from(definition).expect("a definition is a schema");
        RecursiveTransform(forget_format).transform(definition);
        RecursiveTransform(follow_plain_names).transform(definition);
        open_words(definition);
        RecursiveTransform(free_vendors_names).transform(definition);
        if *name != ConfigureParams::schema_name() {
            RecursiveTransform(forbid_null).transform(definition);
        }
    }
    definitions
}

/// The name of a type as a language would have it: `SettingStringList`, not `SettingArray_of_string`.
fn plain_name(name: &str) -> String {
    fn plain(name: &str) -> String {
        match name.split_once("_of_") {
            Some(("Array", item)) => plain(item) + "List",
            Some(("Map", item)) => plain(item) + "Map",
            _ => name[..1].to_uppercase() + &name[1..],
        }
    }
    match name.strip_prefix("Setting") {
        Some(value) if !value.is_empty() => format!("Setting{}", plain(value)),
        _ => name.to_owned(),
    }
}

fn follow_plain_names(schema: &mut Schema) {
    let Some(name) =
        schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix("#/$defs/"))
    else {
        return;
    };
    let target = format!("#/$defs/{}", plain_name(name));
    schema.insert("$ref".into(), target.into());
}

/// Lets newer versions have more words, or more kinds of objects, where the type says what a client does with them.
fn open_words(schema: &mut Schema) {
    let Some(fallback) = schema.get("x-fallback").and_then(Value::as_str).map(str::to_owned) else { return };
    let Some(Value::Array(mut variants)) = schema.remove("oneOf") else { panic!("words are variants") };
    let description = format!("Another, of a newer version: {fallback}.");
    variants.push(match &variants[0]["const"] {
        Value::String(_) => json!({ "description": description, "type": "string" }),
        _ => {
            let known: Vec<&Value> = variants.iter().map(|variant| &variant["properties"]["type"]["const"]).collect();
            let tag = json!({ "type": "string", "not": { "enum": known } });
            json!({ "description": description, "type": "object", "properties": { "type": tag }, "required": ["type"] })
        }
    });
    schema.insert("anyOf".into(), variants.into());
}

/// Adds `_meta` to an object, or to each variant of a union of objects.
fn add_meta(schema: &mut Value) {
    let variants = if schema.get("anyOf").is_some() { "anyOf" } else { "oneOf" };
    if let Some(Value::Array(variants)) = schema.get_mut(variants) {
        return variants.iter_mut().for_each(add_meta);
    }
    let meta = json!({
        "description": "Anything. In params it is a note of the client to itself, and comes back unchanged with the answer.",
        "type": "object",
        "additionalProperties": true,
    });
    schema["properties"]["_meta"] = meta;
}

/// Lets vendors add names that begin with `_` where others are refused.
fn free_vendors_names(schema: &mut Schema) {
    if schema.get("additionalProperties") == Some(&Value::Bool(false)) {
        schema.insert("patternProperties".into(), json!({ "^_": true }));
    }
}

/// Drops `format`, which names the Rust type of a number. Its bounds stay, that of 32 bits among them.
fn forget_format(schema: &mut Schema) {
    if schema.remove("format").is_some_and(|format| format == "uint32") {
        schema.as_object_mut().expect("it had a format").entry("maximum").or_insert(u32::MAX.into());
    }
}

/// Leaves absence as the only way to say nothing: schemars lets every `Option` be `null` too.
fn forbid_null(schema: &mut Schema) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = &mut types[..] {
            let only = only.take();
            schema.insert("type".into(), only);
        }
    }
    if let Some(Value::Array(variants)) = schema.get_mut("anyOf") {
        variants.retain(|variant| *variant != json!({ "type": "null" }));
        if let [only] = &mut variants[..] {
            let mut only = Schema::try_from(only.take()).expect("a variant is a schema");
            schema.remove("anyOf");
            only.ensure_object().append(schema.ensure_object());
            *schema = only;
        }
    }
}
