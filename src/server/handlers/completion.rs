//! `textDocument/completion`: a proposal in the menu, for editors without inline completion.

use tower_lsp::lsp_types::{
    CompletionItem, CompletionItemKind, CompletionList, CompletionParams, CompletionTextEdit,
    CompletionTriggerKind, Documentation, MarkupContent, MarkupKind, TextEdit,
};

use crate::{
    plain,
    provider::Result,
    server::{
        Peer,
        proposals::{Trigger, propose},
    },
};

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
    let at = params.text_document_position;
    // An editor that does not say how it came to ask has been typed in.
    let trigger = match params.context.map(|context| context.trigger_kind) {
        Some(CompletionTriggerKind::INVOKED) => Trigger::Invoked,
        _ => Trigger::Typing,
    };
    let proposal = propose(&peer, &at.text_document.uri, at.position, trigger).await?;
    list.items.extend(proposal.map(|proposal| item(&proposal.text, proposal.range)));
    Ok(list)
}

fn item(text: &str, range: tower_lsp::lsp_types::Range) -> CompletionItem {
    let first = text.trim_start().lines().next().unwrap_or_default();
    let more = if first.trim_end().len() < text.trim().len() { "…" } else { "" };
    CompletionItem {
        label: plain::label(&format!("{first}{more}"), LABEL),
        kind: Some(CompletionItemKind::TEXT),
        detail: Some("LiteLLM".into()),
        documentation: Some(Documentation::MarkupContent(MarkupContent {
            kind: MarkupKind::PlainText,
            value: plain::text(text),
        })),
        // Editors filter by what is typed already, which the proposal does not repeat.
        filter_text: Some(String::new()),
        // Behind what the language's own server knows.
        sort_text: Some("\u{10ffff}".into()),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text: text.to_owned() })),
        ..CompletionItem::default()
    }
}
