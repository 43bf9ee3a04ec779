//! Keeps the generated files in step with the Rust types: writes what is stale, then fails.

use std::{
    fs,
    path::{Path, PathBuf},
};

use litellm_ls_protocol::METHODS;
use serde_json::{Value, json};

mod generate {
    pub(crate) mod luacats;
    pub(crate) mod markdown;
    pub(crate) mod model;
    pub(crate) mod params;
    pub(crate) mod published;
    pub(crate) mod python;
    pub(crate) mod schema;
    pub(crate) mod typescript;
}
use generate::{luacats, markdown, model::Protocol, params, published, python, schema, typescript};

/// The reference in `PROTOCOL.md`, and the table of methods at its top.
const REFERENCE: &str = "generated";
const METHOD_TABLE: &str = "methods";

#[test]
fn generated_files_are_up_to_date() {
    let document = schema::document();
    let protocol = Protocol::read(&document);
    let files = [
        ("schema.json", pretty(&published::schema(&document))),
        ("src/params.json", params::emit()),
        ("methods.json", pretty(&published::methods(&document))),
        ("PROTOCOL.md", page(&protocol)),
        ("clients/typescript/src/protocol.ts", typescript::emit(&protocol)),
        ("clients/python/litellm_ls/protocol.py", python::emit(&protocol)),
        ("../editors/vscode/src/protocol.ts", typescript::emit(&protocol)),
        ("../editors/nvim/lua/litellm/protocol.lua", luacats::emit(&protocol)),
    ];
    let stale: Vec<&str> =
        files.iter().filter(|(path, text)| read(path) != *text).map(|(path, _)| *path).collect();
    for (path, text) in files.iter().filter(|(path, _)| stale.contains(path)) {
        fs::create_dir_all(here(path).parent().unwrap()).unwrap();
        fs::write(here(path), text).unwrap();
    }
    assert!(stale.is_empty(), "stale, now written anew; look at them and commit them: {stale:?}");
}

/// The root of the schema is a message: whoever has it alone can check what goes over the wire.
#[test]
fn every_example_fits_the_root_of_the_schema() {
    let schema = published::schema(&schema::document());
    let root = jsonschema::validator_for(&schema).expect("a valid schema");
    let examples = examples();
    for (name, text) in &examples {
        let message: Value = serde_json::from_str(text).expect("JSON");
        if let Err(error) = root.validate(&message) {
            panic!("{name} does not fit: {error}");
        }
    }
    assert!(examples.len() > 60);
    for wrong in [
        json!({}),
        json!({"jsonrpc": "2.0", "id": 1, "method": "provider/complete"}),
        json!({"jsonrpc": "2.0", "id": 1, "method": "provider/complete", "params": {}}),
        json!({"jsonrpc": "2.0", "id": 1, "method": "provider/complete", "params": {"prompt": "a", "messages": [{"role": "user"}]}}),
        json!({"jsonrpc": "2.0", "id": 1, "method": "provider/complete", "params": {"messages": []}}),
        json!({"jsonrpc": "2.0", "id": 1, "method": "provider/complete", "params": {"prompt": "a", "thinkingBudget": 1023}}),
        json!({"jsonrpc": "2.0", "id": 1, "method": "provider/listModels", "params": {"limit": 0}}),
        json!({"jsonrpc": "2.0", "id": 1, "method": "provider/configure", "params": {"timeouts": {"idleMs": 0}}}),
        json!({"jsonrpc": "2.0", "id": 1, "method": "provider/configure", "params": {"tls": {"clientKeyFile": "x"}}}),
        json!({"jsonrpc": "2.0", "id": 1, "result": {"models": 7}, "error": 1}),
    ] {
        assert!(!root.is_valid(&wrong), "{wrong} fits");
    }
}

/// What newer releases bring, what is to go, and what only LiteLLM has is written once, in the description.
#[test]
fn releases_and_profiles_come_from_the_descriptions() {
    let named = |name: &str| json!({ "$ref": format!("#/$defs/{name}") });
    let made_up = json!({
        "methods": { "provider/new": {
            "kind": "request", "description": "New.\n\nSince 0.3.0.\n\nDeprecated: use another.",
            "params": named("NewParams"), "result": named("NewResult"),
        } },
        "progress": named("P"), "error": named("E"), "initializationOptions": named("I"), "errorCodes": [],
        "$defs": {
            "NewParams": { "description": "Params.\nSince 0.2.0.", "properties": {
                "old": { "description": "Old.", "deprecated": true },
                "tags": { "description": "Tags. LiteLLM only." },
            } },
            "Word": { "x-fallback": "pass it over", "anyOf": [{ "const": "new", "description": "New.\nSince 0.2.1." }] },
        },
    });
    let methods = published::methods(&made_up);
    let entry = &methods["methods"]["provider/new"];
    assert_eq!((&entry["since"], &entry["deprecated"]), (&json!("0.3.0"), &json!(true)));
    assert_eq!(methods["since"], json!({ "NewParams": "0.2.0", "Word.new": "0.2.1" }));
    assert_eq!(methods["deprecated"], json!(["NewParams.old"]));
    assert_eq!(methods["litellmOnly"], json!(["NewParams.tags"]));
    assert_eq!(methods["fallbacks"], json!({ "Word": "pass it over" }));
}

/// The page names all that only LiteLLM has, and the descriptions mark it.
#[test]
fn the_page_says_what_only_litellm_has() {
    let methods = published::methods(&schema::document());
    let marked: Vec<&str> =
        methods["litellmOnly"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let page = read("PROTOCOL.md");
    let (_, section) = page.split_once("## The core and LiteLLM\n").expect("a section");
    let (list, _) = section.split_once("All else is the core.").expect("a list");
    for name in &marked {
        let (_, last) = name.rsplit_once('.').expect("a member");
        let said = [format!("`{last}`"), format!("\"{last}\"`"), format!(".{last}`")];
        assert!(said.iter().any(|said| list.contains(said)), "PROTOCOL.md does not name {name}");
    }
    assert!(marked.len() >= 9, "{marked:?}");
}

#[test]
fn every_method_has_a_section_in_the_reference() {
    let page = page(&Protocol::read(&schema::document()));
    for method in METHODS {
        let heading = format!("\n### `{}`\n", method.method);
        assert_eq!(page.matches(&heading).count(), 1, "sections on {}", method.method);
    }
}

/// A must that is cited somewhere is there, and the numbers are in order.
#[test]
fn musts_are_numbered() {
    let page = read("PROTOCOL.md");
    let numbers: Vec<&str> =
        page.lines().filter_map(|line| Some(line.strip_prefix("- **M")?.split_once("** ")?.0)).collect();
    let expected: Vec<String> = (1..=numbers.len()).map(|number| number.to_string()).collect();
    assert_eq!(numbers, expected);
    assert!(numbers.len() > 20);
}

#[test]
fn every_link_of_the_page_leads_somewhere() {
    let page = page(&Protocol::read(&schema::document()));
    let anchor = |heading: &str| {
        let words = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        words.replace(|other: char| !other.is_alphanumeric() && other != '-', "")
    };
    let anchors: Vec<String> = page.lines().filter(|line| line.starts_with('#')).map(anchor).collect();
    for target in page.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target) {
        let found = match target.strip_prefix('#') {
            Some(target) => anchors.iter().any(|anchor| anchor == target),
            None => here(target).exists(),
        };
        assert!(found, "PROTOCOL.md links to {target}, which is not there");
    }
}

/// `PROTOCOL.md` with what is generated between its markers.
fn page(protocol: &Protocol) -> String {
    let page = between(&read("PROTOCOL.md"), METHOD_TABLE, &markdown::method_table(protocol));
    between(&page, REFERENCE, &format!("\n{}\n", markdown::emit(protocol, &examples())))
}

/// A page with this text between the markers of this name.
fn between(page: &str, name: &str, text: &str) -> String {
    let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->\n"));
    let (before, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("PROTOCOL.md has no {begin}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("PROTOCOL.md has no {end}"));
    format!("{before}{begin}{text}{end}{after}")
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON") + "\n"
}

fn examples() -> markdown::Examples {
    let names = fs::read_dir(here("examples")).expect("a folder of examples");
    names
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name in UTF-8"))
        .map(|name| (name.clone(), read(&format!("examples/{name}"))))
        .collect()
}

/// A file with LF, whatever the checkout made of it; empty where there is none.
fn read(path: &str) -> String {
    fs::read_to_string(here(path)).unwrap_or_default().replace("\r\n", "\n")
}

/// A path from the crate's folder.
fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
