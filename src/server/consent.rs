//! What may hold secrets: nothing of it goes out by itself, and who chooses an action on it is asked first.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use tower_lsp::lsp_types::MessageType;

use super::{
    Peer,
    documents::{Document, path},
};
use crate::{
    config_yaml::{CredentialFile, Disk, Files},
    disclosure::{Rule, Secret},
    off_thread::off_thread,
    provider::{Error, Result},
    store,
};

const SEND: &str = "Send It";
const KEEP: &str = "Don't Send It";

/// The rule for what goes by a name: by the settings, and by configurations that are open or lie around it.
async fn rule(peer: &Peer, name: &str) -> Rule {
    let rules = &peer.editor.rules;
    let rule = rules.of(&peer.settings());
    let path = PathBuf::from(name);
    let open: Vec<Document> =
        peer.editor.documents().all().filter(|open| open.may_be_config()).cloned().collect();
    let of_open: Option<Vec<CredentialFile>> =
        open.iter().map(|open| open.known_credentials()).collect::<Option<Vec<_>>>().map(|all| all.concat());
    let credentials = match of_open.zip(rules.nearby.known(&path)) {
        Some((of_open, nearby)) => [of_open, nearby].concat(),
        None => {
            let nearby = rules.nearby.clone();
            let look = move || {
                let of_open = open.iter().flat_map(|open| open.credentials().to_vec());
                of_open.chain(nearby.look(&path)).collect()
            };
            off_thread(look).await
        }
    };
    rule.with(credentials)
}

/// Why a file may hold secrets, open or not, with the text that it is said to have. None where it may go out.
pub(super) async fn of_file(peer: &Peer, uri: &str, text: Option<String>) -> Option<Secret> {
    if text.is_none()
        && let Some(document) = peer.editor.document(uri)
    {
        return of_document(peer, &document).await;
    }
    let file = path(uri);
    let rule = rule(peer, &file).await;
    // A path may hold what would end one in a URI.
    let spellings: BTreeSet<String> = [file.clone(), uri.replace('\\', "/")].into();
    off_thread(move || {
        let names: Vec<String> = spellings.iter().flat_map(|name| store::names(Path::new(name))).collect();
        // What holds secrets by its name is not read.
        rule.file(&names).or_else(|| {
            let text = text.or_else(|| Disk.read(Path::new(&file)))?;
            rule.text_of_file(&names, &text)
        })
    })
    .await
}

/// Why the text of a document may hold secrets. None where it may go out.
pub(super) async fn of_document(peer: &Peer, document: &Document) -> Option<Secret> {
    let rule = rule(peer, &path(&document.uri)).await;
    if let Some(secret) = rule.file(document.names()) {
        return Some(secret);
    }
    if rule.clears(document.names()) {
        return None;
    }
    let is_long = document.is_long();
    let document = document.clone();
    let look = move || document.secret(&rule);
    if is_long { off_thread(look).await } else { look() }
}

/// Whether a document may be sent: one that holds secrets only where the user says so now.
///
/// # Errors
/// Where the editor can't ask its user.
pub(super) async fn may_be_sent(peer: &Peer, document: &Document) -> Result<bool> {
    let Some(secret) = of_document(peer, document).await else { return Ok(true) };
    let file = document.file();
    let told = secret.told(if file.is_empty() { "this text" } else { &file });
    let question = format!("LiteLLM: {told}. Send it to the model?");
    let answer = match peer.editor.is_introduced() {
        true => peer.choice(MessageType::WARNING, &question, &[SEND], Some(KEEP)).await,
        false => None,
    };
    match answer {
        Some(answer) => Ok(answer == SEND),
        None => {
            Err(Error::invalid_params(format!("{told}, so it is not sent"), secret.remedy())
                .at("textDocument"))
        }
    }
}
