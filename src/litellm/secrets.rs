//! What a proxy is told in confidence, to be kept out of what is said of its answers: some repeat it in their errors.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use reqwest::{Url, header::HeaderValue};

use super::auth::DUMMY_KEY;
use crate::masking::without_known;

/// Bytes of the shortest secret that is looked for. What is shorter hides nothing, and stands in every other word.
const SHORTEST: usize = 6;

/// Texts that must not be shown. They have no `Debug`.
#[derive(Clone, Default)]
pub struct Secrets(Vec<String>);

impl Secrets {
    /// What these headers and the query of this URL carry.
    pub(super) fn of<'a>(headers: impl IntoIterator<Item = &'a HeaderValue>, url: &Url) -> Self {
        let mut secrets = Self::default();
        for value in headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            if let Some((scheme, credentials)) = value.split_once(' ') {
                secrets.add(credentials);
                let pair = BASE64.decode(credentials).ok().filter(|_| scheme == "Basic").unwrap_or_default();
                let pair = String::from_utf8_lossy(&pair);
                secrets.add(pair.split_once(':').map_or("", |(_, password)| password));
            }
            secrets.add(&value);
        }
        secrets.add(url.query().unwrap_or_default());
        url.query_pairs().for_each(|(_, value)| secrets.add(&value));
        // A secret within another must not leave the rest of it.
        secrets.0.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets
    }

    fn add(&mut self, secret: &str) {
        let secret = secret.trim();
        if secret.len() >= SHORTEST && !secret.ends_with(DUMMY_KEY) {
            self.0.push(secret.to_owned());
        }
    }

    /// The text with an ellipsis in the place of every secret.
    pub fn out_of(&self, text: &str) -> String {
        without_known(text, &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_was_sent_in_confidence_is_found() {
        let value = HeaderValue::from_static;
        let basic = value("Basic YW5uOnMzY3JldC13b3Jk");
        let url = Url::parse("http://h/v1/models?a=b&token=in%2Dquery").unwrap();
        let secrets = Secrets::of([&basic, &value("Team 11-22-33")], &url);
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
        let key = Secrets::of([&value("Bearer sk-canary-1234567890abcdef")], &url);
        for (text, shown) in [
            ("Invalid key: sk-canary-12345..., hint sk-canary-1234567890ab", "Invalid key: …..., hint …"),
            ("sk-canary, sk-canar, sk-cana", "…, …, sk-cana"),
            ("sk-cana****cdef; a key begins with sk-", "sk-cana****cdef; a key begins with sk-"),
        ] {
            assert_eq!(key.out_of(text), shown);
        }
        let dummy = value("Bearer dummy-key");
        let secrets = Secrets::of([&dummy, &value("short")], &Url::parse("http://h/?k=").unwrap());
        assert_eq!(secrets.out_of("dummy-key is short"), "dummy-key is short");
    }
}
