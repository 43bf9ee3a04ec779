//! The settings file: profiles in TOML, read with places for complaints, and edited without losing a comment.

mod places;

use std::{
    collections::BTreeMap,
    fs, io,
    ops::Range,
    path::{Path, PathBuf},
};

use secrecy::zeroize::Zeroizing;
use serde_json::{Map, Value};
use toml_edit::{Document, DocumentMut, Item, Table, TableLike};

use super::{
    FileError, NotRead, Stamp, Unreadable,
    file_lock::lock,
    guarded::{read_guarded, read_guarded_text},
    private,
};
use places::Lines;
pub use places::Place;

/// Most bytes of the file. A hundred profiles take some ten thousand.
const MAX_SIZE: u64 = 256 << 10;
/// Most links from where the file is looked for to where it is; systems follow no more.
const MAX_LINKS: usize = 40;

const MARK: &str = "\u{feff}";
const ACTIVE: &str = "active";
const LOCALE: &str = "locale";
const PROFILES: &str = "profiles";
const PROMPTS: &str = "prompts";
const PROXY: &str = "proxy";

/// Where the settings file is. It need not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsFile {
    path: PathBuf,
}

/// What the file says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Profiles {
    /// The profile that is active where nobody chooses another.
    pub active: Option<String>,
    /// The language that the user wants to be told things in, such as `zh-CN`.
    pub locale: Option<String>,
    /// The settings of each profile, as `provider/configure` takes them.
    pub profiles: BTreeMap<String, Map<String, Value>>,
    /// The user's prompts as they stand there, by name.
    pub prompts: BTreeMap<String, Value>,
    /// What it says of this machine's proxy.
    pub proxy: Map<String, Value>,
    /// The paths of members that mean nothing.
    pub unknown: Vec<String>,
    places: BTreeMap<String, Place>,
}

/// One change of a profile: the names from a setting of it down to a member, and the value to set there; none takes it
/// away.
pub type Change = (Vec<String>, Option<Value>);

impl Profiles {
    /// Where a setting of a profile stands, by its path such as `timeouts.connectMs`; where its nearest parent stands
    /// if it has no place of its own.
    pub fn place(&self, profile: &str, path: &str) -> Option<Place> {
        self.place_of(format!("{PROFILES}.{profile}.{path}"))
    }

    /// Where anything of the file stands, by its whole path; where its nearest parent stands if it has no place of its
    /// own.
    pub fn place_of(&self, mut path: String) -> Option<Place> {
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
        Stamp::of(&self.path)
    }

    /// Makes it, with nothing but a hint in it, where there is none.
    ///
    /// # Errors
    /// Where it can't be written.
    pub fn create(&self) -> Result<(), Unreadable> {
        const HINT: &str = "# Settings of litellm-ls: `litellm-ls config --help` tells more.\n\n# active = \"default\"\n\n# \
            [profiles.default]\n# baseUrl = \"http://localhost:4000\"\n# apiKey = \"env:LITELLM_API_KEY\"\n";
        if self.path.exists() {
            return Ok(());
        }
        let _lock = lock(&self.path)?;
        // Once more, for another process may have made it meanwhile.
        if self.path.exists() { Ok(()) } else { self.write(HINT) }
    }

    /// Reads it. A file that is not there says nothing.
    ///
    /// # Errors
    /// Where it can't be read or is no TOML.
    pub fn read(&self) -> Result<Profiles, Unreadable> {
        let text = self.text()?;
        let lines = Lines::of(&text);
        let document = parse(&text)?;
        let mut profiles = Profiles::default();
        let mut places = BTreeMap::new();
        for (name, item) in document.iter() {
            match (name, item.as_str(), item.as_table_like()) {
                (ACTIVE, Some(active), _) => profiles.active = Some(active.to_owned()),
                (LOCALE, Some(locale), _) => profiles.locale = Some(locale.to_owned()),
                (PROFILES, _, Some(_)) => {
                    if let Value::Object(found) = json(item, PROFILES, &lines, &mut places) {
                        for (name, settings) in found {
                            match settings {
                                Value::Object(settings) => drop(profiles.profiles.insert(name, settings)),
                                _ => profiles.unknown.push(format!("{PROFILES}.{name}")),
                            }
                        }
                    }
                }
                (PROMPTS, _, Some(_)) => {
                    if let Value::Object(found) = json(item, PROMPTS, &lines, &mut places) {
                        profiles.prompts.extend(found);
                    }
                }
                (PROXY, _, Some(_)) => {
                    if let Value::Object(found) = json(item, PROXY, &lines, &mut places) {
                        profiles.proxy = found;
                    }
                }
                _ => {
                    if let Some(span) = document.key(name).and_then(toml_edit::Key::span) {
                        places.insert(name.to_owned(), lines.place(span.start));
                    }
                    profiles.unknown.push(name.to_owned());
                }
            }
        }
        profiles.places = places;
        Ok(profiles)
    }

    /// Changes settings of a profile. What stands around them stays as it is, comments too. A reader sees the old file or
    /// the new one, and a kill at any instant leaves one of the two.
    ///
    /// It may wait for another process that edits the file, two seconds at most.
    ///
    /// # Errors
    /// Where it can't be read, is no TOML, can't be written, or has something else where a table would be.
    pub fn edit(&self, profile: &str, changes: &[Change]) -> Result<(), Unreadable> {
        self.change(|document| edit(document, profile, changes))
    }

    /// Changes settings of a profile and makes it the active one, both or neither.
    ///
    /// # Errors
    /// As for [`Self::edit`].
    pub fn edit_and_activate(&self, profile: &str, changes: &[Change]) -> Result<(), Unreadable> {
        self.change(|document| {
            edit(document, profile, changes)?;
            activate(document, profile)
        })
    }

    /// Changes what is said of this machine's proxy.
    ///
    /// # Errors
    /// As for [`Self::edit`].
    pub fn edit_proxy(&self, (path, value): &Change) -> Result<(), Unreadable> {
        self.change(|document| set(child(document.as_table_mut(), "", PROXY)?, PROXY, path, value.as_ref()))
    }

    /// Makes a profile the active one.
    ///
    /// # Errors
    /// As for [`Self::edit`].
    pub fn activate(&self, profile: &str) -> Result<(), Unreadable> {
        self.change(|document| activate(document, profile))
    }

    /// Removes a profile, and says whether there was one.
    ///
    /// # Errors
    /// As for [`Self::edit`].
    pub fn remove(&self, profile: &str) -> Result<bool, Unreadable> {
        let mut removed = false;
        self.change(|document| {
            if let Some(profiles) = document.get_mut(PROFILES).and_then(Item::as_table_like_mut) {
                removed = profiles.remove(profile).is_some();
            }
            if document.get(ACTIVE).and_then(Item::as_str) == Some(profile) {
                document.remove(ACTIVE);
            }
            Ok(())
        })?;
        Ok(removed)
    }

    fn change(
        &self,
        change: impl FnOnce(&mut DocumentMut) -> Result<(), Unreadable>,
    ) -> Result<(), Unreadable> {
        let _lock = lock(&self.path)?;
        let before = self.text()?;
        let mut document = parse(&before)?.into_mut();
        change(&mut document)?;
        let mark = if self.is_marked() { MARK } else { "" };
        self.write(&format!("{mark}{}", with_ends_of(&before, document.to_string())))
    }

    /// Whether a byte order mark stands in front, as some editors of Windows write it.
    fn is_marked(&self) -> bool {
        read_guarded(&self.path, MAX_SIZE).is_ok_and(|bytes| bytes.starts_with(MARK.as_bytes()))
    }

    fn text(&self) -> Result<Zeroizing<String>, NotRead> {
        match read_guarded_text(&self.path, MAX_SIZE) {
            Err(error) if error.is_absent() => Ok(Zeroizing::default()),
            text => text,
        }
    }

    fn write(&self, text: &str) -> Result<(), Unreadable> {
        let target = self.target().map_err(FileError::of("follow the links of", &self.path))?;
        if let Some(folder) = target.parent() {
            private::make_private_folder(folder)?;
        }
        Ok(private::write_private(&target, text)?)
    }

    /// The file behind all links, there or not: a link stays one, for dotfiles are often kept elsewhere.
    fn target(&self) -> io::Result<PathBuf> {
        let mut path = self.path.clone();
        for _ in 0..MAX_LINKS {
            match fs::read_link(&path) {
                Ok(link) => path = path.parent().map_or(link.clone(), |folder| folder.join(&link)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(path),
                Err(_) => return fs::canonicalize(&path),
            }
        }
        Err(io::Error::other("they lead in a circle"))
    }
}

/// A text with the line ends of another, which the writer of TOML knows nothing of.
fn with_ends_of(before: &str, text: String) -> String {
    let ends = before.matches('\n').count();
    match ends > 0 && before.matches("\r\n").count() == ends {
        true => text.replace("\r\n", "\n").replace('\n', "\r\n"),
        false => text,
    }
}

fn parse(text: &str) -> Result<Document<&str>, Unreadable> {
    Document::parse(text).map_err(|error| Unreadable::Syntax {
        // What the parser quotes of the file could be a key.
        reason: error.message().lines().next().unwrap_or("this is no TOML").to_owned(),
        place: Lines::of(text).place(error.span().map_or(text.len(), |span| span.start)),
    })
}

fn edit(document: &mut DocumentMut, profile: &str, changes: &[Change]) -> Result<(), Unreadable> {
    let profiles = child(document.as_table_mut(), "", PROFILES)?;
    let settings = child(profiles, PROFILES, profile)?;
    let above = format!("{PROFILES}.{profile}");
    changes.iter().try_for_each(|(path, value)| set(settings, &above, path, value.as_ref()))
}

fn activate(document: &mut DocumentMut, profile: &str) -> Result<(), Unreadable> {
    if document.get(ACTIVE).is_some_and(|item| !item.is_value()) {
        return Err(Unreadable::NoValue { path: ACTIVE.to_owned() });
    }
    set(document.as_table_mut(), "", &[ACTIVE.to_owned()], Some(&profile.into()))
}

/// A TOML value as JSON, with the places of all that is in it.
fn json(item: &Item, path: &str, lines: &Lines<'_>, places: &mut BTreeMap<String, Place>) -> Value {
    if let Some(table) = item.as_table_like() {
        let members = table.iter().map(|(name, item)| {
            let path = format!("{path}.{name}");
            let span = table.key(name).and_then(toml_edit::Key::span).or_else(|| item.span());
            if let Some(Range { start, .. }) = span {
                places.insert(path.clone(), lines.place(start));
            }
            (name.to_owned(), json(item, &path, lines, places))
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
        // JSON has no such number, and an absent one would be passed over.
        toml_edit::Value::Float(number) if !number.value().is_finite() => number.value().to_string().into(),
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
                toml(value).and_then(|item| table.insert(name, item));
            }
            Item::Table(table)
        }
    })
}

/// The table of this name, made where there is none. What is there and no table stays: it is the user's.
fn child<'a>(
    table: &'a mut dyn TableLike,
    above: &str,
    name: &str,
) -> Result<&'a mut dyn TableLike, Unreadable> {
    let item = table.entry(name).or_insert_with(|| {
        let mut table = Table::new();
        // Its header is written only where something stands right below it.
        table.set_implicit(true);
        Item::Table(table)
    });
    item.as_table_like_mut().ok_or_else(|| Unreadable::NoTable { path: joined(above, name) })
}

fn joined(above: &str, name: &str) -> String {
    if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") }
}

/// Sets or removes what stands at a path of names, and keeps the comments around what was there.
fn set(
    table: &mut dyn TableLike,
    above: &str,
    path: &[String],
    value: Option<&Value>,
) -> Result<(), Unreadable> {
    let [name, rest @ ..] = path else { return Ok(()) };
    if !rest.is_empty() {
        if value.is_some() || table.get(name).is_some_and(Item::is_table_like) {
            set(child(table, above, name)?, &joined(above, name), rest, value)?;
        }
        return Ok(());
    }
    let Some(mut new) = value.and_then(toml) else {
        table.remove(name);
        return Ok(());
    };
    let Some(old) = table.get_mut(name) else {
        table.insert(name, new);
        return Ok(());
    };
    if let (Some(old), Some(new)) = (old.as_value(), new.as_value_mut()) {
        *new.decor_mut() = old.decor().clone();
    }
    *old = new;
    Ok(())
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
        let path = |path: &str| path.split('.').map(str::to_owned).collect::<Vec<_>>();
        let set = |names: &str, value: Value| (path(names), Some(value));
        file.edit(
            "work",
            &[
                set("baseUrl", json!("https://other.example")),
                set("timeouts.idleMs", json!(9)),
                (path("apiKey"), None),
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
    fn what_stands_in_the_place_of_a_table_is_refused_and_stays() {
        let names = |path: &str| path.split('.').map(str::to_owned).collect::<Vec<_>>();
        let profile = "active = \"w\" # mine\n[profiles.w]\nbaseUrl = \"http://one\"\n";
        for (path, place, text) in [
            (
                "model",
                "profiles.w",
                "[[profiles.w]]\napiKey = \"env:WORK\" # of work\n[[profiles.w]]\nmodel = \"m\"\n",
            ),
            ("model", "profiles.w", "[profiles]\nw = \"http://one\" # of work\n"),
            ("model", "profiles", "profiles = [\"a\", \"b\"] # all\n"),
            ("model", "profiles", "[[profiles]]\nname = \"w\"\n"),
            ("timeouts.idleMs", "profiles.w.timeouts", &format!("{profile}timeouts = 5000 # all\n")),
            ("tls.insecure", "profiles.w.tls", &format!("{profile}[[profiles.w.tls]]\ncaFile = \"/x\"\n")),
            (
                "modelOverrides.m.maxTokens",
                "profiles.w.modelOverrides.m",
                &format!("{profile}modelOverrides = {{ m = 1 }}\n"),
            ),
            ("proxy.port", "proxy", "proxy = [1] # one\n"),
            ("proxy.port", "proxy", "[[proxy]]\nport = 1\n"),
            ("active", "active", "[active]\nname = \"w\"\n"),
        ] {
            let (_folder, file) = file(text);
            let done = match path.split_once('.') {
                Some(("proxy", member)) => file.edit_proxy(&(names(member), Some(json!(1)))),
                None if path == "active" => file.edit_and_activate("w", &[]),
                _ => file.edit("w", &[(names(path), Some(json!(1)))]),
            };
            let said = done.expect_err(text).to_string();
            assert!(said.starts_with(&format!("`{place}` ")), "{said} in {text}");
            assert_eq!(fs::read_to_string(file.path()).unwrap(), text);
        }
    }

    #[test]
    fn an_edit_keeps_line_ends_and_the_mark_of_utf8() {
        let set = |model: &str| [(vec!["model".to_owned()], Some(json!(model)))];
        let windows = format!("\u{FEFF}{}", TEXT.replace('\n', "\r\n"));
        for text in [TEXT, &windows, &TEXT.replace('\n', "\r\n"), &format!("\u{FEFF}{TEXT}")] {
            let (_folder, file) = file(text);
            file.edit("work", &set("one")).unwrap();
            file.edit("new", &set("two")).unwrap();
            let edited = fs::read_to_string(file.path()).unwrap();
            assert_eq!(edited.starts_with('\u{FEFF}'), text.starts_with('\u{FEFF}'), "{edited:?}");
            let is_windows = text.contains('\r');
            assert_eq!(edited.replace("\r\n", "").contains(['\r', '\n']), !is_windows, "{edited:?}");
            assert_eq!(edited.contains('\r'), is_windows, "{edited:?}");
            for line in text.lines() {
                assert!(edited.contains(line), "{line} is gone from {edited:?}");
            }
        }
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
        assert_eq!(file.stamp(), Stamp::Absent);
        assert_eq!(file.read().unwrap(), Profiles::default());
        file.edit("p", &[(vec!["headers".to_owned()], Some(json!({"x-a": "1"})))]).unwrap();
        assert_eq!(file.read().unwrap().profiles["p"]["headers"], json!({"x-a": "1"}));
    }

    #[test]
    fn names_with_dots_are_written_as_they_are() {
        let (_folder, file) = file("");
        let overrides = json!({"gpt-4.1": {"contextWindow": 9}, "a.b/c": {"maxTokens": 1}});
        file.edit("p", &[(vec!["modelOverrides".to_owned()], Some(overrides.clone()))]).unwrap();
        assert_eq!(file.read().unwrap().profiles["p"]["modelOverrides"], overrides);
        let member = ["modelOverrides", "gpt-4.1", "maxTokens"].map(str::to_owned).to_vec();
        file.edit("p", &[(member, Some(json!(5)))]).unwrap();
        let read = &file.read().unwrap().profiles["p"]["modelOverrides"];
        assert_eq!(read["gpt-4.1"], json!({"contextWindow": 9, "maxTokens": 5}));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_one_whether_or_not_something_is_behind_it() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let file = SettingsFile::at(folder.path().join("settings.toml"));
        let behind = folder.path().join("dotfiles/litellm.toml");
        symlink("dotfiles/litellm.toml", file.path()).unwrap();
        let set = |model: &str| [(vec!["model".to_owned()], Some(json!(model)))];
        for model in ["first", "second"] {
            file.edit("p", &set(model)).unwrap();
            assert!(fs::symlink_metadata(file.path()).unwrap().is_symlink());
            assert!(fs::read_to_string(&behind).unwrap().contains(model));
        }
        fs::remove_file(file.path()).unwrap();
        symlink(file.path(), file.path()).unwrap();
        assert!(file.edit("p", &set("third")).is_err());
        assert!(matches!(file.read(), Err(Unreadable::NotRead(_))));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_as_file_or_as_lock_is_said_and_waits_for_nobody() {
        for name in ["settings.toml", "settings.lock"] {
            let folder = tempfile::tempdir().unwrap();
            let file = SettingsFile::at(folder.path().join("settings.toml"));
            let made = std::process::Command::new("mkfifo").arg(folder.path().join(name)).status().unwrap();
            assert!(made.success());
            let error = file.edit("p", &[]).unwrap_err().to_string();
            assert!(error.contains("regular file"), "{name}: {error}");
        }
    }

    #[test]
    fn a_file_that_is_too_large_is_refused_and_one_just_below_is_read() {
        let line = "[profiles.p.modelOverrides.\"m0000\"]\ncontextWindow = 100000\n";
        let text = |count: usize| {
            (0..count).map(|number| line.replace("m0000", &format!("m{number:04}"))).collect::<String>()
        };
        let (_folder, large) = file(&text(3_000));
        assert_eq!(large.read().unwrap().profiles["p"]["modelOverrides"].as_object().unwrap().len(), 3_000);
        let (_folder, larger) = file(&text(6_000));
        assert!(larger.read().unwrap_err().to_string().contains("larger than 256 KiB"));
    }
}
