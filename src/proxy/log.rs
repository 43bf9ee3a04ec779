//! The end of a log, fit to be shown: no colours, no empty lines, no secrets.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// As much of a log as is read, in bytes: a traceback of a few dozen lines.
const READ: u64 = 16 * 1024;
/// As many lines as are shown.
const LINES: usize = 12;
/// Stands for a secret.
const MASK: &str = "…";

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

/// Masks the known secrets, every word that looks like a key, and what is said to be one.
pub(crate) fn redact(line: &str, secrets: &[String]) -> String {
    let known = secrets.iter().fold(line.to_owned(), |line, secret| line.replace(secret, MASK));
    let mut shown = String::with_capacity(known.len());
    let mut rest = known.as_str();
    let mut introduced = Introduced::No;
    while let Some(start) = rest.find(is_word) {
        let (between, from_word) = rest.split_at(start);
        let (word, after) = from_word.split_at(from_word.find(|c| !is_word(c)).unwrap_or(from_word.len()));
        let is_secret = looks_like_key(word) || introduced.covers(between);
        shown.push_str(between);
        shown.push_str(if is_secret { MASK } else { word });
        introduced = Introduced::by(word);
        rest = after;
    }
    shown + rest
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || "-_./+".contains(character)
}

fn looks_like_key(word: &str) -> bool {
    word.len() >= 8 && ["sk-", "AIza", "gsk_", "hf_", "xai-"].iter().any(|prefix| word.starts_with(prefix))
}

/// Whether what goes by this name is a secret: `api_key`, `GITHUB_TOKEN`.
pub(super) fn names_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["key", "token", "secret", "password"].iter().any(|ending| name.ends_with(ending))
}

/// Whether the word before says that a secret follows.
enum Introduced {
    No,
    /// By a name, if a colon or an equals sign follows it: `api_key: `.
    Name,
    /// Whatever follows: `Bearer `.
    Any,
}

impl Introduced {
    fn by(word: &str) -> Introduced {
        if word.eq_ignore_ascii_case("bearer") {
            Introduced::Any
        } else if names_secret(word) {
            Introduced::Name
        } else {
            Introduced::No
        }
    }

    fn covers(&self, between: &str) -> bool {
        match self {
            Introduced::No => false,
            Introduced::Name => between.contains([':', '=']),
            Introduced::Any => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn secrets_are_masked_and_the_rest_is_kept() {
        let secrets = ["c4n/ary+=".to_owned()];
        for (line, shown) in [
            ("the key is c4n/ary+= here", "the key is … here"),
            ("Received=sk-1234567890abcdef.", "Received=…"),
            ("{'api_key': 'plain words', 'model': 'gpt'}", "{'api_key': '… words', 'model': 'gpt'}"),
            ("api_key=\"abc\", password : xyz", "api_key=\"…\", password : …"),
            ("Authorization: Bearer abc.def", "Authorization: Bearer …"),
            ("KeyError: 'model'", "KeyError: 'model'"),
            ("No api key passed in", "No api key passed in"),
            ("expected to start with 'sk-'", "expected to start with 'sk-'"),
            ("key, value", "key, value"),
            ("", ""),
            ("日本語 key: 値 終", "日本語 key: … 終"),
        ] {
            assert_eq!(redact(line, &secrets), shown, "{line}");
        }
    }

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
