//! Runs the vectors of base URLs and model lists under all three policies.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;

use litellm_ls::{
    litellm::{
        auth::{self, AuthStyle},
        base_url::{BaseUrl, BaseUrlError, roo},
        model_rows::{self, ModelsRoute, Refused},
    },
    provider::catalog::{Catalog, Overrides, Policy},
};
use litellm_ls_protocol::Compatibility;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

#[test]
fn base_urls() {
    // The default expectation holds for `strict` too: 33 vectors by three policies, less three quirks of Roo Code.
    assert_eq!(check("base_urls", urls), 33 * 3 - 3);
}

#[test]
fn model_entries() {
    assert_eq!(check("model_entries", |input, policy| list(&[&input["entry"]], policy)), 50 * 3 - 5);
}

#[test]
fn duplicates() {
    let data = |input: &Value| input["data"].as_array().unwrap().clone();
    let run = |input: &Value, policy| list(&data(input).iter().collect::<Vec<_>>(), policy);
    assert_eq!(check("duplicates", run), 12 * 3);
}

#[test]
fn bodies() {
    let run = |input: &Value, policy| {
        let status = input["status"].as_u64().unwrap().try_into().unwrap();
        body(status, input["body"].as_str().unwrap(), policy)
    };
    assert_eq!(check("bodies", run), 21 * 3 - 1);
}

#[test]
fn a_byte_order_mark_is_no_matter() {
    let plain = body(200, r#"{"data":[{"model_name":"m"}]}"#, Compatibility::Default);
    assert_eq!(body(200, "\u{feff}{\"data\":[{\"model_name\":\"m\"}]}", Compatibility::Default), plain);
    assert_eq!(plain["models"][0]["id"], "m");
}

#[test]
fn computer_use() {
    let run = |input: &Value, policy| match list(&[&input["entry"]], policy)["models"].get(0) {
        Some(model) => json!({ "supportsComputerUse": model["supportsComputerUse"] }),
        None => Value::Null,
    };
    assert_eq!(check("computer_use", run), 18 * 3);
}

/// Runs every vector of a file under every policy, and returns how many comparisons were made.
fn check(file: &str, run: impl Fn(&Value, Compatibility) -> Value) -> usize {
    let path = format!("{}/tests/cases/provider/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let mut compared = 0;
    let mut failures = Vec::new();
    for vector in file["vectors"].as_array().unwrap() {
        for policy in [Compatibility::Default, Compatibility::Strict, Compatibility::Roo] {
            let expected = match policy {
                Compatibility::Roo if vector["roo_quirk"] == true => continue,
                Compatibility::Roo => &vector["expected_roo"],
                Compatibility::Strict => vector.get("expected_strict").unwrap_or(&vector["expected_default"]),
                Compatibility::Default | Compatibility::Unknown => &vector["expected_default"],
            };
            let found = run(&vector["input"], policy);
            compared += 1;
            if let Err(difference) = same(&spelled_out(expected), &found, "") {
                failures.push(format!("{} {policy:?}: {difference}", vector["id"]));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    compared
}

/// In a model of the vectors, a price that is not named is one that must not be there.
fn spelled_out(expected: &Value) -> Value {
    let mut expected = expected.clone();
    for model in expected.get_mut("models").and_then(Value::as_array_mut).into_iter().flatten() {
        for price in ["inputPrice", "outputPrice", "cacheWritesPrice", "cacheReadsPrice", "priceTiers"] {
            model.as_object_mut().unwrap().entry(price).or_insert(Value::Null);
        }
    }
    expected
}

/// Compares the named keys; null and absent are the same, numbers may differ by one part in a billion.
fn same(expected: &Value, found: &Value, path: &str) -> Result<(), String> {
    let differ = || Err(format!("{path}: expected {expected}, found {found}"));
    match (expected, found) {
        (Value::Number(one), Value::Number(other)) => {
            let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
            if (one - other).abs() <= 1e-12 + 1e-9 * one.abs() { Ok(()) } else { differ() }
        }
        (Value::Array(ones), Value::Array(others)) if ones.len() == others.len() => ones
            .iter()
            .zip(others)
            .enumerate()
            .try_for_each(|(place, (one, other))| same(one, other, &format!("{path}/{place}"))),
        (Value::Object(ones), Value::Object(others)) => ones.iter().try_for_each(|(key, one)| {
            same(one, others.get(key).unwrap_or(&Value::Null), &format!("{path}/{key}"))
        }),
        _ if expected == found => Ok(()),
        _ => differ(),
    }
}

fn list(entries: &[&Value], policy: Compatibility) -> Value {
    body(200, &json!({ "data": entries }).to_string(), policy)
}

/// What becomes of one answer of `/v1/model/info`, in the words of the vectors.
fn body(status: u16, body: &str, compatibility: Compatibility) -> Value {
    let text = model_rows::text(body.as_bytes());
    let policy = Policy { compatibility, overrides: &Overrides::NONE, cost_maps: &[] };
    match model_rows::read(ModelsRoute::ModelInfo, status, &text) {
        Ok(rows) => catalog(&Catalog::new(&rows, None, &policy), compatibility),
        Err(refusal) if compatibility == Compatibility::Roo => {
            json!({ "models": null, "error": refusal.roo_message() })
        }
        Err(refusal) => json!({
            "outcome": if refusal.may_go_on() { "fallback" } else { "error" },
            "httpStatus": refusal.status,
            "kind": match refusal.cause {
                Refused::Unauthorized => "unauthorized",
                Refused::Forbidden => "forbidden",
                Refused::RateLimited => "rateLimited",
                Refused::Unusable => "badResponse",
            },
        }),
    }
}

fn catalog(catalog: &Catalog, compatibility: Compatibility) -> Value {
    let models: Vec<Value> = catalog.models.iter().map(|model| record(model, compatibility)).collect();
    let hidden: Vec<Value> =
        catalog.hidden.iter().map(|model| json!({ "id": model.id, "reason": model.hidden })).collect();
    json!({ "outcome": "list", "models": models, "hidden": hidden, "skipped": catalog.skipped, "error": null })
}

/// A record as the vectors write it: `assumed` is the list of its fields in the vectors' order, and every key stands.
fn record(model: &litellm_ls_protocol::Model, compatibility: Compatibility) -> Value {
    const ORDER: [&str; 7] = [
        "maxTokens",
        "contextWindow",
        "supportsImages",
        "supportsPromptCache",
        "supportsComputerUse",
        "inputPrice",
        "outputPrice",
    ];
    let Value::Object(mut record) = serde_json::to_value(model).unwrap() else { unreachable!() };
    let assumed: Vec<&str> = ORDER.into_iter().filter(|field| model.assumed.contains_key(*field)).collect();
    // To the vectors a model calls tools unless that is denied; here it is marked where nobody says so.
    let tools = usize::from(model.assumed.contains_key("supportsTools"));
    assert_eq!(assumed.len() + tools, model.assumed.len(), "an assumed field that the vectors do not know");
    assert!(compatibility != Compatibility::Roo || assumed.is_empty());
    record.insert("assumed".to_owned(), json!(assumed));
    Value::Object(record)
}

/// Where a base URL and a key lead, in the words of the vectors.
fn urls(input: &Value, policy: Compatibility) -> Value {
    let base = input["base"].as_str().unwrap();
    let key = input["apiKey"].as_str().map(SecretString::from);
    if policy == Compatibility::Roo {
        return roo_urls(base, key.as_ref());
    }
    let base = match BaseUrl::parse(base) {
        Ok(base) => base,
        Err(BaseUrlError::MissingScheme) => return json!({ "error": "missingScheme" }),
        Err(BaseUrlError::UnsupportedScheme) => return json!({ "error": "unsupportedScheme" }),
        Err(BaseUrlError::InvalidUrl) => return json!({ "error": "invalidUrl" }),
    };
    let headers: Map<String, Value> = auth::headers(&base, &AuthStyle::Bearer, key.as_ref())
        .unwrap()
        .iter()
        .map(|(name, value)| (name.to_string(), json!(value.to_str().unwrap())))
        .collect();
    json!({
        "modelInfoUrl": base.join(ModelsRoute::ModelInfo.route()).as_str(),
        "modelsUrl": base.join(ModelsRoute::Models.route()).as_str(),
        "chatUrl": base.join("/v1/chat/completions").as_str(),
        "headers": headers,
    })
}

fn roo_urls(base: &str, key: Option<&SecretString>) -> Value {
    let spell = |request: Result<roo::RooRequest, roo::RooError>, prefix: &str| match request {
        Ok(roo::RooRequest { url, authorization }) => {
            (json!(url.as_str()), json!(authorization.as_ref().map(ExposeSecret::expose_secret)), Value::Null)
        }
        Err(error) => (Value::Null, Value::Null, json!(format!("{prefix}{error}"))),
    };
    let discovery = spell(roo::discovery(base, key), "Failed to fetch LiteLLM models: ");
    let chat = spell(roo::chat(base, key), "LiteLLM streaming error: ");
    json!({
        "discoveryUrl": discovery.0,
        "discoveryAuthorization": discovery.1,
        "discoveryError": discovery.2,
        "chatUrl": chat.0,
        "chatAuthorization": chat.1,
        "chatError": chat.2,
    })
}
