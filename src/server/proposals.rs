//! Proposals while the user types: the newest question alone is put to a model.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use litellm_ls_protocol::InlineOptions;
use tokio::sync::watch;
use tower_lsp::lsp_types::{Position, Range, Url};

use super::{Peer, documents::Document, lock};
use crate::{
    assist::{
        Answer, Around, Place,
        inline::{self, Form},
    },
    provider::Result,
};

/// Who asks for a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trigger {
    /// The user, by a key.
    Invoked,
    /// The editor, while the user types.
    Typing,
}

/// A text to put into the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Proposal {
    pub(super) text: String,
    pub(super) range: Range,
}

/// What is under way, and what was proposed last.
#[derive(Default)]
pub(super) struct Proposals {
    newest: watch::Sender<u64>,
    last: Mutex<Option<Last>>,
}

/// A proposal and where it stood.
struct Last {
    uri: Url,
    before: Arc<str>,
    offset: usize,
    proposed: String,
}

impl Proposals {
    /// What is left of the last proposal, where the user has typed on along it.
    fn continued(&self, document: &Document, offset: usize) -> Option<String> {
        let last = lock(&self.last);
        let last = last.as_ref().filter(|last| last.uri == document.uri)?;
        let text = &document.text;
        let typed = text.get(last.offset..offset)?;
        let same =
            text[..last.offset] == last.before[..last.offset] && text[offset..] == last.before[last.offset..];
        let rest = last.proposed.strip_prefix(typed)?;
        (same && !rest.is_empty()).then(|| rest.to_owned())
    }
}

/// Proposes what a model would write at a position. None where it has nothing to say, where the feature or the language
/// is switched off, or where a newer question has come.
///
/// # Errors
/// Where the model can't be asked.
pub(super) async fn propose(
    peer: &Peer,
    uri: &Url,
    position: Position,
    trigger: Trigger,
) -> Result<Option<Proposal>> {
    let options = peer.editor.features().inline;
    let Some(document) = peer.editor.document(uri).filter(|document| options.allows(&document.language))
    else {
        return Ok(None);
    };
    let offset = document.offset(position);
    let proposal = |text| Proposal { text, range: Range { start: position, end: position } };
    let superseded = match trigger {
        Trigger::Typing => Some(newer(peer)),
        // What the user asked for is left alone by what the editor asks.
        Trigger::Invoked => None,
    };
    if let Some(rest) = peer.editor.proposals.continued(&document, offset) {
        return Ok(Some(proposal(rest)));
    }
    let asking = ask(peer, &document, offset, &options, trigger);
    let text = match superseded {
        None => asking.await?,
        Some(superseded) => tokio::select! {
            biased;
            () = superseded => None,
            text = asking => text?,
        },
    };
    if let Some(text) = &text {
        *lock(&peer.editor.proposals.last) =
            Some(Last { uri: uri.clone(), before: document.text.clone(), offset, proposed: text.clone() });
    }
    Ok(text.map(proposal))
}

/// Takes the place of the newest question, and waits until another takes it.
fn newer(peer: &Peer) -> impl Future<Output = ()> + use<> {
    let newest = &peer.editor.proposals.newest;
    newest.send_modify(|number| *number += 1);
    let mut news = newest.subscribe();
    async move {
        if news.changed().await.is_err() {
            std::future::pending().await
        }
    }
}

async fn ask(
    peer: &Peer,
    document: &Document,
    offset: usize,
    options: &InlineOptions,
    trigger: Trigger,
) -> Result<Option<String>> {
    if trigger == Trigger::Typing {
        tokio::time::sleep(Duration::from_millis(options.debounce_ms)).await;
    }
    let profile = peer.profile(None).await?;
    let around = Around::of(&document.text, offset..offset, options.context_tokens);
    let form = match peer.provider.fills_gaps(&profile, options.model.as_deref()) {
        true => Form::Gap,
        false => Form::Chat,
    };
    let params = inline::question(around, &document.language, options, form);
    let _usage = peer.tell_usage_after(&profile);
    let begun = peer.provider.complete(&profile, &params).await;
    let asked = async {
        let mut answer = begun?;
        while answer.next().await?.is_some() {}
        Ok(answer.finish())
    };
    let answer = peer.watch(&profile, asked.await)?;
    let said = Answer {
        text: &answer.message.text,
        refusal: answer.message.refusal.as_deref(),
        finish_reason: answer.finish_reason.as_deref(),
    };
    let place = Place {
        language: &document.language,
        selection: "",
        before: &document.text[..offset],
        after: &document.text[offset..],
    };
    Ok(inline::proposed(said, place, form))
}
