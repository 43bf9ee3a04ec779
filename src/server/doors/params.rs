//! Params of a method, from the JSON that came to its type. What can't be read is told in words of JSON, by the schema of
//! the method; the usual params are read without it.

use std::sync::LazyLock;

use litellm_ls_protocol::{PARAMS_SCHEMA, Problem, Request};
use schemars::JsonSchema;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    near::resembling,
    numbers,
    provider::{Error, MOST_FOUND, Result},
};

/// The params of a method. A member that is `null` is taken as absent where the method gives it no other meaning.
///
/// # Errors
/// Where they don't fit; the error lists each problem.
pub(super) fn parsed<R: Request>(params: Value) -> Result<R::Params> {
    // Borrowed, for what can't be read is looked at again, and a copy of all params is no cheap thing: they hold texts.
    let error = match R::Params::deserialize(&params) {
        Ok(parsed) => return Ok(parsed),
        Err(error) => error,
    };
    let mut problems = Vec::new();
    if let Some(schema) = Schema::of(R::METHOD) {
        let mut given = params;
        schema.drop_nulls(schema.root, &mut given);
        if let Ok(parsed) = R::Params::deserialize(&given) {
            return Ok(parsed);
        }
        problems = schema.problems(&given);
    }
    if problems.is_empty() {
        // Should never be: serde is stricter here than the schema. What it says quotes no value of a key.
        problems.push(Problem::new("", error.to_string(), "correct them as the message says"));
    }
    Err(Error::invalid(R::METHOD, problems))
}

/// Reads a value that stands at a path, such as settings that were pushed.
///
/// # Errors
/// What is wrong with it.
pub(in crate::server) fn read<T: DeserializeOwned + JsonSchema>(
    path: &str,
    value: &Value,
) -> std::result::Result<T, Vec<Problem>> {
    T::deserialize(value).map_err(|error| {
        let mut problems = Vec::new();
        if let Some(schema) = Schema::of_type(&T::schema_name()) {
            schema.check(path, value, schema.root, &mut problems);
        }
        if problems.is_empty() {
            problems.push(Problem::new(path, error.to_string(), "correct it as the message says"));
        }
        problems
    })
}

/// What is taken, read at the first error: a script may be wrong 100,000 times.
static TAKEN: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(PARAMS_SCHEMA).unwrap_or_default());

/// A schema, and the types that it names.
struct Schema {
    root: &'static Value,
    definitions: &'static Value,
}

impl Schema {
    /// That of a method's params.
    fn of(method: &str) -> Option<Self> {
        Some(Self { root: TAKEN["methods"].get(method)?, definitions: &TAKEN["$defs"] })
    }

    /// That of a type.
    fn of_type(name: &str) -> Option<Self> {
        Some(Self { root: TAKEN["$defs"].get(name)?, definitions: &TAKEN["$defs"] })
    }

    fn problems(&self, params: &Value) -> Vec<Problem> {
        let mut found = Vec::new();
        self.check("", params, self.root, &mut found);
        found
    }

    /// A schema without references.
    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema["$ref"].as_str().and_then(|target| target.strip_prefix("#/$defs/"));
        match name.and_then(|name| self.definitions.get(name)) {
            Some(definition) => self.resolved(definition),
            None => schema,
        }
    }

    /// What a value may be, one by one; unions within unions are one.
    fn variants<'a>(&'a self, schema: &'a Value) -> Vec<&'a Value> {
        let schema = self.resolved(schema);
        match schema.get("oneOf").or(schema.get("anyOf")).and_then(Value::as_array) {
            Some(variants) => variants.iter().flat_map(|variant| self.variants(variant)).collect(),
            None => vec![schema],
        }
    }

    fn drop_nulls(&self, schema: &Value, value: &mut Value) {
        for variant in self.variants(schema) {
            match value {
                Value::Object(members) => {
                    let Some(known) = variant["properties"].as_object() else { continue };
                    members.retain(|name, member| !(member.is_null() && known.contains_key(name)));
                    for (name, member) in members {
                        self.drop_nulls(known.get(name).unwrap_or(&Value::Null), member);
                    }
                }
                Value::Array(items) => {
                    items.iter_mut().for_each(|item| self.drop_nulls(&variant["items"], item))
                }
                _ => {}
            }
        }
    }

    fn check(&self, path: &str, value: &Value, schema: &Value, found: &mut Vec<Problem>) {
        if found.len() > MOST_FOUND {
            return;
        }
        let variants = self.variants(schema);
        let known: Vec<&str> = variants.iter().filter_map(|variant| variant["const"].as_str()).collect();
        if let (Value::String(word), false) = (value, known.is_empty()) {
            if !known.contains(&word.as_str()) {
                found.push(unknown_word(path, word, &known));
            }
            return;
        }
        let alike: Vec<&Value> =
            variants.iter().copied().filter(|variant| is_of_kind(value, variant)).collect();
        let tag = |variant: &Value| variant["properties"]["type"]["const"].as_str().map(str::to_owned);
        let tags: Vec<String> = alike.iter().filter_map(|variant| tag(variant)).collect();
        let chosen = match (&tags[..], &alike[..]) {
            ([], [only]) => Some(*only),
            ([], _) => None,
            _ => alike.iter().copied().find(|variant| tag(variant).as_deref() == value["type"].as_str()),
        };
        match chosen {
            Some(schema) => self.check_one(path, value, schema, found),
            None if !tags.is_empty() => {
                let known: Vec<&str> = tags.iter().map(String::as_str).collect();
                let path = member(path, "type");
                match &value["type"] {
                    Value::String(word) => found.push(unknown_word(&path, word, &known)),
                    _ => found.push(Problem::new(path, "a word is missing here", one_of(&known))),
                }
            }
            None => {
                let mut expected: Vec<String> = variants.iter().flat_map(|variant| kinds(variant)).collect();
                expected.dedup();
                expected.retain(|kind| kind != "null");
                let expected = expected.join(" or ");
                let reason = format!("expected {expected}, found {}", kind(value));
                let remedy = if known.is_empty() { format!("give {expected}") } else { one_of(&known) };
                found.push(Problem::new(path, reason, remedy));
            }
        }
    }

    /// A value of the right kind: what is in it.
    fn check_one(&self, path: &str, value: &Value, schema: &Value, found: &mut Vec<Problem>) {
        match value {
            _ if value.is_number() || numbers::kept(value).is_some() => {
                found.extend(out_of_limits(path, value, schema));
            }
            Value::Object(members) => {
                let properties = schema["properties"].as_object();
                let known: Vec<&str> =
                    properties.iter().flat_map(|known| known.keys().map(String::as_str)).collect();
                for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                    if !members.contains_key(name) {
                        // A slip in its name is the usual reason.
                        let mut given =
                            members.keys().map(String::as_str).filter(|given| !known.contains(given));
                        let slip = given.rfind(|given| resembling(given, &known) == Some(name));
                        let remedy = match slip {
                            Some(_) => format!("did you mean `{name}`?"),
                            None => format!("give `{name}`"),
                        };
                        let path = member(path, slip.unwrap_or(name));
                        let nearest = slip.map(|_| name.to_owned());
                        let reason = format!("`{name}` is missing");
                        found.push(Problem { nearest, ..Problem::new(path, reason, remedy) });
                    }
                }
                for (name, value) in members {
                    if found.len() > MOST_FOUND {
                        return;
                    }
                    match properties.and_then(|known| known.get(name)).or(schema.get("additionalProperties"))
                    {
                        Some(Value::Bool(false)) if !name.starts_with('_') => {
                            found.push(unknown_member(&member(path, name), name, &known));
                        }
                        Some(schema) => self.check(&member(path, name), value, schema, found),
                        None => {}
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    if found.len() > MOST_FOUND {
                        return;
                    }
                    self.check(&format!("{path}[{index}]"), item, &schema["items"], found);
                }
            }
            _ => {}
        }
    }
}

fn unknown_member(path: &str, name: &str, known: &[&str]) -> Problem {
    let nearest = resembling(name, known).map(str::to_owned);
    let remedy = match &nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("leave it out; known are {}", known.join(", ")),
    };
    Problem { nearest, ..Problem::new(path, "there is no member of this name", remedy) }
}

fn unknown_word(path: &str, word: &str, known: &[&str]) -> Problem {
    let nearest = resembling(word, known).map(str::to_owned);
    let remedy =
        nearest.as_ref().map_or_else(|| one_of(known), |nearest| format!("did you mean `{nearest}`?"));
    Problem { nearest, ..Problem::new(path, "this word is not known here", remedy) }
}

fn one_of(known: &[&str]) -> String {
    format!("use one of: {}", known.join(", "))
}

fn member(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// What is wrong with a number that is beyond the limits of its schema, or of what is read.
fn out_of_limits(path: &str, value: &Value, schema: &Value) -> Option<Problem> {
    if kinds(schema).is_empty() {
        // Whatever it is, it is passed on.
        return None;
    }
    let limit = |name: &str| schema[name].as_f64();
    let (least, most) = (limit("minimum"), limit("maximum").or(largest(&schema["format"])));
    // A number of more than 64 bits is kept as it was written.
    let kept = numbers::kept(value).and_then(|literal| literal.parse().ok());
    let given: f64 = kept.or(value.as_f64()).unwrap_or_default();
    let is_below_all = kept.is_some() && given < 0.0;
    if is_below_all || least.is_some_and(|least| given < least) {
        let least = least.map_or_else(|| i64::MIN.to_string(), |least| least.to_string());
        return Some(Problem::new(
            path,
            format!("the number is below {least}"),
            format!("give {least} or more"),
        ));
    }
    // Compared as it is: as a float 2^63 is not above the largest of 64 bits.
    let is_above_all =
        numbers::kept(value).is_some() || schema["format"] == "int64" && value.is_u64() && !value.is_i64();
    let most = match most {
        Some(most) if is_above_all || given > most => most.to_string(),
        None if is_above_all => i64::MAX.to_string(),
        _ => return None,
    };
    Some(Problem::new(path, "the number is too large", format!("give {most} or less")))
}

/// The largest number of a kind that is read.
fn largest(format: &Value) -> Option<f64> {
    match format.as_str()? {
        "uint16" => Some(u16::MAX.into()),
        "uint32" => Some(u32::MAX.into()),
        _ => None,
    }
}

/// What a schema takes, in words of JSON.
fn kinds(schema: &Value) -> Vec<String> {
    let name = |name: &Value| match name.as_str()? {
        "string" => Some("a string"),
        "integer" => Some("a whole number"),
        "number" => Some("a number"),
        "boolean" => Some("true or false"),
        "array" => Some("a list"),
        "object" => Some("an object"),
        other => Some(if other == "null" { "null" } else { "another value" }),
    };
    let names = match &schema["type"] {
        Value::Array(names) => names.iter().filter_map(name).collect(),
        single => name(single).into_iter().collect::<Vec<_>>(),
    };
    names.into_iter().map(str::to_owned).collect()
}

fn kind(value: &Value) -> &'static str {
    match value {
        _ if numbers::kept(value).is_some() => "a number",
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Whether a schema takes values of this kind at all. One without a type takes any.
fn is_of_kind(value: &Value, schema: &Value) -> bool {
    let takes = kinds(schema);
    let whole = value.as_i64().is_some() || value.as_u64().is_some() || numbers::kept(value).is_some();
    takes.is_empty() || takes.iter().any(|taken| taken == kind(value) || (taken == "a whole number" && whole))
}

#[cfg(test)]
mod tests {
    use litellm_ls_protocol::{Complete, CountTokens, Edit, ListModels, MarkModel, Status};
    use serde_json::json;

    use super::*;
    use crate::server::doors::shapes;

    fn told<R: Request>(params: Value) -> Vec<(String, String, String)> {
        let problems = match parsed::<R>(params) {
            Ok(_) => Vec::new(),
            Err(error) => error.data.problems.clone(),
        };
        problems.into_iter().map(|problem| (problem.path, problem.reason, problem.remedy)).collect()
    }

    /// Params as they are read, with numbers of any size.
    fn large(params: &str) -> Value {
        serde_json::from_slice(&numbers::with_large_kept(params.as_bytes())).unwrap()
    }

    #[test]
    fn what_is_wrong_is_said_in_words_of_json() {
        let complete = |params| told::<Complete>(params);
        let table = [
            (complete(json!({"prompt": 7})), "prompt", "expected a string, found a number", "give a string"),
            (complete(json!({"tools": {}})), "tools", "expected a list, found an object", "give a list"),
            (
                complete(json!({"maxTokens": 1.5})),
                "maxTokens",
                "expected a whole number, found a number",
                "give a whole number",
            ),
            (complete(json!({"maxTokens": -1})), "maxTokens", "the number is below 1", "give 1 or more"),
            (complete(json!({"maxTokens": 0})), "maxTokens", "the number is below 1", "give 1 or more"),
            (
                complete(large(r#"{"maxTokens": 99999999999999999999}"#)),
                "maxTokens",
                "the number is too large",
                "give 9007199254740991 or less",
            ),
            (
                complete(large(r#"{"maxTokens": -99999999999999999999}"#)),
                "maxTokens",
                "the number is below 1",
                "give 1 or more",
            ),
            (
                complete(json!({"maxTokens": 1_u64 << 53})),
                "maxTokens",
                "the number is too large",
                "give 9007199254740991 or less",
            ),
            (
                complete(json!({"seed": 9_223_372_036_854_775_808_u64})),
                "seed",
                "the number is too large",
                "give 9223372036854775807 or less",
            ),
            (
                complete(json!({"partialResultToken": 9_223_372_036_854_775_808_u64})),
                "partialResultToken",
                "the number is too large",
                "give 9223372036854775807 or less",
            ),
            (
                complete(json!({"temperature": "hot"})),
                "temperature",
                "expected a number, found a string",
                "give a number",
            ),
            (
                complete(json!({"toolChoice": "requird"})),
                "toolChoice",
                "this word is not known here",
                "did you mean `required`?",
            ),
            (
                complete(json!({"toolChoice": 3})),
                "toolChoice",
                "expected a string or an object, found a number",
                "use one of: auto, none, required",
            ),
            (complete(json!({"toolChoice": {}})), "toolChoice.name", "`name` is missing", "give `name`"),
            (
                complete(json!({"messages": [{"role": "user", "content": "x"}, {"role": "usr"}]})),
                "messages[1].role",
                "this word is not known here",
                "did you mean `user`?",
            ),
            (
                complete(json!({"messages": [{"role": "user", "content": [{"type": "txt", "text": "x"}]}]})),
                "messages[0].content[0].type",
                "this word is not known here",
                "did you mean `text`?",
            ),
            (
                complete(json!({"messages": [{"role": "user", "content": [{"text": "x"}]}]})),
                "messages[0].content[0].type",
                "a word is missing here",
                "use one of: text, image, document, audio",
            ),
            (
                complete(json!({"messages": [{"role": "user", "content": 7}]})),
                "messages[0].content",
                "expected a string or a list, found a number",
                "give a string or a list",
            ),
            (
                complete(json!({"tools": [{"nmae": "t"}]})),
                "tools[0].nmae",
                "`name` is missing",
                "did you mean `name`?",
            ),
            (complete(json!({"fim": {}})), "fim.prefix", "`prefix` is missing", "give `prefix`"),
            (complete(json!([])), "", "expected an object, found a list", "give an object"),
            (
                told::<Status>(json!({"profile": false})),
                "profile",
                "expected a string, found true or false",
                "give a string",
            ),
            (
                told::<ListModels>(json!({"refresh": "yes"})),
                "refresh",
                "expected true or false, found a string",
                "give true or false",
            ),
            (
                told::<CountTokens>(json!({"messages": ["x"]})),
                "messages[0]",
                "expected an object, found a string",
                "give an object",
            ),
            (
                told::<Edit>(json!({"textDocument": {"uri": "file:///a"}, "range": {"start": {"line": 0}}})),
                "range.end",
                "`end` is missing",
                "give `end`",
            ),
        ];
        for (told, path, reason, remedy) in table {
            let first = told.first().unwrap_or_else(|| panic!("nothing is wrong at {path}"));
            assert_eq!((&*first.0, &*first.1, &*first.2), (path, reason, remedy));
        }
        let all = complete(json!({"prompt": 7, "stop": [1, "x", null], "promptCache": "on"}));
        let paths: Vec<&str> = all.iter().map(|(path, ..)| path.as_str()).collect();
        assert_eq!(paths, ["prompt", "stop[0]", "stop[2]", "promptCache"]);
    }

    #[test]
    fn null_is_as_absent() {
        for (given, meant) in [
            (
                json!({"prompt": "x", "tools": null, "stop": null, "promptCache": null}),
                json!({"prompt": "x"}),
            ),
            (
                json!({"messages": [{"role": "user", "content": "x", "toolCalls": null}], "extraBody": null}),
                json!({"messages": [{"role": "user", "content": "x"}]}),
            ),
            // What is passed on untouched keeps its nulls.
            (
                json!({"prompt": "x", "tools": null, "extraBody": {"seed": null}}),
                json!({"prompt": "x", "extraBody": {"seed": null}}),
            ),
        ] {
            assert_eq!(parsed::<Complete>(given).unwrap(), parsed::<Complete>(meant).unwrap());
        }
        let marked = parsed::<MarkModel>(json!({"model": "m", "favourite": null, "profile": null})).unwrap();
        assert_eq!((marked.model.as_str(), marked.favourite, marked.profile), ("m", false, None));
    }

    /// Every method, each member in every shape: either it is read, or the error names a member and no type of Rust.
    #[test]
    fn no_error_speaks_rust() {
        // Null is as absent.
        let shapes: Vec<Value> = shapes().into_iter().filter(|shape| !shape.is_null()).collect();
        let mut told = 0;
        for method in TAKEN["methods"].as_object().unwrap().keys() {
            let schema = Schema::of(method).unwrap();
            let properties = schema.resolved(schema.root)["properties"].clone();
            for name in properties.as_object().into_iter().flat_map(serde_json::Map::keys) {
                for shape in &shapes {
                    for problem in schema.problems(&json!({ name: shape })) {
                        let text = format!("{} {} {}", problem.path, problem.reason, problem.remedy);
                        let rust = ["enum", "struct", "variant", "u64", "u32", "map", "sequence", "untagged"];
                        assert!(!text.split([' ', '.', '`']).any(|word| rust.contains(&word)), "{text}");
                        told += 1;
                    }
                }
            }
        }
        assert!(told > 300, "{told}");
    }
}
