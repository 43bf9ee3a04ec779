//! Messages of commits: what models set around one, and what git would leave out of it.

use super::place::Place;

/// LSP's identifiers, and those of editors.
const LANGUAGES: [&str; 3] = ["git-commit", "gitcommit", "scminput"];
/// How what stands above a message ends, in small letters: `Here is a commit message:`.
const LABEL: &str = "message";
/// What the parts of a message are called, in small letters.
const PARTS: [&str; 5] = ["subject", "title", "summary", "body", "description"];
/// What a subject stands between.
const MARKS: [&str; 4] = ["**", "`", "\"", "'"];

const LEFT_OUT: &str = "git leaves out lines that begin with `#`";
const CHOICE: &str = "the answer offers several messages";
const COMMAND: &str = "the answer is a command and not the message alone";
/// What models say before a message that is to be committed at once.
const COMMIT: &str = "git commit -m ";

/// A message without labels, without the command that would commit it, and without marks around its subject. None where it
/// has none of these.
pub(super) fn bare(said: &str, place: Place<'_>) -> Option<String> {
    if !LANGUAGES.contains(&place.language()) {
        return None;
    }
    let said = said.trim();
    let (first, below) = said.split_once('\n').unwrap_or((said, ""));
    let (subject, body) = (first.trim(), below.trim());
    let label = subject.trim_matches(['*', '#', '_', ':', ' ']);
    let is_marked = subject.ends_with([':', '*', '_']) || subject.starts_with('#');
    if is_marked && label.to_lowercase().ends_with(LABEL) && !body.is_empty() {
        return Some(body.to_owned());
    }
    if let Some(subject) = without_name(subject) {
        let body = without_name(body).unwrap_or(body);
        return Some([subject, if body.is_empty() { "" } else { "\n\n" }, body].concat());
    }
    if let Some(message) = subject.strip_prefix(COMMIT).filter(|_| body.is_empty()) {
        return between(message, "\"").or_else(|| between(message, "'")).map(str::to_owned);
    }
    let bare = MARKS.iter().find_map(|mark| between(subject, mark))?;
    Some([bare, &said[first.trim_end().len()..]].concat())
}

/// What stands between two marks, and has none itself.
fn between<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.strip_prefix(mark)?.strip_suffix(mark).filter(|text| !text.is_empty() && !text.contains(mark))
}

/// A part of a message without its name. None where it has none.
fn without_name(part: &str) -> Option<&str> {
    let (name, rest) = part.split_once(':')?;
    let name = name.trim_matches(['*', ' ']).to_lowercase();
    PARTS.contains(&&*name).then(|| rest.trim_start_matches('*').trim())
}

/// Why a message may not be what its commit would say.
pub(super) fn doubt(said: &str, place: Place<'_>) -> Option<&'static str> {
    let is_option = |line: &&str| {
        let line = line.trim_start_matches(['*', '#', ' ']).to_lowercase();
        line.strip_prefix("option ")
            .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
    };
    match LANGUAGES.contains(&place.language()) {
        true if said.starts_with("git commit ") => Some(COMMAND),
        true if said.lines().filter(is_option).count() > 1 => Some(CHOICE),
        true if said.lines().any(|line| line.starts_with('#')) && !place.selection.contains('#') => {
            Some(LEFT_OUT)
        }
        _ => None,
    }
}
