//! Edits of several documents, as an editor takes them.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Serialize;
use serde_json::{Value, json};
use tower_lsp::lsp_types::Range;

use super::View;
use crate::{
    config_yaml::{Edits, Project},
    server::documents::Document,
};

/// Edits by document.
#[derive(Default)]
pub(super) struct Changes<'e>(Vec<Change<'e>>);

struct Change<'e> {
    uri: String,
    version: Option<i64>,
    edits: Vec<TextEdit<'e>>,
    /// The document is made for them.
    is_new: bool,
}

impl<'e> Change<'e> {
    fn of(document: &Document, edit: TextEdit<'e>, is_new: bool) -> Self {
        let version = document.version.filter(|_| !is_new);
        Self { uri: document.uri.to_string(), version, edits: vec![edit], is_new }
    }
}

/// As LSP has it. A name may stand in thousands of places, each of which would take 2 KB as a tree of values.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TextEdit<'e> {
    pub(super) range: Range,
    pub(super) new_text: Cow<'e, str>,
}

/// As LSP has it, in the form that an editor knows.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum WorkspaceEdit<'e> {
    Changes(BTreeMap<String, Vec<TextEdit<'e>>>),
    DocumentChanges(Vec<Step<'e>>),
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Step<'e> {
    Create(Value),
    #[serde(rename_all = "camelCase")]
    Edit {
        text_document: Value,
        edits: Vec<TextEdit<'e>>,
    },
}

impl<'e> Changes<'e> {
    /// These edits. None where they would spoil a file.
    pub(super) fn of(view: &View, project: &Project, edits: &'e Edits) -> Option<Self> {
        let mut changes = Self::default();
        for edit in edits.safe_in(project)? {
            let document = view.document(project, edit.file);
            let range = document.range(edit.range.clone());
            changes.add(&document, TextEdit { range, new_text: Cow::Borrowed(&edit.text) });
        }
        Some(changes)
    }

    /// Adds an edit of a document.
    pub(super) fn add(&mut self, document: &Document, edit: TextEdit<'e>) {
        match self.0.iter_mut().find(|change| *change.uri == *document.uri) {
            Some(change) => change.edits.push(edit),
            None => self.0.push(Change::of(document, edit, false)),
        }
    }

    /// Adds an edit of a document that is made for it.
    pub(super) fn create(&mut self, document: &Document, edit: TextEdit<'e>) {
        self.0.insert(0, Change::of(document, edit, true));
    }

    /// For an editor. One that knows versions is told for which state of a text they were made: what is chosen from a menu
    /// that is older than the text is refused there, and would spoil it else.
    pub(super) fn workspace_edit(self, view: &View) -> WorkspaceEdit<'e> {
        if !view.abilities.versioned_edits && self.0.iter().all(|change| !change.is_new) {
            return WorkspaceEdit::Changes(
                self.0.into_iter().map(|change| (change.uri, change.edits)).collect(),
            );
        }
        let steps = self.0.into_iter().flat_map(|change| {
            let create = json!({"kind": "create", "uri": change.uri, "options": {"ignoreIfExists": true}});
            let text_document = json!({"uri": change.uri, "version": change.version});
            let edit = Step::Edit { text_document, edits: change.edits };
            change.is_new.then_some(Step::Create(create)).into_iter().chain([edit])
        });
        WorkspaceEdit::DocumentChanges(steps.collect())
    }
}
