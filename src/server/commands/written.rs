//! An answer that is written as it comes, by one edit after another.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;
use tower_lsp::lsp_types::{Position, Range};

use crate::{
    assist::{Place, same_text, so_far, with_lf},
    server::{Peer, documents::Document, kept::Seen, lock},
};

use super::{
    edit::{Applied, apply, until},
    found::place_of,
};

/// How often an edit is asked for that the editor refuses, for its user types meanwhile.
const TRIES: usize = 3;
/// Least time between two edits: each is a step of its own for the editor.
const PAUSE: Duration = Duration::from_millis(150);

/// What has been written so far of an answer that comes bit by bit, and where.
pub(super) struct Written<'a> {
    peer: &'a Peer,
    document: Document,
    place: Place<'a>,
    /// What was last seen before the place and behind it, and what has been written of the answer. Line ends are LF.
    before: String,
    after: String,
    there: String,
    edits: usize,
    disturbed: bool,
}

impl<'a> Written<'a> {
    /// Nothing yet, at a place of a text.
    pub(super) fn new(peer: &'a Peer, document: &Document, place: Place<'a>) -> Self {
        Self {
            peer,
            document: document.clone(),
            place,
            before: with_lf(place.before).into_owned(),
            after: with_lf(place.after).into_owned(),
            there: String::new(),
            edits: 0,
            disturbed: false,
        }
    }

    /// Writes the pieces of the answer as they come, until there are no more.
    pub(super) async fn follow(&mut self, mut pieces: UnboundedReceiver<String>) {
        let mut answer = String::new();
        while let Some(new) = pieces.recv().await {
            answer.push_str(&new);
            while let Ok(more) = pieces.try_recv() {
                answer.push_str(&more);
            }
            let known = so_far(&answer, self.place);
            if !self.disturbed && known.len() > self.there.len() && known.starts_with(&self.there) {
                self.turn_into(&known).await;
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// Puts the whole answer in the place of what has been written of it. False where the user has changed the text
    /// meanwhile; then nothing is done.
    pub(super) async fn finish(&mut self, whole: &str) -> bool {
        self.turn_into(&with_lf(whole)).await;
        !self.disturbed
    }

    /// Takes out what has been written.
    pub(super) async fn take_back(&mut self) -> bool {
        self.finish("").await
    }

    /// Leaves what came of an answer that was cut off, marked as that, and one undo away.
    pub(super) async fn leave(&mut self, whole: &str, reason: &str) -> bool {
        if self.edits > 1 || (self.edits == 1 && !same_text(whole, &self.there)) {
            // One edit for all of it, so that one undo takes all of it.
            self.take_back().await;
        }
        let left = self.finish(whole).await;
        if left && let Some(now) = self.settled().await {
            let end = self.behind(&now, &self.there);
            mark(self.peer, &now.uri, Range { start: end, end }, reason);
        }
        left
    }

    /// Whether nothing of the answer stands in the text.
    pub(super) fn is_empty(&self) -> bool {
        self.there.is_empty()
    }

    /// Whether a part of the answer stands in the text that can't be gone on with.
    pub(super) fn is_left_behind(&self) -> bool {
        self.disturbed && !self.is_empty()
    }

    /// Makes what has been written into another text, by the least edit.
    async fn turn_into(&mut self, wanted: &str) {
        for _ in 0..TRIES {
            if self.disturbed || wanted == self.there {
                return;
            }
            let Some(now) = self.settled().await else { break };
            let kept = if wanted.starts_with(&self.there) { self.there.len() } else { 0 };
            let range =
                Range { start: self.behind(&now, &self.there[..kept]), end: self.behind(&now, &self.there) };
            match apply(self.peer, &now, range, &wanted[kept..]).await {
                // Of a text that has changed by then; it may say so though it has made it.
                Applied::Refused if !self.stands(wanted) => {}
                Applied::Unseen => {
                    wanted.clone_into(&mut self.there);
                    break;
                }
                Applied::Yes | Applied::Refused => {
                    self.edits += 1;
                    wanted.clone_into(&mut self.there);
                    return;
                }
            }
        }
        self.disturbed = true;
    }

    /// The position behind a beginning of what has been written.
    fn behind(&self, now: &Document, written: &str) -> Position {
        now.behind(self.before.len() + written.len())
    }

    /// The text once it holds what has been written. None where it does not come to that.
    async fn settled(&mut self) -> Option<Document> {
        let (now, changed) = until(self.peer, &self.document.uri, |now| {
            let now = now.filter(|now| now.is_opening_of(&self.document))?;
            // A long text is not copied at each edit.
            if now.is_made_of(&[&self.before, &self.there, &self.after]) {
                return Some((now, None));
            }
            let halves = self.halves(&now, &self.there)?;
            Some((now, Some(halves)))
        })
        .await?;
        if let Some(halves) = changed {
            (self.before, self.after) = halves;
        }
        Some(now)
    }

    /// Whether the text is rather as with an edit than without it, whatever else its user has changed.
    fn stands(&self, wanted: &str) -> bool {
        let Some(now) = self.peer.editor.document(&self.document.uri) else { return false };
        let text = with_lf(now.text());
        let differs = |written: &str| differing(&text, &[&self.before, written, &self.after].concat());
        now.is_opening_of(&self.document) && differs(wanted) < differs(&self.there)
    }

    /// What stands before and behind a text that was written at the place, where its user has changed one of the two at
    /// most since it was last seen, or where there is but one such text.
    fn halves(&self, now: &Document, written: &str) -> Option<(String, String)> {
        let text = with_lf(now.text());
        let begin = place_of(&text, &self.before, written, &self.after)?;
        Some((text[..begin].to_owned(), text[begin + written.len()..].to_owned()))
    }
}

/// How many bytes of the longer of two texts lie between what both begin with and what both end with.
fn differing(one: &str, other: &str) -> usize {
    let alike =
        |pairs: &mut dyn Iterator<Item = (u8, u8)>| pairs.take_while(|(one, other)| one == other).count();
    let (longer, shorter) = (one.len().max(other.len()), one.len().min(other.len()));
    let before = alike(&mut one.bytes().zip(other.bytes()));
    let behind = alike(&mut one.bytes().rev().zip(other.bytes().rev()));
    longer - before - behind.min(shorter - before)
}

/// LSP's `DiagnosticSeverity.Information`.
const INFORMATION: u8 = 3;
/// Who says what a mark says.
pub(in crate::server) const SOURCE: &str = "LiteLLM";

/// Marks a place as the one where an answer was cut off, until the text changes.
fn mark(peer: &Peer, uri: &Arc<str>, range: Range, reason: &str) {
    let message = format!("{reason}; undo takes out what came of it");
    let mark = json!({"range": range, "severity": INFORMATION, "source": SOURCE, "message": message});
    publish(peer, uri, &json!([mark]));
    lock(&peer.editor.marked).insert(uri.clone());
}

/// Takes away the mark in a text that has changed.
pub(in crate::server) fn unmark(peer: &Peer, uri: &str) {
    let marked = lock(&peer.editor.marked).take(uri);
    if let Some(uri) = marked {
        publish(peer, &uri, &json!([]));
    }
}

/// Keeps an answer that a change has taken out of its text again. Editors do so without a word: the menu of completions of
/// Helix puts a text back to where it was opened (Helix 25.01).
pub(in crate::server) async fn keep_taken_out(peer: &Peer, uri: &str) {
    while let Some(now) = peer.editor.document(uri) {
        let Some(answer) = lock(&peer.editor.landed).look(&now.uri) else { return };
        now.aside_where_long().await;
        let stands = with_lf(now.text()).contains(&answer);
        match lock(&peer.editor.landed).seen(&now.uri, stands) {
            Seen::AsItWas => return,
            Seen::Stale => {}
            Seen::TakenOut(gone) => return lock(&peer.editor.kept).keep(*gone),
        }
    }
}

fn publish(peer: &Peer, uri: &str, diagnostics: &Value) {
    peer.outbox
        .notify_now("textDocument/publishDiagnostics", json!({"uri": uri, "diagnostics": diagnostics}));
}
