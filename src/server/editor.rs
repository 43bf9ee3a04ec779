//! What is known of the editor at the other end: what it offers, which texts it has open, what it waits for.

use std::{
    collections::HashSet,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{proxy::Hold, store::Grants};
use litellm_ls_protocol::Features;
use serde_json::Value;
use tower_lsp::lsp_types::{ClientCapabilities, ResourceOperationKind};

use super::{
    boot::Boot,
    deep::Deep,
    documents::{self, DidChange, DidOpen, Document, Documents, Encoding},
    inline_proposals::Proposals,
    kept::{Answers, Landings},
    lock,
    rules::Rules,
    runs::Runs,
    starts::Starts,
    tokens::Tokens,
};

/// An editor, as far as it has told of itself. A peer of the line door stays as it begins.
#[derive(Default)]
pub(super) struct Editor {
    abilities: OnceLock<Abilities>,
    /// Whether it pulls diagnostics anew when it is told to.
    refreshes_diagnostics: AtomicBool,
    /// Whether it asks for lenses anew when it is told to.
    refreshes_lenses: AtomicBool,
    /// Whether it asks for inlay hints anew when it is told to.
    refreshes_hints: AtomicBool,
    features: Mutex<Features>,
    /// The features as its initialization options have them.
    own_features: OnceLock<Features>,
    /// The folders that it was opened on, as one text. Empty where it names none.
    workspace: OnceLock<String>,
    /// What its user has allowed workspaces.
    pub(super) grants: Mutex<Grants>,
    documents: Mutex<Documents>,
    pub(super) rules: Rules,
    pub(super) tokens: Tokens,
    pub(super) runs: Runs,
    pub(super) proposals: Proposals,
    /// The answers that were not written into their texts.
    pub(super) kept: Mutex<Answers>,
    /// Those that were.
    pub(super) landed: Mutex<Landings>,
    /// What keeps the proxy that this peer has started.
    pub(super) hold: Mutex<Option<Hold>>,
    /// The starts of a proxy that are under way.
    pub(super) starts: Starts,
    /// What LiteLLM printed of a file while it started.
    pub(super) boot: Mutex<Option<Boot>>,
    /// What LiteLLM said of a file when it was asked to load it.
    pub(super) deep: Mutex<Option<Deep>>,
    /// Who holds it works on configurations; others wait for their turn.
    pub(super) config_turn: Arc<tokio::sync::Mutex<()>>,
    /// The documents that show where an answer was cut off.
    pub(super) marked: Mutex<HashSet<Arc<str>>>,
}

/// What an editor can be asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Abilities {
    /// It looks up settings.
    pub(super) configuration: bool,
    /// It shows progress that it did not ask for.
    pub(super) progress: bool,
    /// It shows a change to its user first, where the edit says so.
    pub(super) confirmed_edits: bool,
    /// It takes edits that name the version they are meant for.
    pub(super) versioned_edits: bool,
    /// It creates files that an edit names.
    pub(super) creates_files: bool,
    /// It pulls diagnostics, and is pushed none.
    pub(super) pulls_diagnostics: bool,
    /// It takes the diagnostics of documents beside the one that it asks about.
    pub(super) related_documents: bool,
    /// It watches files for its servers.
    pub(super) watches_files: bool,
    /// It knows places to be filled in a text that is proposed.
    pub(super) snippets: bool,
}

impl Editor {
    /// Takes what the editor offers, once, and returns what the columns of positions count from now on.
    pub(super) fn introduce(&self, capabilities: ClientCapabilities) -> Encoding {
        let workspace = capabilities.workspace.unwrap_or_default();
        let edits = workspace.workspace_edit.unwrap_or_default();
        let texts = capabilities.text_document.unwrap_or_default();
        let pulls = texts.diagnostic;
        let completion = texts.completion.and_then(|completion| completion.completion_item);
        let abilities = Abilities {
            configuration: workspace.configuration == Some(true),
            progress: capabilities.window.and_then(|window| window.work_done_progress) == Some(true),
            confirmed_edits: edits.change_annotation_support.is_some(),
            versioned_edits: edits.document_changes == Some(true),
            // It can be asked for nowhere but in `documentChanges`, of which Neovim 0.11 does not say that it knows them.
            creates_files: edits
                .resource_operations
                .unwrap_or_default()
                .contains(&ResourceOperationKind::Create),
            pulls_diagnostics: pulls.is_some(),
            related_documents: pulls.is_some_and(|pulls| pulls.related_document_support == Some(true)),
            watches_files: workspace
                .did_change_watched_files
                .is_some_and(|files| files.dynamic_registration == Some(true)),
            snippets: completion.is_some_and(|item| item.snippet_support == Some(true)),
        };
        let offered = capabilities.general.and_then(|general| general.position_encodings).unwrap_or_default();
        let encoding = Encoding::agreed(&offered);
        self.documents().encoding = encoding;
        let _ = self.abilities.set(abilities);
        encoding
    }

    /// Whether it is an editor that has said what it offers, and so one that may ask its user something.
    pub(super) fn is_introduced(&self) -> bool {
        self.abilities.get().is_some()
    }

    pub(super) fn abilities(&self) -> Abilities {
        self.abilities.get().copied().unwrap_or_default()
    }

    /// Takes what lsp-types 0.94 reads under another name than LSP's.
    pub(super) fn hear(&self, initialize: &Value) {
        let workspace = &initialize["capabilities"]["workspace"];
        let refreshes = workspace["diagnostics"]["refreshSupport"] == true;
        self.refreshes_diagnostics.store(refreshes, Ordering::Relaxed);
        let refreshes = workspace["codeLens"]["refreshSupport"] == true;
        self.refreshes_lenses.store(refreshes, Ordering::Relaxed);
        let refreshes = workspace["inlayHint"]["refreshSupport"] == true;
        self.refreshes_hints.store(refreshes, Ordering::Relaxed);
    }

    /// Whether it asks for inlay hints anew when it is told to.
    pub(super) fn refreshes_hints(&self) -> bool {
        self.refreshes_hints.load(Ordering::Relaxed)
    }

    /// Whether it asks for lenses anew when it is told to.
    pub(super) fn refreshes_lenses(&self) -> bool {
        self.refreshes_lenses.load(Ordering::Relaxed)
    }

    /// Whether it pulls diagnostics, and does so anew when it is told to.
    pub(super) fn refreshes_diagnostics(&self) -> bool {
        self.abilities().pulls_diagnostics && self.refreshes_diagnostics.load(Ordering::Relaxed)
    }

    /// An editor of which nothing is known but what its user has allowed workspaces.
    pub(super) fn remembering(grants: Option<PathBuf>) -> Self {
        Self { grants: Mutex::new(Grants::open(grants)), ..Self::default() }
    }

    /// Keeps in mind on what it was opened, and with which features.
    pub(super) fn open(&self, mut folders: Vec<String>) {
        folders.sort();
        let _ = self.workspace.set(folders.join(" "));
        let _ = self.own_features.set(self.features());
    }

    /// The folders that it was opened on.
    pub(super) fn workspace(&self) -> &str {
        self.workspace.get().map_or("", String::as_str)
    }

    /// The features without what was pushed.
    pub(super) fn own_features(&self) -> Features {
        self.own_features.get().cloned().unwrap_or_default()
    }

    pub(super) fn features(&self) -> Features {
        lock(&self.features).clone()
    }

    pub(super) fn set_features(&self, features: Features) {
        *lock(&self.features) = features;
    }

    pub(super) fn documents(&self) -> MutexGuard<'_, Documents> {
        lock(&self.documents)
    }

    /// Takes a text that the editor opens.
    pub(super) fn open_document(&self, params: DidOpen) {
        documents::open(&self.documents, params);
    }

    /// Takes the changes of a text.
    pub(super) fn change_document(&self, params: DidChange) {
        documents::change(&self.documents, params);
    }

    /// An open text as it is now.
    pub(super) fn document(&self, uri: &str) -> Option<Document> {
        self.documents().get(uri)
    }
}
