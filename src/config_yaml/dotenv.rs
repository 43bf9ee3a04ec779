//! `.env`: names and values beside a file.

mod read;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, ops::Range, path::Path};

use super::files::Files;

/// The name of the file beside a configuration that sets its variables.
pub const DOTENV: &str = ".env";

/// What a `.env` sets. Values are shown nowhere.
#[derive(Clone, Default)]
pub struct DotEnv {
    values: BTreeMap<String, Set>,
}

/// What one name is set to, and where.
#[derive(Clone)]
struct Set {
    value: String,
    name_at: Range<usize>,
    value_at: Range<usize>,
}

impl std::fmt::Debug for DotEnv {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.values.keys()).finish()
    }
}

impl DotEnv {
    /// The one beside a file; an empty one where there is none.
    pub fn beside(file: &Path, files: &dyn Files) -> Self {
        files.read(&file.with_file_name(DOTENV)).map(|text| Self::read(&text)).unwrap_or_default()
    }

    /// Reads one, as python-dotenv does: `NAME=value`, `export NAME="value"`, `#` begins a comment, and what stands in
    /// quotes may have several lines. Of two that set a name the last one holds.
    pub fn read(text: &str) -> Self {
        let set = |read::Binding { name, name_at, value, value_at }| (name, Set { value, name_at, value_at });
        Self { values: read::bindings(text).into_iter().map(set).collect() }
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|set| set.value.as_str())
    }

    /// The value of a name. None where that is not set, or to nothing but blanks.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.trim().is_empty())
    }

    /// Names and values.
    pub fn into_values(self) -> Vec<(String, String)> {
        self.values.into_iter().map(|(name, set)| (name, set.value)).collect()
    }

    /// Where a name is set.
    pub fn place(&self, name: &str) -> Option<Range<usize>> {
        self.values.get(name).map(|set| set.name_at.clone())
    }

    /// The names that it sets.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }
}

/// Whether a variable of the environment can be called so in every shell.
pub fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// A line for a `.env`. Its value is shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Assignment {
    name: String,
    value: String,
}

impl std::fmt::Debug for Assignment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Assignment").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Assignment {
    /// Sets a name to a value. None where no line of a `.env` can hold it.
    pub(crate) fn new(name: &str, value: &str) -> Option<Self> {
        let one = Self { name: name.to_owned(), value: value.to_owned() };
        // What is read back must be what was meant.
        let line = format!("{name}={}", one.written()?);
        (is_variable(name) && DotEnv::read(&line).get(name) == Some(value)).then_some(one)
    }

    /// What it sets.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a `.env` gives its name another value already.
    pub fn differs_from(&self, file: &DotEnv) -> bool {
        file.given(&self.name).is_some_and(|value| value != self.value)
    }

    /// The value as it is written: in quotes where it needs them.
    fn written(&self) -> Option<String> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-.:/+=@,%~!?&*()".contains(c);
        let quote = match &self.value {
            // `${NAME}` stands for another variable, in quotes too.
            value if value.contains(['\n', '\r']) || value.contains("${") => return None,
            value if !value.is_empty() && value.chars().all(is_plain) => "",
            value if !value.contains(['\'', '\\']) => "'",
            value if !value.contains(['"', '\\', '$']) => "\"",
            _ => return None,
        };
        Some(format!("{quote}{}{quote}", self.value))
    }

    /// The change of a `.env` that sets it and nothing else: the bytes that go, and what comes. The value alone is
    /// replaced where the name is set, so that a comment behind it stays. None where what stands there, such as a quote
    /// that is never closed, lets nothing be set.
    pub fn edit(&self, text: &str) -> Option<(Range<usize>, String)> {
        let (written, end) = (self.written()?, line_end(text));
        let before = DotEnv::read(text);
        let line = format!("{}={written}{end}", self.name);
        let gap = if text.is_empty() || text.ends_with(['\n', '\r']) { "" } else { end };
        let in_place = before.values.get(&self.name).map(|set| (set.value_at.clone(), written));
        let last = (text.len()..text.len(), format!("{gap}{line}"));
        let first = (0..0, line);
        let sets_it_alone = |(range, new): &(Range<usize>, String)| {
            let mut after = text.to_owned();
            after.replace_range(range.clone(), new);
            let mut wanted: BTreeMap<_, _> = before.clone().into_values().into_iter().collect();
            wanted.insert(self.name.clone(), self.value.clone());
            DotEnv::read(&after).into_values().into_iter().eq(wanted)
        };
        [in_place, Some(last), Some(first)].into_iter().flatten().find(sets_it_alone)
    }
}

/// The line end that a text has last.
fn line_end(text: &str) -> &'static str {
    match text.rfind(['\n', '\r']) {
        Some(at) if text[..=at].ends_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}
