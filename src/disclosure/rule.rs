//! What the settings, and configurations nearby, say of files with secrets.

use std::path::{Path, PathBuf};

use super::Secret;
use crate::{
    assist::{files_told, is_cleared, secret_pattern},
    config_yaml::{CredentialFile, has_plaintext_secret, sets_secret},
    provider::Profile,
    store::{Identity, with_slashes},
};

/// What says which files and texts may hold secrets. Making one looks at no file: what a name leads to is looked up when
/// it is asked about, for links change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    patterns: Vec<String>,
    key_files: Vec<PathBuf>,
    credentials: Vec<CredentialFile>,
}

impl Rule {
    /// By the settings of a profile.
    pub fn of(profile: &Profile) -> Self {
        let patterns = profile.settings.secret_files.as_ref().map(|patterns| patterns.value.clone());
        Self::new(patterns.unwrap_or_default(), profile.key_files.clone())
    }

    /// By the user's patterns, weakest first, and the files that hold keys of the settings.
    pub fn new(patterns: Vec<String>, key_files: Vec<PathBuf>) -> Self {
        Self { patterns, key_files, credentials: Vec::new() }
    }

    /// With the files that configurations take credentials from.
    #[must_use]
    pub fn with(self, credentials: Vec<CredentialFile>) -> Self {
        Self { credentials, ..self }
    }

    /// Why a file may hold secrets, by all the names that it goes by.
    pub fn file(&self, names: &[String]) -> Option<Secret> {
        let file = || names.first().map(|name| last_part(name)).unwrap_or_default();
        let asked: Vec<Identity> = names.iter().filter_map(|name| Identity::of(Path::new(name))).collect();
        let is_one = |path: &Path| {
            names.contains(&with_slashes(path))
                || !asked.is_empty() && Identity::of(path).is_some_and(|identity| asked.contains(&identity))
        };
        if self.key_files.iter().any(|path| is_one(path)) {
            return Some(Secret::KeyFile { file: file() });
        }
        if let Some(pattern) = names.iter().find_map(|name| secret_pattern(name, &self.patterns)) {
            return Some(Secret::Named { file: file(), pattern });
        }
        let is_named = |credentials: &CredentialFile| {
            names.iter().any(|name| credentials.is_named(name)) || is_one(&credentials.path())
        };
        let is_secret = self.credentials.iter().any(is_named) && !self.clears(names);
        is_secret.then(|| Secret::CredentialFile { file: file() })
    }

    /// Why a text may hold secrets, whatever it is called.
    pub fn text(&self, text: &str) -> Option<Secret> {
        let files = files_told(text);
        let told = files.iter().find_map(|told| {
            let file = last_part(told);
            if self.key_files.iter().any(|key| ends_with(key, told)) {
                return Some(Secret::KeyFile { file });
            }
            if let Some(pattern) = secret_pattern(told, &self.patterns) {
                return Some(Secret::Named { file, pattern });
            }
            let is_named = |credentials: &CredentialFile| ends_with(&credentials.path(), told);
            let is_secret = self.credentials.iter().any(is_named) && !is_cleared(told, &self.patterns);
            is_secret.then_some(Secret::CredentialFile { file })
        });
        let is_plain = || !files.is_empty() && sets_secret(text) || has_plaintext_secret(text);
        told.or_else(|| is_plain().then_some(Secret::PlainText))
    }

    /// Whether the user's patterns say of a file that it holds none, whatever its text says.
    pub fn clears(&self, names: &[String]) -> bool {
        names.iter().any(|name| is_cleared(name, &self.patterns))
    }

    /// Why the text of a file may hold secrets: by the file, or by what it says, unless the user's patterns take it out.
    pub fn text_of_file(&self, names: &[String], text: &str) -> Option<Secret> {
        self.file(names).or_else(|| if self.clears(names) { None } else { self.text(text) })
    }
}

fn last_part(name: &str) -> String {
    name.rsplit('/').next().unwrap_or(name).to_owned()
}

/// Whether a file goes by a name of a diff, which begins in the folder that it was made in, and perhaps with `a/`.
fn ends_with(file: &Path, told: &str) -> bool {
    let short = told.split_once('/').map(|(_, rest)| rest);
    [Some(told), short]
        .into_iter()
        .flatten()
        .any(|name| !name.is_empty() && file.ends_with(name.trim_start_matches('/')))
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::symlink};

    use super::*;

    #[test]
    fn a_key_file_is_known_by_every_link_to_it_and_links_are_looked_up_anew() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["one", "two", "other"] {
            fs::write(at(name), "sk-x").unwrap();
        }
        symlink("one", at("key")).unwrap();
        fs::hard_link(at("one"), at("hard")).unwrap();
        symlink("hard", at("soft")).unwrap();
        let credentials = CredentialFile { folder: folder.path().to_owned(), named: "key".into() };
        for rule in [
            Rule::new(Vec::new(), vec![at("key")]),
            Rule::new(Vec::new(), Vec::new()).with(vec![credentials]),
        ] {
            let is_secret = |name: &str| rule.file(&[with_slashes(&at(name))]).is_some();
            for (target, others) in [("one", ["two", "other"]), ("two", ["one", "hard"])] {
                fs::remove_file(at("key")).unwrap();
                symlink(target, at("key")).unwrap();
                assert!(is_secret("key") && is_secret(target), "{rule:?}");
                assert_eq!(is_secret("hard") && is_secret("soft"), target == "one");
                assert!(!others.into_iter().any(is_secret), "{rule:?}");
            }
            // A key file that comes later.
            fs::remove_file(at("key")).unwrap();
            assert!(is_secret("key") && !is_secret("other"));
            fs::hard_link(at("other"), at("key")).unwrap();
            assert!(is_secret("other"));
            fs::remove_file(at("key")).unwrap();
            symlink("one", at("key")).unwrap();
        }
    }
}
