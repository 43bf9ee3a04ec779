//! How commands fail: what people and programs are told, and the exit codes.

use std::process::ExitCode;

use litellm_ls_protocol::State;
use serde_json::{Map, Value, json};

use super::{Screen, Text, Tone, language, note_text, said, say_json, stdout::Unwritten};
use crate::{descriptors::without_number, masking::masked_sentence, provider, store::FileError};

/// It failed for another reason than the ones below.
pub(in crate::cli) const UNUSABLE: u8 = 1;
/// The proxy can be used, but something is not as it should be (`status` and `doctor`).
pub(in crate::cli) const USABLE: u8 = 3;
/// The proxy can't be reached.
pub(in crate::cli) const UNREACHABLE: u8 = 4;
/// The proxy refuses the key.
pub(in crate::cli) const WRONG_KEY: u8 = 5;
/// The user pressed Ctrl-C.
pub(in crate::cli) const CANCELLED: u8 = 130;
/// Whoever reads the output has closed it: the code of what SIGPIPE ends, as it ends git and cat.
const UNREAD: u8 = 141;

/// The word for what failed, where it is none of the protocol's kinds.
const OTHER: &str = "failed";

/// Says what failed and what to do, for a program with `json`, and returns the exit code for it.
pub(in crate::cli) fn failure(error: &anyhow::Error, json: bool) -> ExitCode {
    if Unwritten::of(error).is_some_and(Unwritten::is_enough) {
        return ExitCode::from(UNREAD);
    }
    let known = error.downcast_ref::<provider::Error>();
    // Where stdout takes no more, stderr may.
    if !json || say_json(&for_programs(error, known)).is_err() {
        note_text(&for_people(error, known));
    }
    ExitCode::from(match known.and_then(provider::state_after) {
        Some(State::Unreachable) => UNREACHABLE,
        Some(State::Unauthorized) => WRONG_KEY,
        _ => UNUSABLE,
    })
}

/// What failed, and why: the causes say what the system says.
pub(in crate::cli) fn told(error: &anyhow::Error) -> String {
    let mut told = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        let cause = without_number(&cause);
        if !told.contains(cause) {
            told = format!("{told}: {cause}");
        }
    }
    // What was typed may be a key in the wrong place.
    masked_sentence(&told)
}

/// `{"error": {"code", "kind", "message", …}}`, with all that the protocol's `data` says.
fn for_programs(error: &anyhow::Error, known: Option<&provider::Error>) -> Value {
    let mut members = Map::new();
    let code = known.map_or(i64::from(UNUSABLE), |known| known.kind().code());
    members.insert("code".into(), code.into());
    members.insert("kind".into(), OTHER.into());
    members.insert("message".into(), told(error).into());
    if let Some(Ok(Value::Object(data))) = known.map(|known| serde_json::to_value(&known.data)) {
        members.extend(data);
    }
    json!({"error": members})
}

fn for_people(error: &anyhow::Error, known: Option<&provider::Error>) -> Text {
    let kind = known.map(|known| crate::cli::word(known.kind())).unwrap_or_default();
    let remedy = known.map_or_else(|| of_file(error), provider::Error::remedy);
    marked(&language().failed(&kind, &told(error)), remedy)
}

/// What to do where a file is refused, and nothing is said of it yet.
fn of_file(error: &anyhow::Error) -> &'static str {
    let outermost = error.chain().next();
    outermost.and_then(|error| error.downcast_ref::<FileError>()).map_or("", FileError::remedy)
}

/// What failed and, where that is known, what to do.
pub(in crate::cli) fn failed(what: &str, remedy: &str) -> Text {
    marked(&said(what), remedy)
}

fn marked(what: &str, remedy: &str) -> Text {
    let mark = if Screen::stderr().is_terminal { "✗ " } else { "error: " };
    let mut text = Text::new(Tone::Bad, mark).and(Tone::Usual, what);
    text.end_line();
    if !remedy.is_empty() {
        text.append(remedy_line("  ", remedy));
    }
    text
}

/// What to do, in a line of its own.
pub(in crate::cli) fn remedy_line(indent: &str, remedy: &str) -> Text {
    let mut line = Text::new(Tone::Usual, indent).and(Tone::Good, "→ ").and(Tone::Usual, said(remedy));
    line.end_line();
    line
}

#[cfg(test)]
mod tests {
    use litellm_ls_protocol::ErrorKind;

    use super::*;

    #[test]
    fn programs_are_told_code_kind_message_and_what_to_do() {
        let known = provider::Error::new(ErrorKind::Unreachable, "nobody is there", "start it");
        let told_so = for_programs(&known.clone().into(), Some(&known));
        assert_eq!(
            told_so,
            json!({"error": {"code": 1002, "kind": "unreachable", "message": "nobody is there", "remedy": "start it"}})
        );
        let other = anyhow::anyhow!("no file");
        assert_eq!(
            for_programs(&other, None),
            json!({"error": {"code": 1, "kind": "failed", "message": "no file"}})
        );
    }

    #[test]
    fn a_file_that_is_refused_has_a_remedy_unless_more_is_said_of_it() {
        let refused =
            || anyhow::Error::from(FileError::of("replace", ".env")(std::io::ErrorKind::StorageFull.into()));
        assert!(of_file(&refused()).starts_with("make room"));
        assert_eq!(of_file(&refused().context("name another path")), "");
        assert_eq!(of_file(&anyhow::anyhow!("no file")), "");
    }

    #[test]
    fn an_error_says_what_the_system_says_and_nothing_twice() {
        let missing = std::io::Error::from_raw_os_error(2);
        let error = anyhow::Error::from(missing).context("notes.txt can't be read");
        let told_so = told(&error);
        assert!(
            told_so.starts_with("notes.txt can't be read: ") && !told_so.contains("os error"),
            "{told_so}"
        );
        let twice = anyhow::anyhow!("it is full").context("nothing was written: it is full");
        assert_eq!(told(&twice), "nothing was written: it is full");
    }
}
