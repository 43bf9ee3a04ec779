//! `litellm-ls.insertAnswer` and `litellm-ls.showAnswer`: the answer that was kept is written all the same, or shown.

use serde::Deserialize;
use serde_json::Value;
use tower_lsp::lsp_types::Range;

use super::{
    edit::{Applied, apply},
    found::found,
};
use crate::{
    off_thread::off_thread,
    provider::{Error, Result},
    server::{
        Peer,
        documents::{self, Document},
        lock, pages,
    },
    store,
};

/// Where the user wants the answer, and of which text it is where several are kept. Without arguments the newest goes where
/// it was meant to go.
#[derive(Debug, Deserialize)]
struct Arguments {
    uri: String,
    #[serde(deserialize_with = "documents::range")]
    range: Range,
}

/// Writes the answer that was kept: where it was meant to go, or where the user says once that place has changed.
pub(super) async fn insert(peer: &Peer, argument: Option<Value>) -> Result<()> {
    let place = argument.and_then(|argument| serde_json::from_value::<Arguments>(argument).ok());
    let here = place.as_ref().and_then(|place| peer.editor.document(&place.uri));
    let Some((number, kept)) = lock(&peer.editor.kept).of(here.as_ref()) else {
        return show_former(peer, here.as_ref()).await;
    };
    kept.document.aside_where_long().await;
    let meant = peer.editor.document(&kept.document.uri).and_then(|now| {
        let range = found(&now, &kept.document, kept.range)?;
        Some((now, range, kept.new.clone()))
    });
    let chosen = || {
        let (document, range) = (here?, place?.range);
        let new = document.place(range).fitted(&kept.new);
        Some((document, range, new))
    };
    let Some((document, range, new)) = meant.or_else(chosen) else {
        return Err(Error::invalid_params(
            "the text has changed since the model was asked",
            "choose “LiteLLM: insert the last answer” from the code actions where it belongs",
        ));
    };
    if apply(peer, &document, range, &new).await == Applied::Yes {
        lock(&peer.editor.kept).remove(number);
        if let Some(page) = kept.page {
            // Where its mark can't be taken away it goes with the pages of former days.
            let _ = off_thread(move || store::release_page(&page)).await;
        }
        Ok(())
    } else {
        Err(Error::invalid_params(
            "the editor did not write the answer",
            "try it once more, or copy it from its page",
        ))
    }
}

/// Shows the page of the answer that was kept, of the text with this `uri` where there is one.
pub(super) async fn show(peer: &Peer, argument: Option<Value>) -> Result<()> {
    let here = argument.as_ref().and_then(|argument| peer.editor.document(argument["uri"].as_str()?));
    let page = lock(&peer.editor.kept).of(here.as_ref()).and_then(|(_, kept)| kept.page);
    match page {
        Some(page) => {
            pages::show_file(peer, &page).await;
            Ok(())
        }
        None => show_former(peer, here.as_ref()).await,
    }
}

/// Shows the last answer of an editor or a server before this one that found no place in a text, or what had come of it. That
/// of the text here, or else of one that is open, goes before others: a crash may leave those of many editors.
async fn show_former(peer: &Peer, here: Option<&Document>) -> Result<()> {
    let folder = peer.pages.clone();
    let texts: Vec<_> = match here {
        Some(here) => vec![here.uri.clone()],
        None => peer.editor.documents().all().map(|document| document.uri.clone()).collect(),
    };
    let page = off_thread(move || store::newest_kept_page(&folder?, &texts)).await;
    match page {
        Some(page) => pages::show_file(peer, &page).await,
        None => return Err(Error::invalid_params("no answer is kept", "ask a model about a text first")),
    }
    Ok(())
}
