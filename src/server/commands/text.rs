//! What code actions do: a model is asked about a text, and its answer goes into the text or is shown.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use litellm_ls_protocol::{CompleteParams, CompleteResult, Delta, EditTask, ErrorKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::mpsc::{self, UnboundedSender};
use tower_lsp::lsp_types::Range;

use super::{
    ids::id,
    outcome::{Answered, conclude, hold, read},
    so_far::SoFar,
    written::Written,
};
use crate::{
    assist::{Job, JobKind, TASKS, task_row},
    figures, plain,
    provider::{Error, PriceBefore, Profile, Result},
    server::{
        Peer, consent,
        documents::{self, Document},
        failure,
        kept::Kept,
        lock,
        peer::Behind,
        progress::{Progress, pressed},
        runs::{Stop, Work},
        tokens::Claim,
    },
};

/// Widest name of a file or a model in the title of a display, in columns.
const NAME: usize = 45;
/// How long work about a text may take whose model has answered: an editor has a second to tell of the change that it was
/// asked for.
const PATIENCE: Duration = Duration::from_millis(1_300);

/// Which text a command is about.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server) struct Arguments {
    pub(in crate::server) uri: String,
    #[serde(deserialize_with = "documents::range")]
    pub(in crate::server) range: Range,
    /// The version that the range was meant for. Absent where any will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::server) version: Option<i64>,
    /// The text that the range was meant for, as a code action names it. Absent where any will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::server) made_for: Option<String>,
    /// The name of a prompt, for the command of prompts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::server) prompt: Option<String>,
    /// What to do, in the user's words. Absent: what the command does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::server) instruction: Option<String>,
    /// What tools complain of at the place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::server) problems: Vec<String>,
}

/// Begins the work of a command, which goes on behind it. None where the text is none to be asked about; that is shown. What
/// comes of an answer is paid for, so that a newer action does not take the place of one about the same text.
///
/// # Errors
/// Where the argument does not fit; where the client shows how far it is, in its display, where the text does not.
pub(super) async fn run(
    peer: &Peer,
    name: &str,
    argument: Option<Value>,
    display: Option<Claim>,
) -> Result<Option<Behind>> {
    let Some(argument) = argument else {
        return Err(Error::invalid_params(
            format!("{} needs to know which text it is about", id(name)),
            "choose it from the code actions at that text",
        ));
    };
    // A list would be read member by member.
    let arguments = argument.is_object().then(|| Arguments::deserialize(&argument).ok()).flatten();
    let arguments = arguments.ok_or_else(|| {
        Error::invalid_params(
            format!("the argument of {} is no object with a `uri` and a `range`", id(name)),
            "give the one that the code action has",
        )
    })?;
    let job = job(peer, name, &arguments)?;
    // What is refused takes the place of nothing that runs.
    let begun = document_of(peer, &arguments).await.and_then(|document| {
        let work = Work::Text(document.opening());
        if peer.editor.runs.is_taken(&work) { Err(taken()) } else { Ok((document, work)) }
    });
    let (document, work) = match begun {
        Ok(begun) => begun,
        Err(error) if display.is_some() => return Err(error),
        Err(error) => {
            peer.show_warning(&failure(&error));
            return Ok(None);
        }
    };
    let working = peer.clone();
    let before = peer.editor.runs.ending(&work);
    Ok(Some(peer.begin_behind(work, |stop| async move {
        let document = match before {
            None => document,
            Some(before) => {
                let ended = stop.unless_cancelled(before.ends_within(PATIENCE)).await;
                if !ended.ok_or_else(Error::cancelled)? {
                    return Err(Error::new(
                        ErrorKind::Busy,
                        "the editor has not written the answer before it",
                        "choose the action again once it has",
                    ));
                }
                // As it is with that answer.
                document_of(&working, &arguments).await?
            }
        };
        ask_about(&working, job, arguments.range, document, &stop, display).await
    })))
}

/// An answer about the same text is coming.
fn taken() -> Error {
    Error::new(
        ErrorKind::Busy,
        "one answer at a time is written into a text",
        "wait for the answer that is coming here, or choose “LiteLLM: cancel what is running” first",
    )
}

/// What a command is to do.
fn job(peer: &Peer, name: &str, arguments: &Arguments) -> Result<Job> {
    let kind = match TASKS.into_iter().find(|task| task_row(*task).command == Some(name)) {
        Some(task) => JobKind::Task(task),
        None => JobKind::Prompt(peer.settings().prompt(arguments.prompt.as_deref().unwrap_or_default())?),
    };
    let Arguments { instruction, problems, .. } = arguments.clone();
    Ok(Job { kind, instruction, diagnostics: problems })
}

/// Why a text is not known.
fn not_open(peer: &Peer, uri: &str) -> Error {
    match peer.editor.documents().is_lost(uri) {
        true => Error::invalid_params(
            "the editor told of this text in a message that can't be read, such as one in Latin-1",
            "close it and open it again; if that does not help, save it in UTF-8",
        ),
        false => Error::invalid_params(
            "this text is not open in the editor",
            "open it, then choose the action again",
        ),
    }
}

/// The text that a command is about.
///
/// # Errors
/// Where it is not open, or has changed.
async fn document_of(peer: &Peer, arguments: &Arguments) -> Result<Document> {
    let document = peer.editor.document(&arguments.uri).ok_or_else(|| not_open(peer, &arguments.uri))?;
    document.aside_where_long().await;
    let is_another = match &arguments.made_for {
        Some(text) => *text != document.mark(),
        None => arguments.version.is_some_and(|version| document.version.is_some_and(|now| now != version)),
    };
    if is_another {
        return Err(Error::invalid_params("the text has changed meanwhile", "choose the action again"));
    }
    Ok(document)
}

/// Asks a model about a text, and puts its answer where it belongs. What came before the user cancelled is not lost.
///
/// # Errors
/// Where the model can't be asked, or the user has cancelled.
async fn ask_about(
    peer: &Peer,
    job: Job,
    asked: Range,
    document: Document,
    stop: &Stop,
    display: Option<Claim>,
) -> Result<()> {
    document.aside_where_long().await;
    let bytes = job.about(document.text(), document.bytes(asked));
    let file = document.file();
    let subject = document.subject(&file, &bytes);
    let question = job.question(&subject);
    let allowed = stop.unless_cancelled(consent::may_be_sent(peer, &document)).await;
    if !allowed.unwrap_or_else(|| Err(Error::cancelled()))? {
        return Ok(());
    }
    if !peer.editor.runs.take(&Work::Text(document.opening()), stop) {
        return Err(taken());
    }
    let ready = async {
        let profile = peer.profile(None).await?;
        drop(peer.learn_models(&profile));
        let price = peer.provider.price_before(&profile, &question, job.expected_tokens(&subject)).await?;
        Ok::<_, Error>((profile, price))
    };
    let ready = stop.unless_cancelled(ready).await;
    let (profile, price) = ready.unwrap_or_else(|| Err(Error::cancelled()))?;
    let title = title(&file, &price);
    let progress = match display {
        Some(claim) => Some(Progress::claimed(peer, claim, &title)),
        None => Progress::create(peer, &title).await,
    };
    let features = peer.editor.features();
    let preview = job.preview().unwrap_or(features.preview_edits);
    let is_completion = job.kind == JobKind::Task(EditTask::Complete);
    let streams = is_completion && features.stream_edits && !preview && bytes.is_empty();
    let mut written = streams.then(|| Written::new(peer, &document, job.place(&subject)));
    let (pieces, heard) = mpsc::unbounded_channel();
    let writing = async {
        match &mut written {
            Some(written) => written.follow(heard).await,
            None => drop(heard),
        }
    };
    let said = Mutex::default();
    let mut so_far = SoFar::of(peer, &document);
    let range = document.range(job.target(&subject));
    let kept = Kept { document: document.clone(), range, new: String::new(), page: None };
    // Who changes a text meanwhile is typing, not waiting.
    let changes = peer.editor.documents().changes();
    let is_typing = || peer.editor.documents().changes() != changes;
    let asking = async {
        let answered = tokio::select! {
            biased;
            () = stop.cancelled() => Ok(Answered::cancelled(&said)),
            () = pressed(progress.as_ref()) => Ok(Answered::cancelled(&said)),
            answer = ask(peer, &profile, &question, progress.as_ref(), &said, &mut so_far, pieces) => Answered::of(answer),
        }?;
        // The editor may take long to write it, or for ever.
        let held = if job.edits() { hold(peer, &answered, job.place(&subject), &kept) } else { None };
        Ok::<_, Error>((answered, held))
    };
    // An edit that the editor has been asked for is awaited though the user has cancelled: it stands in the text.
    let (answered, ()) = tokio::join!(asking, writing);
    let (answered, held) = answered?;
    drop(progress);
    stop.set_over();
    let is_cancelled = answered.is_cancelled();
    if job.edits() {
        let text = answered.answer().text.to_owned();
        let concluding = conclude(peer, answered, job.place(&subject), kept, preview, written, is_typing);
        if so_far.keep_until(&text, concluding).await
            && let Some(held) = held
        {
            lock(&peer.editor.kept).remove(held);
        }
    } else {
        let is_prompt = matches!(job.kind, JobKind::Prompt(_));
        let answer = answered.answer();
        let new = if is_prompt { job.outcome(answer, &subject).new_text } else { answer.text.to_owned() };
        let end = kept.range.end;
        let kept = Kept { range: Range { start: end, end }, new, ..kept };
        if is_prompt {
            // What was asked for may well belong into the text, such as a commit message.
            lock(&peer.editor.kept).keep(kept.clone());
        }
        read(peer, answered, kept, is_typing()).await;
    }
    so_far.remove().await;
    if is_cancelled { Err(Error::cancelled()) } else { Ok(()) }
}

/// What a progress display is called: what is asked about, who is asked, and for about how much.
fn title(file: &str, price: &PriceBefore) -> String {
    let model = plain::label(&price.model, NAME);
    let file = if file.is_empty() { String::new() } else { format!("{}, ", plain::label(file, NAME)) };
    match price.cost {
        Some(cost) if cost > 0.0 => format!("LiteLLM: {file}{model}, about {}", figures::about(cost)),
        _ => format!("LiteLLM: {file}{model}"),
    }
}

async fn ask(
    peer: &Peer,
    profile: &Arc<Profile>,
    question: &CompleteParams,
    progress: Option<&Progress>,
    said: &Mutex<String>,
    so_far: &mut SoFar,
    pieces: UnboundedSender<String>,
) -> Result<CompleteResult> {
    let _usage = peer.tell_usage_after(profile);
    let begun = peer.provider.complete(profile, question).await;
    let asked = async {
        let mut answer = begun?;
        let mut letters = 0;
        while let Some(delta) = answer.next().await? {
            let (Delta::Text { text } | Delta::Reasoning { text, .. }) = &delta else { continue };
            letters += text.chars().count();
            if let Delta::Text { text } = delta {
                lock(said).push_str(&text);
                // Nobody listens where the answer is put in as a whole.
                let _ = pieces.send(text);
                so_far.keep(said).await;
            }
            if let Some(progress) = progress {
                progress.report(&format!("{letters} characters"));
            }
        }
        let result = peer.whole(profile, &mut answer).await;
        peer.note_use(profile, &result.model);
        Ok(result)
    };
    peer.watch(profile, asked.await)
}
