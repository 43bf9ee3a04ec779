//! `textDocument/codeAction`.

use litellm_ls_protocol::{EditTask, PromptOutput};
use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::lsp_types::{CodeAction, CodeActionKind, CodeActionOrCommand, Range};

use super::{menu::action, model_actions::model_actions};
use crate::{
    assist::{TASKS, task_row, told_problems},
    server::{
        Peer,
        commands::{self, TextArguments},
        config_yaml,
        documents::{self, DocumentId},
        lock, pages,
        runs::Work,
    },
};

/// `CodeActionParams`, as far as it is used.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server) struct CodeActionParams {
    text_document: DocumentId,
    #[serde(deserialize_with = "documents::range")]
    range: Range,
    #[serde(default)]
    context: CodeActionContext,
}

#[derive(Debug, Default, Deserialize)]
struct CodeActionContext {
    #[serde(default)]
    diagnostics: Option<Vec<Diagnostic>>,
    #[serde(default)]
    only: Option<Vec<CodeActionKind>>,
}

/// A problem that the editor shows at the place.
#[derive(Debug, Deserialize)]
struct Diagnostic {
    #[serde(deserialize_with = "documents::range")]
    range: Range,
    #[serde(default)]
    message: String,
    #[serde(default)]
    source: Option<String>,
}

impl CodeActionParams {
    /// What others complain of: our own marks need no mending.
    fn problems(&self) -> Vec<&Diagnostic> {
        let all = self.context.diagnostics.iter().flatten();
        all.filter(|problem| problem.source.as_deref() != Some(commands::SOURCE)).collect()
    }
}

/// Offers what a model can do here, and the models to choose from. No model is asked before one is chosen.
pub(in crate::server) async fn code_action(peer: Peer, params: CodeActionParams) -> Vec<CodeActionOrCommand> {
    let fixes = config_yaml::fixes(&peer, &params.text_document.uri, params.range).await;
    let fixes: Vec<CodeAction> =
        fixes.into_iter().filter_map(|fix| serde_json::from_value(fix).ok()).collect();

    let features = peer.editor.features();
    let wanted = params.context.only.clone();
    // What is certain comes first.
    let mut actions = fixes;
    actions.extend(cancels(&peer, &params.text_document.uri));
    // A page of ours is read: there is nothing to change in it.
    if features.code_actions && !pages::is_ours(&peer, &params.text_document.uri) {
        if let Some(document) = peer.editor.document(&params.text_document.uri) {
            document.aside_where_long().await;
        }
        actions.extend(of_text(&peer, &params));
    }
    // Who asks for a kind asks for no menu.
    if features.model_actions && wanted.is_none() {
        actions.extend(model_actions(&peer, &params.text_document.uri, params.range.start.line).await);
    }
    actions.retain(|action| wanted.as_ref().is_none_or(|wanted| is_one_of(action, wanted)));
    actions.into_iter().map(CodeActionOrCommand::from).collect()
}

/// What ends work that goes on: that about this text, where there is other too, and all.
fn cancels(peer: &Peer, uri: &str) -> Vec<CodeAction> {
    let runs = &peer.editor.runs;
    let here = peer.editor.document(uri).map(|document| Work::Text(document.opening()));
    let all = runs.count(None);
    let here = here.filter(|here| (1..all).contains(&runs.count(Some(here))));
    let cancel = |title, argument| action(title, CodeActionKind::EMPTY, commands::CANCEL, argument);
    let here = here.map(|_| cancel("LiteLLM: cancel what is running here", Some(json!({"uri": uri}))));
    let all = (all > 0).then(|| cancel("LiteLLM: cancel what is running", None));
    here.into_iter().chain(all).collect()
}

/// Whether an action is of a wanted kind, or of a kind below it.
fn is_one_of(action: &CodeAction, wanted: &[CodeActionKind]) -> bool {
    let kind = action.kind.as_ref().map_or("", CodeActionKind::as_str);
    wanted.iter().any(|wanted| {
        let below = kind.strip_prefix(wanted.as_str());
        wanted.as_str().is_empty() || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

fn of_text(peer: &Peer, params: &CodeActionParams) -> Vec<CodeAction> {
    let uri = &params.text_document.uri;
    let Some(document) = peer.editor.document(uri) else { return Vec::new() };
    let mark = document.mark();
    let arguments = |range, problems| TextArguments {
        uri: uri.clone(),
        range,
        version: document.version,
        made_for: Some(mark.clone()),
        prompt: None,
        instruction: None,
        problems,
    };
    let messages = params.problems();
    let messages = messages.iter().map(|problem| problem.message.as_str());
    // Each action has them: they are no more than a question says.
    let told: Vec<String> = told_problems(messages).collect();
    let problems = || told.clone();
    let at = |range, title: &str, kind, name| action(title, kind, name, value(&arguments(range, Vec::new())));
    let mut actions = Vec::new();
    if let (Some(command), [first, rest @ ..]) = (task_row(EditTask::Fix).command, &params.problems()[..]) {
        let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        let title = format!("LiteLLM: fix “{}”{more}", shortened(&first.message));
        // A diagnostic is at a point or a word; what is to be changed is its lines.
        let range = document.range(document.bytes(lines(params)));
        let fix = arguments(range, problems());
        actions.push(action(&title, CodeActionKind::QUICKFIX, command, value(&fix)));
    }
    let selected = &document.text()[document.bytes(params.range)];
    // The cursor of Helix and Kakoune is a selection of the character that it is on.
    let is_cursor = selected == "\r\n" || selected.chars().nth(1).is_none();
    let cursor = Range { end: params.range.start, ..params.range };
    let kept = lock(&peer.editor.kept).of(Some(&document)).map(|(_, kept)| kept.page.is_some());
    if kept.is_some() {
        let place = if is_cursor { cursor } else { params.range };
        actions.push(at(
            place,
            "LiteLLM: insert the last answer",
            CodeActionKind::EMPTY,
            commands::INSERT_ANSWER,
        ));
    }
    if kept == Some(true) {
        let show = "LiteLLM: show the last answer";
        actions.push(action(show, CodeActionKind::EMPTY, commands::SHOW_ANSWER, Some(json!({"uri": uri}))));
    }
    let place = if is_cursor { cursor } else { params.range };
    // All are of kinds that Helix sorts alike: what would change a selection is not to come before what reads it. At a
    // cursor one writes: the order is that of the table.
    let mut rows = TASKS.map(task_row);
    if !is_cursor {
        rows.sort_by_key(|row| row.edits);
    }
    let kind = |edits: bool| if edits { CodeActionKind::REFACTOR } else { CodeActionKind::EMPTY };
    for row in rows {
        let fits = if row.of_selection { !selected.is_empty() } else { is_cursor };
        if let Some(command) = row.command.filter(|_| fits) {
            let range = if row.of_selection { params.range } else { cursor };
            let title = format!("LiteLLM: {}", row.title);
            actions.push(action(&title, kind(row.edits), command, value(&arguments(range, problems()))));
        }
    }
    for prompt in peer.settings().prompts() {
        // What writes commit messages is no help elsewhere.
        if prompt.built_in && !["diff", "git-commit", "gitcommit"].contains(&&*document.language) {
            continue;
        }
        let title = format!("LiteLLM: {}", prompt.title);
        let edits = prompt.output != PromptOutput::Page;
        let with_prompt = TextArguments { prompt: Some(prompt.name), ..arguments(place, problems()) };
        actions.push(action(&title, kind(edits), commands::PROMPT, value(&with_prompt)));
    }
    actions
}

/// The whole lines of the selection and of its diagnostics.
fn lines(params: &CodeActionParams) -> Range {
    let mut range = params.range;
    for diagnostic in params.problems() {
        range.start.line = range.start.line.min(diagnostic.range.start.line);
        range.end.line = range.end.line.max(diagnostic.range.end.line);
    }
    range.start.character = 0;
    // Behind the end of every line, and so at its end.
    range.end.character = u32::MAX;
    range
}

fn value(arguments: &TextArguments) -> Option<Value> {
    serde_json::to_value(arguments).ok()
}

/// The first words of a message, for a menu.
fn shortened(message: &str) -> String {
    const LONGEST: usize = 50;
    let line = message.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line.to_owned(),
    }
}
