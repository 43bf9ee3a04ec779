//! Diagnostics as editors pull them: of one document, and of all that are open with what they include.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
};

use serde_json::{Value, json};

use super::{View, diagnostics::Found, file, in_turn};
use crate::{config_yaml::may_be_config, server::Peer};

/// Tells what was found apart from what was found another time.
pub(super) fn id(diagnostics: &[Value]) -> String {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(diagnostics).unwrap_or_default().hash(&mut hasher);
    format!("{:x}", hasher.finish())
}

/// A report about one document; nothing of it goes out again where the editor has it.
fn report(diagnostics: &[Value], known: Option<&str>) -> Value {
    let id = id(diagnostics);
    if known == Some(&id) {
        return json!({"kind": "unchanged", "resultId": id});
    }
    json!({"kind": "full", "resultId": id, "items": diagnostics})
}

/// Answers `textDocument/diagnostic`: nothing is found in documents that are none of LiteLLM's.
pub(super) async fn document(peer: &Peer, params: &Value) -> Value {
    let uri = params["textDocument"]["uri"].as_str().unwrap_or_default().to_owned();
    let mut found = match file(&uri).filter(|path| may_be_config(path)) {
        Some(_) => {
            let view = View::of(peer);
            in_turn(peer, move || view.found_about(&uri)).await
        }
        None => (Vec::new(), Found::new()),
    };
    let mut report = report(&found.0, params["previousResultId"].as_str());
    if peer.editor.abilities().related_documents && !found.1.is_empty() {
        let related = std::mem::take(&mut found.1).into_iter();
        report["relatedDocuments"] =
            related.map(|(uri, items)| (uri, json!({"kind": "full", "items": items}))).collect();
    }
    report
}

impl View {
    /// What is found in a document, and in those that it includes and that are not open.
    fn found_about(&self, uri: &str) -> (Vec<Value>, Found) {
        let Some((read, number)) = self.project_of(uri) else { return (Vec::new(), Found::new()) };
        let own = self.document(&read.project, number).uri.to_string();
        let mut found = self.found_in(&read);
        let items = found.remove(&own).unwrap_or_default();
        found.retain(|uri, _| self.opened.iter().all(|opened| *opened.document.uri != **uri));
        (items, if number == 0 { found } else { Found::new() })
    }
}

/// Answers `workspace/diagnostic`: once something is found that the editor does not know.
pub(super) async fn workspace(peer: &Peer, params: &Value) -> Value {
    let known: HashMap<String, String> = params["previousResultIds"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| Some((one["uri"].as_str()?.to_owned(), one["value"].as_str()?.to_owned())))
        .collect();
    let mut news = peer.editor.documents().news();
    loop {
        news.mark_unchanged();
        let view = View::of(peer);
        let versions: BTreeMap<String, Option<i64>> = view
            .opened
            .iter()
            .map(|opened| (opened.document.uri.to_string(), opened.document.version))
            .collect();
        let mut found = in_turn(peer, move || view.diagnostics()).await;
        // What is no more has nothing found in it.
        let nothing = id(&[]);
        for (uri, _) in known.iter().filter(|(_, id)| **id != nothing) {
            found.entry(uri.clone()).or_default();
        }
        let reports: Vec<Value> = found
            .iter()
            .map(|(uri, items)| {
                let mut report = report(items, known.get(uri).map(String::as_str));
                report["uri"] = uri.clone().into();
                report["version"] = json!(versions.get(uri).copied().flatten());
                report
            })
            .collect();
        // An editor asks again at once: it is answered when there is something to say.
        if reports.iter().any(|report| report["kind"] == "full") || news.changed().await.is_err() {
            return json!({ "items": reports });
        }
    }
}
