//! A key for the proxy: where it came from, what it is, and whom it may be sent to.

mod command;
mod lookup;
mod mended;

use std::path::{Path, PathBuf};

use litellm_ls_protocol::Problem;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

use crate::{
    descriptors,
    environment::Environment,
    masking::{masked, masked_sentence},
    store::read_guarded_text,
};
pub use command::words as command_words;
pub(super) use lookup::{Found, Lookup};
use mended::{mended, unquoted};

/// Most bytes of what holds a key, a file or what a command prints.
const MAX_SIZE: u64 = 64 << 10;
/// What a reference to a key begins with.
pub const KEY_SCHEMES: [&str; 5] = ["env:", "os.environ/", "file:", "cmd:", "keyring:"];
/// A key shorter than this is not hinted at: four characters would tell too much of it.
const HINTED: usize = 16;

/// A key and the reference it came by. Its `Debug` shows neither the key nor a part of it.
#[derive(Debug, Clone)]
pub struct Key {
    value: Value,
    origin: String,
    /// What it was given with and is used without.
    without: Vec<&'static str>,
    /// The text that it was read from.
    given: SecretString,
}

/// What is known of a key.
#[derive(Clone)]
enum Value {
    Secret(SecretString),
    /// What a file held when it was named; what it holds now is looked up.
    Filed(SecretString, Lookup),
    /// It is looked up when it is needed.
    Unknown(Lookup),
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Value")
    }
}

/// Why there is no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoKey {
    /// What is wrong.
    pub reason: String,
    /// What to do.
    pub remedy: String,
}

impl NoKey {
    fn new(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        // What stands where a name belongs may be the key itself.
        Self { reason: masked_sentence(&reason.into()), remedy: masked_sentence(&remedy.into()) }
    }

    /// The system lets this process open no more files.
    fn too_many_files() -> Self {
        Self::new(descriptors::REASON, descriptors::REMEDY)
    }

    /// The same as what is wrong with a setting.
    pub(super) fn problem(self) -> Problem {
        Problem::new("apiKey", self.reason, self.remedy)
    }
}

impl Key {
    /// Reads a key: a literal, or what a reference leads to. None for a blank text, which is no key (D7). No
    /// command is run here, and no keyring asked.
    ///
    /// # Errors
    /// Where a reference leads to nothing.
    pub fn read(text: &str, environment: &Environment) -> Result<Option<Self>, NoKey> {
        Ok(Self::found(text, environment)?.map(|key| Self { given: text.into(), ..key }))
    }

    fn found(text: &str, environment: &Environment) -> Result<Option<Self>, NoKey> {
        let reference = unquoted(text);
        if let Some((wrong, right)) = misspelt(reference) {
            return Err(NoKey::new(
                format!("{wrong} begins no reference"),
                format!("write {right} in small letters"),
            ));
        }
        if let Some((scheme, what)) = nameless(reference) {
            return Err(NoKey::new(
                format!("nothing stands behind {scheme}"),
                format!("write {scheme}{what}, or leave the key out"),
            ));
        }
        if let Some(name) = reference.strip_prefix("env:").or_else(|| reference.strip_prefix("os.environ/")) {
            let name = name.trim();
            let value = environment.variable(name).ok_or_else(|| {
                NoKey::new(
                    format!("the environment variable {name} is not set"),
                    format!("set {name} where the editor is started, or give the key another way"),
                )
            })?;
            return Ok(Some(Self::new(&value, format!("env:{name}"))));
        }
        if let Some(path) = reference.strip_prefix("file:").map(unquoted) {
            let place = from_home(path, environment);
            let read = Self::new(&read_file(&place)?, format!("file:{path}"));
            let value = match read.value {
                Value::Secret(secret) => Value::Filed(secret, Lookup::File(place)),
                value => value,
            };
            return Ok(Some(Self { value, ..read }));
        }
        if let Some(command) = reference.strip_prefix("cmd:") {
            let (program, arguments) = command::split(command, environment.users_home().as_deref())?;
            let origin = format!("cmd:{program}");
            let lookup = Lookup::Command(program, arguments, environment.surroundings().clone());
            return Ok(Some(Self::unknown(lookup, origin)));
        }
        if let Some(name) = reference.strip_prefix("keyring:") {
            let lookup = Lookup::Keyring(name.trim().to_owned());
            return Ok(Some(Self::unknown(lookup, reference.to_owned())));
        }
        let key = Self::new(text, "literal".into());
        let is_blank = key.secret().is_none_or(|key| key.expose_secret().is_empty());
        Ok((!is_blank).then_some(key))
    }

    fn unknown(lookup: Lookup, origin: String) -> Self {
        let value = Value::Unknown(lookup);
        Self { value, origin: masked(&origin), without: Vec::new(), given: SecretString::default() }
    }

    /// Whether a text is a reference rather than a key itself.
    pub fn is_reference(text: &str) -> bool {
        let text = unquoted(text);
        KEY_SCHEMES.iter().any(|scheme| text.starts_with(scheme)) || misspelt(text).is_some()
    }

    fn new(secret: &str, origin: String) -> Self {
        let mended = mended(secret);
        let value = Value::Secret(mended.key.as_str().into());
        Self { value, origin: masked(&origin), without: mended.without, given: SecretString::default() }
    }

    /// What it was given with and is used without, in words. Empty for most.
    pub(super) fn without(&self) -> &[&'static str] {
        &self.without
    }

    /// The key itself, for a header and nothing else. None where it has to be looked up first.
    pub fn secret(&self) -> Option<&SecretString> {
        match &self.value {
            Value::Secret(secret) | Value::Filed(secret, _) => Some(secret),
            Value::Unknown(_) => None,
        }
    }

    /// Where it is looked up when it is needed. None where it is known.
    pub(super) fn lookup(&self) -> Option<&Lookup> {
        match &self.value {
            Value::Secret(_) => None,
            Value::Filed(_, lookup) | Value::Unknown(lookup) => Some(lookup),
        }
    }

    /// The text that it was read from: the key itself, or a reference.
    pub(super) fn given(&self) -> &SecretString {
        &self.given
    }

    /// The reference it came by, or `literal`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The last four characters behind an ellipsis. None for a short key, and for one that is not known yet.
    pub fn hint(&self) -> Option<String> {
        self.secret().and_then(hint)
    }
}

/// The last four characters of a secret behind an ellipsis. None for a short one.
pub(super) fn hint(secret: &SecretString) -> Option<String> {
    let characters: Vec<char> = secret.expose_secret().chars().collect();
    (characters.len() >= HINTED)
        .then(|| format!("…{}", characters[characters.len() - 4..].iter().collect::<String>()))
}

/// A reference that names nothing: its beginning, and what belongs behind that.
fn nameless(reference: &str) -> Option<(&'static str, &'static str)> {
    let is_bare = |scheme: &&str| {
        reference.strip_prefix(*scheme).is_some_and(|rest| unquoted(rest).chars().all(char::is_whitespace))
    };
    let scheme = KEY_SCHEMES.into_iter().find(is_bare)?;
    Some((
        scheme,
        match scheme {
            "file:" => "PATH",
            "cmd:" => "COMMAND",
            _ => "NAME",
        },
    ))
}

/// A key as it may be shown to the user who gave it: by its end, where it is long enough.
pub fn shown_key(text: &str) -> String {
    let key: SecretString = mended(text).key.as_str().into();
    hint(&key).unwrap_or_else(|| "(a short key)".to_owned())
}

/// The beginning of a reference that is not in small letters, and how it is written.
fn misspelt(text: &str) -> Option<(&str, &'static str)> {
    KEY_SCHEMES.into_iter().find_map(|right| {
        let wrong = text.get(..right.len())?;
        (wrong != right && wrong.eq_ignore_ascii_case(right)).then_some((wrong, right))
    })
}

/// A path as a shell reads it that begins with the user's home.
fn from_home(path: &str, environment: &Environment) -> PathBuf {
    let inside = ["~/", "$HOME/", "${HOME}/"].into_iter().find_map(|home| path.strip_prefix(home));
    match inside.zip(environment.users_home()) {
        Some((inside, home)) => Path::new(&home).join(inside),
        None => path.into(),
    }
}

fn read_file(path: &Path) -> Result<Zeroizing<String>, NoKey> {
    let text = read_guarded_text(path, MAX_SIZE)
        .map_err(|refused| NoKey::new(refused.to_string(), refused.remedy()))?;
    let key = mended(&text).key;
    if key.is_empty() {
        return Err(NoKey::new(
            format!("{} is empty", path.display()),
            "name a readable file that holds only the key",
        ));
    }
    let lines = key.lines().count();
    if lines > 1 {
        return Err(NoKey::new(
            format!("{} holds {lines} lines, and a key is one", path.display()),
            "name a readable file that holds only the key",
        ));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn a_file_in_the_users_home_is_found_as_a_shell_finds_it() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("key"), "sk-1\n").unwrap();
        let variables = HashMap::from([("HOME".to_owned(), home.path().display().to_string())]);
        let environment = Environment::new(variables, None);
        for path in ["~/key", "$HOME/key", "${HOME}/key", " '~/key' "] {
            let key = Key::read(&format!("file:{path}"), &environment).unwrap().unwrap();
            assert_eq!(key.secret().unwrap().expose_secret(), "sk-1", "{path}");
        }
    }

    #[test]
    fn a_file_of_several_lines_is_named_and_is_no_key() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("keys");
        std::fs::write(&path, "\nsk-secret-1\n\nsk-secret-2\n").unwrap();
        let environment = Environment::new(HashMap::new(), None);
        let refused = Key::read(&format!("file:{}", path.display()), &environment).unwrap_err();
        assert!(refused.reason.ends_with("keys holds 3 lines, and a key is one"), "{refused:?}");
        assert!(!format!("{refused:?}").contains("sk-secret"), "{refused:?}");
    }

    #[test]
    fn a_reference_to_nothing_says_what_belongs_there() {
        let environment = Environment::new(HashMap::new(), None);
        for scheme in KEY_SCHEMES {
            for behind in ["", " ", "\t", "\"\"", " '' ", "\u{a0}"] {
                let text = format!("{scheme}{behind}");
                let refused = Key::read(&text, &environment).unwrap_err();
                assert_eq!(refused.reason, format!("nothing stands behind {scheme}"), "{text:?}");
                assert!(refused.remedy.starts_with(&format!("write {scheme}")), "{text:?}: {refused:?}");
            }
        }
    }

    #[test]
    fn a_reference_in_capitals_is_named_and_never_a_key() {
        let environment = Environment::new(HashMap::new(), None);
        for (text, right) in [
            ("KEYRING:work", "keyring:"),
            ("ENV:MY_KEY", "env:"),
            ("File:/secret", "file:"),
            ("CMD:op read x", "cmd:"),
            ("OS.ENVIRON/MY_KEY", "os.environ/"),
            ("\"Keyring:work\"", "keyring:"),
        ] {
            let refused = Key::read(text, &environment).unwrap_err();
            assert!(refused.remedy.contains(right), "{text}: {refused:?}");
            assert!(Key::is_reference(text), "{text}");
        }
        assert!(Key::read("envelope", &environment).unwrap().is_some());
    }
}
