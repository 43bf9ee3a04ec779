//! Proposals while the user types: the newest question alone is put to a model.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use litellm_ls_protocol::InlineOptions;
use tokio::sync::watch;
use tower_lsp::lsp_types::{Position, Range};

use super::{Peer, documents::Document, lock, secret_files};
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
    /// The editor's menu, on behalf of the user; some editors say so of every key (VS Code, Helix).
    Menu,
}

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

/// What is under way, and what was proposed last.
#[derive(Default)]
pub(super) struct Proposals {
    newest: watch::Sender<u64>,
    last: Mutex<Option<Last>>,
}

/// A proposal and where it stood.
struct Last {
    uri: Arc<str>,
    before: Arc<str>,
    offset: usize,
    proposed: String,
    model: Model,
}

/// The model that is asked, by the profile and the name that were chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Model {
    profile: String,
    base_url: String,
    name: Option<String>,
}

impl Model {
    fn chosen(peer: &Peer, options: &InlineOptions) -> Option<Self> {
        let profile = peer.settings().profile(None).ok()?;
        Some(Self {
            profile: profile.name.clone(),
            base_url: profile.settings.base_url.value.clone(),
            name: options.model.clone().or_else(|| profile.model().map(str::to_owned)),
        })
    }
}

impl Proposals {
    /// What is left of the last proposal, where the user has typed on along it. Who asks once more at the same place
    /// wants another, and so does who has chosen another model.
    fn continued(
        &self,
        document: &Document,
        offset: usize,
        model: Option<&Model>,
        trigger: Trigger,
    ) -> Option<String> {
        let last = lock(&self.last);
        let last = last.as_ref().filter(|last| last.uri == document.uri && Some(&last.model) == model)?;
        let again = match trigger {
            Trigger::Invoked => true,
            Trigger::Menu => offset == last.offset,
            Trigger::Typing => false,
        };
        let text = document.text();
        let typed = text.get(last.offset..offset).filter(|_| !again)?;
        let same =
            text[..last.offset] == last.before[..last.offset] && text[offset..] == last.before[last.offset..];
        let rest = last.proposed.strip_prefix(typed)?;
        (same && !rest.is_empty()).then(|| rest.to_owned())
    }
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
    let allowed = |document: &Document| {
        options.allows(&document.language) && secret_files::pattern(peer, &document.uri).is_none()
    };
    let Some(document) = peer.editor.document(uri).filter(allowed) else { return Ok(None) };
    let offset = document.offset(position);
    let superseded = match trigger {
        Trigger::Typing => Some(newer(peer)),
        // What the user asked for is left alone by what the editor asks.
        Trigger::Invoked | Trigger::Menu => None,
    };
    let model = Model::chosen(peer, &options);
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
        Ok(answer.finish())
    };
    let answer = peer.watch(&profile, asked.await)?;
    let (before, after) = document.text().split_at(offset);
    Ok(inline::proposed(
        Answer::of(&answer),
        Place { language: &document.language, selection: "", before, after },
        form,
    ))
}
