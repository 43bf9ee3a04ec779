//! The end of a log, fit to be shown: no colours, no empty lines, no secrets.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::masking::redact;

/// As much of a log as is read, in bytes: a traceback of a few dozen lines.
const READ: u64 = 16 * 1024;
/// As many lines as are shown.
const LINES: usize = 12;

/// The last lines that say something, at most twelve. Empty where the log cannot be read.
pub(super) fn tail(path: &Path, secrets: &[String]) -> Vec<String> {
    let text = read_end(path).unwrap_or_default();
    let mut lines: Vec<String> = text
        .lines()
        .map(|line| redact(&without_colours(line), secrets))
        .filter(|line| line.contains(char::is_alphanumeric))
        .collect();
    lines.drain(..lines.len().saturating_sub(LINES));
    lines
}

fn read_end(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(READ)))?;
    let mut bytes = Vec::new();
    file.take(READ).read_to_end(&mut bytes)?;
    if length > READ {
        // The first line may have lost its beginning, and with it the sign that a secret follows.
        let whole = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1);
        bytes.drain(..whole);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
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
}
