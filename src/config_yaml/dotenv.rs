//! `.env`: names and values beside a file.

use std::{collections::BTreeMap, ops::Range, path::Path};

use super::files::Files;

/// The name of the file beside a configuration that sets its variables.
pub const DOTENV: &str = ".env";

/// What a `.env` sets. Values are shown nowhere.
#[derive(Clone, Default)]
pub struct DotEnv {
    values: BTreeMap<String, (String, Range<usize>)>,
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

    /// Reads one, as python-dotenv does: `NAME=value`, `export NAME="value"`, `#` begins a comment.
    pub fn read(text: &str) -> Self {
        let mut values = BTreeMap::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let place = start;
            start += line.len();
            let trimmed = line.trim();
            let assignment = trimmed.strip_prefix("export ").unwrap_or(trimmed);
            let Some((name, value)) = assignment.split_once('=') else { continue };
            let name = name.trim();
            if name.is_empty() || name.starts_with('#') {
                continue;
            }
            let name_at = place + line.find(name).unwrap_or(0);
            values.insert(name.to_owned(), (unquote(value.trim()), name_at..name_at + name.len()));
        }
        Self { values }
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|(value, _)| value.as_str())
    }

    /// Names and values.
    pub fn into_values(self) -> Vec<(String, String)> {
        self.values.into_iter().map(|(name, (value, _))| (name, value)).collect()
    }

    /// Where a name is set.
    pub fn place(&self, name: &str) -> Option<Range<usize>> {
        self.values.get(name).map(|(_, place)| place.clone())
    }

    /// The names that it sets.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }
}

fn unquote(value: &str) -> String {
    for quote in ['"', '\''] {
        if let Some(rest) = value.strip_prefix(quote)
            && let Some(end) = rest.find(quote)
        {
            return rest[..end].to_owned();
        }
    }
    value.split_once(" #").map_or(value, |(value, _)| value).trim_end().to_owned()
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
        let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let one = Self { name: name.to_owned(), value: value.to_owned() };
        // What is read back must be what was meant.
        let line = one.line()?;
        (is_name && DotEnv::read(&line).get(name) == Some(value)).then_some(one)
    }

    /// What it sets.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// As it is written: in quotes where it needs them.
    fn line(&self) -> Option<String> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-.:/+=@,%~!?&*()".contains(c);
        let quote = match &self.value {
            value if value.contains(['\n', '\r']) => return None,
            value if !value.is_empty() && value.chars().all(is_plain) => "",
            value if !value.contains(['\'', '\\']) => "'",
            value if !value.contains(['"', '\\', '$']) => "\"",
            _ => return None,
        };
        Some(format!("{}={quote}{}{quote}", self.name, self.value))
    }

    /// The change of a `.env` that sets it: the bytes that go, and what comes.
    pub fn edit(&self, text: &str) -> (Range<usize>, String) {
        let line = self.line().unwrap_or_default();
        if let Some(place) = DotEnv::read(text).place(&self.name) {
            let end =
                text[place.start..].find(['\n', '\r']).map_or(text.len(), |length| place.start + length);
            return (place.start..end, line);
        }
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let gap = if text.is_empty() || text.ends_with('\n') { "" } else { end };
        (text.len()..text.len(), format!("{gap}{line}{end}"))
    }
}
