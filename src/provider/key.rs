//! A key for the proxy: where it came from, what it is, and whom it may be sent to.

mod command;
mod lookup;

use std::{io::Read, path::Path};

use litellm_ls_protocol::Problem;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

use crate::environment::Environment;
pub(super) use lookup::{Found, Lookup};

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
}

/// What is known of a key.
#[derive(Clone)]
enum Value {
    Secret(SecretString),
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
        Self { reason: reason.into(), remedy: remedy.into() }
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
        let text = text.trim();
        if let Some(name) = text.strip_prefix("env:").or_else(|| text.strip_prefix("os.environ/")) {
            let value = environment.variable(name).ok_or_else(|| {
                NoKey::new(
                    format!("the environment variable {name} is not set"),
                    format!("set {name} where the editor is started, or give the key another way"),
                )
            })?;
            return Ok(Some(Self::new(&value, format!("env:{name}"))));
        }
        if let Some(path) = text.strip_prefix("file:") {
            return Ok(Some(Self::new(&read_file(Path::new(path))?, format!("file:{path}"))));
        }
        if let Some(command) = text.strip_prefix("cmd:") {
            let origin = format!("cmd:{}", command::program(command)?);
            return Ok(Some(Self { value: Value::Unknown(Lookup::Command(command.to_owned())), origin }));
        }
        if let Some(name) = text.strip_prefix("keyring:") {
            let lookup = Lookup::Keyring(name.trim().to_owned());
            return Ok(Some(Self { value: Value::Unknown(lookup), origin: text.to_owned() }));
        }
        Ok((!text.is_empty()).then(|| Self::new(text, "literal".into())))
    }

    /// Whether a text is a reference rather than a key itself.
    pub fn is_reference(text: &str) -> bool {
        KEY_SCHEMES.iter().any(|scheme| text.trim().starts_with(scheme))
    }

    fn new(secret: &str, origin: String) -> Self {
        Self { value: Value::Secret(secret.trim().into()), origin }
    }

    /// The key itself, for a header and nothing else. None where it has to be looked up first.
    pub fn secret(&self) -> Option<&SecretString> {
        match &self.value {
            Value::Secret(secret) => Some(secret),
            Value::Unknown(_) => None,
        }
    }

    /// Where it is looked up. None where it is known.
    pub(super) fn lookup(&self) -> Option<&Lookup> {
        match &self.value {
            Value::Secret(_) => None,
            Value::Unknown(lookup) => Some(lookup),
        }
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

fn read_file(path: &Path) -> Result<Zeroizing<String>, NoKey> {
    let remedy = || "name a readable file that holds only the key".to_owned();
    let shown = path.display();
    let cannot = |error: std::io::Error| NoKey::new(format!("{shown} can't be read: {error}"), remedy());
    // A pipe or a device could keep the reader waiting for ever.
    if !std::fs::metadata(path).map_err(cannot)?.is_file() {
        return Err(NoKey::new(format!("{shown} is no file"), remedy()));
    }
    // Room for all of it, for what a text leaves behind where it grows is not cleared.
    let mut text = Zeroizing::new(String::with_capacity(MAX_SIZE as usize));
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_SIZE).read_to_string(&mut text))
        .map_err(cannot)?;
    if text.trim().is_empty() {
        return Err(NoKey::new(format!("{shown} is empty"), remedy()));
    }
    Ok(text)
}
