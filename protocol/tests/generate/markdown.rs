//! The reference part of `PROTOCOL.md`: each method with its types and an example, the other types, the codes.

use std::collections::BTreeMap;

use super::model::{Definition, Field, Method, Protocol, Type, Variant, paragraphs};

/// Example files by name.
pub(crate) type Examples = BTreeMap<String, String>;

pub(crate) fn emit(protocol: &Protocol, examples: &Examples) -> String {
    let mut out = String::from("A field with a `?` may be absent.\n\n## Methods\n");
    for method in &protocol.methods {
        out += &section(protocol, method, examples);
    }
    out += "\n## Types\n";
    let carried: Vec<&str> = protocol.methods.iter().flat_map(Method::types).filter_map(Type::name).collect();
    for definition in protocol.types.iter().filter(|definition| !carried.contains(&definition.name.as_str()))
    {
        out += &describe(definition);
    }
    out + "\n## Error codes\n\n" + &codes(protocol, examples)
}

/// Every method in a row, with the first sentence of its description.
pub(crate) fn method_table(protocol: &Protocol) -> String {
    let mut out = String::from("| method | what it does |\n|---|---|\n");
    for method in &protocol.methods {
        let first = paragraphs(&method.docs).next().unwrap_or_default();
        let sentence = first.split_inclusive(". ").next().unwrap_or_default().trim();
        let anchor = method.name.replace('/', "").to_lowercase();
        out += &format!("| [`{}`](#{anchor}) | {} |\n", method.name, cell(sentence));
    }
    out
}

fn section(protocol: &Protocol, method: &Method, examples: &Examples) -> String {
    let mut out = format!("\n### `{}`\n\n{}\n", method.name, prose(&method.docs));
    for name in method.types().filter_map(Type::name) {
        out += &describe(protocol.definition(name));
    }
    let prefix = format!("{}.", method.word());
    let (shown, linked): (Vec<_>, Vec<_>) = examples
        .iter()
        .filter(|(name, _)| name.starts_with(&prefix))
        .partition(|(name, _)| name.split('.').count() == 3);
    for (name, text) in shown {
        out += &format!("\n[{name}](examples/{name}):\n\n```json\n{}\n```\n", text.trim_end());
    }
    let links: Vec<_> = linked.iter().map(|(name, _)| link(name)).collect();
    if !links.is_empty() {
        out += &format!("\nMore examples: {}.\n", links.join(", "));
    }
    out
}

fn describe(definition: &Definition) -> String {
    let body = match &definition.shape {
        Type::Object(fields) => table(fields),
        Type::Union(variants) => union(variants),
        Type::Open(variants, fallback) => {
            format!("{}\n\nAnother, of a newer version: {fallback}.", union(variants))
        }
        shape => expression(shape),
    };
    format!("\n#### {}\n\n{}\n\n{body}\n", definition.name, prose(&definition.docs))
}

fn table(fields: &[Field]) -> String {
    let rows = fields.iter().map(|field| {
        let mark = if field.optional { "?" } else { "" };
        format!("\n| `{}{mark}` | {} | {} |", field.name, expression(&field.shape), cell(&field.docs))
    });
    format!("| field | type | meaning |\n|---|---|---|{}", rows.collect::<String>())
}

fn union(variants: &[Variant]) -> String {
    let variants = variants.iter().map(|variant| match &variant.shape {
        Type::Object(fields) => format!("\n{}\n\n{}\n", prose(&variant.docs), table(fields)),
        shape => format!("- {}: {}\n", expression(shape), cell(&variant.docs)),
    });
    variants.collect::<String>().trim().to_owned()
}

fn codes(protocol: &Protocol, examples: &Examples) -> String {
    let Type::Open(kinds, _) = &protocol.definition("ErrorKind").shape else { panic!("kinds are words") };
    let mut out = String::from("| kind | code | when | example |\n|---|---|---|---|\n");
    for (code, kind) in protocol.codes.iter().zip(kinds) {
        let suffix = format!(".error.{}.json", code.kind);
        let links: Vec<_> =
            examples.keys().filter(|name| name.ends_with(&suffix)).map(|name| link(name)).collect();
        out +=
            &format!("| `{}` | {} | {} | {} |\n", code.kind, code.code, cell(&kind.docs), links.join(", "));
    }
    out
}

fn expression(shape: &Type) -> String {
    match shape {
        Type::Any => "any".into(),
        Type::Null => "null".into(),
        Type::Boolean => "boolean".into(),
        Type::Integer => "integer".into(),
        Type::Number => "number".into(),
        Type::String => "string".into(),
        Type::Word(word) => format!("`\"{word}\"`"),
        Type::Array(item) => format!("array of {}", expression(item)),
        Type::Map(value) => format!("map of {}", expression(value)),
        Type::Object(fields) => {
            let fields = fields.iter().map(|field| format!("`{}`: {}", field.name, expression(&field.shape)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        Type::Union(variants) | Type::Open(variants, _) => {
            variants.iter().map(|variant| expression(&variant.shape)).collect::<Vec<_>>().join(" or ")
        }
        Type::Named(name) => format!("[{name}](#{})", name.to_lowercase()),
    }
}

fn link(name: &str) -> String {
    format!("[{name}](examples/{name})")
}

fn prose(docs: &str) -> String {
    paragraphs(docs).collect::<Vec<_>>().join("\n\n")
}

fn cell(docs: &str) -> String {
    paragraphs(docs).collect::<Vec<_>>().join("<br>").replace('|', "\\|")
}
