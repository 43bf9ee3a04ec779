//! Files that hold secrets: nothing of them goes out by itself, and who chooses an action on one is asked first.

use std::path::Path;

use serde_json::json;
use tower_lsp::lsp_types::MessageType;

use super::{
    CHOICE_LIMIT, Peer,
    documents::{Document, path},
};
use crate::{
    assist::secret_pattern,
    plain,
    provider::{Error, Result},
    store,
};

const SEND: &str = "Send It";
const KEEP: &str = "Don't Send It";

/// The pattern by which a file holds secrets. None where it may go out.
pub(super) fn pattern(peer: &Peer, uri: &str) -> Option<String> {
    pattern_of(peer, store::names(Path::new(&*path(uri))))
}

/// The same for an open document, whose names are known.
pub(super) fn document_pattern(peer: &Peer, document: &Document) -> Option<String> {
    pattern_of(peer, document.names())
}

fn pattern_of(peer: &Peer, names: impl IntoIterator<Item = impl AsRef<str>>) -> Option<String> {
    let profile = peer.settings().profile(None).ok();
    let patterns = profile.and_then(|profile| profile.settings.secret_files.clone());
    let patterns = patterns.map(|patterns| patterns.value).unwrap_or_default();
    names.into_iter().find_map(|name| secret_pattern(name.as_ref(), &patterns))
}

/// The file of a document that holds secrets, and the pattern that says so: the document's own, or one that it, being a
/// diff, tells the content of. None where all of it may go out.
fn secret_file(peer: &Peer, document: &Document) -> Option<(String, String)> {
    if let Some(pattern) = document_pattern(peer, document) {
        return Some((document.file(), pattern));
    }
    if !["diff", "patch", "git-commit", "gitcommit"].contains(&&*document.language) {
        return None;
    }
    let text = document.text().clone();
    text.lines().flat_map(files_of_diff).find_map(|file| {
        let pattern = pattern(peer, file)?;
        Some((file.rsplit('/').next().unwrap_or(file).to_owned(), pattern))
    })
}

/// The files that a line of a diff names: in a unified or a context diff, or by the command that made it.
fn files_of_diff(line: &str) -> Vec<&str> {
    if let Some(words) = ["diff ", "Only in "].iter().find_map(|begin| line.strip_prefix(begin)) {
        return words.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect();
    }
    let name = ["+++ ", "--- ", "*** ", "Index: "].iter().find_map(|begin| line.strip_prefix(begin));
    // A time stands behind a tab.
    name.and_then(|name| name.split('\t').next())
        .map(|name| name.trim().trim_matches('"'))
        .into_iter()
        .collect()
}

/// Whether a document may be sent: one that holds secrets only where the user says so now.
///
/// # Errors
/// Where the editor can't ask its user.
pub(super) async fn may_be_sent(peer: &Peer, document: &Document) -> Result<bool> {
    let Some((file, pattern)) = secret_file(peer, document) else { return Ok(true) };
    let question = json!({
        "type": MessageType::WARNING,
        "message": plain::sentence(&format!("LiteLLM: {file} may hold secrets. Send it to the model?")),
        "actions": [{"title": SEND}, {"title": KEEP}],
    });
    let answer = match peer.editor.is_introduced() {
        true => peer.outbox.ask("window/showMessageRequest", question, CHOICE_LIMIT).await,
        false => None,
    };
    match answer {
        Some(answer) => Ok(answer["title"] == SEND),
        None => Err(Error::invalid_params(
            format!("{file} may hold secrets and is not sent"),
            format!("copy what may be sent into another file, or set secretFiles to [\"!{pattern}\"]"),
        )
        .at("textDocument")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_any_kind_of_diff_are_known() {
        for (line, files) in [
            ("--- a/.env", &["a/.env"][..]),
            ("+++ .env\t2026-11-26 14:00:00.000 +0000", &[".env"]),
            ("--- .env\t(revision 7)", &[".env"]),
            ("*** old/.env\tThu Nov 26 14:00:00 2026", &["old/.env"]),
            ("Index: .env", &[".env"]),
            ("diff -r 123 .env", &["-r", "123", ".env"]),
            ("diff --git \"a/.env\" b/.env", &["--git", "a/.env", "b/.env"]),
            ("+++ \"b/my .env\"", &["b/my .env"]),
            ("+A=1", &[]),
            ("", &[]),
        ] {
            assert_eq!(files_of_diff(line), files, "{line}");
        }
    }
}
