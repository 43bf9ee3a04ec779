//! LiteLLM's `config.yaml` in an editor: what is found is pushed, what is asked is answered. Other documents cost the
//! look at their names.

mod answers;

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Value, json};
use tower_lsp::lsp_types::Url;

use super::{
    Peer,
    commands::SOURCE,
    documents::{self, Document, Documents},
};
use crate::{
    config_yaml::{
        self, Disk, DotEnv, Files, Finding, Project, Severity, Surroundings, Variables, check, is_config,
        is_deprecated, may_be_config,
    },
    environment::Environment,
    off_thread::off_thread,
    plain,
    provider::now,
    store,
};
pub(super) use answers::{METHODS, answer, fixes, propose};

/// How long nothing must have been written before a file is looked at.
const QUIET: Duration = Duration::from_millis(120);
/// How long it may take though something is written all the time.
const LONGEST: Duration = Duration::from_millis(800);

/// How many findings an editor is shown of one configuration, the worst first: more would hold it up.
const MOST: usize = 1000;

/// An open document that may be LiteLLM's, or included by one.
#[derive(Clone)]
struct Opened {
    path: PathBuf,
    document: Document,
    is_config: bool,
}

/// The open documents at one moment, and what surrounds them.
#[derive(Clone)]
struct View {
    opened: Vec<Opened>,
    environment: Environment,
    /// To count positions in files that are not open.
    detached: Document,
}

/// One project of a view.
struct Read {
    project: Project,
    dotenv: DotEnv,
}

impl View {
    fn of(peer: &Peer) -> Self {
        let environment = peer.settings().environment().clone();
        let documents = peer.editor.documents();
        let opened = documents.all().filter_map(|document| {
            let path = file(&document.uri)?;
            may_be_config(&path).then(|| Opened {
                is_config: is_config(&path, document.text()),
                path,
                document: document.clone(),
            })
        });
        let opened = opened.collect();
        Self { opened, environment, detached: Documents::detached(&documents, "", "yaml", "") }
    }

    fn configs(&self) -> impl Iterator<Item = &Opened> {
        self.opened.iter().filter(|opened| opened.is_config)
    }

    fn read(&self, opened: &Opened) -> Read {
        let project = Project::read(&opened.path, opened.document.text(), self);
        let dotenv = config_yaml::Files::read(self, &opened.path.with_file_name(".env"));
        Read { project, dotenv: dotenv.map(|text| DotEnv::read(&text)).unwrap_or_default() }
    }

    /// Does something with what surrounds a file.
    fn around<T>(&self, path: &Path, with: impl FnOnce(&Surroundings<'_>) -> T) -> T {
        let lookup = |name: &str| self.environment.variable_os(name)?.into_string().ok();
        let variables = Variables::beside(path, self, self.environment.names(), &lookup);
        let today = now().chars().take(10).collect();
        let around = Surroundings {
            variable: &|name| variables.get(name),
            names: variables.names(),
            files: self,
            today,
            release: None,
        };
        with(&around)
    }

    /// What is open of a file, though it was opened by another name of it, such as that of what a link leads to.
    fn open_at(&self, path: &Path) -> Option<&Opened> {
        let named = self.opened.iter().find(|opened| opened.path == path);
        named.or_else(|| {
            let target = store::names(path).last()?;
            self.opened.iter().find(|opened| opened.document.names().last() == Some(&target))
        })
    }

    /// The document of a file of a project: the open one, or one made of its text to count positions.
    fn document(&self, project: &Project, file: usize) -> Document {
        let source = &project.sources()[file];
        self.open_at(&source.path).map_or_else(
            || self.detached.of_text(&uri(&source.path), source.text()),
            |open| open.document.clone(),
        )
    }

    /// The documents of all files of a project.
    fn documents(&self, project: &Project) -> Vec<Document> {
        (0..project.sources().len()).map(|file| self.document(project, file)).collect()
    }

    /// The project that a document belongs to, and its number there.
    fn project_of(&self, uri: &str) -> Option<(Read, usize)> {
        let path = file(uri)?;
        let own = self.configs().find(|opened| opened.path == path);
        let others = self.configs().filter(|opened| opened.path != path);
        // What another includes is a part of that one.
        for opened in others {
            let read = self.read(opened);
            if let Some(number) = read.project.sources().iter().position(|source| source.path == path) {
                return Some((read, number));
            }
        }
        own.map(|opened| (self.read(opened), 0))
    }

    /// Everything found in the open configurations, by document; a document without findings has none.
    fn diagnostics(&self) -> BTreeMap<String, Vec<Value>> {
        let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        let reads: Vec<Read> = self.configs().map(|opened| self.read(opened)).collect();
        let included = |path: &Path| {
            reads.iter().any(|read| read.project.sources()[1..].iter().any(|source| source.path == path))
        };
        for read in &reads {
            let root = &read.project.sources()[0].path;
            if included(root) {
                continue;
            }
            let documents = self.documents(&read.project);
            for document in &documents {
                found.entry(document.uri.to_string()).or_default();
            }
            let mut findings = self.around(root, |around| check(&read.project, around));
            let more = findings.len().saturating_sub(MOST);
            if more > 0 {
                findings.sort_by_key(|finding| finding.severity);
                findings.truncate(MOST);
            }
            for finding in findings {
                let uri = documents[finding.file].uri.to_string();
                found.entry(uri).or_default().push(diagnostic(&documents, &finding));
            }
            if more > 0 {
                let message =
                    format!("{more} more findings are not shown here: run `litellm-ls check` on the file.");
                found.entry(documents[0].uri.to_string()).or_default().push(json!({
                    "range": documents[0].range(0..0), "severity": 3, "source": SOURCE, "message": message,
                }));
            }
        }
        found
    }
}

impl Files for View {
    fn read(&self, path: &Path) -> Option<String> {
        self.open_at(path).map(|opened| opened.document.text().to_string()).or_else(|| Disk.read(path))
    }

    fn exists(&self, path: &Path) -> bool {
        Disk.exists(path)
    }

    fn yaml_names(&self, folder: &Path) -> Vec<PathBuf> {
        Disk.yaml_names(folder)
    }
}

/// The file of a document. None where it has none on this machine.
fn file(uri: &str) -> Option<PathBuf> {
    if !uri.starts_with("file:") {
        return None;
    }
    let parsed = Url::parse(uri).ok().and_then(|url| url.to_file_path().ok());
    Some(parsed.unwrap_or_else(|| PathBuf::from(documents::path(uri))))
}

fn uri(path: &Path) -> String {
    Url::from_file_path(path).map_or_else(|()| path.to_string_lossy().into_owned(), String::from)
}

/// A finding as LSP has it.
fn diagnostic(documents: &[Document], finding: &Finding) -> Value {
    let severity = match finding.severity {
        Severity::Error => 1,
        Severity::Warning => 2,
        Severity::Information => 3,
        Severity::Hint => 4,
    };
    let related: Vec<Value> = finding
        .related
        .iter()
        .map(|related| {
            let document = &documents[related.file];
            let location = json!({"uri": &*document.uri, "range": document.range(related.range.clone())});
            json!({"location": location, "message": plain::text(&related.message)})
        })
        .collect();
    let mut diagnostic = json!({
        "range": documents[finding.file].range(finding.range.clone()),
        "severity": severity,
        "code": format!("litellm/{}", finding.code.slug()),
        "codeDescription": {"href": finding.code.documentation()},
        "source": SOURCE,
        "message": plain::text(&finding.message),
    });
    if !related.is_empty() {
        diagnostic["relatedInformation"] = related.into();
    }
    if is_deprecated(finding) {
        diagnostic["tags"] = json!([2]);
    }
    diagnostic
}

/// Pushes what is found in open configurations, a moment after the last change.
pub(super) async fn watch(peer: Peer) {
    let mut news = peer.editor.documents().news();
    let mut pushed: HashMap<String, Vec<Value>> = HashMap::new();
    while news.changed().await.is_ok() {
        let begun = tokio::time::Instant::now();
        while begun.elapsed() < LONGEST {
            match tokio::time::timeout(QUIET, news.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return,
                Err(_) => break,
            }
        }
        let view = View::of(&peer);
        if view.configs().next().is_none() && pushed.is_empty() {
            continue;
        }
        let found = off_thread(move || view.diagnostics()).await;
        let gone: Vec<String> = pushed.keys().filter(|uri| !found.contains_key(*uri)).cloned().collect();
        let gone = gone.into_iter().map(|uri| (uri, Vec::new()));
        for (uri, diagnostics) in found.into_iter().chain(gone) {
            let is_new = pushed.get(&uri).map_or(!diagnostics.is_empty(), |before| *before != diagnostics);
            if is_new {
                let params = json!({"uri": uri, "diagnostics": diagnostics});
                if peer.outbox.notify("textDocument/publishDiagnostics", params).await.is_err() {
                    return;
                }
            }
            if diagnostics.is_empty() {
                pushed.remove(&uri);
            } else {
                pushed.insert(uri, diagnostics);
            }
        }
    }
}
