//! What must not be shown though a proxy may print it.

use std::collections::HashSet;
use std::ffi::OsString;

use crate::{masking::names_secret, surroundings::Surroundings};

/// What must not be shown though the process knows it: its key, and every variable that is named like a key.
pub(super) fn known_secrets(
    key: Option<&str>,
    beside: &[(String, String)],
    surroundings: &Surroundings,
) -> Vec<String> {
    secrets(
        key,
        surroundings
            .variables()
            .into_iter()
            .chain(beside.iter().map(|(name, value)| (name.into(), value.into()))),
    )
}

fn secrets(key: Option<&str>, variables: impl Iterator<Item = (OsString, OsString)>) -> Vec<String> {
    let named_like_keys = variables.filter_map(|(name, value)| {
        let (name, value) = (name.into_string().ok()?, value.into_string().ok()?);
        // A value of a few characters would also mask harmless words.
        (value.len() >= 8 && names_secret(&name)).then_some(value)
    });
    named_like_keys.chain(key.map(str::to_owned)).collect()
}

/// Shortest value of a variable that is masked by its own, in bytes: less stands in every other word.
const SHORTEST: usize = 4;

/// The values of variables that texts name, whatever they are called: what reads the texts may quote them. Numbers and
/// switches hide nothing.
pub(super) fn named_in(
    texts: &[String],
    beside: &[(String, String)],
    surroundings: &Surroundings,
) -> Vec<String> {
    let exported = surroundings
        .variables()
        .into_iter()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let is_in_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words: HashSet<&str> = texts.iter().flat_map(|text| text.split(|c: char| !is_in_name(c))).collect();
    let hides = |value: &str| {
        value.len() >= SHORTEST
            && value.parse::<f64>().is_err()
            && value.to_ascii_lowercase().parse::<bool>().is_err()
    };
    let all = exported.chain(beside.iter().cloned());
    let named = all.filter(|(name, value)| words.contains(name.as_str()) && hides(value));
    named.map(|(_, value)| value).collect()
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

    #[test]
    fn what_a_text_names_is_a_secret() {
        let beside = [
            ("MY_PAT", "longsecret-word-word-end"),
            ("RPM", "1000"),
            ("ON", "True"),
            ("OTHER", "another-value"),
        ];
        let beside: Vec<(String, String)> =
            beside.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let named = named_in(
            &["model: os.environ/MY_PAT\nrpm: os.environ/RPM\nx: os.environ/ON".to_owned()],
            &beside,
            &Surroundings::default(),
        );
        assert_eq!(named, ["longsecret-word-word-end"]);
    }
}
