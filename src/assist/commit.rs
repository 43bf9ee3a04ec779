//! Messages of commits: what models set around one, and what git would leave out of it.

use super::place::Place;

/// LSP's identifiers, and those of editors.
const LANGUAGES: [&str; 3] = ["git-commit", "gitcommit", "scminput"];
/// What stands above a message, in small letters.
const LABELS: [&str; 4] = ["commit message", "git commit message", "suggested commit message", "message"];
/// What a subject stands between.
const MARKS: [&str; 4] = ["**", "`", "\"", "'"];

const LEFT_OUT: &str = "git leaves out lines that begin with `#`";
const CHOICE: &str = "the answer offers several messages";

/// A message without a label above it and without marks around its subject. None where it has neither.
pub(super) fn bare(said: &str, place: Place<'_>) -> Option<String> {
    if !LANGUAGES.contains(&place.language()) {
        return None;
    }
    let said = said.trim();
    let (subject, body) = said.split_once('\n').unwrap_or((said, ""));
    let subject = subject.trim();
    let label = subject.trim_matches(['*', '#', '_', ':', ' ']).to_lowercase();
    if LABELS.contains(&&*label) && !body.trim().is_empty() {
        return Some(body.trim_start().to_owned());
    }
    let unmarked = |mark: &&str| subject.strip_prefix(*mark)?.strip_suffix(*mark);
    let bare = MARKS.iter().find_map(|mark| unmarked(mark).filter(|bare| !bare.contains(*mark)))?;
    (!bare.is_empty()).then(|| [bare, &said[subject.len()..]].concat())
}

/// Why a message may not be what its commit would say.
pub(super) fn doubt(said: &str, place: Place<'_>) -> Option<&'static str> {
    let is_option = |line: &&str| {
        let line = line.trim_start_matches(['*', '#', ' ']).to_lowercase();
        line.strip_prefix("option ")
            .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
    };
    match LANGUAGES.contains(&place.language()) {
        true if said.lines().filter(is_option).count() > 1 => Some(CHOICE),
        true if said.lines().any(|line| line.starts_with('#')) && !place.selection.contains('#') => {
            Some(LEFT_OUT)
        }
        _ => None,
    }
}
