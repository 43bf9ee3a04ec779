//! Keeps the generated files in step with the Rust types: writes what is stale, then fails.

use std::{fs, path::Path};

mod generate {
    pub(crate) mod luacats;
    pub(crate) mod markdown;
    pub(crate) mod model;
    pub(crate) mod schema;
    pub(crate) mod typescript;
}
use generate::{luacats, markdown, model::Protocol, schema, typescript};

const BEGIN: &str = "<!-- generated: begin -->\n";
const END: &str = "<!-- generated: end -->\n";

#[test]
fn generated_files_are_up_to_date() {
    let document = schema::document();
    let protocol = Protocol::read(&document);
    let reference = markdown::emit(&protocol, &examples());
    let files = [
        ("schema.json", serde_json::to_string_pretty(&document).unwrap() + "\n"),
        ("PROTOCOL.md", with_reference(&read("PROTOCOL.md"), &reference)),
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

/// The page with the text between its markers replaced.
fn with_reference(page: &str, reference: &str) -> String {
    let (before, rest) = page.split_once(BEGIN).expect("PROTOCOL.md has a line `<!-- generated: begin -->`");
    let (_, after) = rest.split_once(END).expect("PROTOCOL.md has a line `<!-- generated: end -->`");
    format!("{before}{BEGIN}\n{reference}\n{END}{after}")
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
fn here(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
