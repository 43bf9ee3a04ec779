//! The settings file: profiles in TOML, read with places for complaints, and edited without losing a comment.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions, TryLockError},
    ops::Range,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, SystemTime},
};

use serde_json::{Map, Value};
use toml_edit::{Document, DocumentMut, Item, Table, TableLike};

use super::{FileError, Result, private};

/// How long an edit waits for that of another process; each takes milliseconds.
const LOCK_LIMIT: Duration = Duration::from_secs(2);
const LOCK_RETRY: Duration = Duration::from_millis(5);

const ACTIVE: &str = "active";
const PROFILES: &str = "profiles";

/// Where the settings file is. It need not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsFile {
    path: PathBuf,
}

/// What tells two states of the file apart without reading it. None: there is no file.
pub type Stamp = Option<(SystemTime, u64)>;

/// What the file says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Profiles {
    /// The profile that is active where nobody chooses another.
    pub active: Option<String>,
    /// The settings of each profile, as `provider/configure` takes them.
    pub profiles: BTreeMap<String, Map<String, Value>>,
    /// Top-level names that mean nothing.
    pub unknown: Vec<String>,
    places: BTreeMap<String, Place>,
}

/// A place in the file, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

/// Why the file says nothing.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is no TOML.
    #[error("line {}, column {}: {reason}", place.line, place.column)]
    Syntax {
        /// What the parser says.
        reason: String,
        /// Where.
        place: Place,
    },
    /// The file system refuses it.
    #[error(transparent)]
    File(#[from] FileError),
}

impl Profiles {
    /// Where a setting of a profile stands, by its path such as `timeouts.connectMs`; where its nearest parent stands
    /// if it has no place of its own.
    pub fn place(&self, profile: &str, path: &str) -> Option<Place> {
        let mut path = format!("{PROFILES}.{profile}.{path}");
        loop {
            if let Some(place) = self.places.get(&path) {
                return Some(*place);
            }
            path.truncate(path.rfind('.')?);
        }
    }
}

impl SettingsFile {
    /// The file at a path. Touches no disk.
    pub fn at(path: PathBuf) -> Self {
        // An absolute path, for editors change their working directory.
        Self { path: std::path::absolute(&path).unwrap_or(path) }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its state, so that it is read again only when it has changed.
    pub fn stamp(&self) -> Stamp {
        let data = fs::metadata(&self.path).ok()?;
        Some((data.modified().ok()?, data.len()))
    }

    /// Makes it, with nothing but a hint in it, where there is none.
    ///
    /// # Errors
    /// Where it can't be written.
    pub fn create(&self) -> Result<()> {
        const HINT: &str = "# Settings of litellm-ls: `litellm-ls config --help` tells more.\n\n# active = \"default\"\n\n# \
            [profiles.default]\n# baseUrl = \"http://localhost:4000\"\n# apiKey = \"env:LITELLM_API_KEY\"\n";
        if self.path.exists() {
            return Ok(());
        }
        let _lock = self.lock()?;
        // Once more, for another process may have made it meanwhile.
        if self.path.exists() { Ok(()) } else { private::write_private(&self.path, HINT) }
    }

    /// Reads it. A file that is not there says nothing.
    ///
    /// # Errors
    /// Where it can't be read or is no TOML.
    pub fn read(&self) -> std::result::Result<Profiles, Unreadable> {
        let text = self.text()?;
        let document = parse(&text)?;
        let mut profiles = Profiles::default();
        let mut places = BTreeMap::new();
        for (name, item) in document.iter() {
            match (name, item.as_str(), item.as_table_like()) {
                (ACTIVE, Some(active), _) => profiles.active = Some(active.to_owned()),
                (PROFILES, _, Some(_)) => {
                    if let Value::Object(found) = json(item, PROFILES, &text, &mut places) {
                        let objects = found.into_iter().map(|(name, settings)| match settings {
                            Value::Object(settings) => (name, settings),
                            _ => (name, Map::new()),
                        });
                        profiles.profiles.extend(objects);
                    }
                }
                _ => profiles.unknown.push(name.to_owned()),
            }
        }
        profiles.places = places;
        Ok(profiles)
    }

    /// Changes settings of a profile: a value sets one, none takes one away. Paths are dotted. What stands around them
    /// stays as it is, comments too. A reader sees the old file or the new one, and a kill at any instant leaves one of
    /// the two.
    ///
    /// # Errors
    /// Where it can't be read, is no TOML, or can't be written.
    pub fn edit(
        &self,
        profile: &str,
        changes: &[(String, Option<Value>)],
    ) -> std::result::Result<(), Unreadable> {
        self.change(|document| edit(document, profile, changes))
    }

    /// Changes settings of a profile and makes it the active one, both or neither.
    ///
    /// # Errors
    /// As for [`Self::edit`].
    pub fn edit_and_activate(
        &self,
        profile: &str,
        changes: &[(String, Option<Value>)],
    ) -> std::result::Result<(), Unreadable> {
        self.change(|document| {
            edit(document, profile, changes);
            activate(document, profile);
        })
    }

    /// Makes a profile the active one.
    ///
    /// # Errors
    /// As for [`Self::edit`].
    pub fn activate(&self, profile: &str) -> std::result::Result<(), Unreadable> {
        self.change(|document| activate(document, profile))
    }

    /// Removes a profile, and says whether there was one.
    ///
    /// # Errors
    /// As for [`Self::edit`].
    pub fn remove(&self, profile: &str) -> std::result::Result<bool, Unreadable> {
        let mut removed = false;
        self.change(|document| {
            if let Some(profiles) = document.get_mut(PROFILES).and_then(Item::as_table_like_mut) {
                removed = profiles.remove(profile).is_some();
            }
            if document.get(ACTIVE).and_then(Item::as_str) == Some(profile) {
                document.remove(ACTIVE);
            }
        })?;
        Ok(removed)
    }

    fn change(&self, change: impl FnOnce(&mut DocumentMut)) -> std::result::Result<(), Unreadable> {
        let _lock = self.lock()?;
        let mut document = parse(&self.text()?)?.into_mut();
        change(&mut document);
        // A file that is a link stays one: dotfiles are often kept elsewhere.
        let target = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        Ok(private::write_private(&target, &document.to_string())?)
    }

    fn text(&self) -> Result<String> {
        match fs::read_to_string(&self.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
            text => text.map_err(FileError::of("read", &self.path)),
        }
    }

    /// Waits until nobody else edits the file. Holds until it is dropped, or its process killed.
    fn lock(&self) -> Result<File> {
        if let Some(folder) = self.path.parent() {
            private::make_private_folder(folder)?;
        }
        let path = self.path.with_extension("lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(FileError::of("open", &path))?;
        let began = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if began.elapsed() < LOCK_LIMIT => thread::sleep(LOCK_RETRY),
                Err(error) => return Err(FileError::of("lock", path)(error.into())),
            }
        }
    }
}

fn parse(text: &str) -> std::result::Result<Document<&str>, Unreadable> {
    Document::parse(text).map_err(|error| Unreadable::Syntax {
        // What the parser quotes of the file could be a key.
        reason: error.message().lines().next().unwrap_or("this is no TOML").to_owned(),
        place: place(text, error.span().map_or(text.len(), |span| span.start)),
    })
}

fn edit(document: &mut DocumentMut, profile: &str, changes: &[(String, Option<Value>)]) {
    let settings = child(child(document.as_table_mut(), PROFILES), profile);
    for (path, value) in changes {
        set(settings, path, value.as_ref());
    }
}

fn activate(document: &mut DocumentMut, profile: &str) {
    set(document.as_table_mut(), ACTIVE, Some(&profile.into()));
}

/// A TOML value as JSON, with the places of all that is in it.
fn json(item: &Item, path: &str, text: &str, places: &mut BTreeMap<String, Place>) -> Value {
    if let Some(table) = item.as_table_like() {
        let members = table.iter().map(|(name, item)| {
            let path = format!("{path}.{name}");
            let span = table.key(name).and_then(toml_edit::Key::span).or_else(|| item.span());
            if let Some(Range { start, .. }) = span {
                places.insert(path.clone(), place(text, start));
            }
            (name.to_owned(), json(item, &path, text, places))
        });
        return Value::Object(members.collect());
    }
    match item {
        Item::Value(value) => json_value(value),
        _ => Value::Null,
    }
}

fn json_value(value: &toml_edit::Value) -> Value {
    match value {
        toml_edit::Value::String(text) => text.value().as_str().into(),
        toml_edit::Value::Integer(number) => (*number.value()).into(),
        toml_edit::Value::Float(number) => (*number.value()).into(),
        toml_edit::Value::Boolean(flag) => (*flag.value()).into(),
        toml_edit::Value::Datetime(time) => time.value().to_string().into(),
        toml_edit::Value::Array(items) => items.iter().map(json_value).collect(),
        toml_edit::Value::InlineTable(table) => {
            Value::Object(table.iter().map(|(name, value)| (name.to_owned(), json_value(value))).collect())
        }
    }
}

/// A JSON value as TOML. None where there is nothing to say.
fn toml(value: &Value) -> Option<Item> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(flag) => toml_edit::value(*flag),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => toml_edit::value(whole),
            None => toml_edit::value(number.as_f64()?),
        },
        Value::String(text) => toml_edit::value(text),
        Value::Array(items) => {
            let items = items.iter().filter_map(|item| toml(item)?.into_value().ok());
            Item::Value(toml_edit::Value::Array(items.collect()))
        }
        Value::Object(members) => {
            let mut table = Table::new();
            for (name, value) in members {
                set(&mut table, name, Some(value));
            }
            Item::Table(table)
        }
    })
}

/// The table of this name, made where there is none; what is there and no table gives way.
fn child<'a>(table: &'a mut dyn TableLike, name: &str) -> &'a mut dyn TableLike {
    let item = table.entry(name).or_insert_with(|| {
        let mut table = Table::new();
        // Its header is written only where something stands right below it.
        table.set_implicit(true);
        Item::Table(table)
    });
    if !item.is_table_like() {
        *item = toml_edit::table();
    }
    #[expect(clippy::expect_used, reason = "it was made one in the lines above")]
    item.as_table_like_mut().expect("a table")
}

/// Sets or removes what stands at a dotted path, and keeps the comments around what was there.
fn set(table: &mut dyn TableLike, path: &str, value: Option<&Value>) {
    if let Some((first, rest)) = path.split_once('.') {
        if value.is_some() || table.get(first).is_some_and(Item::is_table_like) {
            set(child(table, first), rest, value);
        }
        return;
    }
    let Some(mut new) = value.and_then(toml) else {
        table.remove(path);
        return;
    };
    let Some(old) = table.get_mut(path) else {
        table.insert(path, new);
        return;
    };
    if let (Some(old), Some(new)) = (old.as_value(), new.as_value_mut()) {
        *new.decor_mut() = old.decor().clone();
    }
    *old = new;
}

/// Line and column of a byte of a text.
fn place(text: &str, byte: usize) -> Place {
    let before = &text[..text.floor_char_boundary(byte)];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    Place { line: number(line), column: number(column) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TEXT: &str = r#"# My servers.
active = "work"

[profiles.work] # the company's
baseUrl = "https://llm.example" # do not change
apiKey = "env:WORK_KEY"
timeouts = { connectMs = 500 }

[profiles.home]
baseUrl = "http://localhost:4000"
"#;

    fn file(text: &str) -> (tempfile::TempDir, SettingsFile) {
        let folder = tempfile::tempdir().unwrap();
        let file = SettingsFile::at(folder.path().join("settings.toml"));
        fs::write(file.path(), text).unwrap();
        (folder, file)
    }

    #[test]
    fn reads_profiles_and_knows_where_they_stand() {
        let (_folder, file) = file(TEXT);
        let profiles = file.read().unwrap();
        assert_eq!(profiles.active.as_deref(), Some("work"));
        assert_eq!(profiles.profiles["work"]["timeouts"], json!({"connectMs": 500}));
        assert_eq!(profiles.place("work", "timeouts.connectMs"), Some(Place { line: 7, column: 14 }));
        assert_eq!(profiles.place("home", "headers.x"), Some(Place { line: 9, column: 11 }));
    }

    #[test]
    fn edits_keep_everything_else() {
        let (_folder, file) = file(TEXT);
        let set = |path: &str, value: Value| (path.to_owned(), Some(value));
        file.edit(
            "work",
            &[
                set("baseUrl", json!("https://other.example")),
                set("timeouts.idleMs", json!(9)),
                ("apiKey".to_owned(), None),
            ],
        )
        .unwrap();
        file.edit("new", &[set("model", json!("m"))]).unwrap();
        file.activate("home").unwrap();
        let text = fs::read_to_string(file.path()).unwrap();
        for kept in [
            "# My servers.",
            "active = \"home\"",
            "# the company's",
            "\"https://other.example\" # do not change",
        ] {
            assert!(text.contains(kept), "{kept} is gone from:\n{text}");
        }
        let profiles = file.read().unwrap();
        assert_eq!(
            Value::Object(profiles.profiles["work"].clone()),
            json!({"baseUrl": "https://other.example", "timeouts": {"connectMs": 500, "idleMs": 9}})
        );
        assert_eq!(Value::Object(profiles.profiles["new"].clone()), json!({"model": "m"}));
        assert!(file.remove("home").unwrap());
        assert!(!file.remove("home").unwrap());
        assert_eq!(file.read().unwrap().active, None);
    }

    #[test]
    fn says_where_it_is_broken_and_never_what_stands_there() {
        let (_folder, file) = file("active = \"a\"\n[profiles.work]\napiKey = sk-canary\n");
        let error = file.read().unwrap_err().to_string();
        assert!(error.starts_with("line 3, column "), "{error}");
        assert!(!error.contains("canary"), "{error}");
        assert!(file.edit("work", &[]).is_err(), "a broken file is not written over");
    }

    #[test]
    fn is_made_where_there_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = SettingsFile::at(folder.path().join("a/b/settings.toml"));
        assert_eq!(file.stamp(), None);
        assert_eq!(file.read().unwrap(), Profiles::default());
        file.edit("p", &[("headers".to_owned(), Some(json!({"x-a": "1"})))]).unwrap();
        assert_eq!(file.read().unwrap().profiles["p"]["headers"], json!({"x-a": "1"}));
    }
}
