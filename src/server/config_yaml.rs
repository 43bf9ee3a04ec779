//! LiteLLM's `config.yaml` in an editor: what is found is pushed, or pulled by editors that do so, and what is asked is
//! answered. Other documents cost the look at their names.

mod actions;
mod answers;
mod diagnostics;
mod disk;
mod edited;
mod pull;
mod push;

use std::path::{Path, PathBuf};

use tower_lsp::lsp_types::Url;

use super::{
    Peer,
    boot::Boot,
    documents::{self, Document, Documents},
    lock,
};
use crate::{
    config_yaml::{
        self, Code, DOTENV, Disk, DotEnv, Files, Finding, Project, Release, Surroundings, Variables,
        is_config, may_be_config,
    },
    environment::Environment,
    provider::now,
    proxy::{self, Record, Source},
    store,
};
pub(super) use actions::fixes;
pub(super) use answers::{METHODS, answer, propose};
pub(super) use disk::did_change;

/// Watches open configurations, what lies beside them and the proxies that serve them, for as long as the peer is there.
pub(super) async fn watch(peer: Peer) {
    tokio::join!(push::watch(peer.clone()), edited::follow(peer));
}

/// An open document that may be LiteLLM's, or included by one, or sets its variables.
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
    /// What LiteLLM printed of one of them while it started.
    boot: Option<Boot>,
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
            let concerns = may_be_config(&path) || path.file_name().is_some_and(|name| name == DOTENV);
            concerns.then(|| Opened {
                is_config: is_config(&path, document.text()),
                path,
                document: document.clone(),
            })
        });
        let mut opened: Vec<Opened> = opened.collect();
        opened.sort_by(|one, other| one.path.cmp(&other.path));
        let boot = lock(&peer.editor.boot).clone();
        Self { opened, environment, boot, detached: Documents::detached(&documents, "", "yaml", "") }
    }

    fn configs(&self) -> impl Iterator<Item = &Opened> {
        self.opened.iter().filter(|opened| opened.is_config)
    }

    fn read(&self, opened: &Opened) -> Read {
        let project = Project::read(&opened.path, opened.document.text(), self);
        Read { project, dotenv: DotEnv::beside(&opened.path, self) }
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
            release: self.running(path).and_then(|record| Release::read(&record.version)),
        };
        with(&around)
    }

    /// The proxy of this machine that serves a file.
    fn running(&self, path: &Path) -> Option<Record> {
        let record = proxy::running(self.environment.home()?)?;
        record.config().is_some_and(|config| Disk::same(config, path)).then_some(record)
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
            || self.detached.of_text(&documents::uri(&source.path), source.text()),
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

    /// What LiteLLM printed of a file, as long as that is as it was then, and where nothing else is found there.
    fn blamed(&self, project: &Project, findings: &[Finding]) -> Vec<Finding> {
        let root = &project.sources()[0];
        let of_root = |boot: &&Boot| {
            matches!(&boot.source, Source::Config(path) if *path == root.path) && boot.text == root.text()
        };
        let Some(boot) = self.boot.as_ref().filter(of_root) else { return Vec::new() };
        let mut blamed = config_yaml::blamed(project, &boot.lines, boot.ended);
        let is_told = |new: &Finding| {
            findings.iter().any(|old| {
                old.file == new.file && old.range.start < new.range.end && new.range.start < old.range.end
            })
        };
        blamed.retain(|new| new.code == Code::NotStarted || !is_told(new));
        blamed
    }
}

/// The URIs of the configurations that are open.
pub(super) fn open_configs(peer: &Peer) -> Vec<String> {
    View::of(peer).configs().map(|opened| opened.document.uri.to_string()).collect()
}

impl Files for View {
    fn read(&self, path: &Path) -> Option<String> {
        self.open_at(path).map(|opened| opened.document.text().to_string()).or_else(|| Disk.read(path))
    }

    fn exists(&self, path: &Path) -> bool {
        Disk.exists(path)
    }

    fn target(&self, path: &Path) -> PathBuf {
        Disk.target(path)
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
