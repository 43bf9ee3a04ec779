//! The models in the menu of code actions: a few of them everywhere, and on the page of models the one of the row.

use std::time::Duration;

use litellm_ls_protocol::{ListModelsParams, ListModelsResult, ListOrder, MarkModel, Model, Request};
use serde_json::json;
use tower_lsp::lsp_types::{CodeAction, CodeActionKind};

use super::menu::action;
use crate::{
    language::Language,
    provider::{Freshness, Result},
    server::{Peer, commands, failure, pages, shown},
};

/// How many models stand in the menu.
const MODELS: usize = 10;
/// How long the menu may wait for the first list of models.
const LIST_LIMIT: Duration = Duration::from_secs(2);

/// The models to choose from at a line of a text, or why there are none.
pub(super) async fn model_actions(peer: &Peer, uri: &str, line: u32) -> Vec<CodeAction> {
    let why = |text: &str, command| vec![action(text, CodeActionKind::EMPTY, command, None)];
    let list = match tokio::time::timeout(LIST_LIMIT, list(peer)).await {
        Ok(Ok(list)) => list,
        Ok(Err(error)) => return why(&failure(&error), "status"),
        Err(_) => {
            return why("LiteLLM: the models are not there yet: choose this to wait", commands::USE_MODEL);
        }
    };
    if list.models.is_empty() {
        return why("LiteLLM: ask whoever runs the proxy for models (it offers this key none)", "status");
    }
    match in_row(peer, uri, line, &list) {
        Some(model) => of_row(model, peer.language()),
        None => of_menu(&list, peer.language()),
    }
}

async fn list(peer: &Peer) -> Result<ListModelsResult> {
    let profile = peer.profile(None).await?;
    let listed = peer.models(&profile, Freshness::Cached).await?;
    let params = ListModelsParams { order: ListOrder::Picker, ..ListModelsParams::default() };
    listed.result(&profile, &params, &peer.marks.of(&profile.name))
}

/// The first models, the one in use before all.
fn of_menu(list: &ListModelsResult, language: Language) -> Vec<CodeAction> {
    let models = commands::in_use_first(list);
    let line = |model: &&Model| {
        let mark = if list.default_model.as_ref() == Some(&model.id) { "✓ " } else { "" };
        let line = language.words(&model.summary.line);
        use_model(&format!("{mark}use {} · {line}", model.id), Some(&model.id))
    };
    let mut actions: Vec<_> = models.iter().take(MODELS).map(line).collect();
    if models.len() > MODELS {
        actions.push(use_model(&format!("all {} models…", models.len()), None));
    }
    actions
}

/// The model of a row of the page of models.
fn in_row<'a>(peer: &Peer, uri: &str, line: u32, list: &'a ListModelsResult) -> Option<&'a Model> {
    if !pages::is_ours(peer, uri) {
        return None;
    }
    let document = peer.editor.document(uri)?;
    shown::model_in_row(document.text().lines().nth(line as usize)?, list)
}

/// What can be done with one model.
fn of_row(model: &Model, language: Language) -> Vec<CodeAction> {
    let favourite = !model.favourite;
    let title = if favourite { "make it a favourite" } else { "it is no favourite any more" };
    let mark = json!({"model": model.id, "favourite": favourite});
    let twin = MarkModel::METHOD.rsplit('/').next().unwrap_or_default();
    vec![
        use_model(&format!("use {} · {}", model.id, language.words(&model.summary.line)), Some(&model.id)),
        action(&format!("LiteLLM: {title}"), CodeActionKind::EMPTY, twin, Some(mark)),
    ]
}

fn use_model(title: &str, model: Option<&str>) -> CodeAction {
    let argument = model.map(Into::into);
    action(&format!("LiteLLM: {title}"), CodeActionKind::EMPTY, commands::USE_MODEL, argument)
}
