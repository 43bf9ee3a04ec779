//! Runs the vectors of requests and costs, each in the columns `default` and `roo`.
#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use litellm_ls::{
    litellm::{self, model_rows::Apart},
    provider::{
        cost,
        request::{
            self, ModelFacts, Route,
            family::{self, Family},
            tool_ids,
        },
    },
};
use litellm_ls_protocol::{Compatibility, CompleteParams, Model};
use serde_json::{Map, Value, json};

/// Runs every vector of a file through `actual` and counts the comparisons. What is an artefact of Roo's runtime is
/// not compared in its column.
fn run(file: &str, actual: impl Fn(&Value, Compatibility) -> Value) -> usize {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/provider").join(file);
    let vectors: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let mut compared = 0;
    for vector in vectors["vectors"].as_array().unwrap() {
        let default = &vector["expected_default"];
        for (compatibility, expected) in [
            (Compatibility::Default, default),
            (Compatibility::Strict, vector.get("expected_strict").unwrap_or(default)),
            (Compatibility::Roo, &vector["expected_roo"]),
        ] {
            if compatibility == Compatibility::Roo && vector["roo_quirk"] == true {
                continue;
            }
            let actual = actual(&vector["input"], compatibility);
            assert!(same(&actual, expected), "{} in {compatibility:?}:\n{actual}\n{expected}", vector["id"]);
            compared += 1;
        }
    }
    compared
}

/// Equality with the tolerance for numbers that the vectors ask for.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
            (one - other).abs() <= 1e-12_f64.max(1e-9 * other.abs())
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}

fn params(value: Value) -> CompleteParams {
    serde_json::from_value(value).unwrap()
}

fn fields(
    params: &CompleteParams,
    model: &str,
    facts: &ModelFacts,
    compatibility: Compatibility,
) -> Map<String, Value> {
    let body = request::body(params, model, facts, compatibility).unwrap();
    assert_eq!(body.route, Route::Chat);
    body.fields
}

fn facts_of(input: &Value) -> ModelFacts {
    ModelFacts {
        backends: input["underlyingModel"].as_str().map(str::to_owned).into_iter().collect(),
        ..ModelFacts::default()
    }
}

#[test]
fn usage_cost() {
    let compared = run("usage_cost.json", |input, compatibility| {
        let mut model = serde_json::to_value(Model { id: "m".to_owned(), ..Model::default() }).unwrap();
        for (name, price) in input["prices"].as_object().unwrap() {
            if !price.is_null() {
                model[name] = price.clone();
            }
        }
        if let Some(tiers) = input.get("tiers") {
            model["priceTiers"] = tiers.clone();
        }
        let model: Model = serde_json::from_value(model).unwrap();
        let counted = litellm::usage::Usage::read(&input["usage"]);
        let Some(usage) = cost::usage(counted.as_ref(), None, Some(&model), Apart::default(), compatibility)
        else {
            return Value::Null;
        };
        let unless_zero = |count: u64| (count != 0).then_some(count);
        match compatibility {
            Compatibility::Roo => json!({
                "inputTokens": usage.input_tokens,
                "outputTokens": usage.output_tokens,
                "cacheReadTokens": unless_zero(usage.cache_read_tokens),
                "cacheWriteTokens": unless_zero(usage.cache_write_tokens),
                "totalCost": usage.cost,
            }),
            Compatibility::Default | Compatibility::Strict | Compatibility::Unknown => json!({
                "inputTokens": usage.input_tokens,
                "outputTokens": usage.output_tokens,
                "cacheReadTokens": usage.cache_read_tokens,
                "cacheWriteTokens": usage.cache_write_tokens,
                "reasoningTokens": usage.reasoning_tokens,
                "cost": usage.cost,
                "costSource": usage.cost_source,
            }),
        }
    });
    assert_eq!(compared, 63);
}

#[test]
fn tool_call_ids() {
    let compared = run("tool_ids.json", |input, compatibility| {
        let (model, family) = match input["targetIsGemini"] == true {
            true => ("gemini-3", Family::Gemini),
            false => ("m", Family::Other),
        };
        let id = input["toolCallId"].as_str().unwrap();
        let sent = tool_ids::sent(id, family, compatibility);
        // The same rule holds for the call and its result.
        let params = params(json!({"messages": [
            {"role": "assistant", "toolCalls": [{"id": id, "name": "f", "arguments": "{}"}]},
            {"role": "tool", "toolCallId": id, "content": "42"},
        ]}));
        let fields = fields(&params, model, &ModelFacts::default(), compatibility);
        assert_eq!(fields["messages"][0]["tool_calls"][0]["id"], sent);
        assert_eq!(fields["messages"][1]["tool_call_id"], sent);
        json!({"toolCallId": sent})
    });
    assert_eq!(compared, 42);
}

#[test]
fn max_tokens_param() {
    let compared = run("max_tokens_param.json", |input, compatibility| {
        let facts = ModelFacts {
            // A negative limit is no limit: no record can hold it.
            max_tokens: input["maxTokens"].as_u64(),
            max_tokens_param: serde_json::from_value(input["override"].clone()).unwrap(),
            supported_params: serde_json::from_value(input["supportedParams"].clone()).unwrap(),
            ..facts_of(input)
        };
        let fields = fields(
            &params(json!({"prompt": "hi"})),
            input["modelId"].as_str().unwrap(),
            &facts,
            compatibility,
        );
        let sent =
            ["max_tokens", "max_completion_tokens"].into_iter().filter(|name| fields.contains_key(*name));
        match sent.collect::<Vec<_>>().as_slice() {
            [] => json!({"param": null, "value": null}),
            [name] => json!({"param": name, "value": fields[*name]}),
            both => panic!("{both:?}"),
        }
    });
    assert_eq!(compared, 71);
}

#[test]
fn gemini_signatures() {
    let compared = run("gemini_signatures.json", |input, compatibility| {
        let model = input["modelId"].as_str().unwrap();
        let facts = facts_of(input);
        let mut call = json!({"id": "call_1", "name": "f", "arguments": "{}"});
        if !input["toolCallFields"].is_null() {
            call["providerFields"] = input["toolCallFields"].clone();
        }
        let params = params(json!({"messages": [{"role": "assistant", "toolCalls": [call]}]}));
        let fields = fields(&params, model, &facts, compatibility);
        let sent = &fields["messages"][0]["tool_calls"][0]["provider_specific_fields"];
        assert_eq!(sent.is_null(), family::family(model, &facts, compatibility) == Family::Other);
        json!({"toolCallFields": sent})
    });
    assert_eq!(compared, 30);
}

#[test]
fn cache_markers() {
    let compared = run("cache_markers.json", |input, compatibility| {
        let messages = input["messages"].as_array().unwrap().iter().map(|message| {
            let mut ours = json!({"role": message["role"], "content": message["content"]});
            if let Some(id) = message.get("tool_call_id") {
                ours["toolCallId"] = id.clone();
            }
            if let Some(calls) = message["tool_calls"].as_array() {
                let calls = calls.iter().map(|call| {
                    json!({"id": call["id"], "name": call["function"]["name"], "arguments": call["function"]["arguments"]})
                });
                ours["toolCalls"] = calls.collect();
            }
            ours
        });
        let cache = if input["enabled"] == true { "auto" } else { "off" };
        let params = params(json!({
            "system": input["system"], "messages": messages.collect::<Vec<_>>(), "promptCache": cache,
        }));
        let facts = ModelFacts {
            supports_prompt_cache: input["modelSupportsCache"] == true,
            ..ModelFacts::default()
        };
        let fields = fields(&params, "m", &facts, compatibility);
        let mut markers = Vec::new();
        for (message, wire) in fields["messages"].as_array().unwrap().iter().enumerate() {
            for (part, wire) in wire["content"].as_array().into_iter().flatten().enumerate() {
                if wire["cache_control"] == json!({"type": "ephemeral"}) {
                    markers.push(json!({"message": message, "part": part}));
                }
            }
        }
        json!({"markers": markers})
    });
    assert_eq!(compared, 24);
}

#[test]
fn request_body() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/provider/request_body.json");
    let vectors: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let vectors = vectors["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 7);
    for vector in vectors {
        for (compatibility, expected) in [
            (Compatibility::Default, &vector["expected_default"]),
            (Compatibility::Strict, &vector["expected_default"]),
            (Compatibility::Roo, &vector["expected_roo"]),
        ] {
            let fields = body_of(&vector["input"], compatibility);
            for (name, value) in expected["present"].as_object().unwrap() {
                let sent = fields.get(name);
                assert!(
                    sent.is_some_and(|sent| same(sent, value)),
                    "{} in {compatibility:?}: {sent:?}",
                    vector["id"]
                );
            }
            for name in expected["absent"].as_array().unwrap() {
                let value = fields.get(name.as_str().unwrap());
                assert_eq!(value, None, "{} in {compatibility:?}: {name}", vector["id"]);
            }
        }
    }
}

fn body_of(input: &Value, compatibility: Compatibility) -> Map<String, Value> {
    let mut wish = json!({"prompt": "hi"});
    if !input["temperature"].is_null() {
        wish["temperature"] = input["temperature"].clone();
    }
    if let Some(tools) = input["tools"].as_array() {
        wish["tools"] = tools.iter().map(|tool| tool["function"].clone()).collect();
    }
    if !input["toolChoice"].is_null() {
        wish["toolChoice"] = input["toolChoice"].clone();
    }
    let listed = input["listedModels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| Model { id: id.as_str().unwrap().to_owned(), ..Model::default() }.into());
    let listed = listed.collect::<Vec<_>>();
    let model = request::wire_model(input["configuredModel"].as_str().unwrap(), &listed, compatibility);
    fields(&params(wish), model, &ModelFacts::default(), compatibility)
}
