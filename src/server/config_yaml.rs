//! LiteLLM's `config.yaml` in an editor: what is found is pushed, or pulled by editors that do so, and what is asked is
//! answered. Other documents cost the look at their names.

mod actions;
mod answers;
mod changes;
mod deep;
mod diagnostics;
mod disk;
mod edited;
mod lenses;
mod pull;
mod push;
mod symbols;
mod test_deployment;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use serde_json::Value;
use tower_lsp::lsp_types::Url;

use super::{
    Peer,
    boot::Boot,
    deep::Deep,
    documents::{self, Document, Documents},
    editor::Abilities,
    lock,
};
use crate::{
    config_yaml::{
        self, Code, DOTENV, Disk, DotEnv, Files, Finding, MOST_READ, Project, Release, Surroundings,
        Variables, is_config, may_be_config,
    },
    environment::Environment,
    off_thread::off_thread,
    provider::now,
    proxy::{self, Record, Source},
    store,
};
pub(super) use actions::fixes;
pub(super) use answers::{METHODS, answer, propose};
pub(super) use deep::check as check_deep;
pub(super) use disk::did_change;
pub(super) use test_deployment::test as test_deployment;

/// Watches open configurations, what lies beside them and the proxies that serve them, for as long as the peer is there.
pub(super) async fn watch(peer: Peer) {
    tokio::join!(push::watch(peer.clone()), edited::follow(peer));
}

/// Stands for a key that is as it should be, and shown nowhere.
const GIVEN: &str = "sk-that-our-proxy-was-given";

/// An open document that may be LiteLLM's, or included by one, or sets its variables.
#[derive(Clone)]
struct Opened {
    path: PathBuf,
    document: Document,
    /// What is read of it: a little more than the longest that is looked at.
    text: Arc<str>,
    is_config: bool,
}

/// The open documents at one moment, and what surrounds them.
#[derive(Clone)]
struct View {
    opened: Vec<Opened>,
    environment: Environment,
    /// What LiteLLM printed of one of them while it started.
    boot: Option<Boot>,
    /// What LiteLLM said of one of them when it was asked to load it.
    deep: Option<Deep>,
    /// To count positions in files that are not open.
    detached: Document,
    /// The proxy of this machine, looked up at most once.
    proxy: OnceLock<Option<Record>>,
    abilities: Abilities,
}

/// Works on configurations beside the thread that serves everybody, one work after another: several at once would take
/// the memory of each, and an editor asks much at a time.
async fn in_turn<T: Send + 'static>(peer: &Peer, work: impl FnOnce() -> T + Send + 'static) -> T {
    let turn = peer.editor.config_turn.clone().lock_owned().await;
    off_thread(move || {
        // Who does not wait for the answer any more does not end the work.
        let _turn = turn;
        work()
    })
    .await
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
            concerns.then(|| {
                let text = document.beginning(MOST_READ + 4);
                Opened { is_config: is_config(&path, &text), path, document: document.clone(), text }
            })
        });
        let mut opened: Vec<Opened> = opened.collect();
        opened.sort_by(|one, other| one.path.cmp(&other.path));
        let (boot, deep) = (lock(&peer.editor.boot).clone(), lock(&peer.editor.deep).clone());
        let detached = Documents::detached(&documents, "", "yaml", "");
        let abilities = peer.editor.abilities();
        Self { opened, environment, boot, deep, detached, proxy: OnceLock::new(), abilities }
    }

    /// The same, where one of the open documents is a configuration. Most servers never see one, and are spared the rest.
    fn of_configs(peer: &Peer) -> Option<Self> {
        let may_be = |document: &Document| file(&document.uri).is_some_and(|path| may_be_config(&path));
        if !peer.editor.documents().all().any(may_be) {
            return None;
        }
        Some(Self::of(peer)).filter(|view| view.configs().next().is_some())
    }

    fn configs(&self) -> impl Iterator<Item = &Opened> {
        self.opened.iter().filter(|opened| opened.is_config)
    }

    fn read(&self, opened: &Opened) -> Read {
        let project = Project::read(&opened.path, &opened.text, self);
        Read { project, dotenv: DotEnv::beside(&opened.path, self) }
    }

    /// The open configurations, but for those that another of them includes: these are a part of that one. Of two that
    /// include each other the first is that.
    fn roots(&self) -> Vec<Read> {
        let reads: Vec<Read> = self.configs().map(|opened| self.read(opened)).collect();
        let root = |read: &Read| read.project.sources()[0].path.clone();
        let holds = |read: &Read, path: &Path| read.project.sources()[1..].iter().any(|s| s.path == path);
        let is_part = |number: usize, read: &Read| {
            reads.iter().enumerate().any(|(other, above)| {
                holds(above, &root(read)) && !(holds(read, &root(above)) && number <= other)
            })
        };
        let parts: Vec<bool> = reads.iter().enumerate().map(|(number, read)| is_part(number, read)).collect();
        let roots = reads.into_iter().zip(parts).filter(|(_, is_part)| !is_part);
        roots.map(|(read, _)| read).collect()
    }

    /// Does something with what surrounds a file.
    fn around<T>(&self, path: &Path, with: impl FnOnce(&Surroundings<'_>) -> T) -> T {
        let lookup = |name: &str| self.environment.variable_os(name)?.into_string().ok();
        let variables = Variables::beside(path, self, self.environment.names(), &lookup);
        let today = now().chars().take(10).collect();
        let running = self.running(path);
        // What our proxy is given is set for it, though not for the editor.
        let given = |name: &str| (running.is_some() && name == proxy::KEY_VARIABLE).then(|| GIVEN.to_owned());
        let around = Surroundings {
            variable: &|name| variables.get(name).or_else(|| given(name)),
            names: variables.names(),
            files: self,
            today,
            release: running.as_ref().and_then(|record| Release::read(&record.version)),
        };
        with(&around)
    }

    /// The proxy of this machine that serves a file.
    fn running(&self, path: &Path) -> Option<Record> {
        let look_up = || proxy::running(self.environment.home()?);
        let record = self.proxy.get_or_init(look_up).as_ref()?;
        record.config().is_some_and(|config| Disk::same(config, path)).then(|| record.clone())
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

    /// What LiteLLM said of a file, as long as that is as it was then, and where nothing else is found there.
    fn blamed(&self, project: &Project, findings: &[Finding]) -> Vec<Finding> {
        let root = &project.sources()[0];
        let is_root = |path: &Path, text: &str| path == root.path && text == root.text();
        let of_root =
            |boot: &&Boot| matches!(&boot.source, Source::Config(path) if is_root(path, &boot.text));
        let boot = self.boot.as_ref().filter(of_root);
        let mut blamed =
            boot.map_or_else(Vec::new, |boot| config_yaml::blamed(project, &boot.lines, boot.ended));
        let is_told = |new: &Finding| {
            findings.iter().any(|old| {
                old.file == new.file && old.range.start < new.range.end && new.range.start < old.range.end
            })
        };
        blamed.retain(|new| new.code == Code::NotStarted || !is_told(new));
        if let Some(deep) = self.deep.as_ref().filter(|deep| is_root(&deep.path, &deep.text)) {
            let mut more = deep.said(|said| config_yaml::loaded(project, said, findings));
            more.retain(|new| !blamed.iter().any(|old| (old.file, &old.range) == (new.file, &new.range)));
            blamed.extend(more);
        }
        blamed
    }
}

/// The URIs of the configurations that are open, but for those that another of them includes.
pub(super) fn open_configs(peer: &Peer) -> Vec<String> {
    let view = View::of(peer);
    view.roots().iter().map(|read| view.document(&read.project, 0).uri.to_string()).collect()
}

impl Files for View {
    fn read(&self, path: &Path) -> Option<String> {
        self.open_at(path).map(|opened| opened.text.to_string()).or_else(|| Disk.read(path))
    }

    fn is_file(&self, path: &Path) -> bool {
        Disk.is_file(path)
    }

    fn target(&self, path: &Path) -> PathBuf {
        Disk.target(path)
    }

    fn yaml_names(&self, folder: &Path) -> Vec<PathBuf> {
        Disk.yaml_names(folder)
    }
}

/// A text of a command's argument. Empty where it is not there.
fn text_of<'a>(argument: Option<&'a Value>, name: &str) -> &'a str {
    argument.and_then(|argument| argument[name].as_str()).unwrap_or_default()
}

/// The file of a document. None where it has none on this machine.
fn file(uri: &str) -> Option<PathBuf> {
    if !uri.starts_with("file:") {
        return None;
    }
    let parsed = Url::parse(uri).ok().and_then(|url| url.to_file_path().ok());
    Some(parsed.unwrap_or_else(|| PathBuf::from(documents::path(uri))))
}
