//! Writes what `init` makes: nothing that is there is lost.

use std::{
    ffi::OsString,
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use super::ask;
use crate::{
    cli::output::shown,
    config_yaml::{Assignment, DOTENV},
    store,
};

/// Most older files that are kept beside a new one.
const KEPT: usize = 100;

/// What was written beside the file itself.
pub(super) struct Written {
    /// Where the older file is kept.
    pub(super) kept: Option<PathBuf>,
    /// Whether git leaves `.env` out.
    pub(super) ignored: bool,
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

/// Writes the file and what it needs beside it.
///
/// # Errors
/// Where the file system refuses, or a file has come to be there meanwhile.
pub(super) fn write(
    path: &Path,
    text: &str,
    replaces: bool,
    variables: &[Assignment],
) -> anyhow::Result<Written> {
    let name = shown(&path.to_string_lossy());
    if path.is_dir() {
        bail!("{name} is a folder: name a file in it, such as {name}/config.yaml");
    }
    let kept = if replaces { keep(path)? } else { None };
    // What is secret is written first: a configuration without its key would not start.
    let ignored = !variables.is_empty() && set(path, variables)?;
    let written = OpenOptions::new().write(true).create_new(true).open(path);
    let written = written.and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("{name} can't be written: name a path in a folder of yours"))?;
    Ok(Written { kept, ignored })
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

/// Sets variables in `.env` beside a file, which is then for its owner only, and says whether git leaves it out.
fn set(path: &Path, variables: &[Assignment]) -> anyhow::Result<bool> {
    let beside = path.with_file_name(DOTENV);
    // A link stays one.
    let dotenv = fs::canonicalize(&beside).unwrap_or(beside.clone());
    let mut text = read(&dotenv)?;
    for variable in variables {
        let (range, line) = variable.edit(&text).with_context(|| {
            format!("{} has a quote that is never closed: close it", shown(&dotenv.to_string_lossy()))
        })?;
        text.replace_range(range, &line);
    }
    store::write_private_file(&dotenv, &text)?;
    ignore(&beside)
}

fn read(path: &Path) -> anyhow::Result<String> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error).with_context(|| format!("{} can't be read", shown(&path.to_string_lossy()))),
    }
}

/// Has git leave a `.env` out, where a `.gitignore` beside it or above it does not say so already.
fn ignore(dotenv: &Path) -> anyhow::Result<bool> {
    let absolute = std::path::absolute(dotenv)?;
    for folder in absolute.ancestors().skip(1) {
        if read(&folder.join(".gitignore")).is_ok_and(|text| leaves_out(&text)) {
            return Ok(true);
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    let path = dotenv.with_file_name(".gitignore");
    let before = read(&path)?;
    let end = if before.contains("\r\n") { "\r\n" } else { "\n" };
    let gap = if before.is_empty() || before.ends_with('\n') { "" } else { end };
    let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
    file.write_all(format!("{gap}{DOTENV}{end}").as_bytes())?;
    Ok(true)
}

/// Whether the last word of a `.gitignore` on a `.env` is to leave it out.
fn leaves_out(text: &str) -> bool {
    let of_dotenv = |line: &str| {
        matches!(
            line.trim_start_matches('/').trim_start_matches("**/"),
            ".env" | ".env*" | "*.env" | ".env.*" | ".*" | "*"
        ) && !line.ends_with(".env.*")
    };
    let mut said = text.lines().map(str::trim).filter_map(|line| match line.strip_prefix('!') {
        Some(kept) => of_dotenv(kept).then_some(false),
        None => of_dotenv(line).then_some(true),
    });
    said.next_back().unwrap_or(false)
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
            let written = write(&path, text, true, &[]).unwrap();
            assert_eq!(written.kept, kept.map(|name| folder.path().join(name)));
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(fs::read_to_string(folder.path().join("config.yaml.bak")).unwrap(), "one");
        assert!(write(&path, "four", false, &[]).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
    }

    #[test]
    fn a_dotenv_keeps_what_it_says_and_is_left_out_of_git() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.yaml");
        fs::write(folder.path().join(".env"), "# mine\nOTHER=1").unwrap();
        fs::write(folder.path().join(".gitignore"), "target").unwrap();
        let key = Assignment::new("A_KEY", "sk-x").unwrap();
        let written = write(&path, "text", false, std::slice::from_ref(&key)).unwrap();
        assert!(written.ignored);
        assert_eq!(fs::read_to_string(folder.path().join(".env")).unwrap(), "# mine\nOTHER=1\nA_KEY=sk-x\n");
        assert_eq!(fs::read_to_string(folder.path().join(".gitignore")).unwrap(), "target\n.env\n");
        write(&path, "text", true, &[key]).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join(".gitignore")).unwrap(), "target\n.env\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join(".env")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
