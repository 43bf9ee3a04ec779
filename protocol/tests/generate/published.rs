//! The two files for tools: `schema.json`, which has nothing that a strict validator does not know, and `methods.json`.

use litellm_ls_protocol::PROTOCOL_VERSION;
use serde_json::{Map, Value, json};

/// The name of the first file.
const SCHEMA: &str = "schema.json";
/// The release that had what says nothing else.
const FIRST_RELEASE: &str = "0.1.0";

/// Every type, and as its root every message that a client or a server sends.
pub(crate) fn schema(document: &Value) -> Value {
    let mut definitions = document["$defs"].as_object().expect("definitions").clone();
    definitions.values_mut().for_each(forget_our_words);
    definitions.iter_mut().for_each(|(name, definition)| entitle(name, definition));
    let mut from_client = requests(document, &mut definitions);
    let mut from_server = answers(document, &mut definitions);
    initialization(document, &mut definitions, &mut from_client, &mut from_server);
    definitions.insert("ClientMessage".into(), one_of("What a client sends.", &from_client));
    definitions.insert("ServerMessage".into(), one_of("What a server sends.", &from_server));
    definitions.values_mut().for_each(keep_names);
    json!({
        "$schema": document["$schema"],
        "$id": format!("urn:litellm-ls:protocol:{PROTOCOL_VERSION}"),
        "title": "ProtocolMessage",
        "description": "A message of the protocol of litellm-ls. `methods.json` says which types belong to a method.",
        "anyOf": [reference("ClientMessage"), reference("ServerMessage")],
        "$defs": definitions,
    })
}

/// What a program needs to know beside the types: methods, the envelope of each message, codes, fallbacks and releases.
pub(crate) fn methods(document: &Value) -> Value {
    let in_schema =
        |carried: &Value| json!({ "$ref": format!("{SCHEMA}{}", carried["$ref"].as_str().expect("a type")) });
    let mut methods = Map::new();
    for (name, method) in document["methods"].as_object().expect("methods") {
        let mut entry = json!({
            "kind": method["kind"],
            "description": method["description"],
            "since": since(method).unwrap_or(FIRST_RELEASE),
            "deprecated": said(method, "Deprecated: ").is_some(),
            "params": in_schema(&method["params"]),
        });
        if let Some(result) = method.get("result") {
            entry["result"] = in_schema(result);
        }
        methods.insert(name.clone(), entry);
    }
    let mut fallbacks = Map::new();
    let mut notes = Notes::default();
    for (name, definition) in document["$defs"].as_object().expect("definitions") {
        fallbacks.extend(definition.get("x-fallback").map(|fallback| (name.clone(), fallback.clone())));
        notes.take(name, definition);
    }
    let envelope = ["ClientMessage", "ServerMessage", "ErrorResponse", "CancelRequestNotification"];
    let envelope: Map<String, Value> =
        envelope.iter().map(|name| ((*name).to_owned(), in_schema(&reference(name)))).collect();
    json!({
        "description": "The methods of the protocol of litellm-ls, and the envelope of their messages (JSON-RPC 2.0).",
        "version": PROTOCOL_VERSION,
        "envelope": envelope,
        "methods": methods,
        "progress": in_schema(&document["progress"]),
        "error": in_schema(&document["error"]),
        "initializationOptions": in_schema(&document["initializationOptions"]),
        "errorCodes": document["errorCodes"],
        "fallbacks": fallbacks,
        "since": notes.since,
        "deprecated": notes.deprecated,
        "litellmOnly": notes.litellm_only,
    })
}

/// What a line of a description says behind these words.
fn said<'a>(described: &'a Value, words: &str) -> Option<&'a str> {
    described["description"].as_str()?.lines().find_map(|line| line.strip_prefix(words))
}

/// The release that brought something, where a line `Since 0.2.0.` says so.
fn since(described: &Value) -> Option<&str> {
    said(described, "Since ")?
        .strip_suffix('.')
        .filter(|release| release.starts_with(|first: char| first.is_ascii_digit()))
}

/// What descriptions say of types and members, by `Type` or `Type.member`.
#[derive(Default)]
struct Notes {
    since: Map<String, Value>,
    deprecated: Vec<String>,
    litellm_only: Vec<String>,
}

impl Notes {
    fn take(&mut self, path: &str, schema: &Value) {
        self.since.extend(since(schema).map(|release| (path.to_owned(), release.into())));
        if schema["deprecated"] == true {
            self.deprecated.push(path.to_owned());
        }
        if schema["description"].as_str().is_some_and(|text| text.contains("LiteLLM only.")) {
            self.litellm_only.push(path.to_owned());
        }
        for variant in ["anyOf", "oneOf"].iter().filter_map(|union| schema[union].as_array()).flatten() {
            let tag = variant["const"].as_str().or(variant["properties"]["type"]["const"].as_str());
            if let Some(tag) = tag {
                self.take(&format!("{path}.{tag}"), variant);
            }
        }
        for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            self.take(&format!("{path}.{name}"), member);
        }
    }
}

fn requests(document: &Value, definitions: &mut Map<String, Value>) -> Vec<String> {
    let mut names = Vec::new();
    for (method, entry) in of_kind(document, "request") {
        let name = type_name(&entry["params"]);
        let optional = ["required", "not"].iter().all(|rule| definitions[&name].get(*rule).is_none());
        let mut required = vec!["jsonrpc", "id", "method"];
        required.extend((!optional).then_some("params"));
        let members = json!({
            "jsonrpc": { "const": "2.0" },
            "id": reference("RequestId"),
            "method": { "const": method },
            "params": entry["params"],
        });
        names.push(name.replace("Params", "Request"));
        define(definitions, &names, members, &required);
    }
    let id = json!({ "description": "An id of a request.", "anyOf": [{ "type": "integer" }, { "type": "string" }] });
    definitions.insert("RequestId".into(), id);
    let params = json!({
        "type": "object",
        "properties": { "id": reference("RequestId") },
        "required": ["id"],
    });
    definitions.insert("CancelParams".into(), params);
    names.push("CancelRequestNotification".into());
    define(definitions, &names, notification("$/cancelRequest", &reference("CancelParams")), NOTIFICATION);
    names
}

/// What is ours in LSP's `initialize`.
fn initialization(
    document: &Value,
    definitions: &mut Map<String, Value>,
    from_client: &mut Vec<String>,
    from_server: &mut Vec<String>,
) {
    let within = |name: &str, described: &str, shape: &Value| json!({ "type": "object", "description": described, "properties": { name: shape } });
    let capabilities = |described: &str, shape: Value| {
        let provider = within("provider", described, &shape);
        within("experimental", "What LSP leaves to each server.", &provider)
    };
    let theirs = capabilities("What the client speaks.", reference("DiscoverParams"));
    let ours = capabilities("What the server speaks.", reference("DiscoverResult"));
    let params = json!({
        "type": "object",
        "description": "What is ours in the params of `initialize`; the rest is LSP's.",
        "properties": { "capabilities": theirs, "initializationOptions": document["initializationOptions"] },
        "required": ["capabilities"],
    });
    let result = json!({
        "type": "object",
        "description": "What is ours in the result of `initialize`; the rest is LSP's.",
        "properties": { "capabilities": ours, "serverInfo": reference("ServerInfo") },
        "required": ["capabilities"],
    });
    definitions.insert("InitializeParams".into(), params);
    definitions.insert("InitializeResult".into(), result);
    from_client.push("InitializeRequest".into());
    let members = json!({
        "jsonrpc": { "const": "2.0" },
        "id": reference("RequestId"),
        "method": { "const": "initialize" },
        "params": reference("InitializeParams"),
    });
    define(definitions, from_client, members, &["jsonrpc", "id", "method", "params"]);
    from_server.push("InitializeResponse".into());
    let members = json!({
        "jsonrpc": { "const": "2.0" },
        "id": reference("RequestId"),
        "result": reference("InitializeResult"),
    });
    define(definitions, from_server, members, &["jsonrpc", "id", "result"]);
}

fn answers(document: &Value, definitions: &mut Map<String, Value>) -> Vec<String> {
    let mut names = Vec::new();
    for (_, entry) in of_kind(document, "request") {
        names.push(type_name(&entry["result"]).replace("Result", "Response"));
        let members = json!({
            "jsonrpc": { "const": "2.0" },
            "id": reference("RequestId"),
            "result": entry["result"],
        });
        define(definitions, &names, members, &["jsonrpc", "id", "result"]);
    }
    for (method, entry) in of_kind(document, "notification") {
        names.push(type_name(&entry["params"]).replace("Params", "Notification"));
        define(definitions, &names, notification(method, &entry["params"]), NOTIFICATION);
    }
    names.push("ProgressNotification".into());
    define(definitions, &names, notification("$/progress", &document["progress"]), NOTIFICATION);
    let id = json!({
        "description": "`null` where the id of the request could not be read.",
        "anyOf": [reference("RequestId"), { "type": "null" }],
    });
    names.push("ErrorResponse".into());
    let members = json!({ "jsonrpc": { "const": "2.0" }, "id": id, "error": document["error"] });
    define(definitions, &names, members, &["jsonrpc", "id", "error"]);
    names
}

const NOTIFICATION: &[&str] = &["jsonrpc", "method", "params"];

fn notification(method: &str, params: &Value) -> Value {
    json!({ "jsonrpc": { "const": "2.0" }, "method": { "const": method }, "params": params })
}

/// Defines a message by the last of these names.
fn define(definitions: &mut Map<String, Value>, names: &[String], members: Value, required: &[&str]) {
    let name = names.last().expect("a name");
    let before = definitions
        .insert(name.clone(), json!({ "type": "object", "properties": members, "required": required }));
    assert!(before.is_none(), "{name} is a message and another type");
}

fn of_kind<'a>(document: &'a Value, kind: &'a str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    document["methods"].as_object().expect("methods").iter().filter(move |(_, entry)| entry["kind"] == kind)
}

fn one_of(description: &str, names: &[String]) -> Value {
    let variants: Vec<Value> = names.iter().map(|name| reference(name)).collect();
    json!({ "description": description, "anyOf": variants })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn type_name(carried: &Value) -> String {
    carried["$ref"].as_str().and_then(|target| target.rsplit('/').next()).expect("a type").to_owned()
}

/// Names the objects of a union, such as `DeltaText`, so that generators need not count them.
fn entitle(name: &str, definition: &mut Value) {
    for union in ["anyOf", "oneOf"] {
        for variant in definition.get_mut(union).and_then(Value::as_array_mut).into_iter().flatten() {
            let tag = &variant["properties"]["type"];
            let tag = match (tag["const"].as_str(), tag.is_object()) {
                (Some(tag), _) => tag[..1].to_uppercase() + &tag[1..],
                (None, true) => "Other".to_owned(),
                (None, false) => continue,
            };
            variant["title"] = format!("{name}{tag}").into();
        }
    }
}

/// Keeps the name of a type where a member has a description of its own: generators forget it beside a `$ref`.
fn keep_names(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.len() > 1
                && let Some(target) = members.shift_remove("$ref")
            {
                members.insert("allOf".into(), json!([{ "$ref": target }]));
            }
            members.values_mut().for_each(keep_names);
        }
        Value::Array(items) => items.iter_mut().for_each(keep_names),
        _ => {}
    }
}

/// Takes out what only our own generators know.
fn forget_our_words(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.shift_remove("x-fallback");
            members.values_mut().for_each(forget_our_words);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_our_words),
        _ => {}
    }
}
