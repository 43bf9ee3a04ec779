//! What a report for an issue does not tell.

use std::cmp::Reverse;

use litellm_ls_protocol::{EffectiveSettings, KeySetting, ListProfilesResult, StatusResult, Tls};
use serde_json::json;
use url::Url;

use crate::environment::Environment;

/// The names of this machine, which tell nothing.
const THIS_MACHINE: [&str; 4] = ["localhost", "127.0.0.1", "[::1]", ""];
/// What people name without giving anything away.
const KNOWN: [&str; 4] = ["v1", "default", "local", "LITELLM_API_KEY"];
/// What ends the host in a URL within a text.
const ENDS: &[char] = &['/', '?', '#', '"', '\'', '`', ')', ',', ';', '<', '>'];

/// What may stand around a path.
const PATH_ENDS: &[char] = &['"', '\'', '`', '(', ')', ',', ';', ':'];

/// What a report must not tell, and what stands there instead; the longest first.
#[derive(Default)]
pub(super) struct Private(Vec<(String, &'static str)>);

impl Private {
    /// What is private in a status and the settings that it is of, the profiles, and the user's home.
    pub(super) fn of(
        status: &StatusResult,
        settings: Option<&EffectiveSettings>,
        list: &ListProfilesResult,
        environment: &Environment,
    ) -> Self {
        let mut private = Self::default();
        private.url(status.base_url.as_deref());
        private.push(status.default_model.as_deref(), "MODEL");
        private.push(Some(&status.profile), "PROFILE");
        for profile in &list.profiles {
            private.push(Some(&profile.name), "PROFILE");
            private.url(profile.base_url.as_deref());
            private.push(profile.model.as_deref(), "MODEL");
            private.key(profile.api_key.as_ref());
        }
        if let Some(settings) = settings {
            private.settings(settings);
        }
        for home in ["HOME", "USERPROFILE"] {
            private.push(environment.variable(home).as_deref(), "~");
        }
        private.0.sort_by_key(|(text, _)| Reverse(text.len()));
        private
    }

    fn settings(&mut self, settings: &EffectiveSettings) {
        self.url(Some(&settings.base_url.value));
        let fallbacks = settings.fallback_urls.iter().flat_map(|urls| &urls.value);
        fallbacks.for_each(|url| self.url(Some(url)));
        self.url(settings.proxy_url.as_ref().map(|url| url.value.as_str()));
        self.push(settings.model.as_ref().map(|model| model.value.as_str()), "MODEL");
        self.key(Some(&settings.api_key));
        if let Some(Tls { ca_file, client_cert_file, client_key_file, .. }) =
            settings.tls.as_ref().map(|tls| &tls.value)
        {
            for file in [ca_file, client_cert_file, client_key_file] {
                self.push(file.as_deref(), "FILE");
            }
        }
        let patterns = settings.secret_files.iter().flat_map(|patterns| &patterns.value);
        patterns.for_each(|pattern| self.push(Some(pattern), "PATTERN"));
        let headers = settings.headers.iter().flat_map(|headers| &headers.value);
        headers.for_each(|header| self.push(Some(header), "HEADER"));
    }

    /// Where a key is: how it is looked up may be told, and nothing behind that.
    fn key(&mut self, key: Option<&KeySetting>) {
        let reference = key.and_then(|key| key.origin.as_deref()).and_then(|origin| origin.split_once(':'));
        if let Some((scheme, rest)) = reference {
            self.push(
                Some(rest),
                match scheme {
                    "cmd" => "COMMAND",
                    "file" => "FILE",
                    _ => "NAME",
                },
            );
        }
    }

    fn url(&mut self, url: Option<&str>) {
        let Some(url) = url.and_then(|url| Url::parse(url).ok()) else { return };
        // What every proxy has tells nothing.
        self.push(Some(url.path().trim_matches('/')), "PATH");
        let host = url.host_str().filter(|host| !THIS_MACHINE.contains(host));
        self.push(host, "HOST");
    }

    fn push(&mut self, text: Option<&str>, instead: &'static str) {
        let Some(text) = text.filter(|text| !text.trim().is_empty() && !KNOWN.contains(text)) else { return };
        self.0.push((text.to_owned(), instead));
        // As it stands in JSON: Windows writes paths with backslashes.
        let quoted = json!(text).to_string();
        let quoted = quoted.trim_matches('"');
        if quoted != text {
            self.0.push((quoted.to_owned(), instead));
        }
    }

    pub(super) fn taken_out_of(&self, text: String) -> String {
        let text = self.0.iter().fold(text, |text, (private, instead)| replaced(&text, private, instead));
        without_paths(&without_hosts(&text))
    }
}

/// A text with another one in place of each whole word: a model may be called `a`.
fn replaced(text: &str, private: &str, instead: &str) -> String {
    let is_part = |letter: char| letter.is_alphanumeric() || "-_".contains(letter);
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(private).filter(|_| !private.is_empty()) {
        let (before, after) = (&rest[..at], &rest[at + private.len()..]);
        let is_whole = !before.ends_with(is_part) && !after.starts_with(is_part);
        replaced.push_str(before);
        replaced.push_str(if is_whole { instead } else { private });
        rest = after;
    }
    replaced + rest
}

/// A text in which no URL names a user, or a host but this machine, whoever wrote it.
fn without_hosts(text: &str) -> String {
    let mut parts = text.split("://");
    let mut without = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|letter: char| letter.is_whitespace() || ENDS.contains(&letter));
        let (authority, rest) = part.split_at(end.unwrap_or(part.len()));
        // A password may hold a character that ends a host.
        let (authority, rest) = match rest.split_once('@') {
            Some((password, rest)) if !password.contains([' ', '\n', '"', '`']) => {
                let end = rest.find(|letter: char| letter.is_whitespace() || ENDS.contains(&letter));
                let (_, rest) = rest.split_at(end.unwrap_or(rest.len()));
                ("", rest)
            }
            _ => (authority, rest),
        };
        without.push_str("://");
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, Some(port)),
            _ => (authority, None),
        };
        without.push_str(if THIS_MACHINE[..3].contains(&host) { host } else { "HOST" });
        without.extend(port.into_iter().flat_map(|port| [":", port]));
        without.push_str(rest);
    }
    without
}

/// A text in which no word is the path of a file, whoever wrote it: settings that can't be used are quoted by messages
/// alone.
fn without_paths(text: &str) -> String {
    let mut without = String::with_capacity(text.len());
    for token in text.split_inclusive(char::is_whitespace) {
        let word = token.trim_matches(|letter: char| letter.is_whitespace() || PATH_ENDS.contains(&letter));
        let begin = token.find(word).unwrap_or_default();
        let bytes = word.as_bytes();
        let is_path = match bytes {
            // The paths of a proxy tell nothing.
            [b'/', _, ..] => !word.starts_with("/v1"),
            [b'~', b'/' | b'\\', _, ..] => true,
            [drive, b':', b'/' | b'\\', ..] => drive.is_ascii_alphabetic(),
            _ => false,
        };
        without.push_str(&token[..begin]);
        without.push_str(if is_path { "FILE" } else { word });
        without.push_str(&token[begin + word.len()..]);
    }
    without
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_taken_out_the_longest_first() {
        let private =
            Private(vec![("gpt-4o-mini".into(), "MODEL"), ("gpt-4o".into(), "MODEL"), ("a".into(), "MODEL")]);
        let text = "gpt-4o-mini, gpt-4o (a) as a-team's gpt-4ox";
        assert_eq!(private.taken_out_of(text.into()), "MODEL, MODEL (MODEL) as a-team's gpt-4ox");
    }

    #[test]
    fn no_word_is_a_path() {
        for (text, told) in [
            ("/home/me/ca.pem can't be read: no file", "FILE can't be read: no file"),
            ("`~/key`, \"/a/b\",\n", "`FILE`, \"FILE\",\n"),
            (r"(C:\\Users\\me\\key)", "(FILE)"),
            ("GET /v1/models / http://HOST/PATH", "GET /v1/models / http://HOST/PATH"),
            ("–  ok  ", "–  ok  "),
        ] {
            assert_eq!(without_paths(text), told);
        }
    }

    #[test]
    fn no_url_names_a_host_or_a_user() {
        for (url, told) in [
            ("\"http://llm.example.com:4000/v1\"", "\"http://HOST:4000/v1\""),
            ("https://llm.example.com, and", "https://HOST, and"),
            ("http://127.0.0.1:4000 http://localhost/x", "http://127.0.0.1:4000 http://localhost/x"),
            ("http://[::1]:4000", "http://[::1]:4000"),
            ("http://[fd00::7]:4000/", "http://HOST:4000/"),
            ("https://user:pass@llm.example.com/v1", "https://HOST/v1"),
            ("https://user:pa/ss@llm.example.com/v1", "https://HOST/v1"),
            ("http://user:1@127.0.0.1:80", "http://HOST:80"),
            ("no address", "no address"),
        ] {
            assert_eq!(without_hosts(url), told);
        }
    }
}
