//! An answer that is written into the text as it comes, by one edit after another.

use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedReceiver;

use super::text::apply;
use crate::server::{Peer, documents::Document};

/// Least time between two edits: each is a step of its own for the editor.
const PAUSE: Duration = Duration::from_millis(150);
/// How long an editor may take to tell of the change that it was asked for.
const LIMIT: Duration = Duration::from_secs(1);
/// How often that is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// What has been written so far, and where.
pub(super) struct Written<'a> {
    peer: &'a Peer,
    document: Document,
    at: usize,
    there: String,
    disturbed: bool,
}

impl<'a> Written<'a> {
    /// Nothing yet, at a byte of a text.
    pub(super) fn new(peer: &'a Peer, document: &Document, at: usize) -> Self {
        Self { peer, document: document.clone(), at, there: String::new(), disturbed: false }
    }

    /// Writes the pieces of the answer as they come, until there are no more.
    pub(super) async fn follow(&mut self, mut pieces: UnboundedReceiver<String>) {
        while let Some(mut new) = pieces.recv().await {
            while let Ok(more) = pieces.try_recv() {
                new.push_str(&more);
            }
            if !self.disturbed {
                self.disturbed = !self.put(self.at + self.there.len(), &new).await;
                self.there.push_str(&new);
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// Puts the whole answer in the place of what has been written of it. False where the user has changed the text
    /// meanwhile; then nothing is done.
    pub(super) async fn finish(self, whole: &str) -> bool {
        if self.disturbed {
            return false;
        }
        match whole.strip_prefix(&*self.there) {
            Some("") => true,
            Some(rest) => self.put(self.at + self.there.len(), rest).await,
            None => self.put(self.at, whole).await,
        }
    }

    /// Replaces what has been written from a byte on.
    async fn put(&self, from: usize, new: &str) -> bool {
        let Some(document) = self.settled().await else { return false };
        let range = document.range(from..self.at + self.there.len());
        apply(self.peer, &document, range, new).await
    }

    /// The text once it holds what has been written. None where it does not come to that.
    async fn settled(&self) -> Option<Document> {
        let began = Instant::now();
        loop {
            let now = self.peer.editor.document(&self.document.uri)?;
            let before = &self.document.text[..self.at];
            if now.text.strip_prefix(before).is_some_and(|rest| rest.starts_with(&self.there)) {
                return Some(now);
            }
            if began.elapsed() > LIMIT {
                return None;
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}
