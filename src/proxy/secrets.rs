//! What must not be shown though a proxy may print it.

use std::env;
use std::ffi::OsString;

use crate::masking::names_secret;

/// What must not be shown though the process knows it: its key, and every variable that is named like a key.
pub(super) fn known_secrets(key: Option<&str>, beside: &[(String, String)]) -> Vec<String> {
    secrets(key, env::vars_os().chain(beside.iter().map(|(name, value)| (name.into(), value.into()))))
}

fn secrets(key: Option<&str>, variables: impl Iterator<Item = (OsString, OsString)>) -> Vec<String> {
    let named_like_keys = variables.filter_map(|(name, value)| {
        let (name, value) = (name.into_string().ok()?, value.into_string().ok()?);
        // A value of a few characters would also mask harmless words.
        (value.len() >= 8 && names_secret(&name)).then_some(value)
    });
    named_like_keys.chain(key.map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_key_and_the_vendors_are_secrets() {
        let variables = [
            ("OPENAI_API_KEY", "a-vendors-key"),
            ("SHORT_KEY", "abc"),
            ("KEYBOARD", "qwertyuiop"),
            ("GITHUB_TOKEN", "a-long-token"),
        ];
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        assert_eq!(secrets(Some("sk-ours"), variables), ["a-vendors-key", "a-long-token", "sk-ours"]);
    }
}
