//! What does not go to a model unasked: files and texts that may hold secrets, by one rule for every door.

mod nearby;
mod rule;

pub use nearby::Nearby;
pub use rule::Rule;

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
    /// A configuration of LiteLLM takes credentials from the file.
    CredentialFile {
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
            Self::KeyFile { .. } | Self::CredentialFile { .. } | Self::PlainText => None,
        }
    }

    /// That it may hold secrets, of what goes by a name where it has no other.
    pub fn told(&self, name: &str) -> String {
        match self {
            Self::Named { file, .. } => format!("{file} may hold secrets"),
            Self::KeyFile { file } => format!("{file} may hold secrets: your settings take a key from it"),
            Self::CredentialFile { file } => {
                format!("{file} may hold secrets: a config.yaml takes credentials from it")
            }
            Self::PlainText => {
                format!("{name} may hold secrets: a key or a password stands in it in plain text")
            }
        }
    }

    /// What to do where nobody can be asked.
    pub fn remedy(&self) -> String {
        let cleared = |pattern| {
            format!("copy what may be sent into another file, or set secretFiles to [\"!{pattern}\"]")
        };
        match self {
            Self::Named { pattern, .. } => cleared(pattern),
            Self::CredentialFile { file } => cleared(file),
            Self::KeyFile { .. } => "copy what may be sent into another file".to_owned(),
            Self::PlainText => {
                "write os.environ/NAME in its place, or copy what may be sent into another file".to_owned()
            }
        }
    }
}
