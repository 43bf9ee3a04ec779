//! From `initialize` on: what the client may rely on, and the settings that it sends.

use std::{collections::BTreeSet, time::Duration};

use litellm_ls_protocol::Features;
use serde_json::{Value, json};
use tower_lsp::lsp_types::{InitializeParams, TextDocumentSyncKind, Url};

use super::{
    Door, Peer,
    documents::Encoding,
    editor::Abilities,
    features::switch,
    handlers, lock,
    pushed::{self, Pushed},
    quirks::Quirks,
};

/// How long an editor may take to look up its settings.
const CONFIGURATION_LIMIT: Duration = Duration::from_secs(10);

/// Takes the initialization options, and says what this server has.
pub(super) fn initialize(peer: &Peer, params: InitializeParams) -> Value {
    if let Some(locale) = &params.locale {
        lock(&peer.settings).speak(locale);
        drop(peer.settings());
    }
    let folders = params.workspace_folders.unwrap_or_default().into_iter().map(|folder| folder.uri);
    let folders = folders.chain(params.root_uri).map(String::from).collect::<BTreeSet<_>>();
    match pushed::ours(params.initialization_options.unwrap_or_default(), true) {
        Pushed::Ours(options) => {
            switch(peer, options.get("features"));
            drop(peer.settings().initialize(&options));
        }
        Pushed::LookUp | Pushed::Strange => {
            peer.show_warning("litellm-ls: the initialization options are no object, and so are not used");
        }
    }
    let client = params.client_info.map(|client| client.name).unwrap_or_default();
    let first = folders.first().and_then(|folder| Url::parse(folder).ok()?.to_file_path().ok());
    let first = first.map(|folder| folder.to_string_lossy().into_owned());
    peer.settings().introduce(&client, &first.unwrap_or_default());
    peer.editor.open(folders.into_iter().collect());
    peer.presence.introduce(&client, peer.editor.workspace());
    peer.editor.documents().quirks = Quirks::of(&client);
    // Those of the environment too: nobody could be shown them before.
    let problems = peer.settings().problems().collect();
    peer.complain(problems);
    // The client's side of the negotiation; anything but a version says nothing.
    let version =
        params.capabilities.experimental.as_ref().and_then(|ours| ours["provider"]["version"].as_u64());
    let version = version.and_then(|version| u32::try_from(version).ok());
    let encoding = peer.editor.introduce(params.capabilities);
    announced(&peer.editor.features(), peer.editor.abilities(), encoding, version)
}

/// What the server can do for this editor.
fn announced(features: &Features, abilities: Abilities, encoding: Encoding, version: Option<u32>) -> Value {
    let provider = handlers::discovered(Door::Lsp, version);
    let mut capabilities = json!({
        "positionEncoding": encoding.kind(),
        "textDocumentSync": {"openClose": true, "change": TextDocumentSyncKind::INCREMENTAL},
        "executeCommandProvider": {"commands": provider.commands, "workDoneProgress": true},
        "experimental": {"provider": provider},
    });
    if features.code_actions || features.model_actions {
        capabilities["codeActionProvider"] = json!({"codeActionKinds": ["quickfix", "refactor"]});
    }
    // Of LiteLLM's own file; documents of any other kind are answered with nothing.
    capabilities["completionProvider"] = json!({"resolveProvider": false});
    for provider in [
        "hover",
        "definition",
        "references",
        "documentHighlight",
        "documentSymbol",
        "inlayHint",
        "foldingRange",
        "selectionRange",
        "workspaceSymbol",
    ] {
        capabilities[format!("{provider}Provider")] = true.into();
    }
    for provider in ["documentLinkProvider", "codeLensProvider"] {
        capabilities[provider] = json!({"resolveProvider": false});
    }
    if abilities.pulls_diagnostics {
        capabilities["diagnosticProvider"] = json!({
            "identifier": "litellm", "interFileDependencies": true, "workspaceDiagnostics": true,
        });
    }
    capabilities["renameProvider"] = json!({"prepareProvider": true});
    if features.inline_completion {
        capabilities["inlineCompletionProvider"] = true.into();
    }
    json!({"capabilities": capabilities, "serverInfo": provider.server_info})
}

/// Looks up the editor's settings, where it offers that.
pub(super) async fn pull(peer: &Peer) {
    if !peer.editor.abilities().configuration {
        return;
    }
    let asked = json!({"items": [{"section": pushed::SECTION}]});
    let section = match peer.outbox.ask("workspace/configuration", asked, CONFIGURATION_LIMIT).await {
        Some(Value::Array(sections)) => sections.into_iter().next(),
        // Some answer the one section alone.
        section => section.filter(Value::is_object),
    };
    if let Some(section) = section {
        peer.take_pushed(pushed::ours(section, true));
    }
}

/// Takes settings that the editor pushed. An editor that pushes none means that they are to be looked up, where it offers
/// that, and else that none hold any more.
pub(super) async fn did_change_configuration(peer: &Peer, settings: Value) {
    match pushed::ours(settings, false) {
        Pushed::Ours(settings) if settings.is_empty() && peer.editor.abilities().configuration => {
            pull(peer).await;
        }
        Pushed::LookUp => pull(peer).await,
        pushed => peer.take_pushed(pushed),
    }
}
