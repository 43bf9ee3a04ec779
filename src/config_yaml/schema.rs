//! The tables as JSON Schema, for editors' YAML servers.

use serde_json::{Map, Value, json};

use super::{
    checks::home,
    codes::Code,
    config::SECTIONS,
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
    let mut put = |path: &[&str], schema: Value| {
        let mut place = &mut root["properties"];
        for step in &path[..path.len() - 1] {
            place = &mut place[*step];
        }
        let last = &mut place[path[path.len() - 1]];
        let description = last["description"].clone();
        *last = schema;
        if !description.is_null() {
            last["description"] = description;
        }
    };
    for section in SECTIONS {
        put(&[section], nullable(map(section, true)));
    }
    let mut deployment = map("deployment", false);
    deployment["required"] = json!(["model_name", "litellm_params"]);
    let mut params = map("litellm_params", false);
    params["required"] = json!(["model"]);
    deployment["properties"]["litellm_params"] = params.clone();
    deployment["properties"]["model_info"] = map("model_info", false);
    put(&["model_list"], list_of(deployment));
    let mut credential = map("credential_list[]", false);
    credential["required"] = json!(["credential_name", "credential_values", "credential_info"]);
    put(&["credential_list"], list_of(credential));
    for list in ["guardrails", "search_tools", "prompts"] {
        let mut item = map(&format!("{list}[]"), false);
        item["properties"]["litellm_params"] = nullable(map(&format!("{list}[].litellm_params"), false));
        put(&[list], list_of(item));
    }
    let servers = nullable(map("mcp_servers.*", false));
    put(&["mcp_servers"], json!({"type": ["object", "null"], "additionalProperties": servers}));
    let nested = [
        ("litellm_settings", "cache_params", "litellm_settings.cache_params"),
        ("general_settings", "key_management_settings", "general_settings.key_management_settings"),
        ("router_settings", "retry_policy", "router_settings.retry_policy"),
        ("router_settings", "allowed_fails_policy", "router_settings.allowed_fails_policy"),
    ];
    for (section, key, name) in nested {
        put(&[section, "properties", key], nullable(map(name, false)));
    }
    root
}

fn list_of(items: Value) -> Value {
    json!({"type": ["array", "null"], "items": items})
}

fn nullable(mut schema: Value) -> Value {
    schema["type"] = json!(["object", "null"]);
    schema
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
