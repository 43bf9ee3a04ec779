//! What does not go to a model unasked: files and texts that may hold secrets, by one rule for every door.

use std::path::{Path, PathBuf};

use crate::{
    assist::{files_told, is_cleared, secret_pattern},
    config_yaml::{has_plaintext_secret, sets_secret},
    store,
};

/// Why a file or a text may hold secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secret {
    /// The name of the file says so, or of one whose content is told in it.
    Named {
        /// The file.
        file: String,
        /// What fits its name, built in or the user's.
        pattern: String,
    },
    /// The settings say that the file holds a key.
    KeyFile {
        /// The file.
        file: String,
    },
    /// A key or a password of a configuration stands there.
    PlainText,
}

impl Secret {
    /// The pattern that says so. None where something else does.
    pub fn pattern(&self) -> Option<&str> {
        match self {
            Self::Named { pattern, .. } => Some(pattern),
            Self::KeyFile { .. } | Self::PlainText => None,
        }
    }

    /// That it may hold secrets, of what goes by a name where it has no other.
    pub fn told(&self, name: &str) -> String {
        match self {
            Self::Named { file, .. } => format!("{file} may hold secrets"),
            Self::KeyFile { file } => format!("{file} may hold secrets: your settings take a key from it"),
            Self::PlainText => {
                format!("{name} may hold secrets: a key or a password stands in it in plain text")
            }
        }
    }

    /// What to do where nobody can be asked.
    pub fn remedy(&self) -> String {
        match self {
            Self::Named { pattern, .. } => {
                format!("copy what may be sent into another file, or set secretFiles to [\"!{pattern}\"]")
            }
            Self::KeyFile { .. } => "copy what may be sent into another file".to_owned(),
            Self::PlainText => {
                "write os.environ/NAME in its place, or copy what may be sent into another file".to_owned()
            }
        }
    }
}

/// What the settings say of files with secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    patterns: Vec<String>,
    key_files: Vec<PathBuf>,
}

impl Rule {
    /// By the user's patterns, weakest first, and the files that hold keys of the settings.
    pub fn new(patterns: &[String], key_files: &[PathBuf]) -> Self {
        Self { patterns: patterns.to_vec(), key_files: key_files.to_vec() }
    }

    /// Why a file may hold secrets, by all the names that it goes by.
    pub fn file(&self, names: &[String]) -> Option<Secret> {
        let file = || names.first().and_then(|name| name.rsplit('/').next()).unwrap_or_default().to_owned();
        if self.key_files.iter().flat_map(|file| store::names(file)).any(|key| names.contains(&key)) {
            return Some(Secret::KeyFile { file: file() });
        }
        let pattern = names.iter().find_map(|name| secret_pattern(name, &self.patterns))?;
        Some(Secret::Named { file: file(), pattern })
    }

    /// Why a text may hold secrets, whatever it is called.
    pub fn text(&self, text: &str) -> Option<Secret> {
        let files = files_told(text);
        let told = files.iter().find_map(|told| {
            let file = told.rsplit('/').next().unwrap_or(told).to_owned();
            if self.key_files.iter().any(|key| ends_with(key, told)) {
                return Some(Secret::KeyFile { file });
            }
            let pattern = secret_pattern(told, &self.patterns)?;
            Some(Secret::Named { file, pattern })
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

/// Whether a file goes by a name of a diff, which begins in the folder that it was made in, and perhaps with `a/`.
fn ends_with(file: &Path, told: &str) -> bool {
    let short = told.split_once('/').map(|(_, rest)| rest);
    [Some(told), short]
        .into_iter()
        .flatten()
        .any(|name| !name.is_empty() && file.ends_with(name.trim_start_matches('/')))
}
