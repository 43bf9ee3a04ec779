//! What a proxy is told in confidence, to be kept out of what it answers: some repeat it, in errors above all.

mod json;

use std::{fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use memchr::memmem::Finder;
use reqwest::{
    Url,
    header::{AUTHORIZATION, HeaderName, HeaderValue},
};

use super::auth::DUMMY_KEY;
use crate::masking::{self, names_secret, without_known};

/// Bytes of the shortest secret that is looked for. What is shorter hides nothing, and stands in every other word.
const SHORTEST: usize = 6;

/// Bytes of the shortest key that is looked for in what is no error, where words are names; of one without digits.
const SHORTEST_KEY: usize = 8;
const SHORTEST_WORD: usize = 16;
/// How many bytes of a key are looked for.
const NEEDLE: usize = 8;

/// Texts that must not be shown. Cloning them is cheap.
#[derive(Clone, Default)]
pub struct Secrets(Arc<Known>);

#[derive(Default)]
struct Known {
    all: Vec<String>,
    /// Those that are keys: a header of the user's may say who they are, which a proxy may say too.
    keys: Vec<String>,
    /// By which the keys are found.
    needles: Vec<Finder<'static>>,
}

/// None of them is shown.
impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secrets")
    }
}

impl Secrets {
    /// What these headers and the query of this URL carry.
    pub(super) fn of<'a>(
        headers: impl IntoIterator<Item = (&'a HeaderName, &'a HeaderValue)>,
        url: &Url,
    ) -> Self {
        let mut secrets = Known::default();
        for (name, value) in headers {
            let is_key = name == AUTHORIZATION || names_secret(name.as_str()) || name == "cookie";
            let value = String::from_utf8_lossy(value.as_bytes());
            if let Some((scheme, credentials)) = value.split_once(' ') {
                secrets.add(credentials, is_key);
                let pair = BASE64.decode(credentials).ok().filter(|_| scheme == "Basic").unwrap_or_default();
                let pair = String::from_utf8_lossy(&pair);
                secrets.add(pair.split_once(':').map_or("", |(_, password)| password), is_key);
            }
            secrets.add(&value, is_key);
        }
        secrets.add(url.query().unwrap_or_default(), false);
        url.query_pairs().for_each(|(name, value)| secrets.add(&value, names_secret(&name)));
        // A secret within another must not leave the rest of it.
        for kept in [&mut secrets.all, &mut secrets.keys] {
            kept.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        }
        let mut needles: Vec<&str> = secrets.keys.iter().map(|key| needle(key)).collect();
        needles.sort_unstable();
        needles.dedup();
        secrets.needles = needles.into_iter().map(|needle| Finder::new(needle).into_owned()).collect();
        Self(Arc::new(secrets))
    }

    /// The text with an ellipsis in the place of every secret.
    pub fn out_of(&self, text: &str) -> String {
        without_known(text, &self.0.all)
    }

    /// Whether a text holds a key.
    pub fn are_in(&self, text: &str) -> bool {
        self.0.keys.iter().any(|key| text.contains(key))
    }

    /// JSON with an ellipsis in the place of every key in its texts, the names of members too, but for what the members
    /// say that are `kept`. None where nothing changes, which costs one look.
    pub(super) fn out_of_json(&self, json: &[u8], kept: &[&str]) -> Option<Vec<u8>> {
        let is_found = |text: &[u8]| self.0.needles.iter().any(|needle| needle.find(text).is_some());
        if !is_found(json) {
            return None;
        }
        let clean = |text: &str| without_known(text, &self.0.keys);
        json::changed(json, kept, |text| is_found(text).then(|| json::text(text, clean)).flatten())
    }
}

impl Known {
    fn add(&mut self, secret: &str, is_key: bool) {
        let secret = secret.trim();
        if secret.len() < SHORTEST || secret.ends_with(DUMMY_KEY) {
            return;
        }
        let is_key = is_key || !masking::secrets(secret).is_empty();
        let is_no_word = secret.len() >= SHORTEST_WORD
            || secret.len() >= SHORTEST_KEY && secret.bytes().any(|byte| byte.is_ascii_digit());
        if is_key && is_no_word && !masking::stands_in(secret) {
            self.keys.push(secret.to_owned());
        }
        self.all.push(secret.to_owned());
    }
}

/// The part of a key by which it is found: its beginning, which vendors shorten keys to, where that stands in JSON as it
/// is; else its longest part that does.
fn needle(key: &str) -> &str {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    match key.get(..NEEDLE) {
        Some(beginning) if beginning.chars().all(is_plain) => beginning,
        _ => {
            let parts = key.split(|character| !is_plain(character));
            parts.max_by_key(|part| part.len()).filter(|part| !part.is_empty()).unwrap_or(key)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_was_sent_in_confidence_is_found() {
        let value = HeaderValue::from_static;
        let of = |values: &[&HeaderValue], url| {
            Secrets::of(values.iter().map(|value| (&AUTHORIZATION, *value)), url)
        };
        let basic = value("Basic YW5uOnMzY3JldC13b3Jk");
        let url = Url::parse("http://h/v1/models?a=b&token=in%2Dquery").unwrap();
        let secrets = of(&[&basic, &value("Team 11-22-33")], &url);
        for (text, shown) in [
            ("Authorization: Basic YW5uOnMzY3JldC13b3Jk!", "Authorization: …!"),
            ("YW5uOnMzY3JldC13b3Jk", "…"),
            ("wrong password s3cret-word for ann", "wrong password … for ann"),
            ("11-22-33 and Team 11-22-33", "… and …"),
            ("?a=b&token=in%2Dquery, in-query", "?…, …"),
            ("ann b", "ann b"),
        ] {
            assert_eq!(secrets.out_of(text), shown);
        }
        let key = of(&[&value("Bearer sk-canary-1234567890abcdef")], &url);
        for (text, shown) in [
            ("Invalid key: sk-canary-12345..., hint sk-canary-1234567890ab", "Invalid key: …..., hint …"),
            ("sk-canary, sk-canar, sk-cana", "…, …, sk-cana"),
            ("sk-cana****cdef; a key begins with sk-", "sk-cana****cdef; a key begins with sk-"),
        ] {
            assert_eq!(key.out_of(text), shown);
        }
        let dummy = value("Bearer dummy-key");
        let secrets = of(&[&dummy, &value("short")], &Url::parse("http://h/?k=").unwrap());
        assert_eq!(secrets.out_of("dummy-key is short"), "dummy-key is short");
    }
}
