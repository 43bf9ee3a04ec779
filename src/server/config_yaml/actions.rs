//! Code actions about a configuration.

use std::{ops::Range, path::Path};

use serde_json::{Value, json};
use tower_lsp::lsp_types;

use super::{
    DOTENV, View,
    answers::{Question, asked},
    changes::{Changes, TextEdit},
    diagnostics::diagnostic,
};
use crate::{
    config_yaml::{Assignment, Edits, Files, Finding, Mends, Surroundings, actions, check_with},
    plain,
    proxy::new_key,
    server::{
        Peer,
        commands::{self, PROTECT},
        documents::{self, Document},
    },
};

/// How many fixes a menu offers.
const MOST: usize = 100;

/// What mends the findings in a range, and what else can be done there, as code actions.
pub(in crate::server) async fn fixes(peer: &Peer, uri: &str, range: lsp_types::Range) -> Vec<Value> {
    let found = asked(peer, uri, None, move |question| question.actions(range));
    found.await.unwrap_or_default()
}

fn title(title: &str) -> String {
    plain::label(&format!("LiteLLM: {title}"), 120)
}

impl Question {
    fn actions(&self, range: lsp_types::Range) -> Vec<Value> {
        let project = &self.read.project;
        let bytes = self.document.bytes(range);
        let new_key = || new_key().ok();
        let (findings, more) = self.view.around(self.root(), |around| {
            let findings = self.findings_to_mend(around, &bytes);
            let more = actions(project, around, &self.read.dotenv, (self.file, bytes), &findings, &new_key);
            (findings, more)
        });
        let documents = self.view.documents(project);
        let mut found = Vec::new();
        for finding in &findings {
            for (place, fix) in finding.fixes.iter().enumerate() {
                let Some(changes) = Changes::of(&self.view, project, &fix.edits) else { continue };
                found.push(json!({
                    "title": title(&fix.title),
                    "kind": "quickfix",
                    "diagnostics": [diagnostic(&documents, finding)],
                    "isPreferred": place == 0 && finding.fixes.len() == 1,
                    "edit": changes.workspace_edit(&self.view),
                }));
            }
        }
        for action in more {
            let mut json = json!({"title": title(&action.title), "kind": "refactor"});
            match &action.variable {
                None => {
                    let Some(changes) = Changes::of(&self.view, project, &action.edits) else { continue };
                    json["edit"] = json!(changes.workspace_edit(&self.view));
                }
                Some(variable) => {
                    let Some(edit) = self.with_variable(&action.edits, variable) else { continue };
                    json["edit"] = edit;
                    if !self.has_dotenv() {
                        // The editor makes a file for everybody.
                        let arguments = [json!({"uri": self.dotenv_uri()})];
                        let command = commands::id(PROTECT);
                        json["command"] =
                            json!({"title": json["title"], "command": command, "arguments": arguments});
                    }
                }
            }
            if let Some(number) = action.mends {
                json["kind"] = "quickfix".into();
                json["diagnostics"] = json!([diagnostic(&documents, &findings[number])]);
            }
            found.push(json);
        }
        found.truncate(MOST);
        found
    }

    /// What is found at bytes of the file, with fixes. Of many the first, as far as their fixes can be tried.
    fn findings_to_mend(&self, around: &Surroundings<'_>, bytes: &Range<usize>) -> Vec<Finding> {
        let project = &self.read.project;
        let found = |mends| {
            let mut findings = check_with(project, around, mends);
            findings.retain(|finding| {
                let touches = finding.range.start <= bytes.end && bytes.start <= finding.range.end;
                finding.file == self.file && touches
            });
            findings.truncate(project.affordable_fixes());
            findings
        };
        let seen = found(Mends::None);
        let span = seen.first().zip(seen.last()).map(|(first, last)| first.range.start..last.range.end);
        span.map(|span| found(Mends::In(self.file, span))).unwrap_or_default()
    }

    fn dotenv_uri(&self) -> String {
        documents::uri(&self.root().with_file_name(DOTENV))
    }

    fn has_dotenv(&self) -> bool {
        self.view.is_file(&self.root().with_file_name(DOTENV))
    }

    /// Edits, and what sets a variable in `.env` along with them. None where they would spoil a file, and
    /// where the editor makes no file for it.
    fn with_variable(&self, edits: &Edits, variable: &Assignment) -> Option<Value> {
        let path = self.root().with_file_name(DOTENV);
        let text = Files::read(&self.view, &path);
        // There and not readable: nothing is known of what it sets.
        if text.is_none() && self.has_dotenv() {
            return None;
        }
        let document = self.view.dotenv(&path, text.as_deref().unwrap_or_default());
        let (range, line) = variable.edit(document.text())?;
        let line = TextEdit { range: document.range(range), new_text: line.into() };
        let mut changes = Changes::of(&self.view, &self.read.project, edits)?;
        match text {
            Some(_) => changes.add(&document, line),
            None if self.view.abilities.creates_files => changes.create(&document, line),
            None => return None,
        }
        Some(json!(changes.workspace_edit(&self.view)))
    }
}

impl View {
    /// `.env` as it is open, or made of its text to count positions.
    pub(super) fn dotenv(&self, path: &Path, text: &str) -> Document {
        let open = self.open_at(path).map(|opened| opened.document.clone());
        open.unwrap_or_else(|| self.detached.of_text(&documents::uri(path), text))
    }
}
