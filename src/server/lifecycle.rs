//! From `initialize` on: what the client may rely on, and the settings that it sends.

use std::{sync::atomic::Ordering, time::Duration};

use litellm_ls_protocol::{METHODS, MethodKind, PROTOCOL_VERSION};
use serde_json::{Map, Value, json};
use tower_lsp::lsp_types::{InitializeParams, InitializeResult, ServerCapabilities, ServerInfo};

use super::Peer;
use crate::provider::Settings;

/// The section of an editor's settings that is ours.
const SECTION: &str = "litellm";
/// How long an editor may take to look up its settings.
const CONFIGURATION_LIMIT: Duration = Duration::from_secs(10);

/// Takes the initialization options, and says what this server has.
pub(super) fn initialize(peer: &Peer, params: InitializeParams) -> InitializeResult {
    match params.initialization_options {
        Some(Value::Object(options)) => drop(peer.settings().initialize(&options)),
        None | Some(Value::Null) => {}
        Some(_) => peer.show("litellm-ls: the initialization options are no object, and so are not used"),
    }
    // Those of the environment too: nobody could be shown them before.
    let problems = peer.settings().problems().collect();
    peer.complain(problems);
    let pulls = params.capabilities.workspace.and_then(|workspace| workspace.configuration) == Some(true);
    peer.pulls.store(pulls, Ordering::Relaxed);
    let named = |kind: MethodKind| -> Vec<&str> {
        METHODS.iter().filter(|method| method.kind == kind).map(|method| method.method).collect()
    };
    InitializeResult {
        capabilities: ServerCapabilities {
            experimental: Some(json!({"provider": {
                "version": PROTOCOL_VERSION,
                "methods": named(MethodKind::Request),
                "notifications": named(MethodKind::Notification),
            }})),
            ..ServerCapabilities::default()
        },
        server_info: Some(ServerInfo {
            name: env!("CARGO_PKG_NAME").into(),
            version: Some(env!("CARGO_PKG_VERSION").into()),
        }),
    }
}

/// Looks up the editor's settings, where it offers that.
pub(super) async fn pull(peer: &Peer) {
    if !peer.pulls.load(Ordering::Relaxed) {
        return;
    }
    let asked = json!({"items": [{"section": SECTION}]});
    let Some(Value::Array(sections)) =
        peer.outbox.ask("workspace/configuration", asked, CONFIGURATION_LIMIT).await
    else {
        return;
    };
    if let Some(section) = sections.into_iter().next() {
        take(peer, section);
    }
}

/// Takes settings that the editor pushed: those under our section, or all of them where ours stand at the top. An
/// editor that pushes none means that they are to be looked up.
pub(super) async fn did_change_configuration(peer: &Peer, settings: Value) {
    match settings {
        Value::Object(mut settings) => match settings.remove(SECTION) {
            Some(section) => take(peer, section),
            None if settings.keys().any(|name| Settings::is_named(name)) => take(peer, settings.into()),
            None => {}
        },
        _ => pull(peer).await,
    }
}

/// Takes our section in place of the last one. An editor whose section is empty says `null`.
fn take(peer: &Peer, section: Value) {
    match section {
        Value::Object(settings) => peer.complain(peer.settings().push(&settings)),
        Value::Null => peer.complain(peer.settings().push(&Map::new())),
        _ => peer.show("litellm-ls: the pushed settings are no object, and so are not used"),
    }
}
