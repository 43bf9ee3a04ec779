//! The template for JetBrains' IDEs has the form that LSP4IJ reads; no IDE runs here.

use std::{collections::BTreeSet, fs};

use serde_json::Value;

const TEMPLATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/editors/jetbrains/template.json");

/// LSP4IJ reads `id`, `name`, `programArgs` by system, and `fileTypeMappings`. A mapping counts where it has a
/// `languageId`, and a `fileType` with `patterns` or the `name` of a type that the IDE knows; what is called otherwise is
/// passed over in silence.
#[test]
fn the_template_for_jetbrains_has_the_form_that_lsp4ij_reads() {
    let template: Value = serde_json::from_slice(&fs::read(TEMPLATE).unwrap()).expect("JSON");
    let members: BTreeSet<&str> = template.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, BTreeSet::from(["fileTypeMappings", "id", "name", "programArgs"]));
    assert!(template["id"].is_string() && template["name"].is_string());
    for system in ["default", "windows"] {
        assert!(template["programArgs"][system].as_str().unwrap().contains("litellm-ls"), "{system}");
    }
    let mut seen = BTreeSet::new();
    for mapping in template["fileTypeMappings"].as_array().unwrap() {
        assert!(mapping["languageId"].as_str().is_some_and(|language| !language.is_empty()), "{mapping}");
        let patterns = mapping["fileType"]["patterns"].as_array().expect("patterns");
        assert!(!patterns.is_empty() && mapping.as_object().unwrap().len() == 2, "{mapping}");
        for pattern in patterns {
            assert!(seen.insert(pattern.as_str().unwrap()), "{pattern} is mapped twice");
        }
    }
    assert!(seen.len() > 40, "{seen:?}");
}
