//! Which files are LiteLLM's.

use std::path::Path;

use super::yaml;

/// Sections of which two together tell the file from others of the same name.
const SECTIONS: [&str; 3] = ["litellm_settings", "general_settings", "router_settings"];

/// Names of files that are LiteLLM's where they have its sections.
const NAMES: [&str; 2] = ["config", "proxy_config"];

/// Keys of which a deployment has one at least.
const KEYS: [&str; 2] = ["model_name", "litellm_params"];

/// The comment that makes any file one.
const COMMENT: &str = "# litellm-config";

/// Whether a file of that name can be LiteLLM's: every other costs nothing more than this question.
pub fn may_be_config(path: &Path) -> bool {
    let is_yaml =
        path.extension().is_some_and(|e| e.eq_ignore_ascii_case("yaml") || e.eq_ignore_ascii_case("yml"));
    is_yaml && path.file_name().is_some()
}

/// Whether a file is LiteLLM's, by its name and its first words; the tree is only made where both leave it open.
pub fn is_config(path: &Path, text: &str) -> bool {
    if !may_be_config(path) {
        return false;
    }
    let name = stem(path);
    let first = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    if name.contains("litellm") || first.trim_end().starts_with(COMMENT) {
        return true;
    }
    NAMES.contains(&name.as_str()) && has_sections(text)
}

/// Whether a file has a name by which LiteLLM's are known, whatever it holds.
pub fn has_name_of_config(path: &Path) -> bool {
    let name = stem(path);
    may_be_config(path) && (name.contains("litellm") || NAMES.contains(&name.as_str()))
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().to_ascii_lowercase()
}

/// Whether the outermost keys are LiteLLM's.
fn has_sections(text: &str) -> bool {
    let begins = |key: &str| {
        let is_key =
            |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':'));
        text.lines().any(is_key)
    };
    if SECTIONS.iter().filter(|section| begins(section)).count() >= 2 {
        return true;
    }
    if !begins("model_list") {
        return false;
    }
    // Others have a `model_list` too.
    let tree = yaml::parse(text);
    let Some(list) = tree.root().and_then(|root| tree.get(root, "model_list")) else { return false };
    let first = match tree.items(list) {
        Some(items) => items.first().copied(),
        None => tree.own_entries(list).and_then(|entries| entries.first()).map(|entry| entry.value),
    };
    // What is only begun is completed too: nothing of it says that it is another's.
    let is_begun =
        |node| tree.is_null(node) || tree.scalar(node).is_some_and(|word| KEYS[0].starts_with(word));
    match first {
        Some(item) => is_begun(item) || KEYS.iter().any(|key| tree.get(item, key).is_some()),
        None => tree.is_null(list),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_from_its_first_words_on() {
        for (text, is_ours) in [
            ("", false),
            ("model_lis", false),
            ("model_list:", true),
            ("model_list:\n  ", true),
            ("model_list:\n  -", true),
            ("model_list:\n  - model", true),
            ("model_list:\n  - model_name:", true),
            ("model_list:\n  - litellm_params: {}\n", true),
            ("model_list: []\n", false),
            ("model_list:\n  - yolo\n", false),
            ("model_list:\n  - name: yolo\n", false),
            ("model_list: models.json\n", false),
            ("models:\n  - model_name: a\n", false),
        ] {
            assert_eq!(is_config(Path::new("config.yaml"), text), is_ours, "{text:?}");
            assert!(!is_config(Path::new("values.yaml"), text), "{text:?}");
        }
    }
}
