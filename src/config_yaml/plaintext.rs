//! Whether a key or a password stands in plain text in a configuration, or in a piece of one within another text.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{
    checks::{self, is_secret, names_secret},
    files::{Files, LONGEST, Surroundings},
    project::Project,
};

/// Outermost keys, and those of deployments, by which a text is known to speak of a configuration.
const WORDS: [&str; 7] = [
    "model_list",
    "litellm_params",
    "litellm_settings",
    "general_settings",
    "router_settings",
    "credential_list",
    "environment_variables",
];
/// What may stand before a key: blanks, the dash of an item, quotes, and the marks of comments, mails and diffs.
const BEFORE: &str = " \t>|#*+-/;\"'`";

/// Whether a text speaks of a configuration and a key or a password stands there: by what [`check`](super::check) finds,
/// whatever its file is called, or by a line.
pub fn has_plaintext_secret(text: &str) -> bool {
    speaks(text) && (is_found(text) || sets_secret(text))
}

/// Whether a text speaks of a configuration.
pub(super) fn speaks(text: &str) -> bool {
    WORDS.iter().any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}

/// Whether a line of a text sets a key or a password as a configuration does.
pub fn sets_secret(text: &str) -> bool {
    text.lines().flat_map(|line| line.split([',', '{', '}'])).any(|piece| pair_of(piece).is_some())
}

/// The name of a secret that stands there with its value.
fn pair_of(piece: &str) -> Option<&str> {
    let piece = piece.trim_start_matches(|letter| BEFORE.contains(letter));
    let (name, value) = piece.split_once(':')?;
    let name = name.trim_end_matches(['"', '\'', '`', ' ']);
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') || !names_secret(name) {
        return None;
    }
    let value = value.split(" #").next().unwrap_or_default().trim();
    let value = match value.strip_prefix('&') {
        Some(anchored) => anchored.split_once(' ').map_or("", |(_, value)| value.trim_start()),
        None => value,
    };
    let value = value.trim_matches(['"', '\'', '`']);
    // A word of a program is none.
    (!value.contains(['(', '[', '$', '<', '*']) && is_secret(name, value)).then_some(name)
}

/// Whether it is found in a text, read as a configuration by itself.
fn is_found(text: &str) -> bool {
    if text.len() as u64 > LONGEST {
        return false;
    }
    let project = Project::read(Path::new("config.yaml"), text, &Nothing);
    let around = Surroundings {
        variable: &|_| None,
        names: &BTreeSet::new(),
        files: &Nothing,
        today: String::new(),
        release: None,
    };
    checks::has_secret(&project, &around)
}

/// Sees no file.
struct Nothing;

impl Files for Nothing {
    fn read(&self, _: &Path) -> Option<String> {
        None
    }

    fn is_file(&self, _: &Path) -> bool {
        false
    }

    fn yaml_names(&self, _: &Path) -> Vec<PathBuf> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "sk-proj-0123456789abcdef";

    fn config(key: &str) -> String {
        format!(
            "model_list:\n  - model_name: a\n    litellm_params:\n      model: openai/gpt-4o\n      api_key: {key}\n"
        )
    }

    #[test]
    fn a_key_in_a_configuration_is_seen_whatever_is_around_it() {
        let all = config(KEY);
        let indented = |by: &str| all.lines().map(|line| format!("{by}{line}\n")).collect::<String>();
        for text in [
            all.clone(),
            all.replace('\n', "\r\n"),
            format!("\u{feff}{all}"),
            format!("# Ours\n\n```yaml\n{all}```\n"),
            format!("data:\n  config.yaml: |\n{}", indented("    ")),
            indented("> "),
            indented("# "),
            format!("--- a/c.yaml\n+++ b/c.yaml\n@@ -0,0 +1 @@\n{}", indented("+")),
            config(&format!("\"{KEY}\"")),
            config(&format!("&k {KEY}   # ours")),
            config(&format!("|\n        {KEY}")),
            format!("model_list: [{{model_name: a, litellm_params: {{model: openai/x, api_key: {KEY}}}}}]\n"),
            format!(
                "{{\"model_list\": [{{\"litellm_params\": {{\"model\": \"x\", \"api_key\": \"{KEY}\"}}}}]}}"
            ),
            format!("general_settings:\n  master_key: {KEY}\n"),
            "general_settings:\n  database_url: postgresql://u:hunter2x@h/db\n".to_owned(),
            format!("environment_variables:\n  OPENAI_API_KEY: {KEY}\n"),
            format!(
                "credential_list:\n  - credential_name: a\n    credential_values:\n      api_key: {KEY}\n"
            ),
        ] {
            assert!(has_plaintext_secret(&text), "{text}");
        }
    }

    #[test]
    fn a_configuration_without_one_may_go_out() {
        let all = config("os.environ/OPENAI_API_KEY");
        for text in [
            all.clone(),
            all.lines().map(|line| format!("> {line}\n")).collect(),
            config("none"),
            config("your-key-here-0123456789"),
            config(""),
            "general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\n  database_url: os.environ/DATABASE_URL\n".to_owned(),
            "litellm_params = {\"api_key\": os.environ[\"KEY_NUMBER_12345\"], \"model\": MODEL}".to_owned(),
            "litellm_params={'api_key': settings.get('provider_key_1234567890')}".to_owned(),
            "# model_list\n# api_key: see https://docs.litellm.ai/docs/proxy/virtual_keys\n".to_owned(),
            // Nothing of LiteLLM's: other programs say what is secret in theirs.
            format!("api_key: {KEY}\n"),
            String::new(),
        ] {
            assert!(!has_plaintext_secret(&text), "{text}");
        }
        assert!(sets_secret(&format!("+      api_key: {KEY}")) && !sets_secret("+      api_base: http://x"));
    }
}
