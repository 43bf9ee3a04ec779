//! Texts as YAML writes them, in quotes where they need them.

use super::yaml::{Resolved, resolve};

/// A text in double quotes, as JSON and YAML both read it.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A name as it is written where nothing stood: in quotes where it needs them, in brackets or not.
pub(crate) fn plain_or_quoted(name: &str) -> String {
    if is_plain(name) { name.to_owned() } else { quoted(name) }
}

/// Whether every reader takes a name without quotes for this text: LiteLLM's one, and those of YAML 1.2.
fn is_plain(name: &str) -> bool {
    let first = name.chars().next().unwrap_or('#');
    let odd = name.contains(": ")
        || name.contains(" #")
        || name.contains([',', '[', ']', '{', '}', '?'])
        || name.contains(char::is_control)
        || name.ends_with([':', ' '])
        || name.starts_with("---")
        || name.starts_with("...");
    // `<<` merges, and `=` stands for a default.
    let meant = matches!(name, "<<" | "=" | "y" | "Y" | "n" | "N");
    let number = name.parse::<f64>().is_ok() || name.starts_with("0o");
    !odd && !meant && !number && !"&*!|>'\"%@`#-: ".contains(first) && resolve(name) == Resolved::Text
}
