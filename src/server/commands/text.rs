//! What code actions do: a model is asked about a text, and its answer goes into the text or is shown.

use std::{sync::Arc, time::Duration};

use litellm_ls_protocol::{CompleteResult, Delta};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::mpsc::{self, UnboundedSender};
use tower_lsp::lsp_types::{Range, Url};

use super::{Shown, shown::told_usage, twins::pressed, written::Written};
use crate::{
    assist::{Answer, Fit, Subject, Task, fit},
    provider::{Error, Profile, Result},
    server::{Peer, documents::Document, pages, progress::Progress},
};

/// The commands of this file.
pub(super) const TASKS: [&str; 6] = ["completeHere", "explain", "rewrite", "fix", "document", "writeTests"];

/// Work about a text; a newer one takes its place.
const KIND: &str = "text";
/// How long an editor may take to apply an edit; it may ask its user first.
const EDIT_LIMIT: Duration = Duration::from_secs(120);

/// Which text a command is about.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server) struct Arguments {
    pub(in crate::server) uri: Url,
    pub(in crate::server) range: Range,
    /// The version that the range was meant for. Absent where any will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::server) version: Option<i32>,
    /// What `rewrite` shall do. Absent: write it better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::server) instruction: Option<String>,
    /// What `fix` shall mend. Empty: whatever is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::server) problems: Vec<String>,
}

/// Begins the work of a command, and goes on behind it.
pub(super) fn run(peer: &Peer, name: &str, argument: Option<Value>) -> Result<()> {
    let Some(argument) = argument else {
        return Err(Error::invalid_params(
            format!("{} needs to know which text it is about", super::id(name)),
            "choose it from the code actions of the editor, at the text",
        ));
    };
    let arguments: Arguments = serde_json::from_value(argument).map_err(|error| {
        Error::invalid_params(
            format!("the argument of {} doesn't fit: {error}", super::id(name)),
            "give an object with uri and range",
        )
    })?;
    let task = task(name, &arguments);
    let working = peer.clone();
    peer.work_behind(KIND, async move { ask_about(&working, task, arguments).await });
    Ok(())
}

/// The task of a command.
fn task(name: &str, arguments: &Arguments) -> Task {
    match name {
        "explain" => Task::Explain,
        "rewrite" => Task::Rewrite(arguments.instruction.clone()),
        "fix" => Task::Fix(arguments.problems.clone()),
        "document" => Task::Document,
        "writeTests" => Task::Test,
        _ => Task::Complete,
    }
}

/// Asks a model about a text, and puts its answer where it belongs.
///
/// # Errors
/// Where the text is not open or has changed, or the model can't be asked.
async fn ask_about(peer: &Peer, task: Task, arguments: Arguments) -> Result<()> {
    let document = peer.editor.document(&arguments.uri).ok_or_else(|| {
        Error::invalid_params("this text is not open in the editor", "open it, then choose the action again")
    })?;
    if arguments.version.is_some_and(|version| version != document.version) {
        return Err(Error::invalid_params("the text has changed meanwhile", "choose the action again"));
    }
    let profile = peer.profile(None).await?;
    let bytes = document.bytes(arguments.range);
    let subject = Subject {
        language: &document.language,
        file: document.file(),
        text: &document.text,
        range: (bytes.start, bytes.end),
    };
    let progress = Progress::create(peer, "LiteLLM").await;
    let streams = matches!(task, Task::Complete) && peer.editor.features().stream_edits && bytes.is_empty();
    let mut written = streams.then(|| Written::new(peer, &document, bytes.start));
    let (pieces, heard) = mpsc::unbounded_channel();
    let writing = async {
        match &mut written {
            Some(written) => written.follow(heard).await,
            None => drop(heard),
        }
    };
    let answer = tokio::select! {
        () = pressed(progress.as_ref()) => return Ok(()),
        (answer, ()) = async {
            tokio::join!(ask(peer, &profile, &task, &subject, progress.as_ref(), pieces), writing)
        } => answer?,
    };
    drop(progress);
    if !task.edits() {
        answer.shown().show(peer).await;
        return Ok(());
    }
    let said = Answer {
        text: &answer.message.text,
        refusal: answer.message.refusal.as_deref(),
        finish_reason: answer.finish_reason.as_deref(),
    };
    match (fit(said, subject.place()), written) {
        (Fit::Write(new), Some(written)) => match written.finish(&new).await {
            true => tell_usage(peer, &answer),
            false => show_instead(peer, &new).await,
        },
        (Fit::Write(new), None) => replace(peer, &document, arguments.range, new, &answer).await,
        (Fit::Show { reason, .. }, _) => {
            let page = format!("Not written into the text: {reason}.\n\n---\n\n{}\n", answer.message.text);
            pages::show(peer, "answer", &page).await;
        }
        (Fit::Nothing { reason }, _) => peer.show(&format!("LiteLLM: {reason}")),
    }
    Ok(())
}

async fn ask(
    peer: &Peer,
    profile: &Arc<Profile>,
    task: &Task,
    subject: &Subject<'_>,
    progress: Option<&Progress>,
    pieces: UnboundedSender<String>,
) -> Result<CompleteResult> {
    let params = task.question(subject);
    let _usage = peer.tell_usage_after(profile);
    let begun = peer.provider.complete(profile, &params).await;
    let asked = async {
        let mut answer = begun?;
        let mut letters = 0;
        while let Some(delta) = answer.next().await? {
            let (Delta::Text { text } | Delta::Reasoning { text, .. }) = &delta else { continue };
            letters += text.chars().count();
            if let Delta::Text { text } = delta {
                // Nobody listens where the answer is put in as a whole.
                let _ = pieces.send(text);
            }
            if let Some(progress) = progress {
                progress.report(&format!("{letters} characters"));
            }
        }
        Ok(answer.finish())
    };
    peer.watch(profile, asked.await)
}

/// Puts a text in the place of a range, unless the text has changed meanwhile: then nothing is lost, and the answer is
/// shown instead.
async fn replace(peer: &Peer, document: &Document, range: Range, new: String, answer: &CompleteResult) {
    let changed = peer.editor.document(&document.uri).is_none_or(|now| now.version != document.version);
    if !changed && apply(peer, document, range, &new).await {
        tell_usage(peer, answer);
    } else {
        show_instead(peer, &new).await;
    }
}

/// Has the editor put a text in the place of a range, and returns whether it did.
pub(super) async fn apply(peer: &Peer, document: &Document, range: Range, new: &str) -> bool {
    let edits = json!([{"range": range, "newText": new}]);
    let edit = if peer.editor.abilities().versioned_edits {
        let text_document = json!({"uri": document.uri, "version": document.version});
        json!({"documentChanges": [{"textDocument": text_document, "edits": edits}]})
    } else {
        json!({"changes": {document.uri.as_str(): edits}})
    };
    let asked = json!({"label": "LiteLLM", "edit": edit});
    let reply = peer.outbox.ask("workspace/applyEdit", asked, EDIT_LIMIT).await;
    reply.is_some_and(|reply| reply["applied"] == Value::Bool(true))
}

fn tell_usage(peer: &Peer, answer: &CompleteResult) {
    peer.tell(&format!("LiteLLM: {}", told_usage(&answer.model, answer.usage.as_ref())));
}

/// Shows an answer that found no place in the text.
async fn show_instead(peer: &Peer, new: &str) {
    let page = format!("The text has changed meanwhile; this was the answer.\n\n```\n{new}\n```\n");
    pages::show(peer, "answer", &page).await;
}
