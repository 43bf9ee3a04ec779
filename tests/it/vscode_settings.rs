//! VS Code's settings: the one table of the extension, what package.json offers, and what a key may look like.

use std::{collections::BTreeMap, fs, path::Path};

use litellm_ls::provider::KEY_SCHEMES;
use serde_json::Value;

fn extension(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/vscode").join(file);
    fs::read_to_string(path).expect("a file of the extension").replace("\r\n", "\n")
}

/// The settings that package.json offers, without their section.
fn offered() -> BTreeMap<String, Value> {
    let package: Value = serde_json::from_str(&extension("package.json")).expect("JSON");
    let sections = package["contributes"]["configuration"].as_array().expect("sections").clone();
    let settings =
        sections.into_iter().flat_map(|section| section["properties"].as_object().expect("settings").clone());
    settings
        .map(|(name, setting)| (name.strip_prefix("litellm.").expect("ours").to_owned(), setting))
        .collect()
}

/// The table of the extension: names and what holds where nobody says anything.
fn table() -> BTreeMap<String, Value> {
    let source = extension("src/settings.ts");
    let (_, table) = source.split_once("export const SETTINGS: Settings = {\n").expect("a table");
    let (rows, _) = table.split_once("\n};").expect("its end");
    serde_json::from_str(&format!("{{{}}}", rows.trim_end_matches(','))).expect("rows that are JSON")
}

#[test]
fn package_json_offers_the_settings_of_the_table() {
    let offered: BTreeMap<String, Value> =
        offered().into_iter().map(|(name, setting)| (name, setting["default"].clone())).collect();
    assert_eq!(offered, table());
    assert!(offered.len() > 10);
}

#[test]
fn settings_are_read_by_the_table_alone() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/vscode/src");
    let mut folders = vec![sources];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).expect("a text");
                let direct = "getConfiguration(\"litellm\").get";
                assert!(
                    path.ends_with("settings.ts") || !text.contains(direct),
                    "{}: read it by setting()",
                    path.display()
                );
            }
        }
    }
}

/// A workspace is somebody else's text: it decides nothing about keys, addresses, programs, what is sent unasked, or what
/// is written without a look at it.
#[test]
fn a_workspace_sets_nothing_that_reaches_beyond_its_screen() {
    const A_WORKSPACES: [&str; 6] = [
        "codeActions.enabled",
        "inlineCompletion.blockedLanguages",
        "inlineCompletion.debounceMs",
        "inlineCompletion.languages",
        "model",
        "trace.server",
    ];
    let settings = offered();
    let open: Vec<_> = settings.iter().filter(|(_, setting)| setting["scope"] != "machine").collect();
    let names: Vec<_> = open.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, A_WORKSPACES);
}

/// A key is a reference by one of the schemes that the server knows, or nothing.
#[test]
fn a_key_may_be_what_the_server_takes_for_a_reference() {
    let pattern = offered()["apiKey"]["pattern"].as_str().expect("a pattern").to_owned();
    let schemes: Vec<String> = KEY_SCHEMES.iter().map(|scheme| scheme.replace('.', "\\.")).collect();
    assert_eq!(pattern, format!("^$|^({})", schemes.join("|")));
}
