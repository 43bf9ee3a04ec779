//! What editors ask of a configuration.

use serde_json::{Value, json};
use tower_lsp::lsp_types::{Position, Range};

use super::{DOTENV, Read, View, changes::Changes, file, in_turn, pull, symbols};
use crate::{
    config_yaml::{
        self, Entry, ItemKind, Link, MOST_SHOWN, Target, folds, hints, hover, links, may_be_config, outline,
        places, rename, selections, suggest, variable_at,
    },
    language::Language,
    plain,
    provider::{Error, Result},
    server::{
        Peer,
        documents::{self, Document},
        wire::serialized,
    },
    transport::RawAnswer,
};

/// Requests of LSP about configurations, each with the name under which it is routed: tower-lsp has routes of its own
/// for them, which can't be replaced.
pub(in crate::server) const METHODS: &[(&str, &str)] = &[
    ("textDocument/hover", "litellm-ls/hover"),
    ("textDocument/definition", "litellm-ls/definition"),
    ("textDocument/references", "litellm-ls/references"),
    ("textDocument/documentHighlight", "litellm-ls/documentHighlight"),
    ("textDocument/prepareRename", "litellm-ls/prepareRename"),
    ("textDocument/rename", "litellm-ls/rename"),
    ("textDocument/documentSymbol", "litellm-ls/documentSymbol"),
    ("textDocument/inlayHint", "litellm-ls/inlayHint"),
    ("textDocument/foldingRange", "litellm-ls/foldingRange"),
    ("textDocument/selectionRange", "litellm-ls/selectionRange"),
    ("textDocument/documentLink", "litellm-ls/documentLink"),
    ("textDocument/codeLens", "litellm-ls/codeLens"),
    ("textDocument/diagnostic", "litellm-ls/diagnostic"),
    ("workspace/diagnostic", "litellm-ls/workspaceDiagnostic"),
    ("workspace/symbol", "litellm-ls/workspaceSymbol"),
];

/// One question about a place.
pub(super) struct Question {
    pub(super) view: View,
    pub(super) read: Read,
    pub(super) file: usize,
    pub(super) document: Document,
    offset: usize,
}

impl Question {
    /// None where the document is no configuration.
    fn of(view: View, uri: &str, position: Option<Position>) -> Option<Self> {
        let (read, file) = view.project_of(uri)?;
        let document = view.document(&read.project, file);
        let offset = position.map_or(0, |position| document.offset(position));
        Some(Self { view, read, file, document, offset })
    }

    pub(super) fn root(&self) -> &std::path::Path {
        &self.read.project.sources()[0].path
    }

    fn location(&self, place: &(usize, std::ops::Range<usize>)) -> Value {
        let document = self.view.document(&self.read.project, place.0);
        json!({"uri": &*document.uri, "range": document.range(place.1.clone())})
    }
}

/// Answers one of [`METHODS`]; null for documents that are none of LiteLLM's.
///
/// # Errors
/// Where a name cannot become another.
pub(in crate::server) async fn answer(peer: Peer, method: &'static str, params: Value) -> Result<RawAnswer> {
    match method {
        "textDocument/diagnostic" => return peer.serialized(&pull::document(&peer, &params).await),
        "workspace/diagnostic" => return peer.serialized(&pull::workspace(&peer, &params).await),
        "workspace/symbol" => return peer.serialized(&symbols::workspace(&peer, &params).await),
        _ => {}
    }
    let uri = params["textDocument"]["uri"].as_str().unwrap_or_default().to_owned();
    let position = serde_json::from_value(params["position"].clone()).ok();
    let language = peer.language();
    let answer =
        asked(&peer, &uri, position, move |question| question.answer(method, &params, language)).await;
    answer.unwrap_or_else(|| serialized(&()))
}

/// Works on a question beside the thread that serves everybody. None where the document is no configuration.
pub(super) async fn asked<T: Send + 'static>(
    peer: &Peer,
    uri: &str,
    position: Option<Position>,
    work: impl FnOnce(Question) -> T + Send + 'static,
) -> Option<T> {
    file(uri).filter(|path| may_be_config(path))?;
    let (view, uri) = (View::of(peer), uri.to_owned());
    in_turn(peer, move || Question::of(view, &uri, position).map(work)).await
}

impl Question {
    fn answer(&self, method: &str, params: &Value, language: Language) -> Result<RawAnswer> {
        let project = &self.read.project;
        let (file, offset) = (self.file, self.offset);
        let mut answer = match method {
            "textDocument/hover" => {
                let said = self
                    .view
                    .around(self.root(), |around| hover(project, around, &self.read.dotenv, file, offset));
                said.map_or(Value::Null, |(range, text)| {
                    let contents = json!({"kind": "markdown", "value": plain::text(&language.page(&text))});
                    json!({"contents": contents, "range": self.document.range(range)})
                })
            }
            "textDocument/definition" => self.definition(),
            "textDocument/references" | "textDocument/documentHighlight" => self.uses(method, params),
            "textDocument/prepareRename" | "textDocument/rename" => {
                let name = params["newName"].as_str();
                match self.view.around(self.root(), |around| rename(project, around, file, offset, name)) {
                    None => Value::Null,
                    Some(Err(why)) => {
                        return Err(Error::invalid_params(why, "choose another name, or another place"));
                    }
                    Some(Ok((range, edits))) => match name {
                        Some(_) => {
                            let changes = Changes::of(&self.view, project, &edits);
                            return serialized(&changes.map(|changes| changes.workspace_edit(&self.view)));
                        }
                        None => json!(self.document.range(range)),
                    },
                }
            }
            "textDocument/documentSymbol" => {
                outline(project, file).iter().map(|entry| self.symbol(entry, true)).collect()
            }
            "textDocument/inlayHint" => {
                let range: Option<Range> = serde_json::from_value(params["range"].clone()).ok();
                let range = range.map_or(0..usize::MAX, |range| self.document.bytes(range));
                let hints = self.view.around(self.root(), |around| hints(project, around, file, range));
                let hint = |(at, label): (usize, String)| json!({"position": self.document.position(at), "label": plain::label(&language.words(&label), 60), "paddingLeft": true});
                hints.into_iter().map(hint).collect()
            }
            "textDocument/foldingRange" => self.folds(),
            "textDocument/selectionRange" => self.selections(params),
            "textDocument/documentLink" => self.links(),
            "textDocument/codeLens" => self.lenses(),
            _ => Value::Null,
        };
        language.tell(&mut answer);
        serialized(&answer)
    }

    fn folds(&self) -> Value {
        let folds = folds(&self.read.project, self.file).into_iter();
        let folds = folds.map(|fold| {
            let range = self.document.range(fold.range);
            let mut json = json!({"startLine": range.start.line, "endLine": range.end.line});
            if fold.is_comment {
                json["kind"] = "comment".into();
            }
            json
        });
        folds.collect()
    }

    /// What each selection grows to: one in the next.
    fn selections(&self, params: &Value) -> Value {
        let positions: Vec<Position> =
            serde_json::from_value(params["positions"].clone()).unwrap_or_default();
        let one = |position: Position| {
            let spans = selections(&self.read.project, self.file, self.document.offset(position));
            let range = |span: std::ops::Range<usize>| json!({"range": self.document.range(span)});
            spans.into_iter().rev().fold(Value::Null, |parent, span| {
                let mut selection = range(span);
                if !parent.is_null() {
                    selection["parent"] = parent;
                }
                selection
            })
        };
        positions.into_iter().map(one).collect()
    }

    fn links(&self) -> Value {
        let links = self
            .view
            .around(self.root(), |around| links(&self.read.project, around, &self.read.dotenv, self.file));
        let link = |link: Link| {
            let target = match link.target {
                Target::Page(page) => page,
                Target::File(path) => documents::uri(&path),
            };
            json!({"range": self.document.range(link.range), "target": target, "tooltip": plain::label(&link.what, 80)})
        };
        links.into_iter().map(link).collect()
    }

    fn definition(&self) -> Value {
        let (project, file, offset) = (&self.read.project, self.file, self.offset);
        // A variable is given in `.env`.
        if let Some(name) = variable_at(project, file, offset) {
            let path = self.root().with_file_name(DOTENV);
            let Some(place) = self.read.dotenv.place(name) else { return Value::Null };
            let text = config_yaml::Files::read(&self.view, &path).unwrap_or_default();
            let document = self.view.dotenv(&path, &text);
            return json!([{"uri": &*document.uri, "range": document.range(place)}]);
        }
        let found = self.view.around(self.root(), |around| places(project, around, file, offset));
        found.map_or(Value::Null, |(given, _)| given.iter().map(|place| self.location(place)).collect())
    }

    fn uses(&self, method: &str, params: &Value) -> Value {
        let (project, file, offset) = (&self.read.project, self.file, self.offset);
        let Some((mut given, mut used)) =
            self.view.around(self.root(), |around| places(project, around, file, offset))
        else {
            return Value::Null;
        };
        given.truncate(MOST_SHOWN);
        used.truncate(MOST_SHOWN);
        if method == "textDocument/documentHighlight" {
            let here = given.iter().chain(&used).filter(|(of, _)| *of == file);
            return here.map(|(_, range)| json!({"range": self.document.range(range.clone())})).collect();
        }
        let declared = params["context"]["includeDeclaration"].as_bool().unwrap_or(true);
        let given = given.iter().filter(|_| declared);
        given.chain(&used).map(|place| self.location(place)).collect()
    }

    fn symbol(&self, entry: &Entry, is_section: bool) -> Value {
        const NAMESPACE: u8 = 3;
        const OBJECT: u8 = 19;
        const KEY: u8 = 20;
        let kind = match (is_section, entry.detail.is_empty()) {
            (true, _) => NAMESPACE,
            (false, true) => KEY,
            (false, false) => OBJECT,
        };
        json!({
            "name": plain::label(&entry.name, 200),
            "detail": plain::label(&entry.detail, 200),
            "kind": kind,
            "range": self.document.range(entry.range.clone()),
            "selectionRange": self.document.range(entry.selection.clone()),
            "children": entry.children.iter().map(|child| self.symbol(child, false)).collect::<Vec<_>>(),
        })
    }
}

/// What may be written at a place of a configuration. None for other documents.
pub(in crate::server) async fn propose(peer: &Peer, uri: &str, position: Position) -> Option<Value> {
    let (snippets, language) = (peer.editor.abilities().snippets, peer.language());
    asked(peer, uri, Some(position), move |question| {
        let (project, file, offset) = (&question.read.project, question.file, question.offset);
        let items = question.view.around(question.root(), |around| suggest(project, around, file, offset));
        let item = |(place, item): (usize, config_yaml::Item)| {
            const FIELD: u8 = 5;
            const MODULE: u8 = 9;
            const VALUE: u8 = 12;
            const VARIABLE: u8 = 6;
            const ENUM: u8 = 20;
            const SNIPPET: u8 = 15;
            let kind = match item.kind {
                ItemKind::Key => FIELD,
                ItemKind::Word => ENUM,
                ItemKind::Provider => MODULE,
                ItemKind::Model | ItemKind::Name => VALUE,
                ItemKind::Variable => VARIABLE,
                ItemKind::Snippet => SNIPPET,
            };
            let mut json = json!({
                "label": plain::label(&item.label, 200),
                "kind": kind,
                "detail": plain::label(&language.words(&item.detail), 120),
                "sortText": format!("{place:05}"),
                "filterText": item.label,
                "textEdit": {"range": question.document.range(item.range), "newText": item.text},
            });
            if !item.documentation.is_empty() {
                json["documentation"] =
                    json!({"kind": "markdown", "value": plain::text(&language.page(&item.documentation))});
            }
            if let Some(snippet) = item.snippet.filter(|_| snippets) {
                json["textEdit"]["newText"] = snippet.into();
                json["insertTextFormat"] = 2.into();
                // Lines behind the first are indented from the one that it stands on.
                json["insertTextMode"] = 2.into();
            }
            if item.deprecated {
                json["deprecated"] = true.into();
                json["tags"] = json!([1]);
            }
            json
        };
        // What is typed decides which models come along.
        let items: Vec<Value> = items.into_iter().enumerate().map(item).collect();
        json!({"isIncomplete": items.len() > 100, "items": items})
    })
    .await
}
