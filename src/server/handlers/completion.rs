//! `textDocument/completion`: a proposal in the menu, for editors without inline completion.

use serde::Deserialize;
use tower_lsp::lsp_types::{
    CompletionItem, CompletionItemKind, CompletionList, CompletionTextEdit, Documentation, MarkupContent,
    MarkupKind, Position, TextEdit,
};

use crate::{
    plain,
    provider::Result,
    server::{
        Peer,
        documents::{self, DocumentId},
        inline_proposals::{Proposal, Trigger, propose},
    },
};

/// `CompletionParams`, as far as it is used.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server) struct CompletionParams {
    text_document: DocumentId,
    #[serde(deserialize_with = "documents::position")]
    position: Position,
    #[serde(default)]
    context: Option<CompletionContext>,
}

impl CompletionParams {
    /// The document.
    pub(in crate::server) fn uri(&self) -> &str {
        &self.text_document.uri
    }

    /// Where in it.
    pub(in crate::server) fn position(&self) -> Position {
        self.position
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CompletionContext {
    #[serde(default)]
    trigger_kind: u8,
}

/// `CompletionTriggerKind.Invoked` of LSP.
const INVOKED: u8 = 1;

/// Widest label of an item, in columns.
const LABEL: usize = 60;

/// Proposes what a model would write here.
///
/// # Errors
/// Where the model can't be asked; a failure while the user types is silent.
pub(in crate::server) async fn completion(peer: Peer, params: CompletionParams) -> Result<CompletionList> {
    let mut list = CompletionList { is_incomplete: true, items: Vec::new() };
    if !peer.editor.features().completion {
        return Ok(list);
    }
    // An editor that does not say how it came to ask has been typed in.
    let trigger = match params.context {
        Some(CompletionContext { trigger_kind: INVOKED }) => Trigger::Menu,
        _ => Trigger::Typing,
    };
    let proposal = propose(&peer, &params.text_document.uri, params.position, trigger).await?;
    list.items.extend(proposal.map(item));
    Ok(list)
}

fn item(proposal: Proposal) -> CompletionItem {
    // Editors show what begins with the word that is typed already, and so the item has that word too, and takes its
    // place.
    let new_text = format!("{}{}", proposal.word, proposal.text);
    let first = new_text.trim_start().lines().next().unwrap_or_default();
    let more = if first.trim_end().len() < new_text.trim().len() { "…" } else { "" };
    let label = plain::label(&format!("{first}{more}"), LABEL);
    CompletionItem {
        filter_text: Some(label.clone()),
        label,
        kind: Some(CompletionItemKind::TEXT),
        detail: Some("LiteLLM".into()),
        documentation: Some(Documentation::MarkupContent(MarkupContent {
            kind: MarkupKind::PlainText,
            value: plain::text(&new_text),
        })),
        // Behind what the language's own server knows.
        sort_text: Some("\u{10ffff}".into()),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range: proposal.with_word(), new_text })),
        ..CompletionItem::default()
    }
}
