//! A log, fit to be shown: no colours, no empty lines, no secrets.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::home::Home;
use super::secrets::known_secrets;
use crate::masking::redact;

/// As much of a log as is read, in bytes: a traceback of a few dozen lines.
const READ: u64 = 16 * 1024;
/// As many lines as are shown.
const LINES: usize = 12;

/// The last lines that say something, at most twelve. Empty where the log cannot be read.
pub(super) fn tail(path: &Path, secrets: &[String]) -> Vec<String> {
    let text = read_end(path).unwrap_or_default();
    let mut lines = shown(&text, secrets);
    lines.drain(..lines.len().saturating_sub(LINES));
    lines
}

/// Most bytes that are read of a log at once.
const AT_ONCE: u64 = 64 * 1024;

/// A piece of a log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Logged {
    /// Its whole lines, fit to be shown.
    pub lines: Vec<String>,
    /// Where the next piece begins.
    pub next: u64,
}

/// What the proxy that runs, or the last one, has printed from a place on; without one, the last lines. A log that is
/// shorter than the place is a new one, and read from its beginning. `beside` are the variables of its `.env`.
pub fn logged(home: &Home, from: Option<u64>, beside: &[(String, String)]) -> Logged {
    let secrets = known_secrets(home.key().as_deref(), beside, home.surroundings());
    // None to be read is an empty one.
    piece(&home.log(), from, &secrets).unwrap_or_default()
}

fn piece(path: &Path, from: Option<u64>, secrets: &[String]) -> std::io::Result<Logged> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let start = match from {
        Some(from) if from <= length => from,
        Some(_) => 0,
        None => length.saturating_sub(READ),
    };
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(AT_ONCE).read_to_end(&mut bytes)?;
    // A line without an end is being written, unless it is longer than any.
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map(|end| end + 1);
    let whole = whole.unwrap_or(if bytes.len() as u64 == AT_ONCE { bytes.len() } else { 0 });
    bytes.truncate(whole);
    let next = start + bytes.len() as u64;
    if from.is_none() && start > 0 {
        drop_first_line(&mut bytes);
    }
    Ok(Logged { lines: shown(&String::from_utf8_lossy(&bytes), secrets), next })
}

/// The lines that say something.
fn shown(text: &str, secrets: &[String]) -> Vec<String> {
    let lines = text.lines().map(|line| redact(&without_colours(line), secrets));
    lines.filter(|line| line.contains(char::is_alphanumeric)).collect()
}

fn read_end(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(READ)))?;
    let mut bytes = Vec::new();
    file.take(READ).read_to_end(&mut bytes)?;
    if length > READ {
        drop_first_line(&mut bytes);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Drops a line that may have lost its beginning, and with it the sign that a secret follows.
fn drop_first_line(bytes: &mut Vec<u8>) {
    let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1);
    bytes.drain(..end);
}

/// Drops escape sequences like `ESC [ 3 1 m`, and other control characters.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.find(char::is_ascii_alphabetic);
        } else if character == '\t' || !character.is_control() {
            plain.push(character);
        }
    }
    plain.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn colours_and_ornaments_are_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("proxy.log");
        fs::write(&path, "\u{1b}[1;37m#-----#\u{1b}[0m\n\n   ██╗  \n\u{1b}[32m    demo\u{1b}[0m\r\nlast  \n")
            .unwrap();
        assert_eq!(tail(&path, &[]), ["    demo", "last"]);
    }

    #[test]
    fn a_long_log_gives_its_last_whole_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("proxy.log");
        let line = "x".repeat(3000);
        fs::write(&path, format!("{line}\n").repeat(20)).unwrap();
        let lines = tail(&path, &[]);
        assert_eq!(lines.len(), 5);
        assert!(lines.iter().all(|shown| *shown == line));
        fs::write(&path, "y\n".repeat(20)).unwrap();
        assert_eq!(tail(&path, &[]).len(), LINES);
        assert!(tail(&folder.path().join("none"), &[]).is_empty());
    }

    #[test]
    fn a_log_is_followed_line_by_line_and_anew_where_it_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("proxy.log");
        fs::write(&path, "one\ntwo api_key: abcdefgh\nthr").unwrap();
        let first = piece(&path, None, &[]).unwrap();
        assert_eq!(first.lines, ["one", "two api_key: …"]);
        fs::write(&path, "one\ntwo api_key: abcdefgh\nthree\n").unwrap();
        let second = piece(&path, Some(first.next), &[]).unwrap();
        assert_eq!(second.lines, ["three"]);
        assert_eq!(
            piece(&path, Some(second.next), &[]).unwrap(),
            Logged { next: second.next, ..Logged::default() }
        );
        fs::write(&path, "new\n").unwrap();
        assert_eq!(
            piece(&path, Some(second.next), &[]).unwrap(),
            Logged { lines: vec!["new".into()], next: 4 }
        );
    }
}
