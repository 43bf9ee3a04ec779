//! Writes what `init` makes: nothing that is there is lost.

use std::{
    ffi::OsString,
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow, bail};

use super::{ask, git};
use crate::{
    cli::output::shown,
    config_yaml::{Assignment, DOTENV, DotEnv, LONGEST},
    store::{self, FileError},
};

/// Most older files that are kept beside a new one.
const KEPT: usize = 100;

/// What was written beside the file itself.
pub(super) struct Written {
    /// Where the older file is kept.
    pub(super) kept: Option<PathBuf>,
    /// The variables that `.env` sets now. One that another has set meanwhile keeps its value.
    pub(super) set: Vec<String>,
    /// The variables that `.env` had set to another value, which stays.
    pub(super) stayed: Vec<String>,
    /// Whether git holds `.env` already, so that no `.gitignore` keeps it out.
    pub(super) is_tracked: bool,
}

/// Refuses what can be no configuration, before anything is asked or written.
///
/// # Errors
/// Where the path names no file that ends in `.yaml` or `.yml`, or a folder that is not there.
pub(super) fn refuse_path(path: &Path) -> anyhow::Result<()> {
    let name = shown(&path.to_string_lossy());
    if path.is_dir() {
        bail!(
            "{name} is a folder: name a file in it, such as {}",
            shown(&path.join("config.yaml").to_string_lossy())
        );
    }
    let is_yaml = path
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("yaml") || end.eq_ignore_ascii_case("yml"));
    if !is_yaml || path.to_string_lossy().ends_with(['/', '\\']) {
        bail!("{name} is no name of a configuration: name a file that ends in .yaml, such as config.yaml");
    }
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            let folder = shown(&folder.to_string_lossy());
            bail!("there is no folder {folder}: make it, or name a path in one that is there")
        }
        _ => Ok(()),
    }
}

/// Refuses to write over a file.
///
/// # Errors
/// Where one is there.
pub(super) fn refuse_existing(path: &Path) -> anyhow::Result<()> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let name = shown(&path.to_string_lossy());
    bail!("{name} is there already: name another path, or say --force, which keeps it as {name}.bak")
}

/// Asks whether a file may be written over, where one is there.
///
/// # Errors
/// Where it may not.
pub(super) fn may_replace(path: &Path) -> anyhow::Result<bool> {
    if path.symlink_metadata().is_err() {
        return Ok(false);
    }
    let name = shown(&path.to_string_lossy());
    if ask::yes(&format!("{name} is there already. Write a new one, and keep it as {name}.bak?"), false)? {
        return Ok(true);
    }
    bail!("nothing was written: name another path")
}

/// Writes the file and what it needs beside it. All that is needed is read first, and where the file can't be written,
/// the older one is put back. Of several at once each does all of this before the next one begins, by a lock of this name;
/// where there is none to be had, it is done all the same.
///
/// # Errors
/// Where the file system refuses, or a file has come to be there meanwhile.
pub(super) fn write(
    path: &Path,
    text: &str,
    replaces: bool,
    variables: &[Assignment],
    lock: Option<&Path>,
) -> anyhow::Result<Written> {
    let _lock = lock.and_then(|name| store::lock(name).ok());
    if !replaces {
        refuse_existing(path)?;
    }
    let secrets = if variables.is_empty() { None } else { Some(Secrets::of(path, variables)?) };
    let kept = if replaces { keep(path)? } else { None };
    // What is secret is written first: a configuration without its key would not start.
    let written = secrets.as_ref().map_or(Ok(()), Secrets::write).and_then(|()| create(path, text));
    if let Err(error) = written {
        if let Some(kept) = kept.filter(|_| path.symlink_metadata().is_err()) {
            fs::rename(&kept, path)
                .with_context(|| format!("what was there is kept in {}", shown(&kept.to_string_lossy())))?;
        }
        return Err(error);
    }
    let is_tracked = secrets.as_ref().is_some_and(|secrets| secrets.is_tracked);
    let (set, stayed) = secrets.map(|secrets| (secrets.set, secrets.stayed)).unwrap_or_default();
    Ok(Written { kept, set, stayed, is_tracked })
}

fn create(path: &Path, text: &str) -> anyhow::Result<()> {
    let failed = |cause| FileError { attempt: "write", path: path.to_owned(), cause };
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
    if let Err(cause) = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()) {
        // A part of it would be no configuration, and in the way of the next one.
        let _ = fs::remove_file(path);
        return Err(failed(cause).into());
    }
    Ok(())
}

/// Moves a file out of the way, under the first name that none has.
fn keep(path: &Path) -> anyhow::Result<Option<PathBuf>> {
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let named = |number: usize| {
        let mut name = OsString::from(path);
        name.push(if number == 0 { ".bak".to_owned() } else { format!(".bak{number}") });
        PathBuf::from(name)
    };
    let free = (0..KEPT).map(named).find(|name| name.symlink_metadata().is_err());
    let Some(free) = free else {
        bail!("{} has {KEPT} older files beside it: remove some", shown(&path.to_string_lossy()))
    };
    fs::rename(path, &free).with_context(|| format!("{} can't be kept", shown(&path.to_string_lossy())))?;
    Ok(Some(free))
}

/// Variables on their way into `.env` beside a file.
struct Secrets {
    dotenv: PathBuf,
    text: String,
    gitignore: PathBuf,
    /// What `.gitignore` beside it has to say too. Empty where it leaves `.env` out.
    ignored: String,
    is_tracked: bool,
    /// The names of the variables, and of those that stay as they are.
    set: Vec<String>,
    stayed: Vec<String>,
}

impl Secrets {
    fn of(path: &Path, variables: &[Assignment]) -> anyhow::Result<Self> {
        let beside = path.with_file_name(DOTENV);
        let dotenv = here(&beside)?;
        let text = String::from_utf8(read(&dotenv)?);
        let mut text = text.map_err(|_| {
            anyhow!(
                "{} is not UTF-8: save it as UTF-8, then run this again",
                shown(&dotenv.to_string_lossy())
            )
        })?;
        let before = DotEnv::read(&text);
        let stayed = variables.iter().filter(|variable| variable.differs_from(&before));
        let stayed = stayed.map(|variable| variable.name().to_owned()).collect();
        let new: Vec<&Assignment> =
            variables.iter().filter(|variable| before.given(variable.name()).is_none()).collect();
        for variable in &new {
            let (range, line) = variable.edit(&text).with_context(|| {
                format!("{} has a quote that is never closed: close it", shown(&dotenv.to_string_lossy()))
            })?;
            text.replace_range(range, &line);
        }
        // The one beside it has the last word in git, whatever those above say.
        let gitignore = here(&path.with_file_name(".gitignore"))?;
        if path.with_file_name(".gitignore").is_symlink() {
            bail!(
                "{} is a link, which git does not read: put a file in its place, then run this again",
                shown(&path.with_file_name(".gitignore").to_string_lossy())
            );
        }
        let before = read(&gitignore)?;
        let before = String::from_utf8_lossy(&before);
        let end = if before.contains("\r\n") { "\r\n" } else { "\n" };
        let gap = if before.is_empty() || before.ends_with('\n') { "" } else { end };
        let ignored = if leaves_out(&before) { String::new() } else { format!("{gap}{DOTENV}{end}") };
        let is_tracked = git::holds(&std::path::absolute(&beside)?);
        let set = new.iter().map(|variable| variable.name().to_owned()).collect();
        Ok(Self { dotenv, text, gitignore, ignored, is_tracked, set, stayed })
    }

    fn write(&self) -> anyhow::Result<()> {
        if !self.ignored.is_empty() {
            let file = OpenOptions::new().create(true).append(true).open(&self.gitignore);
            file.and_then(|mut file| file.write_all(self.ignored.as_bytes())).with_context(|| {
                format!(
                    "{} can't be written: see who may write there",
                    shown(&self.gitignore.to_string_lossy())
                )
            })?;
        }
        Ok(store::write_private_file(&self.dotenv, &self.text)?)
    }
}

/// The file that a name leads to, where it is one of this folder: a folder that somebody else filled may lead a key anywhere
/// else.
fn here(path: &Path) -> anyhow::Result<PathBuf> {
    let Ok(real) = fs::canonicalize(path) else {
        if path.is_symlink() {
            bail!("{} is a link to nothing: remove it, then run this again", shown(&path.to_string_lossy()));
        }
        return Ok(path.to_owned());
    };
    let folder = std::path::absolute(path)?;
    let folder = folder.parent().and_then(|folder| fs::canonicalize(folder).ok());
    if real.parent() != folder.as_deref() {
        bail!(
            "{} is a link to {}: put a file of this folder in its place, then run this again",
            shown(&path.to_string_lossy()),
            shown(&real.to_string_lossy())
        );
    }
    Ok(real)
}

/// A file's bytes, none where there is no file.
fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    match store::read_regular(path, LONGEST) {
        Ok(bytes) => Ok(bytes.to_vec()),
        Err(error) if error.is_absent() => Ok(Vec::new()),
        Err(error) => Err(anyhow!("{error}: move it out of the way")),
    }
}

/// Whether the last word of a `.gitignore` on a `.env` is surely to leave it out. A line that takes something back in may
/// mean it, whatever its pattern.
fn leaves_out(text: &str) -> bool {
    let is_of_dotenv = |line: &str| {
        let line = line.strip_prefix('/').unwrap_or(line);
        matches!(line.strip_prefix("**/").unwrap_or(line), ".env" | ".env*" | "*.env" | ".*" | "*")
    };
    // Blanks before a pattern are a part of it.
    let lines = text.lines().map(|line| line.trim_end_matches(' '));
    let mut said = lines.filter(|line| line.starts_with('!') || is_of_dotenv(line));
    said.next_back().is_some_and(|last| !last.starts_with('!'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_a_gitignore_counts() {
        for (text, left_out) in [
            ("", false),
            (".env\n", true),
            ("target\n/.env\n", true),
            ("*.env\r\n", true),
            (".env\n!.env\n", false),
            (".env.local\n.env.*\n", false),
            ("# .env\n", false),
            (" .env\n", false),
            (".env\t\n", false),
            (".env  \n", true),
            ("//.env\n", false),
            ("!.env\n/**/.env\n", true),
            (".env\n!**\n", false),
            (".env\n!.e*\n", false),
            (".env\n!*env\n", false),
            (".env\n!.en[v]\n", false),
            (".env\n!\\.env\n", false),
            (".env\n!.??v\n", false),
            (".env*\n!.env.example\n", false),
            (".env*\n!.env.example\n.env\n", true),
        ] {
            assert_eq!(leaves_out(text), left_out, "{text:?}");
        }
    }

    #[test]
    fn what_is_there_is_kept_under_a_new_name_each_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.yaml");
        for (text, kept) in
            [("one", None), ("two", Some("config.yaml.bak")), ("three", Some("config.yaml.bak1"))]
        {
            let written = write(&path, text, true, &[], None).unwrap();
            assert_eq!(written.kept, kept.map(|name| folder.path().join(name)));
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(fs::read_to_string(folder.path().join("config.yaml.bak")).unwrap(), "one");
        assert!(write(&path, "four", false, &[], None).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
    }

    #[test]
    fn of_twelve_at_once_each_keeps_what_the_one_before_wrote() {
        const COUNT: usize = 12;
        let folder = tempfile::tempdir().unwrap();
        let (path, lock) = (folder.path().join("config.yaml"), folder.path().join("state/init"));
        let names: Vec<String> = (0..COUNT).map(|number| format!("KEY_{number}")).collect();
        std::thread::scope(|scope| {
            for name in &names {
                let variables = [name, "SHARED"].map(|set| Assignment::new(set, name).unwrap());
                let (path, lock) = (&path, &lock);
                scope.spawn(move || write(path, name, true, &variables, Some(lock)).unwrap());
            }
        });
        let kept = (0..COUNT - 1).map(|number| match number {
            0 => "config.yaml.bak".to_owned(),
            number => format!("config.yaml.bak{number}"),
        });
        let files = kept.chain(["config.yaml".to_owned()]).map(|name| folder.path().join(name));
        let mut texts: Vec<String> = files.map(|file| fs::read_to_string(file).unwrap()).collect();
        let first = texts[0].clone();
        texts.sort();
        let mut all = names.clone();
        all.sort();
        assert_eq!(texts, all, "each is there once and whole");
        let dotenv = DotEnv::read(&fs::read_to_string(folder.path().join(".env")).unwrap());
        assert!(names.iter().all(|name| dotenv.get(name) == Some(name)));
        assert_eq!(dotenv.get("SHARED"), Some(&*first), "the first to set it has set it");
        assert_eq!(fs::read_to_string(folder.path().join(".gitignore")).unwrap(), ".env\n");
        // Without --force one writes, and the others say so.
        let other = folder.path().join("other.yaml");
        let written: Vec<bool> = std::thread::scope(|scope| {
            let begun: Vec<_> =
                (0..COUNT).map(|_| scope.spawn(|| write(&other, "text", false, &[], Some(&lock)))).collect();
            begun
                .into_iter()
                .map(|one| match one.join().unwrap() {
                    Ok(_) => true,
                    Err(error) => {
                        assert!(error.to_string().contains("is there already"), "{error}");
                        false
                    }
                })
                .collect()
        });
        assert_eq!(written.iter().filter(|written| **written).count(), 1);
    }

    #[test]
    fn nothing_is_half_done_where_something_can_not_be_read() {
        let key = Assignment::new("A_KEY", "sk-x").unwrap();
        for (name, bytes) in [(".env", Some(&b"# caf\xe9\n"[..])), (".env", None), (".gitignore", None)] {
            let folder = tempfile::tempdir().unwrap();
            let (path, odd) = (folder.path().join("config.yaml"), folder.path().join(name));
            fs::write(&path, "mine").unwrap();
            match bytes {
                Some(bytes) => fs::write(&odd, bytes).unwrap(),
                None => fs::create_dir(&odd).unwrap(),
            }
            assert!(write(&path, "new", true, std::slice::from_ref(&key), None).is_err(), "{name}");
            assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "{name}");
        }
        // Git reads no such link.
        #[cfg(unix)]
        {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("ignored"), "").unwrap();
            std::os::unix::fs::symlink("ignored", folder.path().join(".gitignore")).unwrap();
            let path = folder.path().join("config.yaml");
            assert!(write(&path, "new", false, std::slice::from_ref(&key), None).is_err());
            assert!(!path.exists() && !folder.path().join(".env").exists());
        }
        // A folder that somebody else filled may lead a key elsewhere.
        #[cfg(unix)]
        for name in [".env", ".gitignore"] {
            for target in ["file", "nothing"] {
                let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
                let file = elsewhere.path().join("file");
                fs::write(&file, "A=1\n").unwrap();
                std::os::unix::fs::symlink(elsewhere.path().join(target), folder.path().join(name)).unwrap();
                let path = folder.path().join("config.yaml");
                let error = write(&path, "new", false, std::slice::from_ref(&key), None).err().unwrap();
                assert!(error.to_string().contains("is a link to "), "{error}");
                assert_eq!(fs::read_to_string(&file).unwrap(), "A=1\n");
                assert!(!path.exists());
            }
        }
        // What no program reads as text is kept as it is.
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".gitignore"), b"# caf\xe9\n").unwrap();
        write(&folder.path().join("config.yaml"), "new", false, &[key], None).unwrap();
        assert_eq!(fs::read(folder.path().join(".gitignore")).unwrap(), b"# caf\xe9\n.env\n");
    }

    #[test]
    fn only_a_configuration_in_a_folder_that_is_there_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| refuse_path(&folder.path().join(name)).is_ok();
        for name in [".env", ".gitignore", "main.rs", "x/", "", "none/config.yaml", ".yaml", "config.yaml/"] {
            assert!(!at(name), "{name}");
        }
        assert!(at("config.yaml") && at("my config.YML"));
    }

    #[test]
    fn a_dotenv_keeps_what_it_says_and_is_left_out_of_git() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.yaml");
        fs::write(folder.path().join(".env"), "# mine\nOTHER=1").unwrap();
        fs::write(folder.path().join(".gitignore"), "target").unwrap();
        let key = Assignment::new("A_KEY", "sk-x").unwrap();
        let written = write(&path, "text", false, std::slice::from_ref(&key), None).unwrap();
        assert!(!written.is_tracked);
        assert_eq!(fs::read_to_string(folder.path().join(".env")).unwrap(), "# mine\nOTHER=1\nA_KEY=sk-x\n");
        assert_eq!(fs::read_to_string(folder.path().join(".gitignore")).unwrap(), "target\n.env\n");
        write(&path, "text", true, &[key], None).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join(".gitignore")).unwrap(), "target\n.env\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join(".env")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
