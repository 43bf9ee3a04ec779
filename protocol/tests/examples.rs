//! Every example is a message as it goes over the wire, and every method, delta and kind of error has one.

use std::{
    fs,
    path::{Path, PathBuf},
};

use litellm_ls_protocol::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

mod generate {
    pub(crate) mod schema;
}
use generate::schema;

/// A file `METHOD.SHAPE.json` or `METHOD.SHAPE.VARIANT.json`.
struct Example {
    name: String,
    method: &'static Method,
    shape: String,
    variant: Option<String>,
    message: Value,
}

#[test]
fn each_example_is_what_its_rust_type_writes_and_fits_the_schema() {
    let schema = schema::document();
    for Example { name, method, shape, message, .. } in examples() {
        let (id, row) = (&message["id"], &schema["methods"][method.method]);
        let (written, part, rule) = match (shape.as_str(), method.kind) {
            ("request", MethodKind::Request) => {
                let params = params(method.method, &message["params"]);
                let written =
                    json!({ "jsonrpc": "2.0", "id": id, "method": method.method, "params": params });
                (written, "/params", &row["params"])
            }
            ("response", MethodKind::Request) => {
                let result = result(method.method, &message["result"]);
                (json!({ "jsonrpc": "2.0", "id": id, "result": result }), "/result", &row["result"])
            }
            ("error", MethodKind::Request) => {
                let error = rewritten::<ResponseError>(&message["error"]);
                let kind = ErrorKind::ALL.into_iter().find(|kind| json!(kind) == error["data"]["kind"]);
                let code = kind.map_or(REQUEST_CANCELLED, ErrorKind::code);
                assert_eq!(error["code"], code, "{name} has the code of another kind");
                (json!({ "jsonrpc": "2.0", "id": id, "error": error }), "/error", &schema["error"])
            }
            ("progress", MethodKind::Request) => {
                let params = rewritten::<ProgressParams>(&message["params"]);
                let written = json!({ "jsonrpc": "2.0", "method": "$/progress", "params": params });
                (written, "/params", &schema["progress"])
            }
            ("notification", MethodKind::Notification) => {
                let params = params(method.method, &message["params"]);
                let written = json!({ "jsonrpc": "2.0", "method": method.method, "params": params });
                (written, "/params", &row["params"])
            }
            _ => panic!("{name}: the method has no message of that name"),
        };
        assert_eq!(message, written, "{name} is not what its Rust type writes");
        let part = message.pointer(part).expect("the part that was just written");
        if let Err(error) = validator(&schema, rule).validate(part) {
            panic!("{name} does not fit the schema at `{}`: {error}", error.instance_path());
        }
    }
}

#[test]
fn every_method_delta_and_kind_of_error_has_an_example_of_its_name() {
    let names: Vec<String> = examples().iter().map(Example::rhyming_name).collect();
    let has = |end: &str| names.iter().any(|name| name.ends_with(end));
    for method in METHODS {
        let shapes: &[&str] = match method.kind {
            MethodKind::Request => &["request", "response"],
            MethodKind::Notification => &["notification"],
        };
        for shape in shapes {
            let name = format!("{}.{shape}", method.word());
            assert!(names.contains(&name), "{name}.json is missing");
        }
    }
    for delta in schema::document()["$defs"]["Delta"]["anyOf"].as_array().unwrap() {
        // The last stands for those of newer versions.
        let Some(kind) = delta["properties"]["type"]["const"].as_str() else { continue };
        assert!(has(&format!(".progress.{kind}")), "no example of the delta `{kind}`");
    }
    for kind in ErrorKind::ALL {
        assert!(has(&format!(".error.{}", word(kind))), "no example of the error {kind:?}");
    }
}

#[test]
fn null_and_refused_unknown_fields_exist_in_configure_params_only() {
    let schema = schema::document();
    let fits = |name: &str, value: Value| {
        validator(&schema, &json!({ "$ref": format!("#/$defs/{name}") })).is_valid(&value)
    };
    assert!(fits("ConfigureParams", json!({ "model": null, "timeouts": null })));
    assert!(!fits("ConfigureParams", json!({ "baseURL": "http://localhost:4000" })));
    assert!(fits("ConfigureParams", json!({ "_vendor": 7, "tls": { "_vendor": 7 }, "_meta": {} })));
    assert!(!fits("StatusParams", json!({ "profile": null })));
    assert!(!fits("CompleteParams", json!({ "prompt": "Hi", "fim": null })));
    assert!(fits("StatusParams", json!({ "trace": true })));
}

#[test]
fn instants_have_milliseconds() {
    let mut instants = 0;
    for Example { name, message, .. } in examples() {
        for text in
            message.to_string().split('"').filter(|text| text.starts_with("20") && text.ends_with('Z'))
        {
            assert_eq!(text.len(), "2026-11-26T04:30:00.000Z".len(), "{name}: {text}");
            instants += 1;
        }
    }
    assert!(instants > 5);
}

#[test]
fn names_are_camel_case() {
    let others = ["max_tokens", "max_completion_tokens", "_meta"];
    let mut names = Vec::new();
    collect_names(&schema::document()["$defs"], &mut names);
    assert!(names.len() > 100);
    for name in names {
        let camel_case = name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.chars().all(|other| other.is_ascii_alphanumeric());
        assert!(camel_case || others.contains(&name.as_str()), "`{name}` is not camelCase");
    }
}

/// Every field and every word of an enum.
fn collect_names(schema: &Value, names: &mut Vec<String>) {
    match schema {
        Value::Object(object) => {
            names.extend(
                object
                    .get("properties")
                    .and_then(Value::as_object)
                    .into_iter()
                    .flat_map(|fields| fields.keys().cloned()),
            );
            names.extend(object.get("const").and_then(Value::as_str).map(str::to_owned));
            object.values().for_each(|child| collect_names(child, names));
        }
        Value::Array(items) => items.iter().for_each(|child| collect_names(child, names)),
        _ => {}
    }
}

impl Example {
    /// The name by what the message holds: the variant of a progress or an error is its kind.
    fn rhyming_name(&self) -> String {
        let Self { method, shape, variant, message, .. } = self;
        let kind = match shape.as_str() {
            "progress" => message["params"]["value"]["type"].as_str(),
            "error" if message["error"]["code"] == REQUEST_CANCELLED => Some("requestCancelled"),
            "error" => message["error"]["data"]["kind"].as_str(),
            _ => variant.as_deref(),
        };
        let kind = kind.map(|kind| format!(".{kind}")).unwrap_or_default();
        let name = format!("{}.{shape}{kind}", method.word());
        assert_eq!(format!("{name}.json"), self.name, "a file is named by what it holds");
        name
    }
}

fn params(method: &str, value: &Value) -> Value {
    match method {
        Discover::METHOD => rewritten::<DiscoverParams>(value),
        Configure::METHOD => configure_params(value),
        Status::METHOD => rewritten::<StatusParams>(value),
        ListModels::METHOD => rewritten::<ListModelsParams>(value),
        MarkModel::METHOD => rewritten::<MarkModelParams>(value),
        Complete::METHOD => rewritten::<CompleteParams>(value),
        Edit::METHOD => rewritten::<EditParams>(value),
        ListPrompts::METHOD => rewritten::<ListPromptsParams>(value),
        CountTokens::METHOD => rewritten::<CountTokensParams>(value),
        Fit::METHOD => rewritten::<FitParams>(value),
        CheckFile::METHOD => rewritten::<CheckFileParams>(value),
        UsageReport::METHOD => rewritten::<UsageReportParams>(value),
        ListProfiles::METHOD => rewritten::<ListProfilesParams>(value),
        RemoveProfile::METHOD => rewritten::<RemoveProfileParams>(value),
        StartProxy::METHOD => rewritten::<StartProxyParams>(value),
        StopProxy::METHOD => rewritten::<StopProxyParams>(value),
        RestartProxy::METHOD => rewritten::<RestartProxyParams>(value),
        ProxyStatus::METHOD => rewritten::<ProxyStatusParams>(value),
        ProxyLogs::METHOD => rewritten::<ProxyLogsParams>(value),
        DidChangeStatus::METHOD => rewritten::<DidChangeStatusParams>(value),
        DidChangeModels::METHOD => rewritten::<DidChangeModelsParams>(value),
        DidChangeUsage::METHOD => rewritten::<DidChangeUsageParams>(value),
        _ => panic!("say here which type the params of {method} have"),
    }
}

fn result(method: &str, value: &Value) -> Value {
    match method {
        Discover::METHOD => rewritten::<DiscoverResult>(value),
        Configure::METHOD => rewritten::<ConfigureResult>(value),
        Status::METHOD => rewritten::<StatusResult>(value),
        ListModels::METHOD => rewritten::<ListModelsResult>(value),
        MarkModel::METHOD => rewritten::<MarkModelResult>(value),
        Complete::METHOD => rewritten::<CompleteResult>(value),
        Edit::METHOD => rewritten::<EditResult>(value),
        ListPrompts::METHOD => rewritten::<ListPromptsResult>(value),
        CountTokens::METHOD => rewritten::<CountTokensResult>(value),
        Fit::METHOD => rewritten::<FitResult>(value),
        CheckFile::METHOD => rewritten::<CheckFileResult>(value),
        UsageReport::METHOD => rewritten::<UsageReportResult>(value),
        ListProfiles::METHOD => rewritten::<ListProfilesResult>(value),
        RemoveProfile::METHOD => rewritten::<RemoveProfileResult>(value),
        StartProxy::METHOD => rewritten::<StartProxyResult>(value),
        StopProxy::METHOD => rewritten::<StopProxyResult>(value),
        RestartProxy::METHOD => rewritten::<RestartProxyResult>(value),
        ProxyStatus::METHOD => rewritten::<ProxyStatusResult>(value),
        ProxyLogs::METHOD => rewritten::<ProxyLogsResult>(value),
        _ => panic!("say here which type the result of {method} has"),
    }
}

/// The settings as they came, for only there `null` differs from absence. `ConfigureParams` itself refuses what it
/// does not know.
fn configure_params(value: &Value) -> Value {
    rewritten::<ConfigureParams>(value);
    let unchecked: Unchecked<ConfigureParams> = serde_json::from_value(value.clone()).expect("an object");
    Value::Object(unchecked.object)
}

/// The value, read as a `T` and written again.
fn rewritten<T: DeserializeOwned + Serialize>(value: &Value) -> Value {
    match serde_json::from_value::<T>(value.clone()) {
        Ok(read) => json!(read),
        Err(error) => panic!("{error} in {value:#}"),
    }
}

fn word(kind: ErrorKind) -> String {
    json!(kind).as_str().expect("a kind is a word").to_owned()
}

fn examples() -> Vec<Example> {
    let folder = fs::read_dir(folder()).expect("a folder of examples");
    let names =
        folder.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name in UTF-8"));
    let mut examples: Vec<Example> = names.map(example).collect();
    examples.sort_by(|one, other| one.name.cmp(&other.name));
    examples
}

fn example(name: String) -> Example {
    let parts: Vec<&str> = name.split('.').collect();
    let (method, shape, variant) = match parts[..] {
        [method, shape, "json"] => (method, shape, None),
        [method, shape, variant, "json"] => (method, shape, Some(variant)),
        _ => panic!("{name} is not named METHOD.SHAPE.json or METHOD.SHAPE.VARIANT.json"),
    };
    let Some(method) = METHODS.iter().find(|row| row.word() == method) else {
        panic!("{name} is named by no method")
    };
    let message = serde_json::from_slice(&fs::read(folder().join(&name)).expect("a file")).expect("JSON");
    Example { method, shape: shape.into(), variant: variant.map(Into::into), message, name }
}

/// Checks values against one definition.
fn validator(schema: &Value, rule: &Value) -> jsonschema::Validator {
    jsonschema::validator_for(
        &json!({ "$schema": schema["$schema"], "allOf": [rule], "$defs": schema["$defs"] }),
    )
    .expect("a valid schema")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}
