//! The protocol as the emitters see it, read once from the schema.

use serde_json::Value;

/// Everything a language needs to know.
pub(crate) struct Protocol {
    pub(crate) methods: Vec<Method>,
    pub(crate) codes: Vec<Code>,
    pub(crate) types: Vec<Definition>,
}

/// A request, which has a result, or a notification.
pub(crate) struct Method {
    /// On the wire, such as `provider/listModels`.
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) params: Type,
    pub(crate) result: Option<Type>,
}

/// The code of a kind of error.
pub(crate) struct Code {
    pub(crate) kind: String,
    pub(crate) code: i64,
}

/// A type with a name.
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) shape: Type,
}

/// What a value may be.
pub(crate) enum Type {
    Any,
    Null,
    Boolean,
    Integer,
    Number,
    String,
    /// Exactly this text.
    Word(String),
    Array(Box<Type>),
    /// An object with any keys.
    Map(Box<Type>),
    Object(Vec<Field>),
    Union(Vec<Variant>),
    /// One of these words or objects, or another of a newer version, and what to do with such a one.
    Open(Vec<Variant>, String),
    /// A definition.
    Named(String),
}

pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) optional: bool,
    pub(crate) shape: Type,
}

pub(crate) struct Variant {
    pub(crate) docs: String,
    pub(crate) shape: Type,
}

impl Protocol {
    pub(crate) fn read(document: &Value) -> Self {
        Self {
            methods: entries(&document["methods"])
                .map(|(name, method)| Method {
                    name: name.clone(),
                    docs: docs(method),
                    params: Type::read(&method["params"]),
                    result: method.get("result").map(Type::read),
                })
                .collect(),
            codes: items(&document["errorCodes"])
                .map(|entry| Code {
                    kind: text(&entry["kind"]),
                    code: entry["code"].as_i64().expect("a code"),
                })
                .collect(),
            types: entries(&document["$defs"])
                .map(|(name, schema)| Definition {
                    name: name.clone(),
                    docs: docs(schema),
                    shape: Type::read(schema),
                })
                .collect(),
        }
    }

    /// The definition of that name.
    pub(crate) fn definition(&self, name: &str) -> &Definition {
        self.types.iter().find(|definition| definition.name == name).expect("every name is defined")
    }
}

impl Method {
    /// The name in one word, such as `listModels`.
    pub(crate) fn word(&self) -> String {
        litellm_ls_protocol::word(&self.name)
    }

    /// What it carries, then what answers it.
    pub(crate) fn types(&self) -> impl Iterator<Item = &Type> {
        std::iter::once(&self.params).chain(&self.result)
    }
}

impl Type {
    /// The name of a definition.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            _ => None,
        }
    }

    fn read(schema: &Value) -> Self {
        if let Some(target) = schema["$ref"].as_str() {
            return Self::Named(target.trim_start_matches("#/$defs/").to_owned());
        }
        if let Some(word) = schema["const"].as_str() {
            return Self::Word(word.to_owned());
        }
        if let Some(fallback) = schema["x-fallback"].as_str() {
            let mut known: Vec<Variant> = variants(&schema["anyOf"]);
            // The last stands for all others.
            known.pop();
            return Self::Open(known, fallback.to_owned());
        }
        if let Some(variants) = schema.get("oneOf").or(schema.get("anyOf")) {
            return Self::Union(self::variants(variants));
        }
        match &schema["type"] {
            Value::Array(names) => Self::Union(
                names
                    .iter()
                    .map(|name| Variant { docs: String::new(), shape: Self::of_kind(&text(name), schema) })
                    .collect(),
            ),
            Value::String(name) => Self::of_kind(name, schema),
            _ => Self::Any,
        }
    }

    fn of_kind(name: &str, schema: &Value) -> Self {
        match name {
            "null" => Self::Null,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::String,
            "array" => Self::Array(Box::new(Self::read(&schema["items"]))),
            "object" if schema.get("properties").is_some() => {
                Self::Object(entries(&schema["properties"]).map(|field| Field::read(field, schema)).collect())
            }
            "object" => Self::Map(Box::new(Self::read(&schema["additionalProperties"]))),
            _ => panic!("no emitter knows the type {name}"),
        }
    }
}

impl Field {
    fn read((name, schema): (&String, &Value), parent: &Value) -> Self {
        let required =
            parent["required"].as_array().is_some_and(|names| names.iter().any(|item| item == name));
        Self { name: name.clone(), docs: docs(schema), optional: !required, shape: Type::read(schema) }
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().expect("an object").iter()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().expect("an array").iter()
}

fn variants(variants: &Value) -> Vec<Variant> {
    items(variants).map(|variant| Variant { docs: docs(variant), shape: Type::read(variant) }).collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn docs(schema: &Value) -> String {
    schema["description"].as_str().unwrap_or_default().to_owned()
}

/// The paragraphs of a text, each on one line.
pub(crate) fn paragraphs(docs: &str) -> impl Iterator<Item = String> {
    docs.split("\n\n").map(|paragraph| paragraph.replace('\n', " "))
}
