//! Pushes what is found in open configurations, a moment after the last change.

use std::{collections::HashMap, time::Duration};

use serde_json::json;

use super::{View, disk::Beside, in_turn, pull};
use crate::{memory, server::Peer};

/// How long nothing must have been written before a file is looked at.
const QUIET: Duration = Duration::from_millis(120);
/// How long it may take though something is written all the time.
const LONGEST: Duration = Duration::from_millis(800);

/// Watches open configurations and what lies beside them, for as long as the peer is there.
pub(in crate::server) async fn watch(peer: Peer) {
    let mut news = peer.editor.documents().news();
    let mut beside = Beside::default();
    // By what tells them apart: the findings of a long file are megabytes.
    let mut pushed: HashMap<String, String> = HashMap::new();
    while beside.next(&peer, &mut news).await {
        let begun = tokio::time::Instant::now();
        while begun.elapsed() < LONGEST {
            match tokio::time::timeout(QUIET, news.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return,
                Err(_) => break,
            }
        }
        let view = View::of(&peer);
        let is_concerned = view.configs().next().is_some();
        if !is_concerned && pushed.is_empty() {
            beside.forget();
            continue;
        }
        // Who pulls is told nothing twice.
        let pulls = peer.editor.abilities().pulls_diagnostics;
        let (found, files) = in_turn(&peer, move || {
            // What changes meanwhile has another stamp.
            let files = view.files_beside();
            (if pulls { Default::default() } else { view.diagnostics() }, files)
        })
        .await;
        beside.watch(&peer, files).await;
        let gone: Vec<String> = pushed.keys().filter(|uri| !found.contains_key(*uri)).cloned().collect();
        let gone = gone.into_iter().map(|uri| (uri, Vec::new()));
        for (uri, diagnostics) in found.into_iter().chain(gone) {
            let id = pull::id(&diagnostics);
            let is_new = pushed.get(&uri).map_or(!diagnostics.is_empty(), |before| *before != id);
            if diagnostics.is_empty() {
                pushed.remove(&uri);
            } else {
                pushed.insert(uri.clone(), id);
            }
            if is_new {
                let params = peer.told(json!({"uri": uri, "diagnostics": diagnostics}));
                if peer.outbox.notify("textDocument/publishDiagnostics", params).await.is_err() {
                    return;
                }
            }
        }
        // Behind what was asked since the last change, which took as much.
        in_turn(&peer, memory::give_back).await;
    }
}
