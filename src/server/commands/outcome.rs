//! What becomes of the answer about a text: it is written, shown, or kept for later; what was paid for is never lost.

use std::sync::Mutex;

use litellm_ls_protocol::CompleteResult;
use unicode_width::UnicodeWidthStr;

use super::{
    edit::{Applied, apply, apply_confirmed},
    found::found,
    written::{Written, keep_taken_out},
};
use crate::{
    assist::{Answer, Fit, Place, fit},
    language::Language,
    off_thread::off_thread,
    plain,
    provider::{Error, Result},
    server::{
        Peer, failure,
        kept::Kept,
        lock, pages,
        shown::{ANSWER, Page, Shown, told_usage},
    },
    store::{self, KeptPage},
};

/// How a user gets an answer into the text that was not written.
const ALL_THE_SAME: &str = "To insert it all the same, choose “LiteLLM: insert the last answer” from the code actions \
                            of that file, or run the command `litellm-ls.insertAnswer`.";

/// Columns of a line above an answer: an editor may show it in half of a window of 80, beside the numbers of its lines.
const HEAD: usize = 32;

/// Why an answer is not in the text where its beginning is, and what to do.
const LEFT_BEHIND: &str =
    "the text around its beginning, which stands there, has changed meanwhile: take that out first";

/// An answer, whole or not, and the failure that ended it.
pub(super) struct Answered {
    result: CompleteResult,
    error: Option<Error>,
}

impl Answered {
    /// What a model was asked for, or what came before it failed.
    ///
    /// # Errors
    /// Where nothing came.
    pub(super) fn of(answer: Result<CompleteResult>) -> Result<Self> {
        match answer {
            Ok(result) => Ok(Self { result, error: None }),
            Err(mut error) => match error.data.partial.take() {
                Some(partial) if !partial.message.text.trim().is_empty() => {
                    Ok(Self { result: *partial, error: Some(error) })
                }
                _ => Err(error),
            },
        }
    }

    /// What had been said when the user cancelled.
    pub(super) fn cancelled(said: &Mutex<String>) -> Self {
        let mut result =
            CompleteResult { finish_reason: Some("cancelled".into()), ..CompleteResult::default() };
        result.message.text = std::mem::take(&mut lock(said));
        Self { result, error: None }
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.result.finish_reason.as_deref() == Some("cancelled")
    }

    fn is_whole(&self) -> bool {
        self.result.finish_reason.as_deref() == Some("stop")
    }

    pub(super) fn answer(&self) -> Answer<'_> {
        Answer::of(&self.result)
    }
}

/// Keeps an answer until it stands in the text; returns the number that it is kept under. None where it says nothing.
pub(super) fn hold(peer: &Peer, answered: &Answered, place: Place<'_>, kept: &Kept) -> Option<u64> {
    match fit(answered.answer(), place) {
        Fit::Write(new) | Fit::Show { anyway: new, .. } => {
            Some(lock(&peer.editor.kept).hold(Kept { new, ..kept.clone() }))
        }
        Fit::Nothing { .. } => None,
    }
}

/// Writes an answer into the text where it is fit for that, and else shows it, without the focus where its user is typing.
/// Whether nothing of it need be kept.
pub(super) async fn conclude(
    peer: &Peer,
    answered: Answered,
    place: Place<'_>,
    kept: Kept,
    preview: bool,
    mut written: Option<Written<'_>>,
    is_typing: impl Fn() -> bool,
) -> bool {
    let why = |reason: String| match &answered.error {
        Some(error) if error.message.starts_with(&reason) => error.message.clone(),
        Some(error) => format!("{reason} ({})", error.message),
        None => reason,
    };
    match fit(answered.answer(), place) {
        Fit::Write(new) => {
            let done = match &mut written {
                Some(written) => written.finish(&new).await,
                None => replace(peer, &kept, &new, preview).await,
            };
            if done {
                if let (Some(folder), uri) = (peer.pages.clone(), kept.document.uri.clone()) {
                    off_thread(move || store::release_pages(&folder, &uri)).await;
                }
                let uri = kept.document.uri.clone();
                lock(&peer.editor.landed).add(Kept { new, ..kept });
                keep_taken_out(peer, &uri).await;
                tell_usage(peer, &answered.result);
            } else {
                let is_left_behind = written.is_some_and(|written| written.is_left_behind());
                let reason = if is_left_behind { LEFT_BEHIND } else { why_not_written(peer, &kept) };
                show_instead(peer, &answered, reason, Kept { new, ..kept }, is_typing()).await;
            }
            done
        }
        Fit::Show { reason, anyway } => {
            let reason = why(reason);
            let streamed = written.as_mut().filter(|written| !written.is_empty());
            let left = match streamed {
                Some(written) if answered.is_whole() => {
                    written.take_back().await;
                    false
                }
                Some(written) => written.leave(&anyway, &reason).await,
                None => false,
            };
            if left {
                peer.show_warning(&format!(
                    "LiteLLM: {reason}; what came is in the text, and undo takes it out"
                ));
            } else {
                let is_left_behind = written.is_some_and(|written| written.is_left_behind());
                let reason = if is_left_behind { format!("{reason}, and {LEFT_BEHIND}") } else { reason };
                show_instead(peer, &answered, &reason, Kept { new: anyway, ..kept }, is_typing()).await;
            }
            left
        }
        Fit::Nothing { reason } => {
            if let Some(written) = &mut written {
                written.take_back().await;
            }
            // Who has cancelled knows it.
            if !answered.is_cancelled() {
                peer.show_warning(&format!("LiteLLM: {}", why(reason)));
            }
            true
        }
    }
}

/// Shows an answer that is for reading, with what is to be said of its end. Where it can't be shown it is kept, to be
/// inserted behind what was asked about; and where its user is typing meanwhile, it takes no focus.
pub(super) async fn read(peer: &Peer, answered: Answered, mut kept: Kept, is_typing: bool) {
    // Who has cancelled an explanation wants to read none of it.
    if answered.is_cancelled() {
        return;
    }
    let place = Place { language: "markdown", ..Place::default() };
    let reason = match fit(answered.answer(), place) {
        Fit::Write(_) => None,
        Fit::Show { reason, .. } => Some(reason),
        Fit::Nothing { reason } => return peer.show_warning(&format!("LiteLLM: {reason}")),
    };
    if let Some(error) = &answered.error {
        peer.show_warning(&failure(error));
    }
    let mut page = answered.result.shown();
    if let Page::Answer(answer) = &mut page {
        answer.reason = reason;
    }
    let is_shown = match page {
        Page::Answer(answer) if is_typing => {
            kept.page = pages::write(peer, ANSWER, &answer.told(peer.language()));
            if let Some(page) = kept.page.clone() {
                lock(&peer.editor.kept).keep(kept.clone());
                pages::show_beside(peer, &page, "the answer has come", is_typing).await;
            }
            kept.page.is_some()
        }
        page => page.show(peer).await,
    };
    if !is_shown {
        lock(&peer.editor.kept).keep(kept);
        peer.show_warning(&format!("LiteLLM: the answer can't be shown. {ALL_THE_SAME}"));
    }
}

/// Puts a text in the place of a range, unless what stands there has changed meanwhile.
async fn replace(peer: &Peer, kept: &Kept, new: &str, preview: bool) -> bool {
    let Some(now) = peer.editor.document(&kept.document.uri) else { return false };
    now.aside_where_long().await;
    let Some(range) = found(&now, &kept.document, kept.range) else { return false };
    let applied = match preview {
        true => apply_confirmed(peer, &now, range, new).await,
        false => apply(peer, &now, range, new).await,
    };
    applied == Applied::Yes
}

/// Why an answer that was fit is not in the text.
fn why_not_written(peer: &Peer, kept: &Kept) -> &'static str {
    match peer.editor.document(&kept.document.uri) {
        None => "the text was closed meanwhile",
        Some(now) if !now.is_opening_of(&kept.document) => "the text was closed and opened again meanwhile",
        Some(now) if found(&now, &kept.document, kept.range).is_none() => "the text has changed meanwhile",
        // Neovim 0.11 without our plugin finds no such buffer again, nor takes it for another once it is saved.
        Some(now) if now.file().is_empty() => {
            "the editor did not write it, for the text has no file: save it, and open that file"
        }
        Some(_) => "the editor did not write it",
    }
}

fn tell_usage(peer: &Peer, answer: &CompleteResult) {
    peer.show_info(&format!("LiteLLM: {}", told_usage(&answer.model, answer)));
}

/// What stands above an answer that was not written: why, first of all, in lines for a window of half a screen.
fn head(language: Language, of: &str, reason: &str) -> String {
    let mut why = language.said(reason).into_owned();
    if let Some(first) = why.get(..1).map(str::to_ascii_uppercase) {
        why.replace_range(..1, &first);
    }
    why.push_str(if why.ends_with(|end: char| end.is_ascii()) { "." } else { "。" });
    let not_written = format!("Not written into {of}.");
    let paragraphs = [why.as_str(), &language.said(&not_written), &language.said(ALL_THE_SAME)];
    paragraphs.iter().map(|paragraph| format!("{}\n", wrapped(paragraph, HEAD))).collect()
}

/// A paragraph in lines of so many columns, as far as its words let it.
fn wrapped(paragraph: &str, columns: usize) -> String {
    let mut lines = String::new();
    let mut used = 0;
    for word in paragraph.split_inclusive([' ', '，', '；', '。', '：']) {
        if used > 0 && used + word.trim_end().width() > columns {
            lines.truncate(lines.trim_end().len());
            lines.push('\n');
            used = 0;
        }
        used += word.width();
        lines.push_str(word);
    }
    lines.push('\n');
    lines
}

/// Shows an answer that was not written, and keeps it.
async fn show_instead(peer: &Peer, answered: &Answered, reason: &str, kept: Kept, is_typing: bool) {
    if let Some(error) = &answered.error {
        peer.show_warning(&failure(error));
    }
    let file = kept.document.file();
    let of = if file.is_empty() { "the text".to_owned() } else { format!("`{file}`") };
    // What was cut off may have left a fence open.
    let answer = if answered.is_whole() && kept.new.trim() != answered.result.message.text.trim() {
        answered.result.message.text.clone()
    } else {
        plain::fenced(&kept.new, &kept.document.language)
    };
    let page = format!("{}{answer}\n", head(peer.language(), &of, reason));
    let page = pages::write(peer, ANSWER, &page);
    if let Some(page) = page.clone() {
        // Where it can't be marked, the page itself is there.
        let _ = KeptPage::new(page, &kept.document.uri);
    }
    lock(&peer.editor.kept).keep(Kept { page: page.clone(), ..kept });
    match page {
        Some(page) => {
            pages::show_beside(peer, &page, &format!("not written into {of}: {reason}"), is_typing).await;
        }
        None => peer.show_warning(&format!(
            "LiteLLM: the answer was not written into {of}: {reason}; and it can't be shown. {ALL_THE_SAME}"
        )),
    }
}
