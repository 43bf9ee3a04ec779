//! Proposals while the user types: the newest question alone is put to a model.

mod last;

use std::time::Duration;

use litellm_ls_protocol::InlineOptions;
use tower_lsp::lsp_types::{Position, Range};

use super::{Peer, consent, documents::Document, lock};
use crate::{
    assist::{
        Answer, Around, Place,
        inline::{self, Form},
    },
    provider::Result,
};
use last::{Last, Model};
pub(super) use last::{Proposals, Trigger};

/// How late a change may be that was made before a question.
const LATE: Duration = Duration::from_millis(250);

/// A text to put into the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Proposal {
    pub(super) text: String,
    /// Where it goes.
    position: Position,
    /// The word that ends there, as far as it is typed, and where it begins.
    pub(super) word: String,
    word_begin: Position,
}

impl Proposal {
    fn of(text: String, document: &Document, offset: usize) -> Self {
        let before = &document.text()[..offset];
        let word = before.trim_end_matches(|letter: char| letter.is_alphanumeric() || letter == '_').len();
        Self {
            text,
            position: document.position(offset),
            word: before[word..].to_owned(),
            word_begin: document.position(word),
        }
    }

    /// The place where it goes.
    pub(super) fn range(&self) -> Range {
        Range { start: self.position, end: self.position }
    }

    /// The same with the word before it.
    pub(super) fn with_word(&self) -> Range {
        Range { start: self.word_begin, end: self.position }
    }
}

/// The model that a peer has chosen for proposals.
fn chosen(peer: &Peer, options: &InlineOptions) -> Option<Model> {
    let profile = peer.settings().profile(None).ok()?;
    Some(Model {
        profile: profile.name.clone(),
        base_url: profile.settings.base_url.value.clone(),
        name: options.model.clone().or_else(|| profile.model().map(str::to_owned)),
    })
}

/// Proposes what a model would write at a position. None where it has nothing to say, where the feature or the language
/// is switched off, where the file may hold secrets, or where a newer question has come.
///
/// # Errors
/// Where the model can't be asked.
pub(super) async fn propose(
    peer: &Peer,
    uri: &str,
    position: Position,
    trigger: Trigger,
) -> Result<Option<Proposal>> {
    let options = peer.editor.features().inline;
    let allowed = |document: &Document| options.allows(&document.language);
    if !peer.editor.document(uri).is_some_and(|document| allowed(&document)) {
        return Ok(None);
    }
    let superseded = match trigger {
        Trigger::Typing => Some(newer(peer)),
        // What the user asked for is left alone by what the editor asks.
        Trigger::Invoked | Trigger::Menu => None,
    };
    settle(peer, uri, position).await;
    let Some(document) = peer.editor.document(uri).filter(allowed) else { return Ok(None) };
    document.aside_where_long().await;
    let offset = document.offset(position);
    let model = chosen(peer, &options);
    if let Some(rest) = peer.editor.proposals.continued(&document, offset, model.as_ref(), trigger) {
        return Ok(Some(Proposal::of(rest, &document, offset)));
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
    if let Some((text, model)) = text.as_ref().zip(model) {
        let (uri, before) = (document.uri.clone(), document.text().clone());
        *lock(&peer.editor.proposals.last) =
            Some(Last { uri, before, offset, proposed: text.clone(), model });
    }
    Ok(text.map(|text| Proposal::of(text, &document, offset)))
}

/// Waits for the changes that a question has overtaken, for as long as they may be late.
async fn settle(peer: &Peer, uri: &str, position: Position) {
    let mut news = peer.editor.documents().news();
    let settled =
        async { while !peer.editor.documents().is_settled(uri, position) && news.changed().await.is_ok() {} };
    if tokio::time::timeout(LATE, settled).await.is_err() {
        peer.editor.documents().settle(uri);
    }
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
    // Behind the pause, for a long text takes a while to look through.
    if consent::of_document(peer, document).await.is_some() {
        return Ok(None);
    }
    let profile = peer.profile(None).await?;
    let around = Around::of(document.text(), offset..offset, options.context_tokens);
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
        Ok(peer.whole(&profile, &mut answer).await)
    };
    let answer = peer.watch(&profile, asked.await)?;
    let (before, after) = document.text().split_at(offset);
    Ok(inline::proposed(
        Answer::of(&answer),
        Place {
            language: &document.language,
            before,
            after,
            is_cr_a_letter: document.is_cr_a_letter(),
            ..Place::default()
        },
        form,
    ))
}
