//! `textDocument/inlineCompletion`, of LSP 3.18, which lsp-types 0.94 does not know.

use serde::{Deserialize, Serialize};
use tower_lsp::lsp_types::{Position, Range};

use crate::{
    provider::Result,
    server::{
        Peer,
        documents::{self, DocumentId},
        inline_proposals::{Proposal, Trigger, propose},
    },
};

/// The method's name.
pub(in crate::server) const METHOD: &str = "textDocument/inlineCompletion";

/// `InlineCompletionParams`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server) struct InlineCompletionParams {
    text_document: DocumentId,
    #[serde(deserialize_with = "documents::position")]
    position: Position,
    #[serde(default)]
    context: InlineCompletionContext,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct InlineCompletionContext {
    #[serde(default)]
    trigger_kind: u8,
}

/// `InlineCompletionList`.
#[derive(Debug, Serialize)]
pub(in crate::server) struct InlineCompletionList {
    items: Vec<InlineCompletionItem>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct InlineCompletionItem {
    insert_text: String,
    range: Range,
}

/// Proposes what a model would write here.
///
/// # Errors
/// Where the model can't be asked.
pub(in crate::server) async fn inline_completion(
    peer: Peer,
    params: InlineCompletionParams,
) -> Result<InlineCompletionList> {
    /// `InlineCompletionTriggerKind.Invoked` of LSP.
    const INVOKED: u8 = 1;
    if !peer.editor.features().inline_completion {
        return Ok(InlineCompletionList { items: Vec::new() });
    }
    let trigger = if params.context.trigger_kind == INVOKED { Trigger::Invoked } else { Trigger::Typing };
    let proposal = propose(&peer, &params.text_document.uri, params.position, trigger).await?;
    let item = |proposal: Proposal| {
        let range = proposal.range();
        InlineCompletionItem { insert_text: proposal.text, range }
    };
    Ok(InlineCompletionList { items: proposal.map(item).into_iter().collect() })
}
