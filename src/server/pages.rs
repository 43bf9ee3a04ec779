//! Texts that are too long for a message, shown as a document.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Value, json};
use tower_lsp::lsp_types::Url;

use super::Peer;
use crate::{
    off_thread::off_thread,
    plain,
    store::{self, KeptPage},
};

/// How long an editor may take to show a document.
const SHOW_LIMIT: Duration = Duration::from_secs(10);

/// Shows a Markdown text, or says where it is, where the editor does not show documents. False, and says why, where
/// there is no place for it.
pub(super) async fn show(peer: &Peer, name: &str, markdown: &str) -> bool {
    match write(peer, name, markdown) {
        Some(page) => {
            show_file(peer, &page).await;
            true
        }
        None => false,
    }
}

/// Writes a Markdown text as a page, and says why where that fails.
pub(super) fn write(peer: &Peer, name: &str, markdown: &str) -> Option<PathBuf> {
    let Some(folder) = peer.pages.as_deref() else {
        peer.show_warning("litellm-ls: this machine has no folder for pages, so the text can't be shown");
        return None;
    };
    match store::write_page(folder, name, &plain::page(markdown)) {
        Ok(path) => Some(path),
        Err(error) => {
            peer.show_warning(&format!("litellm-ls: {error}: {}", error.remedy()));
            None
        }
    }
}

/// Writes a Markdown text that nobody is shown yet, in place of what it was before. While it is held, it is under way.
///
/// # Errors
/// Where the file system refuses.
pub(super) fn keep(
    folder: &Path,
    name: &str,
    about: &str,
    page: &mut Option<KeptPage>,
    markdown: &str,
) -> store::Result<()> {
    let text = plain::page(markdown);
    match page {
        Some(page) => store::rewrite_page(page.path(), &text),
        None => {
            *page = Some(KeptPage::new(store::write_page(folder, name, &text)?, about)?);
            Ok(())
        }
    }
}

/// Shows a page that is there, or says where it is.
pub(super) async fn show_file(peer: &Peer, page: &Path) {
    if !show_document(peer, page, true).await {
        peer.show_info(&format!("LiteLLM: see {}", page.display()));
    }
}

/// Shows a page beside what its user does, who did not ask for it just now and may be typing: the focus stays where it is.
/// An editor that would move it all the same says to who is typing why there is such a page, and the menu of code actions
/// shows it.
pub(super) async fn show_beside(peer: &Peer, page: &Path, why: &str, is_typing: bool) {
    if is_typing && peer.editor.documents().quirks.always_takes_focus {
        // A line of 80 columns has room for what to do.
        peer.show_info(&format!("LiteLLM: choose “show the last answer” from the code actions: {why}"));
    } else if !show_document(peer, page, false).await {
        peer.show_info(&format!("LiteLLM: see {}", page.display()));
    }
}

/// Removes pages of former days.
pub(super) async fn remove_old(peer: &Peer) {
    // Without the folder no thread is begun.
    if let Some(folder) = peer.pages.clone().filter(|folder| folder.is_dir()) {
        // What can't be removed now is tried again with the next page.
        let _ = off_thread(move || store::remove_old_pages(&folder)).await;
    }
}

/// Whether a document is a page of ours.
pub(super) fn is_ours(peer: &Peer, uri: &str) -> bool {
    let file = Url::parse(uri).ok().and_then(|uri| uri.to_file_path().ok());
    let folder = file.as_deref().and_then(Path::parent).and_then(|folder| fs::canonicalize(folder).ok());
    folder.is_some() && folder == peer.pages.as_deref().and_then(|pages| fs::canonicalize(pages).ok())
}

/// Whether the editor shows a file. Some do though they do not say that they would (Helix 25.01), so they are asked.
async fn show_document(peer: &Peer, path: &Path, take_focus: bool) -> bool {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let Ok(uri) = Url::from_file_path(path) else { return false };
    let asked = json!({"uri": uri, "external": false, "takeFocus": take_focus});
    let shown = peer.outbox.ask("window/showDocument", asked, SHOW_LIMIT).await;
    shown.is_some_and(|shown| shown["success"] == Value::Bool(true))
}
