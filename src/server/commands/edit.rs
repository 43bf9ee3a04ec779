//! One edit of an open text: it is asked for, and looked at afterwards.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tower_lsp::lsp_types::Range;

use crate::{
    assist::{same_text, with_lf},
    server::{Peer, documents::Document},
};

/// How long an editor may take to tell of the change that it was asked for.
const LIMIT: Duration = Duration::from_secs(1);
/// How long an editor may take to apply an edit; it may ask its user first.
const EDIT_LIMIT: Duration = Duration::from_secs(120);

/// What an edit goes by that its user sees first.
const ANNOTATION: &str = "litellm";

/// What became of an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Applied {
    Yes,
    /// The editor says that it did not make it.
    Refused,
    /// The editor says that it made it, and the text is another.
    Unseen,
}

/// Has the editor put a text in the place of a range, with the line ends that are used there by now.
pub(super) async fn apply(peer: &Peer, document: &Document, range: Range, new: &str) -> Applied {
    edit(peer, document, range, new, false).await
}

/// The same, once the user has seen the change and wants it; at once in editors that can't show it.
pub(super) async fn apply_confirmed(peer: &Peer, document: &Document, range: Range, new: &str) -> Applied {
    edit(peer, document, range, new, true).await
}

async fn edit(peer: &Peer, document: &Document, range: Range, new: &str, confirmed: bool) -> Applied {
    let abilities = peer.editor.abilities();
    let new = &*document.with_line_ends(range, new);
    let edits = json!([{"range": range, "newText": new}]);
    let edit = if confirmed && abilities.versioned_edits && abilities.confirmed_edits {
        let text_document = json!({"uri": &*document.uri, "version": document.version});
        let edits = json!([{"range": range, "newText": new, "annotationId": ANNOTATION}]);
        json!({
            "documentChanges": [{"textDocument": text_document, "edits": edits}],
            "changeAnnotations": {ANNOTATION: {"label": "LiteLLM", "needsConfirmation": true}},
        })
    } else if abilities.versioned_edits {
        let text_document = json!({"uri": &*document.uri, "version": document.version});
        json!({"documentChanges": [{"textDocument": text_document, "edits": edits}]})
    } else {
        json!({"changes": {&*document.uri: edits}})
    };
    let asked = json!({"label": "LiteLLM", "edit": edit});
    let reply = peer.outbox.ask("workspace/applyEdit", asked, EDIT_LIMIT).await;
    match reply.is_some_and(|reply| reply["applied"] == Value::Bool(true)) {
        false => Applied::Refused,
        true if holds(peer, document, range, new).await => Applied::Yes,
        true => Applied::Unseen,
    }
}

/// Whether a text has become what an edit makes of it. Some editors say that they have made an edit which they passed
/// over, because the user was typing (Neovim 0.11); others don't tell of their changes at once, and are believed.
async fn holds(peer: &Peer, before: &Document, range: Range, new: &str) -> bool {
    let bytes = before.bytes(range);
    let expected = format!("{}{new}{}", &before.text()[..bytes.start], &before.text()[bytes.end..]);
    // An edit of a text without a name may have gone into another one.
    let believed = !before.file().is_empty();
    let seen = until(peer, &before.uri, |now| {
        let now = now.filter(|now| now.is_opening_of(before))?;
        let text = with_lf(now.text());
        if same_text(&text, before.text()) {
            return None;
        }
        (same_text(&text, &expected) || text.contains(&*with_lf(new))).then_some(())
    });
    match seen.await {
        Some(()) => true,
        // Of one that was closed right behind the edit nothing more is told.
        None => {
            let now = peer.editor.document(&before.uri);
            believed && now.is_none_or(|now| now.is_unchanged_since(before))
        }
    }
}

/// Waits until a document is as wanted, for as long as an editor may take to tell of a change.
pub(super) async fn until<T>(
    peer: &Peer,
    uri: &str,
    wanted: impl Fn(Option<Document>) -> Option<T>,
) -> Option<T> {
    let end = Instant::now() + LIMIT;
    let mut news = peer.editor.documents().news();
    loop {
        let found = wanted(peer.editor.document(uri));
        if found.is_some() {
            return found;
        }
        match tokio::time::timeout_at(end.into(), news.changed()).await {
            Ok(Ok(())) => {}
            _ => return wanted(peer.editor.document(uri)),
        }
    }
}
