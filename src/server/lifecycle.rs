//! From `initialize` on: what the client may rely on, and the settings that it sends.

use std::time::Duration;

use litellm_ls_protocol::{Features, METHODS, MethodKind, PROTOCOL_VERSION, Problem};
use serde_json::{Map, Value, json};
use tower_lsp::lsp_types::{InitializeParams, TextDocumentSyncKind};

use super::{Peer, commands, documents::Encoding};
use crate::provider::Settings;

/// The section of an editor's settings that is ours.
const SECTION: &str = "litellm";
/// How long an editor may take to look up its settings.
const CONFIGURATION_LIMIT: Duration = Duration::from_secs(10);

/// Takes the initialization options, and says what this server has.
pub(super) fn initialize(peer: &Peer, params: InitializeParams) -> Value {
    match params.initialization_options {
        Some(Value::Object(options)) => {
            switch(peer, &options);
            drop(peer.settings().initialize(&options));
        }
        None | Some(Value::Null) => {}
        Some(_) => peer.show("litellm-ls: the initialization options are no object, and so are not used"),
    }
    // Those of the environment too: nobody could be shown them before.
    let problems = peer.settings().problems().collect();
    peer.complain(problems);
    let encoding = peer.editor.introduce(params.capabilities);
    announced(&peer.editor.features(), encoding)
}

/// What the server can do for this editor.
fn announced(features: &Features, encoding: Encoding) -> Value {
    let named = |kind: MethodKind| -> Vec<&str> {
        METHODS.iter().filter(|method| method.kind == kind).map(|method| method.method).collect()
    };
    let commands = commands::ids();
    let mut capabilities = json!({
        "positionEncoding": encoding.kind(),
        "textDocumentSync": {"openClose": true, "change": TextDocumentSyncKind::INCREMENTAL},
        "executeCommandProvider": {"commands": commands},
        "experimental": {"provider": {
            "version": PROTOCOL_VERSION,
            "methods": named(MethodKind::Request),
            "notifications": named(MethodKind::Notification),
            "commands": commands,
        }},
    });
    if features.code_actions || features.model_actions {
        capabilities["codeActionProvider"] =
            json!({"codeActionKinds": ["quickfix", "refactor", "refactor.rewrite"]});
    }
    if features.completion {
        capabilities["completionProvider"] = json!({"resolveProvider": false});
    }
    if features.inline_completion {
        capabilities["inlineCompletionProvider"] = true.into();
    }
    let server_info = json!({"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")});
    json!({"capabilities": capabilities, "serverInfo": server_info})
}

/// Switches features as settings say; what can't be read is shown, and leaves them as they are.
fn switch(peer: &Peer, settings: &Map<String, Value>) {
    let Some(features) = settings.get("features").filter(|features| !features.is_null()) else { return };
    match serde_json::from_value(features.clone()) {
        Ok(features) => peer.editor.set_features(features),
        Err(error) => peer.complain(vec![Problem::new(
            "features",
            error.to_string(),
            "correct it as PROTOCOL.md says under Features",
        )]),
    }
}

/// Looks up the editor's settings, where it offers that.
pub(super) async fn pull(peer: &Peer) {
    if !peer.editor.abilities().configuration {
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
        Value::Object(settings) => {
            switch(peer, &settings);
            peer.complain(peer.settings().push(&settings));
        }
        Value::Null => peer.complain(peer.settings().push(&Map::new())),
        _ => peer.show("litellm-ls: the pushed settings are no object, and so are not used"),
    }
}
