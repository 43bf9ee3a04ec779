//! What a failing key command says, without what could be a key.

use crate::masking::redact;

/// What stands for what could be a key.
const MASK: &str = "…";
/// Words before which, or before `:` or `=` behind which, no key stands however short it is.
const NAMES: &[&str] = &[
    "key",
    "token",
    "secret",
    "password",
    "passphrase",
    "passwd",
    "pin",
    "credential",
    "bearer",
    "got",
    "value",
];
/// Words that stand behind such names in ordinary sentences.
const PLAIN: &[&str] = &[
    "a",
    "doesn",
    "isn",
    "wasn",
    "couldn",
    "able",
    "and",
    "are",
    "as",
    "at",
    "available",
    "be",
    "by",
    "can",
    "can't",
    "cannot",
    "chain",
    "command",
    "could",
    "couldn't",
    "denied",
    "does",
    "doesn't",
    "entry",
    "error",
    "expired",
    "failed",
    "file",
    "for",
    "found",
    "from",
    "given",
    "had",
    "has",
    "have",
    "helper",
    "in",
    "into",
    "invalid",
    "is",
    "isn't",
    "it",
    "item",
    "locked",
    "manager",
    "may",
    "missing",
    "must",
    "name",
    "nor",
    "not",
    "of",
    "on",
    "or",
    "provided",
    "refused",
    "rejected",
    "required",
    "ring",
    "service",
    "set",
    "should",
    "store",
    "that",
    "the",
    "this",
    "timed",
    "to",
    "unavailable",
    "unknown",
    "unset",
    "was",
    "wasn't",
    "were",
    "when",
    "where",
    "with",
    "wrong",
    "you",
    "your",
];

/// A line without what the command was given and what it printed, where a key is; and without words that could be a key:
/// those that are introduced as one, stand between quotation marks, or behind `=` or `:` without a blank; and long ones
/// of letters and digits mixed. Paths and names are made of shorter parts, and sentences of plain words.
pub(super) fn without_keys(line: &str, arguments: &[String], printed: &str) -> String {
    let known: Vec<&str> =
        words(printed).chain(arguments.iter().flat_map(|argument| given(argument))).collect();
    let line = redact(line, arguments);
    // Long ones may be part of another word.
    let line =
        words(printed).filter(|word| word.len() >= 4).fold(line, |line, word| line.replace(word, MASK));
    let mut shown = String::with_capacity(line.len());
    let mut rest = line.as_str();
    let mut before = "";
    while let Some(start) = rest.find(is_inside) {
        let (between, from_word) = rest.split_at(start);
        let (word, after) = from_word.split_at(from_word.find(|c| !is_inside(c)).unwrap_or(from_word.len()));
        let stated = is_stated(between, after) || is_introduced(before, between, word);
        shown.push_str(between);
        match word.split_once('=') {
            Some((name, value)) if !stated && !value.is_empty() && !could_be_key(name) => {
                shown.extend([name, "=", MASK]);
            }
            _ => {
                let bare = word.trim_end_matches(['.', '-']);
                let is_known = known.contains(&bare) && !PLAIN.contains(&bare);
                let is_key = stated || is_known || word.split(['.', '=']).any(could_be_key);
                shown.push_str(if is_key { MASK } else { word });
            }
        }
        (before, rest) = (word, after);
    }
    shown + rest
}

fn is_inside(letter: char) -> bool {
    letter.is_alphanumeric() || "-_+=.~’".contains(letter)
}

/// The words of a text that could be a key, or part of one.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| letter.is_whitespace() || "=:\"',;".contains(letter))
        .filter(|word| word.len() >= 3)
}

/// The words of an argument that could be a key: its value, or what is no plain word of a script.
fn given(argument: &str) -> impl Iterator<Item = &str> {
    let is_script = argument.contains(char::is_whitespace);
    let value = argument.split_once('=').filter(|_| !is_script).map_or(argument, |(_, value)| value);
    words(value).filter(move |word| !is_script || !word.chars().all(char::is_lowercase))
}

/// Whether a word stands alone between quotation marks, or behind a colon without a blank.
fn is_stated(between: &str, after: &str) -> bool {
    let quoted = ['"', '\''].iter().any(|&mark| between.ends_with(mark) && after.starts_with(mark));
    let is_path = between.ends_with("://") || after.starts_with(['/', ':']);
    quoted || (between == ":" && !is_path)
}

/// Whether a word is said to be a key by the one before it.
fn is_introduced(before: &str, between: &str, word: &str) -> bool {
    let before = before.to_lowercase();
    let is_named = NAMES.iter().any(|name| before.ends_with(name));
    let stays = between.chars().all(|letter| " \t:'\"".contains(letter));
    let word = word.to_lowercase();
    let word = word.trim_end_matches(['.', '-']);
    let is_plain = PLAIN.contains(&word) || NAMES.contains(&word);
    is_named && stays && !is_plain
}

fn could_be_key(part: &str) -> bool {
    const SHORTEST: usize = 12;
    part.len() >= SHORTEST
        && (part.contains(|letter: char| letter.is_ascii_digit()) || has_capitals_within(part))
        && part.contains(char::is_alphabetic)
}

/// Whether capitals and small letters take turns more often than in names.
fn has_capitals_within(word: &str) -> bool {
    let letters: Vec<bool> = word.chars().filter(|c| c.is_alphabetic()).map(char::is_uppercase).collect();
    let turns = letters.windows(2).filter(|pair| pair[0] != pair[1]).count();
    letters.len() >= 16 && turns * 3 > letters.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        without_keys(line, &["read".into(), "pass=swordfish".into()], "printed-key\nabc\n")
    }

    #[test]
    fn a_key_of_any_shape_is_masked() {
        for key in [
            "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "AbCdEfGhIjKlMnOpQrStUvWx",
            "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
            "a1b2c3d4-e5f6-7890-abcd-ef0123456789",
            "ya29.a0AfH6SMBx1234567890",
            "printed-key",
            "abc",
            "swordfish",
            "hunter",
            "correcthorsebatterystaple",
        ] {
            for line in [
                format!("bad token {key}!"),
                format!("key={key}"),
                format!("the password is wrong: pass:{key}"),
                format!("'{key}' is refused"),
                format!("passphrase: {key}"),
                format!("got \"{key}\""),
                format!("API key {key} has expired."),
            ] {
                let shown = shown(&line);
                assert!(!shown.contains(key), "{line}: {shown}");
            }
        }
    }

    #[test]
    fn ordinary_messages_stay_useful() {
        for line in [
            "error: you are not currently signed in. Run `op signin --account work`",
            "/usr/local/lib/pass: authentication-required (HTTP 401)",
            "gpg: decryption failed: No secret key",
            "Unrecognized configuration parameter: credentialHelper",
            "the token has expired: sign in again at https://vault.example.com:8200/ui",
            "no password found in the key ring for this service",
            "the secret was not found",
            "sh: 1: op: not found",
            "error: the key file is missing",
        ] {
            assert_eq!(shown(line), line);
        }
        assert_eq!(shown("can't read abc"), "can't … …");
    }
}
