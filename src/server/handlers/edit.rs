//! `provider/edit`.

use std::{sync::Arc, time::Duration};

use litellm_ls_protocol::{
    CompleteParams, CompleteResult, Content, EditParams, EditResult, ErrorKind, Message, Role, TextPosition,
    TextRange,
};
use tokio::time::timeout;
use tower_lsp::lsp_types::{Position, Range};

use super::complete::answered;
use crate::{
    assist::{Answer, Job, JobKind, Subject},
    provider::{Error, Profile, Result},
    server::{Peer, consent, documents::Document},
};

/// Asks a model about a place in a text, and says what its answer does there.
pub(in crate::server) async fn edit(peer: Peer, params: EditParams) -> Result<EditResult> {
    let document = document(&peer, &params)?;
    let job = job(&peer, &params)?;
    let profile = peer.profile(params.profile.as_deref()).await?;
    let bytes = job.about(document.text(), document.bytes(range(params.range)));
    let file = document.file();
    let subject = document.subject(&file, &bytes);
    let mut question = job.question(&subject);
    question.model = params.model.clone().or(question.model);
    let result = EditResult {
        range: text_range(document.range(job.target(&subject))),
        preview: job.preview(),
        version: document.version,
        ..EditResult::default()
    };
    if params.dry_run {
        return dry_run(&peer, &profile, question, &job, &subject, result).await;
    }
    if !consent::may_be_sent(&peer, &document).await? {
        return Err(Error::new(
            ErrorKind::RequestCancelled,
            format!("{file} is not sent"),
            "ask again to send it all the same",
        ));
    }
    question.partial_result_token.clone_from(&params.partial_result_token);
    question.work_done_token.clone_from(&params.work_done_token);
    let answer = answered(&peer, &profile, &question).await?;
    let mut outcome = job.outcome(Answer::of(&answer), &subject);
    if job.edits()
        && let Some(now) = peer.editor.document(&document.uri)
        && now.is_unchanged_since(&document)
    {
        // It may have other line ends by now.
        outcome.new_text = now.with_line_ends(range(result.range), &outcome.new_text);
    }
    Ok(EditResult {
        place: outcome.place,
        new_text: outcome.new_text,
        reason: outcome.reason,
        answer,
        ..result
    })
}

/// How long a dry run waits for the list of models, which has the prices. People wait for it before they ask.
const LIST_PATIENCE: Duration = Duration::from_secs(1);

async fn dry_run(
    peer: &Peer,
    profile: &Arc<Profile>,
    question: CompleteParams,
    job: &Job,
    subject: &Subject<'_>,
    result: EditResult,
) -> Result<EditResult> {
    let expected = job.expected_tokens(subject);
    if let Some(looked_up) = peer.learn_models(profile) {
        let _ = timeout(LIST_PATIENCE, looked_up).await;
    }
    let price = peer.provider.price_before(profile, &question, expected).await?;
    let message = |role, text| Message { role, content: Some(Content::Text(text)), ..Message::default() };
    let system = question.system.map(|text| message(Role::System, text));
    let asked = question.prompt.map(|text| message(Role::User, text));
    Ok(EditResult {
        answer: CompleteResult { model: price.model, ..CompleteResult::default() },
        place: job.wanted(subject),
        messages: system.into_iter().chain(asked).collect(),
        estimated_input_tokens: Some(price.input_tokens),
        estimated_cost: price.cost,
        ..result
    })
}

/// The text that is asked about: the one that came along, or the open one.
fn document(peer: &Peer, params: &EditParams) -> Result<Document> {
    let asked = &params.text_document;
    let open = peer.editor.document(&asked.uri);
    let language = asked.language_id.as_deref();
    match (&asked.text, open) {
        (Some(text), open) => {
            let language = language.map(str::to_owned).or_else(|| Some(open?.language.to_string()));
            Ok(peer.editor.documents().detached(&asked.uri, &language.unwrap_or_default(), text))
        }
        (None, Some(open)) => {
            let language: Arc<str> = language.map_or_else(|| open.language.clone(), Into::into);
            Ok(open.in_language(language))
        }
        (None, None) => {
            Err(Error::invalid_param("textDocument", "it is not open", "open it, or give its `text` along"))
        }
    }
}

fn job(peer: &Peer, params: &EditParams) -> Result<Job> {
    let EditParams { range, instruction, task, prompt, diagnostics, .. } = params;
    let mut job = match (task, prompt) {
        (Some(_), Some(_)) => {
            return Err(Error::invalid_param("prompt", "a task is named too", "name one of them"));
        }
        (None, Some(name)) => Job {
            kind: JobKind::Prompt(peer.settings().prompt(name)?),
            instruction: instruction.clone(),
            diagnostics: Vec::new(),
        },
        (task, None) => Job::task(*task, range.start == range.end, instruction.clone()),
    };
    job.diagnostics.clone_from(diagnostics);
    Ok(job)
}

fn range(range: TextRange) -> Range {
    let position = |place: TextPosition| Position { line: place.line, character: place.character };
    Range { start: position(range.start), end: position(range.end) }
}

fn text_range(range: Range) -> TextRange {
    let position = |place: Position| TextPosition { line: place.line, character: place.character };
    TextRange { start: position(range.start), end: position(range.end) }
}
