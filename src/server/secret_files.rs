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
    if !["diff", "git-commit", "gitcommit"].contains(&&*document.language) {
        return None;
    }
    let text = document.text().clone();
    let files =
        text.lines().filter_map(|line| line.strip_prefix("+++ ").or_else(|| line.strip_prefix("--- ")));
    let files = files.map(|file| file.trim().trim_matches('"'));
    files.into_iter().find_map(|file| {
        let pattern = pattern(peer, file)?;
        Some((file.rsplit('/').next().unwrap_or(file).to_owned(), pattern))
    })
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
