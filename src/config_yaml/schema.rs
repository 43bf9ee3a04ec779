//! The tables as JSON Schema, for editors' YAML servers.

use serde_json::{Map, Value, json};

use super::{
    checks::home,
    codes::Code,
    config::SECTIONS,
    release::Release,
    tables::{Key, tables},
};

/// Where the schema says that it is kept.
const ID: &str = "config-yaml.schema.json";

/// The schema of `config.yaml`, as far as the tables know it. What LiteLLM takes it takes: a value may be a reference
/// to a variable everywhere, and numbers and booleans may be texts.
pub fn schema() -> Value {
    let map = |section: &str, closed: bool| section_schema(section, closed);
    let mut root = map("top_level", true);
    root["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    root["$id"] = ID.into();
    root["title"] = "LiteLLM proxy config.yaml".into();
    for section in SECTIONS {
        put(&mut root, &[section], map(section, true));
    }
    let mut deployment = map("deployment", false);
    deployment["required"] = json!(["model_name", "litellm_params"]);
    let mut params = map("litellm_params", false);
    params["required"] = json!(["model"]);
    deployment["properties"]["litellm_params"] = params;
    deployment["properties"]["model_info"] = map("model_info", false);
    root["properties"]["model_list"]["items"] = deployment;
    for nested in tables().nested() {
        put(&mut root, &nested.steps, map(nested.section, false));
    }
    // Those of today's form stand at the top level.
    let older = json!({"not": {"required": ["guardrail_name"]}});
    root["properties"]["litellm_settings"]["properties"]["guardrails"]["items"] = older;
    let required = json!(["credential_name", "credential_values", "credential_info"]);
    let credential = &mut root["properties"]["credential_list"]["items"];
    (credential["type"], credential["required"]) = ("object".into(), required);
    root
}

/// What a map holds, to where steps lead.
fn put(root: &mut Value, steps: &[&str], schema: Value) {
    // No outermost section is a reference to a variable.
    let outermost = if steps.get(1) == Some(&"[]") { "array" } else { "object" };
    root["properties"][steps[0]]["type"] = json!([outermost, "null"]);
    let mut place = root;
    for step in steps {
        place = match *step {
            "[]" => &mut place["items"],
            "*" => &mut place["additionalProperties"],
            name => &mut place["properties"][name],
        };
    }
    // An alias is a text as well.
    if place.get("type").is_none() && !steps.contains(&"model_group_alias") {
        place["type"] = json!(["object", "null"]);
    }
    let members = ["properties", "patternProperties", "additionalProperties"];
    for name in members.into_iter().filter(|name| schema.get(name).is_some()) {
        place[name] = schema[name].clone();
    }
}

/// A map. A closed one takes keys that the tables know, and those that hold anchors.
fn section_schema(section: &str, closed: bool) -> Value {
    // What is not for people is taken without a word, as by the rules; what belongs elsewhere is not.
    let keys =
        tables().keys(section).iter().filter(|key| !key.is("internal") || home(section, key.name).is_none());
    let schema_of = |key: &Key| if key.is("internal") { json!({"doNotSuggest": true}) } else { value(key) };
    let properties: Map<String, Value> = keys.map(|key| (key.name.to_owned(), schema_of(key))).collect();
    let mut schema = json!({"type": "object", "properties": properties});
    if closed {
        schema["patternProperties"] = json!({"^(x-|_|\\.)": {}});
        schema["additionalProperties"] = false.into();
    }
    schema
}

fn value(key: &Key) -> Value {
    let mut schema = Map::new();
    let allowed: Vec<&str> = key.allowed().collect();
    let words = || json!({"anyOf": [{"enum": allowed}, {"type": "string", "pattern": "^os\\.environ/"}]});
    match (allowed.is_empty(), key.kind) {
        (_, "any") => {}
        (false, "list") => {
            schema.insert("type".to_owned(), json!(["array", "string", "null"]));
            schema.insert("items".to_owned(), words());
        }
        (false, _) => {
            let mut any = vec![json!({"enum": allowed}), json!({"type": "null"})];
            any.push(json!({"type": "string", "pattern": "^os\\.environ/"}));
            schema.insert("anyOf".to_owned(), any.into());
        }
        (true, kind) => {
            let names = tables().callbacks(key.name, Release::KNOWN);
            if !names.is_empty() {
                // Names of one's own are taken as well.
                schema.insert("items".to_owned(), json!({"anyOf": [{"enum": names}, {}]}));
            }
            let mut types: Vec<&str> = kind.split('|').flat_map(json_types).copied().collect();
            types.sort_unstable();
            types.dedup();
            schema.insert("type".to_owned(), json!(types));
        }
    }
    let mut description = key.description.to_owned();
    if !key.replaced_by.is_empty() {
        description += &format!(" Use {}.", key.replaced_by);
    }
    if !description.is_empty() {
        schema.insert("description".to_owned(), description.trim().into());
    }
    if key.is("deprecated") {
        schema.insert("deprecated".to_owned(), true.into());
        schema.insert(
            "deprecationMessage".to_owned(),
            format!("See {}", Code::DeprecatedKey.documentation()).into(),
        );
    }
    Value::Object(schema)
}

/// What a parser of YAML 1.2 or 1.1 may give for a kind; a text may be a reference to a variable.
fn json_types(kind: &str) -> &'static [&'static str] {
    match kind {
        "boolean" => &["boolean", "integer", "string", "null"],
        "integer" | "number" => &["number", "string", "null"],
        "list" => &["array", "string", "null"],
        "map" => &["object", "string", "null"],
        _ => &["string", "number", "boolean", "null"],
    }
}
